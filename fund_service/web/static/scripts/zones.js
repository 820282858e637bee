// With an instant, which is told in Brussels, the same as the reader's own clocks show it, where that differs: beside it
// in a sentence, below it in a table.
const BRUSSELS = "Europe/Brussels";
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // as pages write
const city = own.split("/").pop().replaceAll("_", " ");

function told(at, timeZone, form) {
  return at.toLocaleString(language, { ...form, timeZone, hourCycle: "h23" });
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };

function tell(time) {
  const at = new Date(time.dateTime);
  const beside = time.closest("a") ?? time; // a link ends with its instant
  if (beside.nextElementSibling?.matches(".own-time") || told(at, BRUSSELS, CLOCK) === told(at, own, CLOCK)) return;
  const below = time.closest("td, th") !== null;
  const form = { weekday: "short", day: "numeric", month: below ? "short" : "long" };
  const day = told(at, BRUSSELS, form) === told(at, own, form) ? "" : `${told(at, own, form)}, `;
  const clock = `${day}${told(at, own, CLOCK)} ${city}`;
  const words = document.createElement("span");
  words.className = below ? "own-time own-time--below" : "own-time";
  words.textContent = below ? clock : `(${clock})`;
  beside.after(" ", words);
}

function tellAll() {
  document.querySelectorAll("time[datetime]").forEach(tell);
}

tellAll();
document.addEventListener("htmx:after:swap", tellAll);
