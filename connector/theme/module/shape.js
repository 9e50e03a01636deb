// Only what has exactly the agreed shape is drawn; one wrong part and the whole answer counts as none.

/**
 * @typedef {{title: string, url: string, lang?: string}} Link
 * @typedef {{id: number, name: string, username: string, url: string, why: string, links: Link[], note: string}} Person
 * @typedef {{label: string, said: string, token: string, person: number | null, done: boolean}} Offer
 * @typedef {{answer: string, label: string}} Answer
 * @typedef {{key: string, plugin: string, kind: string, title: string, why: string, text: string, lang?: string,
 *   links: Link[], people: Person[], answers: Answer[], verdict: string | null, offers: Offer[],
 *   holds: boolean}} Suggestion
 */

const ANSWERS = ["useful", "not_useful", "not_now", "never"];
const MOST = 20;

class WrongShape extends Error {}

/**
 * @param {unknown} value
 * @returns {Record<string, unknown>}
 */
function record(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WrongShape();
  }
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * @template T
 * @param {unknown} value
 * @param {(one: unknown) => T} each
 * @returns {T[]}
 */
function list(value, each) {
  if (value === undefined || value === null) {
    return [];
  }
  if (!Array.isArray(value) || value.length > MOST) {
    throw new WrongShape();
  }
  return value.map(each);
}

/**
 * @param {unknown} value
 * @param {string} [otherwise] what stands for a missing text; none: it must be there and not be empty
 */
function text(value, otherwise) {
  if (otherwise !== undefined && (value === undefined || value === null)) {
    return otherwise;
  }
  if (typeof value !== "string" || (otherwise === undefined && !value)) {
    throw new WrongShape();
  }
  return value;
}

/** @param {unknown} value */
function language(value) {
  const code = text(value, "").toLowerCase();
  return /^[a-z]{2,3}$/.test(code) ? code : undefined;
}

/**
 * An address that a browser may open: nothing but the web, so that no answer can make it run anything.
 *
 * @param {unknown} value
 */
function address(value) {
  const found = new URL(text(value), location.href);
  if (found.protocol !== "https:" && found.protocol !== "http:") {
    throw new WrongShape();
  }
  return found.href;
}

/**
 * @param {unknown} value
 * @returns {Link}
 */
function link(value) {
  const given = record(value);
  return {
    title: text(given.title),
    url: address(given.url),
    lang: language(given.lang),
  };
}

/**
 * @param {unknown} value
 * @returns {Person}
 */
function person(value) {
  const given = record(value);
  if (typeof given.id !== "number") {
    throw new WrongShape();
  }
  return {
    id: given.id,
    name: text(given.name, ""),
    username: text(given.username),
    url: address(given.url),
    why: text(given.why, ""),
    links: list(given.links, link),
    note: text(given.note, ""),
  };
}

/**
 * @param {unknown} value
 * @returns {Offer}
 */
function offer(value) {
  const given = record(value);
  return {
    label: text(given.label),
    said: text(given.said, ""),
    token: text(given.token, ""),
    person: typeof given.person === "number" ? given.person : null,
    done: given.done === true,
  };
}

/**
 * @param {unknown} value
 * @returns {Answer}
 */
function answer(value) {
  const given = record(value);
  if (!ANSWERS.includes(/** @type {string} */ (given.answer))) {
    throw new WrongShape();
  }
  return { answer: text(given.answer), label: text(given.label) };
}

/**
 * @param {unknown} value
 * @returns {Suggestion}
 */
function suggestion(value) {
  const given = record(value);
  return {
    key: text(given.key),
    plugin: text(given.plugin, ""),
    kind: text(given.kind, ""),
    title: text(given.title),
    why: text(given.why, ""),
    text: text(given.text, ""),
    lang: language(given.lang),
    links: list(given.links, link),
    people: list(given.people, person),
    answers: list(given.answers, answer),
    verdict: text(given.verdict, "") || null,
    offers: list(given.offers, offer),
    holds: given.holds_save === true,
  };
}

/**
 * The one suggestion of an answer, null where it holds none.
 *
 * @param {unknown} body
 * @returns {Suggestion | null}
 * @throws where the answer has another shape than agreed
 */
export function suggestionOf(body) {
  const found = record(body).suggestions;
  if (!Array.isArray(found)) {
    throw new WrongShape();
  }
  return found.length ? suggestion(found[0]) : null;
}

/**
 * @param {unknown} body
 * @param {string} name
 */
export function textOf(body, name) {
  return text(record(body)[name]);
}

/**
 * @param {unknown} body
 * @param {string} name
 */
export function numberOf(body, name) {
  const found = record(body)[name];
  if (typeof found !== "number") {
    throw new WrongShape();
  }
  return found;
}
