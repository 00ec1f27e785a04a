// A list with row check boxes: data-all ticks every row, the bar says how many are ticked.
function refresh(form) {
  const rows = [...form.querySelectorAll("[data-row]")];
  const ticked = rows.filter((row) => row.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  const count = form.querySelector("[data-bulk-number]");
  if (count) count.textContent = String(ticked);
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form");
  if (!form || !event.target.matches("[data-row], [data-all]")) return;
  if (event.target.matches("[data-all]")) {
    for (const row of form.querySelectorAll("[data-row]")) row.checked = event.target.checked;
  }
  refresh(form);
});
