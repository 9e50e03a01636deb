// Discourse's own rules for themes, on the pieces of the module and on both flavours as they are shipped.

import discourseTheme from "@discourse/lint-configs/eslint-theme";

export default [
  ...discourseTheme,
  {
    files: ["built/3.1/**/*.js"],
    rules: {
      // This core wants the version that the newest has done away with.
      "discourse/plugin-api-no-version": "off",
    },
  },
];
