// One suggestion as its reader sees it: why it is here, where it leads, what to answer.

import { bridge, button, initials, make } from "./drawing.js";
import { languageNote } from "./words.js";

/** @typedef {import("./shape.js").Suggestion} Suggestion */
/** @typedef {import("./shape.js").Link} Link */
/** @typedef {import("./shape.js").Person} Person */
/** @typedef {import("./shape.js").Offer} Offer */

/**
 * What a card needs beside its suggestion.
 *
 * @typedef {object} Frame
 * @property {"fr" | "en"} language
 * @property {ReturnType<typeof import("./words.js").wordsOf>} words
 * @property {boolean} newTab whether links leave the page alone
 * @property {boolean} compact whether only the title is in the page, and the rest drops up over it on demand
 * @property {boolean} answered whether the reader has said what they make of it
 * @property {() => void} close
 * @property {(answer: string, reason: string) => void} judge
 * @property {(token: string) => Promise<string | null>} accept
 */

/**
 * @param {Suggestion} suggestion
 * @param {Frame} frame
 */
export function drawCard(suggestion, frame) {
  const { words } = frame;
  const about = suggestion.lang
    ? { lang: suggestion.lang, dir: "auto" }
    : { dir: "auto" };
  const title = make("h2", { id: "title", ...about }, suggestion.title);
  const close = button(
    { class: "close", "aria-label": words.close, title: words.close },
    "×",
    frame.close
  );
  const card = make("section", {
    class: "card",
    role: "region",
    "aria-labelledby": "title",
  });
  const head = make(
    "header",
    {},
    bridge(),
    make(
      "div",
      {},
      title,
      suggestion.why && make("p", { class: "why", ...about }, suggestion.why)
    )
  );
  if (frame.compact) {
    head.append(turner(card, words));
  }
  head.append(close);
  const body = make(
    "div",
    { class: "body" },
    suggestion.text && make("p", { class: "text", ...about }, suggestion.text),
    linkList(suggestion.links, frame),
    peopleList(suggestion, frame),
    offerRow(suggestion, frame)
  );
  card.append(
    head,
    make(
      "div",
      { class: "inner", id: "inner" },
      body,
      answerRow(suggestion, frame)
    )
  );
  return card;
}

/**
 * Where there is no room to give, a card is its title until its reader wants more.
 *
 * @param {HTMLElement} card
 * @param {Frame["words"]} words
 */
function turner(card, words) {
  card.classList.add("compact");
  const turn = button(
    { class: "turn", "aria-expanded": "false", "aria-controls": "inner" },
    words.more,
    () => {
      const shown = card.classList.toggle("shown");
      turn.setAttribute("aria-expanded", String(shown));
      turn.textContent = shown ? words.less : words.more;
    }
  );
  return turn;
}

/**
 * @param {Link[]} links
 * @param {Frame} frame
 */
function linkList(links, frame) {
  return (
    links.length > 0 &&
    make(
      "ul",
      { class: "links" },
      ...links.map((link) => make("li", {}, ...anchor(link, frame)))
    )
  );
}

/**
 * @param {Link} link
 * @param {Frame} frame
 */
function anchor(link, frame) {
  const outside = frame.newTab ? { target: "_blank", rel: "noopener" } : {};
  const note = languageNote(frame.language, link.lang);
  return [
    make(
      "a",
      { href: link.url, lang: link.lang, dir: "auto", ...outside },
      link.title,
      frame.newTab && make("span", { class: "aloud" }, ` ${frame.words.newTab}`)
    ),
    note && make("span", { class: "tongue" }, ` · ${note}`),
  ];
}

/**
 * @param {Suggestion} suggestion
 * @param {Frame} frame
 */
function peopleList(suggestion, frame) {
  if (!suggestion.people.length) {
    return null;
  }
  const rows = suggestion.people.map((person) => {
    const theirs = suggestion.offers.filter((one) => one.person === person.id);
    return personRow(person, theirs, frame);
  });
  return make("ul", { class: "people" }, ...rows);
}

/**
 * @param {Person} person
 * @param {Offer[]} offers
 * @param {Frame} frame
 */
