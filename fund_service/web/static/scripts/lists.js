// Lists that are filtered, sorted and turned in place by htmx. What cannot be shown in place is shown as a page.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  const main = tasks.find((task) => task.type === "main");
  if (main === undefined) return;
  if (main.fragment.childElementCount > 0) {
    // other rows come to stand where ticked ones stood: what was ticked is not ticked any more, as without scripts
    for (const box of main.target.querySelectorAll("input:checked")) box.checked = box.defaultChecked;
    return;
  }
  event.preventDefault(); // a refusal, or a page to sign in: the list is not in it
  location.assign(ctx.request.action);
});

// nothing came back: the list stays, and the page says so
document.addEventListener("htmx:error", (event) => {
  const target = event.detail.ctx?.target;
  const words = document.getElementById("words-unreached");
  const told = target?.querySelector("[role=status]");
  if (told && words) told.replaceChildren(words.content.cloneNode(true));
});
