// What the theme component does on a real forum: loads the elements, tells the composer's what is typed, lets it hold a post.
// Without the service, or without scripts, the pages are the same as ever.

const service = document.body.dataset.beside;

import(`${service}/theme/passerelle.js`).then(
  ({ mayISave }) => {
    for (const helper of document.querySelectorAll("passerelle-composer")) {
      attend(helper, helper.closest("form"), mayISave);
    }
  },
  () => {},
);

function attend(helper, form, mayISave) {
  const tell = () => {
    const { title, raw, category } = form.elements;
    if (title) helper.dataset.title = title.value;
    if (category) helper.dataset.category = category.value;
    helper.dataset.text = raw.value;
  };
  let free = false;
  form.addEventListener("input", tell);
  form.addEventListener("submit", (event) => {
    if (free || event.submitter?.name === "preview") return;
    event.preventDefault();
    mayISave(helper).then(
      () => {
        free = true;
        // After this event: while it lasts, a form takes no other submission.
        setTimeout(() => form.requestSubmit(event.submitter));
      },
      () => {},
    );
  });
  tell();
}
