// In the composer: looks when its writer pauses, shows at most two suggestions a draft, never sends a private one.

import { button, make } from "./drawing.js";
import { forget, forgetDraft, noteShown, shownIn } from "./memory.js";
import { Showing } from "./showing.js";
import { wordsOf } from "./words.js";

const PAUSE = 700;
const LEAST_TITLE = 12;
const LEAST_TEXT = 40;
const LONGEST_TITLE = 500;
const LONGEST_TEXT = 32_000;
const MOST_TAGS = 50;
const MOST_A_DRAFT = 2;
const REST = 30_000;
const PATIENCE_AT_SENDING = 1500;

/**
 * Discourse's names for what is being written, and ours; what is missing here (messages, shared drafts) is never sent.
 *
 * @type {Record<string, string>}
 */
const ACTIONS = {
  createTopic: "new_topic",
  new_topic: "new_topic",
  reply: "reply",
  edit: "edit",
};

/**
 * Until when, on the page's clock, a draft is left alone: its writer closed a card, or wants none now. A second one may
 * come later, while writing; one that springs up where another was just closed is a nuisance.
 *
 * @type {Map<string, number>}
 */
const resting = new Map();

/** Drafts on their way out: when their composer opens again, it is for another one. */
const sent = new Set();

export class PasserelleComposer extends Showing {
  static observedAttributes = [
    "data-action",
    "data-topic",
    "data-title",
    "data-text",
    "data-category",
    "data-tags",
    "data-user",
    "data-service",
    "data-lang",
    "data-archetype",
  ];

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  pause;
  last = "";
  passed = "";

  connectedCallback() {
    if (sent.delete(this.draftName)) {
      this.beginDraft();
    }
    super.connectedCallback();
  }

  disconnectedCallback() {
    clearTimeout(this.pause);
    super.disconnectedCallback();
  }

  restart() {
    this.last = "";
    this.clear();
    this.changed();
  }

  get draft() {
    const { action, topic, title, text, category, tags } = this.dataset;
    return {
      action: ACTIONS[action ?? ""] ?? "",
      topic_id: whole(topic),
      category_id: whole(category),
      tags: (tags ?? "")
        .split(",")
        .map((one) => one.trim())
        .filter((one) => one && !one.startsWith("[object"))
        .slice(0, MOST_TAGS),
      title: cut(title, LONGEST_TITLE),
      text: cut(text, LONGEST_TEXT),
    };
  }

  /** What a draft is known by while it is written. */
  get draftName() {
    const { action, topic_id } = this.draft;
    return `${action}.${topic_id ?? ""}`;
  }

  /** What is closed beside one draft may help with the next. */
  get scope() {
    return `${this.draftName}|`;
  }

  beginDraft() {
    forgetDraft(this.draftName);
    resting.delete(this.draftName);
    forget("closed", this.fact("user"), this.scope);
    forget("answered", this.fact("user"), this.scope);
    this.passed = "";
    this.last = "";
  }

  close() {
    if (this.suggestion) {
      this.restFor(REST);
    }
    super.close();
  }

  /**
   * @param {import("./shape.js").Suggestion} suggestion
   * @param {string} answer
   * @param {string} reason
   */
  judge(suggestion, answer, reason) {
    if (answer === "not_now") {
      this.restFor(Infinity);
    }
    super.judge(suggestion, answer, reason);
  }

  /** @param {number} time */
  restFor(time) {
    const until = performance.now() + time;
    resting.set(
      this.draftName,
      Math.max(until, resting.get(this.draftName) ?? 0)
    );
  }

  changed() {
    clearTimeout(this.pause);
    this.giveUp();
    const { draft } = this;
    if (!this.takesPart || !draft.action) {
      this.clear();
      return;
    }
    if (!this.hasAttribute("data-title") && !this.hasAttribute("data-text")) {
      // The page has not said yet what is written.
      return;
    }
    if (!draft.title.trim() && !draft.text.trim()) {
      // An empty composer is another draft.
      this.beginDraft();
      this.clear();
      return;
    }
    const enough =
      draft.title.trim().length >= LEAST_TITLE ||
      draft.text.trim().length >= LEAST_TEXT;
    const settled = this.suggestion && !this.suggestion.holds;
    if (!enough || settled) {
      return;
    }
    if (this.fact("when") === "asked" && !this.suggestion) {
      this.offerToLook();
      return;
    }
    this.pause = setTimeout(() => this.look(false), PAUSE);
  }

