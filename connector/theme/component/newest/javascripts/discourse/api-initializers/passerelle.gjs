import { apiInitializer } from "discourse/lib/api";
import HelpAboveTopic from "../components/help-above-topic";
import HelpBelowTopic from "../components/help-below-topic";
import HelpBetweenRoots from "../components/help-between-roots";
import HelpInComposer from "../components/help-in-composer";
import { begin } from "../lib/passerelle-forum";

export default apiInitializer((api) => {
  begin(api, settings);
  api.renderInOutlet("topic-above-post-stream", HelpAboveTopic);
  api.renderInOutlet("topic-area-bottom", HelpBelowTopic);
  api.renderInOutlet("nested-roots-between", HelpBetweenRoots);
  api.renderInOutlet("composer-after-composer-editor", HelpInComposer);
});
