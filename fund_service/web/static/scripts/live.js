// Pages that are open hear when something was recorded that their reader may see, and then ask for themselves anew.
// A form in which somebody writes stays as it is: only the parts that are marked follow. Only a page that is seen
// listens: a browser has few lines to one address.
import { follow } from "./following.js";

const PAUSE = 1_000; // milliseconds for which news are gathered
const FIRST_WAIT = 5_000; // then twice as long each time, where the fund does not answer
const LONGEST_WAIT = 300_000;

class Live {
  constructor(line) {
    this.line = line;
    this.main = document.querySelector("main[data-live]");
    this.form = document.querySelector("form[data-keep]");
    this.heard = line.dataset.live; // up to which position
    this.time = line.dataset.time;
    this.wait = FIRST_WAIT;
    window.addEventListener("offline", () => this.lost());
    window.addEventListener("online", () => this.listen());
    window.addEventListener("pagehide", () => this.close());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.close() : this.listen()));
    document.addEventListener("focusout", () => this.soon());
    if (!document.hidden) this.listen();
  }

  listen() {
    this.close();
    const on = this.form ? new URL(this.form.action).pathname : "";
    this.stream = new EventSource(`/live?${new URLSearchParams({ after: this.heard, on })}`);
    this.stream.addEventListener("quiet", (event) => this.hears(event, this.isLost));
    this.stream.addEventListener("news", (event) => this.hears(event, true));
    this.stream.addEventListener("error", () => this.lost());
  }

  close() {
    clearTimeout(this.again);
    this.stream?.close();
  }

  hears(event, news) {
    if (this.counts(event.data)) this.isOld = true;
    this.heard = event.lastEventId;
    this.time = event.data;
    this.isLost = false;
    this.wait = FIRST_WAIT;
    this.isOld ||= news;
    this.soon();
  }

  // what is left of a time is told anew by the minute in its last day, before that by the hour
  counts(time) {
    const length = document.querySelector("[data-countdown=minutes]") ? 5 : 2;
    const counted = document.querySelector("[data-countdown]") !== null;
    return counted && time.slice(0, length) !== this.time.slice(0, length);
  }

  lost() {
    this.close();
    this.isLost = true;
    this.says("words-not-live");
    this.again = setTimeout(() => this.listen(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  soon() {
    if (!this.isOld || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.refresh();
    }, PAUSE);
  }

  // somebody is at a box, or has ticked or typed something that is not sent yet: nothing moves under their hands
  get isWriting() {
    const boxes = [...(this.main?.querySelectorAll("input, textarea, select") ?? [])];
    return boxes.some(
      (box) =>
        box === document.activeElement || box.checked !== box.defaultChecked || box.value !== (box.defaultValue ?? box.value),
    );
  }

  async refresh() {
    if (this.isWriting) return; // it follows when they go on
    this.isOld = false;
    try {
      const answer = await fetch(location.pathname + location.search, { headers: { "Fund-Unasked": "live" } });
      if (answer.ok && new URL(answer.url).pathname === location.pathname) await this.shows(await answer.text());
      else this.isOld = true;
    } catch {
      this.isOld = true; // the line says that it is lost
    }
  }

  async shows(text) {
    follow(text);
    if (this.main === null) return;
    await window.htmx.swap({
      text,
      select: "#content",
      target: this.main,
      swap: "outerMorph",
      sourceElement: this.main,
      request: { action: location.href },
    });
    this.says("words-updated");
  }

  says(id) {
    const words = document.getElementById(id).content.cloneNode(true);
    for (const time of words.querySelectorAll("[data-time]")) time.textContent = this.time;
    this.line.replaceChildren(words);
  }
}

const line = document.getElementById("live-line");
if (line !== null && document.querySelector("main[data-live], form[data-keep]")) new Live(line);
