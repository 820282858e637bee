// A form is sent once: a second press while the first is on its way does nothing, and the button shows that it works.
// The key in the form makes a repetition harmless in any case; here nobody has to wonder which press counted.
const GIVEN_UP = 20_000; // milliseconds after which somebody who stopped the page may press again

function free(form) {
  form.removeAttribute("data-sent");
  for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
  // not `disabled`: a button that is has no part in what the form sends, and loses the focus
  event.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(free, GIVEN_UP, form);
});

// a page that the browser had kept is shown again as it was left
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
