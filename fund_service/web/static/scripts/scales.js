// In a scale of points that has the focus, the keys 0 to 5 choose; nowhere else, so that dictation chooses nothing.
document.addEventListener("keydown", (event) => {
  const scale = event.target.closest?.(".scale .points");
  if (!scale || event.ctrlKey || event.altKey || event.metaKey || !/^[0-5]$/.test(event.key)) return;
  const box = scale.querySelector(`input[value="${event.key}"]`);
  event.preventDefault();
  box.focus();
  box.click();
});
