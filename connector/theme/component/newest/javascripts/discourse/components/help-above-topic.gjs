/** @type {import("@ember/component/template-only").TOC<{Args: {outletArgs: {model: any}}}>} */
const HelpAboveTopic = <template>
  <passerelle-topic
    data-topic={{@outletArgs.model.id}}
    data-archetype={{@outletArgs.model.archetype}}
    data-place="above_posts"
  ></passerelle-topic>
</template>;

export default HelpAboveTopic;
