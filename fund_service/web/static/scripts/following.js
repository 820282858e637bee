// Lets parts of this page follow the same page as it is now: those that are marked, and have an id.

// Take the marked parts of a page's text; what is there no more is emptied. Not a part in which somebody is writing.
export function follow(text) {
  const newer = new DOMParser().parseFromString(text, "text/html");
  for (const part of document.querySelectorAll("[data-follows]")) {
    const now = newer.getElementById(part.id);
    if (part.innerHTML === (now?.innerHTML ?? "") || part.querySelector("input:focus")) continue;
    part.replaceChildren(...(now ? document.adoptNode(now).childNodes : []));
    part.removeAttribute("data-says");
  }
}
