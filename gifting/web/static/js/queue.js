// The queue: keys to go through it, and a line that says what came in meanwhile. Rows never move
// by themselves.
const EVERY = 60_000;
const keys = document.getElementById("scorciatoie");
const rows = [...document.querySelectorAll("tr[data-quote]")];
if (keys) keys.hidden = false;

function chosen() {
  return rows.find((row) => row.contains(document.activeElement)) ?? rows.find((row) => row.matches(".on"));
}

function go(step) {
  const at = rows.indexOf(chosen());
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  for (const row of rows) row.classList.toggle("on", row === next);
  next?.querySelector("a.k").focus();
}

const verbs = {
  "/": () => document.getElementById("cerca")?.focus(),
  j: () => go(1),
  k: () => go(-1),
  p: () => chosen()?.querySelector("form [type=submit]")?.click(),
  x: () => chosen()?.querySelector("[data-row]")?.click(),
  "?": () => { if (keys) { keys.open = !keys.open; keys.scrollIntoView({ block: "nearest" }); } },
};

const isTyping = (target) => target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && event.key === "p") return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "Enter" && document.activeElement === document.body) chosen()?.querySelector("a.k").click();
  const verb = verbs[event.key.toLowerCase()];
  if (!verb || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  verb();
});

const news = document.getElementById("novita");
window.setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(news.dataset.news, { credentials: "same-origin", headers: { "X-Requested-With": "fetch" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (news.textContent.trim() !== page.body.textContent.trim()) news.replaceChildren(...page.body.childNodes);
  } catch { /* the next turn comes */ }
}, EVERY);