  /** A button in place of looking by itself, where the forum prefers that. */
  offerToLook() {
    if (
      this.inside.firstChild ||
      shownIn(this.draftName).length >= MOST_A_DRAFT
    ) {
      return;
    }
    const words = wordsOf(this.language);
    const row = make("p", {
      class: "asking",
      role: "status",
      lang: this.language,
    });
    const press = button({ class: "btn" }, words.ask, async () => {
      row.replaceChildren(words.looking);
      await this.look(true);
      if (!this.suggestion) {
        row.replaceChildren(words.nothing);
        setTimeout(() => !this.suggestion && this.clear(), 4000);
      }
    });
    row.append(press);
    this.inside.replaceChildren(row);
    this.fold.classList.add("open");
  }

  /** @param {boolean} asked whether its writer pressed a button for it */
  async look(asked) {
    const { draft, draftName, suggestion } = this;
    const shown = shownIn(draftName).filter((key) => key !== suggestion?.key);
    const now = JSON.stringify(draft);
    if (shown.length >= MOST_A_DRAFT || (now === this.last && !asked)) {
      return;
    }
    this.last = now;
    const { fresh, found } = await this.ask("composer", {
      ...draft,
      shown: shown.length,
      asked,
    });
    if (!fresh || this.draftName !== draftName) {
      return;
    }
    if (suggestion && found?.key === suggestion.key) {
      // Still true of what is written now: it stays as it is, under its reader's eyes.
      this.suggestion = found;
      return;
    }
    if (suggestion) {
      this.fade();
    }
    const rest = (resting.get(draftName) ?? 0) - performance.now();
    if (found && rest > 0 && !found.holds && !asked) {
      this.last = "";
      if (rest < Infinity) {
        this.pause = setTimeout(() => this.look(false), rest);
      }
    } else if (found) {
      noteShown(draftName, found.key);
      this.present(found);
    }
  }

  /** @param {import("./shape.js").Suggestion} found */
  present(found) {
    this.show(found, {
      newTab: true,
      compact:
        Boolean(this.around.compact) ||
        window.matchMedia("(max-width: 600px)").matches,
    });
  }

  /**
   * Once more before it leaves, where it is not yet known what the service makes of these very words: what asks to be
   * looked at first is shown. Late or failed, it does not matter: the post goes.
   */
  async lookBeforeSending() {
    const { draft, draftName, suggestion } = this;
    const now = JSON.stringify(draft);
    const empty = !draft.title.trim() && !draft.text.trim();
    if (!this.takesPart || !draft.action || empty || now === this.last) {
      return;
    }
    clearTimeout(this.pause);
    this.last = now;
    const late = new Promise((done) =>
      setTimeout(() => done(null), PATIENCE_AT_SENDING)
    );
    const asked = this.ask("composer", { ...draft, sending: true });
    const answer = await Promise.race([asked, late]);
    if (!answer) {
      this.giveUp();
      return;
    }
    const { fresh, found } = answer;
    if (fresh && this.draftName === draftName && found?.holds) {
      if (suggestion?.key !== found.key) {
        noteShown(draftName, found.key);
        this.present(found);
      }
    } else if (fresh && suggestion?.holds) {
      // Put otherwise meanwhile: nothing is left to look at.
      this.fade();
    }
  }

  /** The post leaves. */
  leaving() {
    clearTimeout(this.pause);
    this.giveUp();
    sent.add(this.draftName);
  }

  /** Say that the post waits for its writer's eyes; once for each suggestion. */
  hold() {
    const { suggestion } = this;
    if (!suggestion?.holds || this.passed === suggestion.key) {
      return false;
    }
    this.passed = suggestion.key;
    const card = this.inside.querySelector(".card");
    if (card?.classList.contains("compact")) {
      // What holds a post is read without a further click.
      const turn = card.querySelector('.turn[aria-expanded="false"]');
      if (turn instanceof HTMLElement) {
        turn.click();
      }
    }
    card?.prepend(
      make("p", { class: "held", role: "alert" }, wordsOf(this.language).held)
    );
    return true;
  }
}

/**
 * The beginning of a text, never ending in half a letter.
 *
 * @param {string | undefined} given
 * @param {number} longest
 */
function cut(given, longest) {
  return (given ?? "").slice(0, longest).replace(/[\ud800-\udbff]$/, "");
}

/** @param {string | undefined} value */
function whole(value) {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : null;
}

/**
 * Whether a post may leave now: rejects once where an open suggestion asks to be looked at first, resolves the next time.
 *
 * @param {Element | null} element the composer's; without one, nothing holds
 * @returns {Promise<void>}
 */
export function mayISave(element) {
  // Not by its class: another copy of this module may have defined the element.
  const composer = /** @type {PasserelleComposer | null} */ (element);
  return Promise.resolve(composer?.lookBeforeSending?.()).then(() => {
    if (composer?.hold?.()) {
      throw new Error("passerelle: look at the suggestion first");
    }
    composer?.leaving?.();
  });
}
