// The slider through the past says where it stands while it is moved, and goes there once it rests. The keyboard, which
// moves it step by step, finds it again on the next page.
const REST = 700;
const SLIDER = "moment-position";
let resting;

document.addEventListener("input", (event) => {
  if (event.target.id !== SLIDER) return;
  const { form, valueAsNumber } = event.target;
  form.querySelector("[data-position]").textContent = valueAsNumber.toLocaleString(document.documentElement.lang);
  clearTimeout(resting);
  resting = setTimeout(() => {
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form));
    address.hash = SLIDER;
    location.assign(address);
  }, REST);
});

if (location.hash === `#${SLIDER}`) document.getElementById(SLIDER)?.focus();
