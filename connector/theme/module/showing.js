// What both elements share: whose page this is, one card at a time that unfolds gently, and what its reader does with it.

import { drawCard } from "./card.js";
import { make } from "./drawing.js";
import { keysOf, remember, whenClosedElsewhere } from "./memory.js";
import { serviceFor } from "./service.js";
import { STYLE } from "./style.js";
import { languageOf, wordsOf } from "./words.js";

/** @typedef {import("./shape.js").Suggestion} Suggestion */

/**
 * What the page tells all elements of one kind, where their own attributes do not say it.
 *
 * @typedef {object} Surroundings
 * @property {string} [service] address of the service; without one an element does nothing at all
 * @property {string} [user] who reads, as the page has it; empty for anonymous. Nobody believes it: it only says whether
 *   asking the forum for a signed proof makes sense
 * @property {string} [forum] address of the forum; default: the page's origin
 * @property {string} [lang] language of the reader; default: the page's
 * @property {string} [place] only elements with this `data-place` (or none) take part
 * @property {"typing" | "asked"} [when] whether a composer looks by itself or when told to
 * @property {boolean} [compact] whether the composer has no room to give: a card is one line, the rest drops up over it
 */

/** @type {Map<string, Surroundings>} */
const surroundings = new Map();

/** @type {Set<Showing>} */
const present = new Set();

/**
 * Tell all elements of this name what they need to know, those that are on the page already as well.
 *
 * @param {"passerelle-topic" | "passerelle-composer"} name
 * @param {Surroundings} facts
 */
export function configure(name, facts) {
  surroundings.set(name, facts);
  for (const one of present) {
    if (one.localName === name) {
      one.restart();
    }
  }
}

