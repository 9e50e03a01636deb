import tagNames from "../lib/tag-names";

/** @type {import("@ember/component/template-only").TOC<{Args: {outletArgs: {model: any}}}>} */
const HelpInComposer = <template>
  <passerelle-composer
    data-action={{@outletArgs.model.action}}
    data-archetype={{@outletArgs.model.topic.archetype}}
    data-topic={{@outletArgs.model.topic.id}}
    data-title={{@outletArgs.model.title}}
    data-text={{@outletArgs.model.reply}}
    data-category={{@outletArgs.model.categoryId}}
    data-tags={{tagNames @outletArgs.model.tags}}
  ></passerelle-composer>
</template>;

export default HelpInComposer;
