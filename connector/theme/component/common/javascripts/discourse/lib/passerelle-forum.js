// What the forum's pages tell our elements: where the service is, who reads, when a post is about to leave.

import DiscourseURL from "discourse/lib/url";
import { configure, mayISave } from "./passerelle";

/**
 * Whether the settings want this reader to see anything. Settings are public, so this is about calm, not about rights:
 * those are the service's to check.
 *
 * @param {{id: number, groups?: {id: number}[]} | null} user
 * @param {Record<string, any>} settings
 */
function isAmong(user, settings) {
  if (settings.show_to === "everyone") {
    return true;
  }
  if (settings.show_to === "members" || !user) {
    return Boolean(user);
  }
  if (typeof settings.user_in_groups === "boolean") {
    return settings.user_in_groups;
  }
  const chosen = `${settings.groups}`.split("|").filter(Boolean).map(Number);
  return (user.groups ?? []).some((group) => chosen.includes(group.id));
}

/**
 * Begin, once a page.
 *
 * @param {{getCurrentUser: () => any, composerBeforeSave: (hold: () => Promise<void>) => void}} api
 * @param {Record<string, any>} settings the theme's
 */
export function begin(api, settings) {
  const user = api.getCurrentUser();
  if (!settings.service_url || !isAmong(user, settings)) {
    return;
  }
  const facts = {
    service: settings.service_url,
    user: user ? `${user.id}` : "",
  };
  if (settings.show_in_topic) {
    configure("passerelle-topic", { ...facts, place: settings.place_in_topic });
  }
  if (settings.show_in_composer) {
    configure("passerelle-composer", {
      ...facts,
      when: settings.look_in_composer,
      compact: true,
    });
    api.composerBeforeSave(() =>
      mayISave(document.querySelector("passerelle-composer"))
    );
  }
  document.addEventListener("passerelle-follow", (event) => {
    const { url } = /** @type {CustomEvent<{url: string}>} */ (event).detail;
    const target = new URL(url);
    if (target.origin === location.origin) {
      event.preventDefault();
      DiscourseURL.routeTo(target.pathname + target.search + target.hash);
    }
  });
}
