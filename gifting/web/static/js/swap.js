// Partial updates: <form data-swap="price box"> is sent by fetch; the elements with those ids are
// taken from the page that comes back. Whatever goes wrong, the form is sent the plain way.
import { announce } from "./announce.js";
import { prepare } from "./stepper.js";

const TYPING_PAUSE = 400;
const latest = new Map(); // one question in flight per set of ids: a newer one replaces it
const lines = new Map(); // changes wait in line per set of ids: each is made on what the one before left

function addressOf(form, submitter) {
  return new URL(submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "", location.href);
}

function requestFor(form, submitter, data = new FormData(form)) {
  const url = addressOf(form, submitter);
  if (submitter?.name) data.append(submitter.name, submitter.value);
  const headers = { "X-Requested-With": "fetch", Accept: "text/html" };
  if (form.method === "post") return [url, { method: "POST", body: data, headers, credentials: "same-origin" }];
  url.search = new URLSearchParams(data).toString();
  return [url, { headers, credentials: "same-origin" }];
}

const FOCUSABLE = "a[href], button, input, select, textarea, summary, [tabindex]";
const keyOf = (element) =>
  [element.tagName, element.type, element.name, element.matches("[type=radio], [type=checkbox], button") ? element.value : "",
    element.getAttribute("href"), element.getAttribute("aria-label")].join("|");

// What held the focus is found again by its id, else by what it is, else by its place.
function rememberFocus(areas) {
  const held = document.activeElement;
  const area = areas.find((one) => one.contains(held));
  if (!area) return () => {};
  const key = keyOf(held);
  const place = [...area.querySelectorAll(FOCUSABLE)].indexOf(held);
  const typed = held.matches("input:not([type=radio], [type=checkbox]), textarea") ? held.value : null;
  return () => {
    const candidates = [...(document.getElementById(area.id)?.querySelectorAll(FOCUSABLE) ?? [])];
    const next = (held.id && document.getElementById(held.id)) || candidates.find((one) => keyOf(one) === key) || candidates[place];
    if (!next) {
      document.getElementById("contenuto")?.focus({ preventScroll: true });
      return;
    }
    if (typed !== null && document.contains(next) && next.value !== typed && "value" in next) next.value = typed;
    next.focus({ preventScroll: true });
  };
}

function replace(ids, page) {
  const pairs = ids.map((id) => [document.getElementById(id), page.getElementById(id)]);
  if (pairs.some(([old, fresh]) => !old || !fresh)) return false;
  const restoreFocus = rememberFocus(pairs.map(([old]) => old));
  for (const [old, fresh] of pairs) {
    old.replaceWith(fresh);
    prepare(fresh);
    const said = fresh.matches("[data-announce]") ? fresh : fresh.querySelector("[data-announce]");
    if (said) announce(said.dataset.announce);
  }
  restoreFocus();
  return true;
}

function sendPlainly(form, submitter) {
  delete form.dataset.swap;
  if (submitter) form.requestSubmit(submitter);
  else form.submit();
}

// A change waited while the page was replaced: it is made with the new page's button, token and
// version; where the new page has no such button, there is nothing left to press.
function renew({ form, submitter, data }) {
  if (form.isConnected) return { form, submitter, data };
  const fresh = form.id ? document.getElementById(form.id) : null;
  if (!fresh) return null;
  const key = submitter ? keyOf(submitter) : "";
  const buttons = [...fresh.querySelectorAll("[type=submit]")];
  const button = buttons.find((one) => submitter?.id && one.id === submitter.id) ?? buttons.find((one) => keyOf(one) === key);
  if (submitter && !button) return null;
  for (const name of ["csrf_token", "version"]) {
    const field = fresh.elements.namedItem(name);
    if (field) data.set(name, field.value);
  }
  return { form: fresh, submitter: button, data };
}

export function swap(form, submitter) {
  if (form.method !== "post") return exchange(form, submitter);
  const key = form.dataset.swap;
  const turn = { form, submitter, data: new FormData(form) };
  const done = (lines.get(key) ?? Promise.resolve()).then(() => {
    const now = renew(turn);
    return now && exchange(now.form, now.submitter, now.data);
  });
  lines.set(key, done);
  return done;
}

async function exchange(form, submitter, data) {
  if (!form.dataset.swap) return;
  const ids = form.dataset.swap.split(/\s+/).filter(Boolean);
  const key = ids.join(" ");
  latest.get(key)?.abort();
  const controller = new AbortController();
  latest.set(key, controller);
  const areas = ids.map((id) => document.getElementById(id)).filter(Boolean);
  for (const area of areas) { area.setAttribute("aria-busy", "true"); area.classList.add("swapping"); }
  try {
    const [url, options] = requestFor(form, submitter, data);
    const response = await fetch(url, { ...options, signal: controller.signal });
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html");
    if (!isPage || (!response.ok && response.status !== 422)) throw new Error(`status ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (controller.signal.aborted) return;
    if (!replace(ids, page)) {
      if (!response.redirected) throw new Error("the answer is another page");
      location.assign(response.url); // the change is made: go where it led, never send it twice
      return;
    }
    if (form.method !== "post") history.replaceState(null, "", url);
  } catch (error) {
    const isByItself = form.dataset.every && !submitter; // nobody pressed: its next turn comes
    if (error.name !== "AbortError" && !isByItself) sendPlainly(form, submitter);
  } finally {
    if (latest.get(key) === controller) {
      latest.delete(key);
      for (const area of areas) { area.removeAttribute("aria-busy"); area.classList.remove("swapping"); }
    }
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.dataset.swap) return;
  event.preventDefault();
  swap(form, event.submitter);
});

// a plain form is sent once: the button says so and keeps its width
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button?.dataset.busy) return;
  window.setTimeout(() => {
    button.style.minWidth = `${button.offsetWidth}px`;
    button.setAttribute("aria-busy", "true");
    const spinner = Object.assign(document.createElement("span"), { className: "spin" });
    button.replaceChildren(spinner, button.dataset.busy);
    button.disabled = true;
  });
});
window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

let pause;
function autosubmit(event) {
  const input = event.target;
  const form = input.form;
  if (!form || !(input.matches("[data-autosubmit]") || form.matches("[data-autosubmit]"))) return;
  window.clearTimeout(pause);
  const isTyped = event.type === "input" && input.matches("input:not([type=checkbox], [type=radio]), textarea");
  if (event.type === "input" && !isTyped) return;
  if (isTyped && !input.value) return;
  pause = window.setTimeout(() => { if (document.contains(form)) form.requestSubmit(); }, isTyped ? TYPING_PAUSE : 0);
}
document.addEventListener("input", autosubmit);
document.addEventListener("change", autosubmit);