function personRow(person, offers, frame) {
  const name = person.name || person.username;
  const [link] = anchor({ title: name, url: person.url }, frame);
  return make(
    "li",
    {},
    make("span", { class: "face", "aria-hidden": "true" }, initials(name)),
    make(
      "div",
      {},
      make(
        "p",
        { class: "who" },
        link,
        name.toLowerCase() !== person.username.toLowerCase() &&
          make("span", { class: "username" }, person.username)
      ),
      person.why && make("p", { class: "why", dir: "auto" }, person.why),
      linkList(person.links, frame),
      person.note && make("p", { class: "note", dir: "auto" }, person.note)
    ),
    make(
      "div",
      { class: "ask" },
      ...offers.map((one) => offerButton(one, name, frame))
    )
  );
}

/**
 * @param {Suggestion} suggestion
 * @param {Frame} frame
 */
function offerRow(suggestion, frame) {
  const known = suggestion.people.map((person) => person.id);
  const rest = suggestion.offers.filter(
    (one) => one.person === null || !known.includes(one.person)
  );
  return (
    rest.length > 0 &&
    make(
      "div",
      { class: "offers" },
      ...rest.map((one) => offerButton(one, "", frame))
    )
  );
}

/**
 * A button that does one thing once, and is replaced by what came of it.
 *
 * @param {Offer} offer
 * @param {string} name whom it is about, for those who hear the button without seeing where it stands
 * @param {Frame} frame
 */
function offerButton(offer, name, frame) {
  const place = make("div", { role: "status" });
  /** @param {string} said */
  const done = (said) =>
    place.replaceChildren(make("span", { class: "said", dir: "auto" }, said));
  if (offer.done || !offer.token) {
    done(offer.said || offer.label);
    return place;
  }
  const press = button({ class: "btn" }, offer.label, async () => {
    press.disabled = true;
    const said = await frame.accept(offer.token);
    if (said !== null) {
      done(said);
      return;
    }
    press.disabled = false;
    place.replaceChildren(
      press,
      make("p", { class: "problem" }, frame.words.failed)
    );
  });
  if (name) {
    press.append(make("span", { class: "aloud" }, ` (${name})`));
  }
  place.append(press);
  return place;
}

/**
 * @param {Suggestion} suggestion
 * @param {Frame} frame
 */
function answerRow(suggestion, frame) {
  const row = make("footer", {
    role: "group",
    "aria-label": frame.words.answers,
  });
  const only = make("span", { class: "only" }, frame.words.onlyYou);
  if (suggestion.verdict && !frame.answered) {
    for (const { answer, label } of suggestion.answers) {
      row.append(
        button({ class: "flat", "data-answer": answer }, label, () =>
          answered(row, answer, frame)
        )
      );
    }
  }
  row.append(only);
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {string} answer
 * @param {Frame} frame
 */
function answered(row, answer, frame) {
  frame.judge(answer, "");
  if (answer === "not_now" || answer === "never") {
    frame.close();
  } else if (answer === "useful") {
    thank(row, frame);
  } else {
    askWhy(row, frame);
  }
}

/**
 * @param {HTMLElement} row
 * @param {Frame} frame
 * @param {() => void} [after]
 */
function thank(row, frame, after) {
  const thanks = make(
    "p",
    { class: "said fading", role: "status", tabindex: "-1" },
    frame.words.thanks
  );
  row.replaceChildren(thanks);
  thanks.focus({ preventScroll: true });
  setTimeout(() => (after ? after() : thanks.remove()), 3000);
}

/**
 * @param {HTMLElement} row
 * @param {Frame} frame
 */
function askWhy(row, frame) {
  const { words } = frame;
  const input = make("input", {
    id: "reason",
    type: "text",
    maxlength: "1000",
    autocomplete: "off",
  });
  const form = make(
    "form",
    {},
    make("label", { for: "reason" }, words.whyNot),
    input,
    make("button", { class: "btn" }, words.send),
    button({ class: "flat" }, words.skip, frame.close)
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = input.value.trim();
    if (!reason) {
      frame.close();
      return;
    }
    frame.judge("not_useful", reason);
    thank(row, frame, frame.close);
  });
  row.replaceChildren(form);
  input.focus({ preventScroll: true });
}
