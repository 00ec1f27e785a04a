// A list with row check boxes: data-all ticks every row, the bar says how many are ticked.
const rowsOf = (form) => [...form.elements].filter((one) => one.matches("[data-row]"));

function refresh(form) {
  const rows = rowsOf(form);
  const ticked = rows.filter((row) => row.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  }
  const count = form.querySelector("[data-bulk-number]");
  if (count) count.textContent = String(ticked);
  form.classList.toggle("is-idle", ticked === 0);
}

document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !event.target.matches("[data-row], [data-all]")) return;
  if (event.target.matches("[data-all]")) {
    for (const row of rowsOf(form)) row.checked = event.target.checked;
  }
  refresh(form);
});

for (const all of document.querySelectorAll("form [data-all]")) {
  const form = all.form;
  all.closest("[hidden]")?.removeAttribute("hidden");
  form.addEventListener("reset", () => window.setTimeout(() => refresh(form)));
  window.addEventListener("pageshow", () => refresh(form));
  refresh(form);
}
