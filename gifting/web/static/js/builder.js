// Keys of the builder: each does what a button on the page does.
const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

function press(row, selector) {
  const button = row?.querySelector(selector);
  if (!button) return false;
  button.focus({ preventScroll: true });
  button.click();
  return true;
}

function step(row, forward) {
  const buttons = [...document.querySelectorAll("#shelf .add")];
  const next = buttons[buttons.indexOf(row.querySelector(".add")) + (forward ? 1 : -1)];
  next?.focus();
  return Boolean(next);
}

function act(event) {
  const row = document.activeElement?.closest("[data-row]");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
    return press(document.getElementById("said"), "#undo");
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  switch (event.key) {
    case "/": document.getElementById("find-text")?.focus(); return true;
    case "g": case "G": document.getElementById("price")?.focus(); return true;
    case "+": return press(row, "[id^='add-']:not([aria-disabled]), [id^='plus-']");
    case "-": return press(row, "[id^='less-']");
    case "Delete": return press(row, "[id^='rm-']");
    case "ArrowDown": return Boolean(row?.closest("#shelf")) && step(row, true);
    case "ArrowUp": return Boolean(row?.closest("#shelf")) && step(row, false);
    default: return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.target.matches(typing)) return;
  if (act(event)) event.preventDefault();
});
