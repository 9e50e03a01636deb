// What this browser remembers: what its reader closed, and how many suggestions a draft has had.
// Where the browser blocks its storage, this page's own memory does for as long as it is open.

const KEPT = 50;

/** @type {Map<string, unknown>} */
const page = new Map();

/**
 * Looking at it is what fails where it is blocked.
 *
 * @param {"localStorage" | "sessionStorage"} area
 */
function areaOf(area) {
  return area === "localStorage" ? localStorage : sessionStorage;
}

/**
 * @param {"localStorage" | "sessionStorage"} area
 * @param {string} name
 * @returns {unknown}
 */
function read(area, name) {
  try {
    const text = areaOf(area).getItem(name);
    return text === null ? page.get(name) : JSON.parse(text);
  } catch {
    return page.get(name);
  }
}

/**
 * @param {"localStorage" | "sessionStorage"} area
 * @param {string} name
 * @param {unknown} value
 */
function write(area, name, value) {
  page.set(name, value);
  try {
    areaOf(area).setItem(name, JSON.stringify(value));
  } catch {
    // Blocked or full: the page's own memory holds it.
  }
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function texts(value) {
  return Array.isArray(value)
    ? value.filter((one) => typeof one === "string")
    : [];
}

/**
 * A list of keys of one reader, newest last, at most 50 of them.
 *
 * @param {"closed" | "answered"} list
 * @param {string} user
 */
export function keysOf(list, user) {
  return texts(read("localStorage", `passerelle.${list}.${user}`));
}

/**
 * @param {"closed" | "answered"} list
 * @param {string} user
 * @param {string} key
 */
export function remember(list, user, key) {
  const others = keysOf(list, user).filter((one) => one !== key);
  write(
    "localStorage",
    `passerelle.${list}.${user}`,
    [...others, key].slice(-KEPT)
  );
}

/**
 * @param {"closed" | "answered"} list
 * @param {string} user
 * @param {string} beginning of the keys that are forgotten
 */
export function forget(list, user, beginning) {
  const all = keysOf(list, user);
  const kept = all.filter((one) => !one.startsWith(beginning));
  if (kept.length < all.length) {
    write("localStorage", `passerelle.${list}.${user}`, kept);
  }
}

/**
 * Call back when another tab of this browser closed something.
 *
 * @param {() => void} told
 * @returns {() => void} stops it
 */
export function whenClosedElsewhere(told) {
  /** @param {StorageEvent} event */
  const listen = (event) => {
    if (event.key === null || event.key.startsWith("passerelle.closed.")) {
      told();
    }
  };
  window.addEventListener("storage", listen);
  return () => window.removeEventListener("storage", listen);
}

/**
 * The keys of the suggestions that a draft has had; a draft is known by what it answers to.
 *
 * @param {string} draft
 */
export function shownIn(draft) {
  return texts(read("sessionStorage", `passerelle.draft.${draft}`));
}

/**
 * @param {string} draft
 * @param {string} key
 */
export function noteShown(draft, key) {
  const shown = shownIn(draft);
  if (!shown.includes(key)) {
    write("sessionStorage", `passerelle.draft.${draft}`, [...shown, key]);
  }
}

/** @param {string} draft */
export function forgetDraft(draft) {
  if (shownIn(draft).length) {
    write("sessionStorage", `passerelle.draft.${draft}`, []);
  }
}