export class Showing extends HTMLElement {
  /** @type {Suggestion | null} */
  suggestion = null;
  /** @type {AbortController | null} */
  flight = null;
  /** @type {HTMLElement | null} */
  cameFrom = null;
  /** @type {() => void} */
  stopListening = () => {};

  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.aloud = make("p", { class: "aloud", role: "status" });
    this.inside = make("div", {});
    this.fold = make("div", { class: `fold ${this.localName}` }, this.inside);
    this.root.append(make("style", {}, STYLE), this.aloud, this.fold);
    this.root.addEventListener("keydown", (event) =>
      this.pressed(/** @type {KeyboardEvent} */ (event))
    );
    for (const name of ["keydown", "keypress", "keyup"]) {
      this.root.addEventListener(name, keepFromShortcuts);
    }
    this.root.addEventListener("focusin", (event) => {
      const before = /** @type {FocusEvent} */ (event).relatedTarget;
      if (before instanceof HTMLElement && before.getRootNode() !== this.root) {
        this.cameFrom = before;
      }
    });
    this.root.addEventListener("click", (event) =>
      this.followed(/** @type {MouseEvent} */ (event))
    );
  }

  connectedCallback() {
    present.add(this);
    this.stopListening = whenClosedElsewhere(() => {
      if (this.suggestion && this.isClosed(this.suggestion.key)) {
        this.fade();
      }
    });
    this.restart();
  }

  disconnectedCallback() {
    present.delete(this);
    this.stopListening();
    this.giveUp();
    this.clear();
  }

  /** @param {string} _name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(_name, before, now) {
    if (this.isConnected && before !== now) {
      this.changed();
    }
  }

  /** Begin again: the page is another, or told something new. */
  restart() {}

  /** An attribute has another value. */
  changed() {
    this.restart();
  }

  get around() {
    return surroundings.get(this.localName) ?? {};
  }

  /** @param {Exclude<keyof Surroundings, "compact">} name */
  fact(name) {
    return this.dataset[name] ?? this.around[name] ?? "";
  }

  /** Whether this element is told of a service, and is the one of its kind that the page wants. */
  get takesPart() {
    const place = this.around.place;
    const fits = !place || !this.dataset.place || this.dataset.place === place;
    return (
      Boolean(this.fact("service")) &&
      fits &&
      this.dataset.archetype !== "private_message"
    );
  }

  get service() {
    return serviceFor(
      this.fact("service"),
      this.fact("user"),
      this.fact("forum")
    );
  }

  get language() {
    return languageOf(this.fact("lang"));
  }

  /** What closing is about, as the beginning of a remembered key: everything, where keys tell enough by themselves. */
  get scope() {
    return "";
  }

  /** @param {"closed" | "answered"} list */
  keys(list) {
    const { scope } = this;
    return keysOf(list, this.fact("user"))
      .filter((one) => one.startsWith(scope))
      .map((one) => one.slice(scope.length));
  }

  /** @param {string} key */
  isClosed(key) {
    return this.keys("closed").includes(key);
  }

  /** @param {"closed" | "answered"} list @param {string} key */
  keep(list, key) {
    remember(list, this.fact("user"), this.scope + key);
  }

  /** Drop what is under way: its answer would come too late. */
  giveUp() {
    this.flight?.abort();
    this.flight = null;
  }

  /**
   * Ask, dropping an earlier question that still waits. Gives null also for what its reader closed before.
   *
   * @param {"topic" | "composer"} where
   * @param {Record<string, unknown>} about
   * @returns {Promise<{fresh: boolean, found: Suggestion | null}>} not fresh: overtaken by a newer question
   */
  async ask(where, about) {
    this.giveUp();
    const flight = new AbortController();
    this.flight = flight;
    const asked = {
      ...about,
      lang: this.language,
      closed: this.keys("closed"),
    };
    const found = await this.service.suggest(where, asked, flight.signal);
    const fresh = this.flight === flight && this.isConnected;
    if (fresh) {
      this.flight = null;
    }
    return { fresh, found: found && !this.isClosed(found.key) ? found : null };
  }

  /**
   * @param {Suggestion} suggestion
   * @param {{newTab: boolean, compact: boolean}} manner
   */
  show(suggestion, manner) {
    const { service, language } = this;
    const words = wordsOf(language);
    this.suggestion = suggestion;
    const card = drawCard(suggestion, {
      language,
      words,
      ...manner,
      answered: this.keys("answered").includes(suggestion.key),
      close: () => this.close(),
      judge: (answer, reason) => this.judge(suggestion, answer, reason),
      accept: (token) => service.accept(token),
    });
    card.lang = language;
    this.inside.replaceChildren(card);
    this.aloud.lang = language;
    this.aloud.textContent = `${words.suggestion}: ${suggestion.title}`;
    // A frame later, so that there is a folded state to unfold from.
    requestAnimationFrame(() =>
      requestAnimationFrame(
        () => this.suggestion === suggestion && this.fold.classList.add("open")
      )
    );
  }

  /**
   * Its reader said what they make of it.
   *
   * @param {Suggestion} suggestion
   * @param {string} answer
   * @param {string} reason
   */
  judge(suggestion, answer, reason) {
    this.keep(answer === "useful" ? "answered" : "closed", suggestion.key);
    this.service.judge(suggestion.verdict ?? "", answer, reason);
  }

  /** Closed by its reader: it stays closed. */
  close() {
    if (this.suggestion) {
      this.keep("closed", this.suggestion.key);
      this.fade();
    }
  }

  /** Fold the card away, and lead the keyboard back to where it was. */
  fade() {
    const back = this.root.activeElement ? this.cameFrom : null;
    this.clear();
    if (back?.isConnected) {
      back.focus({ preventScroll: true });
    }
  }

  clear() {
    this.suggestion = null;
    this.aloud.textContent = "";
    this.fold.classList.remove("open");
    this.inside.replaceChildren();
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Escape" && this.suggestion) {
      // The forum's composer would fold itself away.
      event.stopPropagation();
      event.preventDefault();
      this.close();
    }
  }

  /** @param {MouseEvent} event */
  followed(event) {
    const link = event
      .composedPath()
      .find((one) => one instanceof HTMLAnchorElement);
    const plain =
      !event.button &&
      !event.ctrlKey &&
      !event.metaKey &&
      !event.shiftKey &&
      !event.altKey;
    if (link instanceof HTMLAnchorElement && plain && !link.target) {
      // A page that knows a quicker way than loading itself anew takes it.
      const follow = new CustomEvent("passerelle-follow", {
        bubbles: true,
        cancelable: true,
        detail: { url: link.href },
      });
      if (!this.dispatchEvent(follow)) {
        event.preventDefault();
      }
    }
  }
}

/**
 * Letters typed into our one field are no shortcuts of the forum, which cannot see that a field has them.
 *
 * @param {Event} event
 */
function keepFromShortcuts(event) {
  if (event.target instanceof HTMLInputElement) {
    event.stopPropagation();
  }
}
