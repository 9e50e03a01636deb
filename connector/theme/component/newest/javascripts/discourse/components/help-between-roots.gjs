import Component from "@glimmer/component";

/**
 * The nested view of a topic loads replies for as long as one scrolls: its end may be far away, its first reply is not.
 *
 * @extends {Component<{Args: {outletArgs: {topic: any, index: number}}}>}
 */
export default class HelpBetweenRoots extends Component {
  /** @param {{index: number}} args */
  static shouldRender(args) {
    return args.index === 0;
  }

  <template>
    <passerelle-topic
      data-topic={{@outletArgs.topic.id}}
      data-archetype={{@outletArgs.topic.archetype}}
      data-place="below_posts"
    ></passerelle-topic>
  </template>
}
