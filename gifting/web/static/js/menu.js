// Menus are <details>: Esc closes them and gives focus back, so does a click elsewhere.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const held = menu.contains(document.activeElement);
    menu.open = false;
    if (held) menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Long filters stand open where there is room, folded on a telephone.
if (window.matchMedia("(max-width: 991px)").matches) {
  for (const fold of document.querySelectorAll("details[data-fold]")) fold.open = false;
}
