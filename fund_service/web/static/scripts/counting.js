// Counts the characters in a box while somebody types. Near its limit, and after a pause, the count is read out too.
const PAUSE = 1_000;
const NEAR = 0.9;

function counted(box, count) {
  const length = [...box.value].length;
  count.querySelector("[data-n]").textContent = length.toLocaleString(document.documentElement.lang);
  clearTimeout(count.timer);
  if (length < NEAR * Number(count.dataset.most)) return;
  count.timer = setTimeout(() => {
    count.querySelector("[role=status]").textContent = count.querySelector("[data-words]").textContent;
  }, PAUSE);
}

document.addEventListener("input", (event) => {
  const count = document.getElementById(`count-${event.target.id}`);
  if (count !== null) counted(event.target, count);
});
