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
function asRecord(value) {
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
function asList(value, each) {
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
function asText(value, otherwise) {
  if (otherwise !== undefined && (value === undefined || value === null)) {
    return otherwise;
  }
  if (typeof value !== "string" || (otherwise === undefined && !value)) {
    throw new WrongShape();
  }
  return value;
}

/** @param {unknown} value */
function asLanguage(value) {
  const code = asText(value, "").toLowerCase();
  return /^[a-z]{2,3}$/.test(code) ? code : undefined;
}

/**
 * An address that a browser may open: nothing but the web, so that no answer can make it run anything.
 *
 * @param {unknown} value
 */
function asAddress(value) {
  const found = new URL(asText(value), location.href);
  if (found.protocol !== "https:" && found.protocol !== "http:") {
    throw new WrongShape();
  }
  return found.href;
}

/**
 * @param {unknown} value
 * @returns {Link}
 */
function asLink(value) {
  const given = asRecord(value);
  return {
    title: asText(given.title),
    url: asAddress(given.url),
    lang: asLanguage(given.lang),
  };
}

/**
 * @param {unknown} value
 * @returns {Person}
 */
function asPerson(value) {
  const given = asRecord(value);
  if (typeof given.id !== "number") {
    throw new WrongShape();
  }
  return {
    id: given.id,
    name: asText(given.name, ""),
    username: asText(given.username),
    url: asAddress(given.url),
    why: asText(given.why, ""),
    links: asList(given.links, asLink),
    note: asText(given.note, ""),
  };
}

/**
 * @param {unknown} value
 * @returns {Offer}
 */
function asOffer(value) {
  const given = asRecord(value);
  return {
    label: asText(given.label),
    said: asText(given.said, ""),
    token: asText(given.token, ""),
    person: typeof given.person === "number" ? given.person : null,
    done: given.done === true,
  };
}

/**
 * @param {unknown} value
 * @returns {Answer}
 */
function asAnswer(value) {
  const given = asRecord(value);
  if (!ANSWERS.includes(/** @type {string} */ (given.answer))) {
    throw new WrongShape();
  }
  return { answer: asText(given.answer), label: asText(given.label) };
}

/**
 * @param {unknown} value
 * @returns {Suggestion}
 */
function asSuggestion(value) {
  const given = asRecord(value);
  return {
    key: asText(given.key),
    plugin: asText(given.plugin, ""),
    kind: asText(given.kind, ""),
    title: asText(given.title),
    why: asText(given.why, ""),
    text: asText(given.text, ""),
    lang: asLanguage(given.lang),
    links: asList(given.links, asLink),
    people: asList(given.people, asPerson),
    answers: asList(given.answers, asAnswer),
    verdict: asText(given.verdict, "") || null,
    offers: asList(given.offers, asOffer),
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
  const found = asRecord(body).suggestions;
  if (!Array.isArray(found)) {
    throw new WrongShape();
  }
  return found.length ? asSuggestion(found[0]) : null;
}

/**
 * @param {unknown} body
 * @param {string} name
 */
export function textOf(body, name) {
  return asText(asRecord(body)[name]);
}

/**
 * @param {unknown} body
 * @param {string} name
 */
export function numberOf(body, name) {
  const found = asRecord(body)[name];
  if (typeof found !== "number") {
    throw new WrongShape();
  }
  return found;
}
