// Passerelle on a forum's pages: <passerelle-topic> and <passerelle-composer>. No dependency; on any failure nothing is
// drawn, and the page is as if we were not there.

import { mayISave, PasserelleComposer } from "./composer.js";
import { configure } from "./showing.js";
import { PasserelleTopic } from "./topic.js";

if (!customElements.get("passerelle-topic")) {
  customElements.define("passerelle-topic", PasserelleTopic);
  customElements.define("passerelle-composer", PasserelleComposer);
}

export { configure, mayISave };
