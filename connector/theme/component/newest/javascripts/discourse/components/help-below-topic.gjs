/** @type {import("@ember/component/template-only").TOC<{Args: {outletArgs: {model: any}}}>} */
const HelpBelowTopic = <template>
  <passerelle-topic
    data-topic={{@outletArgs.model.id}}
    data-archetype={{@outletArgs.model.archetype}}
    data-place="below_posts"
  ></passerelle-topic>
</template>;

export default HelpBelowTopic;
