// Buttons that copy: <button data-copy="IT60…" data-copied="Copiato">Copia</button>.
import { announce } from "./announce.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // the text stays on the page, to be selected by hand
  }
  const said = button.dataset.copied;
  if (!said) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  const before = label.textContent;
  label.textContent = said;
  announce(said);
  window.setTimeout(() => { label.textContent = before; }, 2000);
});
