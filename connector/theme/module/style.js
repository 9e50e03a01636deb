// The look: Discourse's own variables, so that light, dark and any colour scheme of the forum are met; the values after
// the commas stand where a page has none. Nothing jumps: a card unfolds, unless its reader asked for less motion.

export const STYLE = `
:host { display: block; font-family: var(--font-family, Arial, sans-serif); font-size: var(--font-0, 1em);
  line-height: 1.4; color: var(--primary, #222); text-align: start; }
:host([hidden]) { display: none; }
*, *::before { box-sizing: border-box; }
h2, p, ul { margin: 0; padding: 0; font: inherit; }
ul { list-style: none; }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--tertiary, #08c);
  text-decoration-thickness: 1px; text-underline-offset: .18em; }
a:hover { color: var(--tertiary-hover, #069); text-decoration-thickness: 2px; }
button { font: inherit; color: inherit; cursor: pointer; border: 0; margin: 0; background: none; min-height: 28px;
  min-width: 28px; border-radius: var(--d-button-border-radius, 2px); }
:focus-visible { outline: 2px solid var(--tertiary, #08c); outline-offset: 1px; }
.aloud { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.fold { display: grid; grid-template-rows: 0fr; opacity: 0; transition: grid-template-rows .28s ease, opacity .28s ease; }
.fold.open { grid-template-rows: 1fr; opacity: 1; }
.fold > div { min-height: 0; animation: clip .3s; }
@keyframes clip { from, to { overflow: hidden; } }
.passerelle-topic { max-width: calc(var(--topic-body-width, 690px) + 2 * var(--topic-body-width-padding, 11px)
  + var(--topic-avatar-width, 45px)); }

.card { margin: 12px 0; padding: 12px 14px 8px; background: var(--primary-very-low, #f8f8f8);
  border: 1px solid var(--primary-low, #e9e9e9); border-inline-start: 4px solid var(--tertiary, #08c);
  border-radius: var(--d-border-radius, 0); overflow-wrap: anywhere; }
header { display: flex; gap: 8px; align-items: flex-start; }
header svg { flex: none; width: 20px; height: 20px; margin-top: 1px; color: var(--tertiary, #08c); }
header > div { flex: 1; min-width: 0; }
h2 { font-weight: bold; font-size: var(--font-up-1, 1.15em); line-height: 1.3; }
.why, .note, .username, .said, .only, .tongue { color: var(--primary-high, #646464); font-size: var(--font-down-1, .87em); }
.why { margin-top: 1px; }
.close { flex: none; margin: -5px -7px 0 0; font-size: 1.25em; line-height: 1; color: var(--primary-high, #646464); }
.close:hover, .flat:hover, .turn:hover { background: var(--primary-low, #e9e9e9); color: var(--primary, #222); }
.turn { flex: none; margin-top: -3px; padding: 0 8px; color: var(--primary-high, #646464); font-size: var(--font-down-1, .87em); }
.body { padding-inline-start: 28px; }
.text { margin-top: 6px; white-space: pre-line; }
.links { margin-top: 4px; }
.links li { padding: 3px 0; }
.tongue { white-space: nowrap; }

.people { margin-top: 6px; }
.people > li { display: grid; grid-template-columns: 34px minmax(0, 1fr) auto; gap: 2px 10px; align-items: start;
  padding: 8px 0; border-top: 1px solid var(--primary-low, #e9e9e9); }
.people > li:first-child { border-top: 0; }
.face { width: 34px; height: 34px; border-radius: 50%; display: grid; place-items: center; font-weight: bold;
  font-size: 13px; background: var(--tertiary-low, #d1f0ff); color: var(--primary-very-high, #434343); }
.who a { font-weight: bold; text-decoration: none; }
.who a:hover { text-decoration: underline; }
.username { margin-inline-start: 4px; }
.people .links { margin-top: 0; font-size: var(--font-down-1, .87em); }
.people .ask { display: flex; justify-content: flex-end; text-align: end; max-width: 12rem; }

.btn { padding: 5px 11px; font-size: var(--font-down-1, .87em); background: var(--primary-low, #e9e9e9); color: var(--primary, #222); }
.btn:hover { background: var(--tertiary, #08c); color: var(--secondary, #fff); }
.btn[disabled] { opacity: .6; cursor: default; }
.offers { margin-top: 8px; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
footer { margin-block-start: 6px; margin-inline-start: 20px; padding-top: 4px; min-height: 32px; display: flex; flex-wrap: wrap;
  align-items: center; gap: 0 4px; }
.flat { padding: 4px 8px; color: var(--primary-high, #646464); font-size: var(--font-down-1, .87em); }
.only { margin-inline-start: auto; padding-inline-start: 12px; }
footer form { padding-inline-start: 8px; display: flex; flex-wrap: wrap; gap: 6px; align-items: center; flex: 1; }
label { font-size: var(--font-down-1, .87em); color: var(--primary-high, #646464); flex: 1 1 100%; }
input { flex: 1 1 12rem; min-width: 0; padding: 5px 8px; font: inherit; color: var(--primary, #222);
  background: var(--secondary, #fff); border: 1px solid var(--primary-medium, #919191); border-radius: 0; }
.fading { animation: fade 3s ease forwards; }
@keyframes fade { 0%, 60% { opacity: 1; } 100% { opacity: 0; } }
.held { margin: 0 0 10px; padding: 6px 10px; background: var(--highlight-low, #ffffca); color: var(--primary, #222); }
.problem { flex: 1 1 100%; color: var(--danger, #c80001); font-size: var(--font-down-1, .87em); }

.passerelle-composer .card { margin: 8px 0 0; padding: 8px 10px 4px; }
.passerelle-composer h2 { font-size: var(--font-0, 1em); }
.passerelle-composer .body { max-height: min(18rem, 36vh); overflow-y: auto; overscroll-behavior: contain; }
.passerelle-composer .people .links li { display: inline; }
.passerelle-composer .people .links li + li::before { content: " · "; }
.compact { position: relative; }
.compact .inner { display: none; }
.compact.shown .inner { display: block; position: absolute; z-index: 2; bottom: 100%; inset-inline: -4px -1px;
  padding: 4px 10px; background: var(--secondary, #fff); border: 1px solid var(--primary-low, #e9e9e9);
  border-inline-start: 4px solid var(--tertiary, #08c); box-shadow: 0 -6px 16px rgba(0, 0, 0, .16); }
.compact .body { max-height: min(20rem, 40vh); }
.compact header { align-items: center; }
.compact header svg { margin-top: 0; }
.compact header > div { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 8px; }
.compact .turn, .compact .close { margin-top: 0; margin-bottom: 0; }
.asking { padding: 6px 0; display: flex; gap: 8px; align-items: center; color: var(--primary-high, #646464);
  font-size: var(--font-down-1, .87em); }

@media (max-width: 600px) {
  .body { padding-inline-start: 0; }
  footer { margin-inline-start: -8px; }
  .people > li { grid-template-columns: 34px minmax(0, 1fr); }
  .people .ask { grid-column: 2; justify-content: flex-start; text-align: start; max-width: none; padding-top: 4px; }
  .only { margin-inline-start: 0; padding-inline-start: 8px; flex: 1 1 100%; }
  button { min-height: 36px; }
}
@media (prefers-reduced-motion: reduce) { .fold { transition: none; } .fold > div, .fading { animation: none; } }
`;
