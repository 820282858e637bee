// Keeps what is typed: a moment after the last key the form is sent as "Save and go on later" sends it. The page that
// comes back says what is kept, and what it adds up to: its parts take the place of the same parts of this page.
import { follow } from "./following.js";

const PAUSE = 1_500; // milliseconds after the last key
const FIRST_WAIT = 2_000; // then twice as long each time, while the fund cannot be reached
const LONGEST_WAIT = 60_000;
const NEVER_KEPT = ["password", "code"];

// every page tells the others of this browser that it was opened
const opened = new BroadcastChannel("opened");
opened.postMessage("");

class Keeping {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-kept]");
    this.typed = 0; // how often something was typed, and as of when it is kept
    this.kept = 0;
    this.since = form.dataset.keep;
    this.wait = FIRST_WAIT;
    this.leaving = false;
    form.addEventListener("input", (event) => this.noticed(event));
    form.addEventListener("submit", (event) => this.sent(event));
    window.addEventListener("beforeunload", (event) => this.left(event));
    window.addEventListener("online", () => this.again());
    window.addEventListener("pageshow", () => { this.leaving = false; });
    document.addEventListener("visibilitychange", () => this.again());
    if ("unkept" in form.dataset) this.noticed({ target: form }); // the page answers what was sent, and nothing is kept
    opened.addEventListener("message", () => this.again());
  }

  get isKept() {
    return this.kept === this.typed;
  }

  noticed(event) {
    const box = event.target;
    if (NEVER_KEPT.includes(box.name)) return;
    if (box.closest(".back")) this.answered(box);
    this.typed += 1;
    this.soon(PAUSE);
  }

  // what was asked back is answered: it stands in the box itself
  answered({ name, value }) {
    const asked = [...this.form.elements].find((one) => one.name === name && one.type === "text");
    if (asked) asked.value = value;
  }

  soon(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), milliseconds);
  }

  // the connection is back, or somebody has come back to this page or leaves it: keep what is not kept yet
  again() {
    if (!this.isKept) this.soon(0);
  }

  async keep() {
    if (this.isKept || this.leaving) return;
    this.request?.abort();
    this.request = new AbortController();
    const asOf = this.typed;
    try {
      const answer = await this.post(this.request.signal);
      if (answer.ok) this.isDone(asOf, await answer.text());
      else if (answer.status < 500) await this.refused();
      else this.failed();
    } catch (error) {
      if (error.name !== "AbortError") this.failed();
    }
  }

  post(signal) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && !NEVER_KEPT.includes(name)) body.append(name, value);
    }
    // whoever has not saved yet what they make of two texts sees both again
    if (this.form.dataset.typedOn) body.set("seen", this.form.dataset.typedOn);
    body.append("save", "auto");
    const keepalive = document.visibilityState === "hidden";
    return fetch(this.form.action, { method: "POST", body, signal, keepalive, headers: { Accept: "text/html" } });
  }

  isDone(asOf, text) {
    this.kept = asOf;
    this.wait = FIRST_WAIT;
    follow(text);
    this.since = this.line.querySelector("[data-at]")?.dataset.at ?? this.since;
  }

  failed() {
    this.says("words-not-kept");
    this.soon(this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  // A session that began again, of the same person, goes on here: its token takes the place of the old one. Until then
  // nothing is sent by itself; the page in which somebody signs in says so.
  async refused() {
    const answer = await fetch("/api/v1/session");
    const session = answer.ok ? await answer.json() : null;
    if (session?.subject !== this.form.dataset.by) {
      this.says("words-signed-out");
    } else if (session.csrf === this.form.elements.csrf.value) {
      this.failed();
    } else {
      for (const box of document.querySelectorAll("input[name=csrf]")) box.value = session.csrf;
      this.soon(0);
    }
  }

  says(id) {
    if (this.line.dataset.says === id + this.since) return;
    this.line.dataset.says = id + this.since;
    const words = document.getElementById(id).content.cloneNode(true);
    for (const since of words.querySelectorAll("[data-since]")) since.textContent = this.since;
    this.line.replaceChildren(words);
  }

  sent(event) {
    if (event.defaultPrevented) return;
    if (!navigator.onLine) {
      event.preventDefault(); // the browser's own page would take the place of the words
      this.says("words-not-kept");
      return;
    }
    this.leaving = true;
    clearTimeout(this.timer);
    this.request?.abort();
  }

  left(event) {
    if (!this.isKept && !this.leaving) event.preventDefault();
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) new Keeping(form);
