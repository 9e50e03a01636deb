// What the elements say by themselves, short and warm; everything else comes from the service in the reader's language.

const WORDS = {
  en: {
    suggestion: "A suggestion for you",
    onlyYou: "Only you see this",
    close: "Close",
    more: "Show",
    less: "Hide",
    newTab: "(opens in a new tab)",
    answers: "What do you make of it?",
    thanks: "Thank you, noted.",
    whyNot: "What was wrong with it? (optional)",
    send: "Send",
    skip: "Skip",
    failed:
      "That did not go through. You can try again: nothing is sent twice.",
    held: "Your post has not left yet: please look at this first. Send it again to post it as it is.",
    ask: "Has this come up before?",
    looking: "Looking…",
    nothing: "Nothing close to it here.",
    languages: { fr: "in French", en: "in English" },
  },
  fr: {
    suggestion: "Une suggestion pour vous",
    onlyYou: "Vous seul·e voyez ceci",
    close: "Fermer",
    more: "Montrer",
    less: "Replier",
    newTab: "(dans un nouvel onglet)",
    answers: "Qu’en pensez-vous ?",
    thanks: "Merci, c’est noté.",
    whyNot: "Qu’est-ce qui n’allait pas ? (facultatif)",
    send: "Envoyer",
    skip: "Passer",
    failed:
      "Cela n’est pas passé. Vous pouvez réessayer : rien ne part deux fois.",
    held: "Votre message n’est pas encore parti : jetez d’abord un œil ici. Renvoyez-le pour le publier tel quel.",
    ask: "En a-t-on déjà parlé ?",
    looking: "Je cherche…",
    nothing: "Rien de proche par ici.",
    languages: { fr: "en français", en: "en anglais" },
  },
};

/**
 * The language to speak: that of the element, else of the page, else English.
 *
 * @param {string | undefined} wanted such as "fr", "fr-CA", "pt_BR"
 * @returns {"fr" | "en"}
 */
export function languageOf(wanted) {
  const code = (wanted || document.documentElement.lang || "en").toLowerCase();
  return code.startsWith("fr") ? "fr" : "en";
}

/** @param {"fr" | "en"} language */
export function wordsOf(language) {
  return WORDS[language];
}

/**
 * How a text in another language is announced; empty for one's own, the bare code where we know no name for it.
 *
 * @param {"fr" | "en"} language
 * @param {string | undefined} other
 */
export function languageNote(language, other) {
  if (!other || other === language) {
    return "";
  }
  /** @type {Record<string, string>} */
  const known = WORDS[language].languages;
  return known[other] ?? other;
}
