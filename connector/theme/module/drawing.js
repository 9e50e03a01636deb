// Elements made of text, never of markup: whatever a title or a name holds is read as its letters.

/**
 * @typedef {Node | string | null | false} Piece
 */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | boolean | null | undefined>} facts attributes; null, undefined and false are left out
 * @param {...Piece} pieces
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, facts, ...pieces) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...pieces.filter((one) => one !== null && one !== false));
  return made;
}

/**
 * @param {Record<string, string | boolean | null | undefined>} facts
 * @param {Piece} words
 * @param {() => void} pressed
 */
export function button(facts, words, pressed) {
  const made = make("button", { type: "button", ...facts }, words);
  made.addEventListener("click", pressed);
  return made;
}

/** A small footbridge, the sign of whom this comes from. */
export function bridge() {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute(
    "d",
    "M2 18h20M3 18C5 5 19 5 21 18M8 18v-8M12 18V8.4M16 18v-8"
  );
  line.setAttribute("fill", "none");
  line.setAttribute("stroke", "currentColor");
  line.setAttribute("stroke-width", "1.8");
  line.setAttribute("stroke-linecap", "round");
  drawing.append(line);
  return drawing;
}

/**
 * Two letters for a face that we have no picture of.
 *
 * @param {string} name
 */
export function initials(name) {
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const [first = "?", ...others] = words;
  const last = others.length ? others[others.length - 1] : "";
  return (Array.from(first)[0] + (Array.from(last)[0] ?? "")).toUpperCase();
}
