// Everything here only makes pages quicker: each works without it.
import "./menu.js";
import "./copy.js";
import "./dialog.js";
import "./stepper.js";
import "./bulk.js";
import "./swap.js";

document.querySelector("[data-focus]")?.focus();
