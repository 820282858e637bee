// Beside an instant, which is told in Brussels, the same as the reader's own clocks show it, where that differs.
const BRUSSELS = "Europe/Brussels";
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang; // as pages write
const city = own.split("/").pop().replaceAll("_", " ");

function told(at, timeZone, form) {
  return at.toLocaleString(language, { ...form, timeZone, hourCycle: "h23" });
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "short", day: "numeric", month: "long" };

function tell(time) {
  const at = new Date(time.dateTime);
  if (time.nextElementSibling?.matches(".own-time") || told(at, BRUSSELS, CLOCK) === told(at, own, CLOCK)) return;
  const day = told(at, BRUSSELS, DAY) === told(at, own, DAY) ? "" : `${told(at, own, DAY)}, `;
  const words = document.createElement("span");
  words.className = "own-time";
  words.textContent = ` (${day}${told(at, own, CLOCK)} ${city})`;
  time.after(words);
}

function tellAll() {
  document.querySelectorAll("time[datetime]").forEach(tell);
}

tellAll();
document.addEventListener("htmx:after:swap", tellAll);
