// The service as one reader of this page meets it: asks, proves who reads, and leaves it alone after a failure.

import { numberOf, suggestionOf, textOf } from "./shape.js";

const PATIENCE = 5000;
const FIRST_REST = 15_000;
const LONGEST_REST = 300_000;
const SPARE = 30_000;

/** @type {Map<string, Service>} */
const met = new Map();

/**
 * The service for this reader. The proof of whoever read before is forgotten with its holder.
 *
 * @param {string} base address of the service
 * @param {string} user who the page says reads; empty: nobody is logged in
 * @param {string} forum address of the forum
 */
export function serviceFor(base, user, forum) {
  const known = met.get(base);
  if (known && known.user === user) {
    return known;
  }
  const made = new Service(base.replace(/\/+$/, ""), user, forum);
  met.set(base, made);
  return made;
}

/** An answer that is none of what was agreed: `status` 0 for no answer at all. */
class Refused extends Error {
  /** @param {number} status @param {number} [rest] seconds to wait @param {unknown} [body] */
  constructor(status, rest = 0, body = null) {
    super(`${status}`);
    this.status = status;
    this.rest = rest;
    this.body = body;
  }
}

/**
 * @param {string} url
 * @param {RequestInit} asked
 * @param {AbortSignal} [stale] given up when this fires
 * @returns {Promise<{status: number, body: unknown}>}
 */
async function fetchJson(url, asked, stale) {
  const giveUp = new AbortController();
  const abort = () => giveUp.abort();
  const late = setTimeout(abort, PATIENCE);
  stale?.addEventListener("abort", abort);
  if (stale?.aborted) {
    abort();
  }
  try {
    const answer = await fetch(url, {
      cache: "no-store",
      referrerPolicy: "no-referrer",
      ...asked,
      signal: giveUp.signal,
    });
    const body = answer.status === 204 ? null : await answer.json();
    if (!answer.ok) {
      const wait = parseInt(answer.headers.get("Retry-After") ?? "", 10);
      throw new Refused(answer.status, wait || 0, body);
    }
    return { status: answer.status, body };
  } finally {
    clearTimeout(late);
    stale?.removeEventListener("abort", abort);
  }
}

/**
 * @param {string} url
 * @param {unknown} body
 * @param {string | null} token
 * @param {AbortSignal} [stale]
 */
function post(url, body, token, stale) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json" };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const asked = {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    credentials: /** @type {RequestCredentials} */ ("omit"),
  };
  return fetchJson(url, asked, stale);
}

class Service {
  /** @type {string | null} */
  #token = null;
  #tokenEnds = 0;
  #proofAfter = 0;
  /** @type {Promise<string | null> | null} */
  #proving = null;
  #restUntil = 0;
  #failures = 0;

  /** @param {string} base @param {string} user @param {string} forum */
  constructor(base, user, forum) {
    this.base = base;
    this.user = user;
    this.forum = forum || location.origin;
  }

  /**
   * What to suggest, null for nothing; a failure of any kind is nothing too.
   *
   * @param {"topic" | "composer"} where
   * @param {unknown} about
   * @param {AbortSignal} stale
   */
  async suggest(where, about, stale) {
    if (performance.now() < this.#restUntil) {
      return null;
    }
    try {
      const { body } = await this.call(`/inline/${where}`, about, stale);
      const found = suggestionOf(body);
      this.#failures = 0;
      return found;
    } catch (error) {
      if (!stale.aborted) {
        this.rest(error);
      }
      return null;
    }
  }

  /**
   * Tell what the reader made of a suggestion. Whether it arrives changes nothing for them.
   *
   * @param {string} verdict
   * @param {string} answer
   * @param {string} reason
   */
  async judge(verdict, answer, reason) {
    try {
      await this.call("/inline/verdict", { verdict, answer, reason });
    } catch {
      // The thanks were for the reader's care, which does not depend on the network.
    }
  }

  /**
   * Take up an offer.
   *
   * @param {string} token
   * @returns {Promise<string | null>} what to tell the reader; null: it did not go through, and may be tried again
   */
  async accept(token) {
    try {
      const { body } = await this.call("/inline/offer", { token });
      return textOf(body, "said");
    } catch (error) {
      if (error instanceof Refused && error.status === 410) {
        try {
          return textOf(error.body, "said");
        } catch {
          return null;
        }
      }
      return null;
    }
  }

  /**
   * One call under the reader's proof, which is renewed once where the service no longer takes it.
   *
   * @param {string} path
   * @param {unknown} about
   * @param {AbortSignal} [stale]
   */
  async call(path, about, stale) {
    const token = await this.proof();
    if (stale?.aborted) {
      throw new Refused(0);
    }
    try {
      return await post(this.base + path, about, token, stale);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || !token) {
        throw error;
      }
      if (this.#token === token) {
        this.#token = null;
      }
      const renewed = await this.proof();
      return await post(this.base + path, about, renewed, stale);
    }
  }

  /**
   * Who reads, as the forum itself told the service; null for an anonymous reader, or where the forum does not say.
   * All that ask meanwhile share one round trip. An anonymous reader's browser never makes it: the forum would answer
   * with a cookie that leads the next login astray.
   */
  async proof() {
    const now = performance.now();
    if (!this.user || (this.#token && now < this.#tokenEnds)) {
      return this.user ? this.#token : null;
    }
    if (now < this.#proofAfter) {
      return null;
    }
    this.#proving ??= this.prove().finally(() => (this.#proving = null));
    return await this.#proving;
  }

  async prove() {
    try {
      const start = await post(`${this.base}/identity/start`, {}, null);
      const forum = new URL(textOf(start.body, "sso_path"), this.forum);
      if (forum.origin !== location.origin) {
        throw new Refused(0);
      }
      // No header of ours: with X-Requested-With the forum answers 204 and tells nobody anything.
      const { body } = await fetchJson(forum.href, {
        credentials: "same-origin",
      });
      const lives = numberOf(body, "expires_in") * 1000;
      this.#token = textOf(body, "token");
      this.#tokenEnds = performance.now() + Math.max(lives - SPARE, lives / 2);
      return this.#token;
    } catch {
      this.#token = null;
      this.#proofAfter = performance.now() + LONGEST_REST;
      return null;
    }
  }

  /** @param {unknown} error */
  rest(error) {
    const refused = error instanceof Refused ? error : new Refused(0);
    if ([400, 413, 415].includes(refused.status)) {
      return;
    }
    const longer = FIRST_REST * 2 ** this.#failures;
    const asked = refused.status === 429 ? refused.rest * 1000 : 0;
    this.#failures += 1;
    this.#restUntil =
      performance.now() + Math.min(Math.max(longer, asked), LONGEST_REST);
  }
}
