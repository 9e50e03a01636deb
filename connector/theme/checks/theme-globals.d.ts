// What Discourse puts around every file of a theme.

declare const settings: Record<string, any>;
declare function themePrefix(key: string): string;
