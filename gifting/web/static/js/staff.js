// The editor saves each cell as it is left. One request at a time; only what the server computes
// ([data-out], found by id) comes back, so nothing that is being typed is touched.
import { announce } from "./announce.js";
import { forget, keep, offer } from "./kept.js";

const form = document.querySelector("form[data-cells]");
const status = document.getElementById("saved");
let isSaving = false;
let isWaiting = false;
let pressed = null; // a button pressed while saving: it goes after, with the version that came back

function tell(words) {
  if (status) status.textContent = words;
}

function bringIn(page) {
  for (const old of document.querySelectorAll("[data-out]")) {
    const fresh = page.getElementById(old.id);
    if (fresh) old.replaceWith(document.adoptNode(fresh));
  }
  for (const body of document.querySelectorAll("tbody[data-rows]")) {
    for (const row of page.getElementById(body.id)?.rows ?? []) {
      if (row.id && !document.getElementById(row.id)) body.append(document.importNode(row, true));
    }
  }
  for (const input of form.querySelectorAll("input[id], textarea[id]")) {
    const fresh = page.getElementById(input.id);
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (fresh?.hasAttribute(name)) input.setAttribute(name, fresh.getAttribute(name));
      else input.removeAttribute(name);
    }
  }
}

function cellsOf() {
  const data = new FormData(form);
  for (const input of form.querySelectorAll("[data-not-saved]")) data.delete(input.name);
  data.append("do", "save");
  return data;
}

async function save() {
  if (isSaving) { isWaiting = true; return; }
  isSaving = true;
  tell(status?.dataset.saving ?? "");
  try {
    do {
      isWaiting = false;
      const cells = cellsOf();
      const response = await fetch(form.action, { method: "POST", body: cells, credentials: "same-origin",
        headers: { "X-Requested-With": "fetch", Accept: "text/html" } });
      if (!response.ok && response.status !== 422) { form.submit(); return; }
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (!page.getElementById(form.id)) { form.submit(); return; }
      bringIn(page);
      const hasErrors = response.status === 422;
      if (!hasErrors) forget(cells);
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      tell(hasErrors ? "" : `${status?.dataset.saved} ${time}`);
      const sums = document.getElementById("out-sums");
      if (sums && !hasErrors) announce(sums.dataset.announce);
    } while (isWaiting);
  } catch {
    tell("");
    form.submit(); // the plain way shows what went wrong
  } finally {
    isSaving = false;
  }
  if (pressed) form.requestSubmit(pressed.button);
}

if (form) offer(form, save);

form?.addEventListener("input", (event) => {
  if (event.target.name && !event.target.matches("[data-not-saved], [data-reload]")) keep(event.target);
});

// Alt and an arrow go along a column, whatever lies between in the order of Tab
form?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const column = event.target.name?.match(/^(pieces|list|discount)_/)?.[0];
  if (!event.altKey || !step || !column) return;
  const cells = [...form.querySelectorAll(`input[name^="${column}"]:not([type=hidden])`)];
  const next = cells[cells.indexOf(event.target) + step];
  event.preventDefault();
  next?.focus();
  next?.select();
});

form?.addEventListener("submit", (event) => {
  if (!isSaving) return;
  event.preventDefault();
  pressed = { button: event.submitter };
});

form?.addEventListener("change", (event) => {
  if (event.target.matches("[data-not-saved]")) return;
  if (event.target.matches("[data-reload]")) form.requestSubmit();
  else save();
});
