// What is typed into the editor and not saved yet stays in this tab until it is: going back, a
// reload or a session that ends lose nothing. The next time the page offers to put it in again.
const place = `bozza:${location.pathname}`;
const read = () => JSON.parse(sessionStorage.getItem(place) ?? "{}");

export function keep(input) {
  sessionStorage.setItem(place, JSON.stringify({ ...read(), [input.name]: input.value }));
}

// Forget what was saved with these values; what was typed meanwhile stays.
export function forget(saved) {
  const left = Object.entries(read()).filter(([name, value]) => saved.get(name) !== value);
  if (left.length) sessionStorage.setItem(place, JSON.stringify(Object.fromEntries(left)));
  else sessionStorage.removeItem(place);
}

// «12,5» comes back from the server as «12,50»: that is saved.
function isSame(one, other) {
  const amounts = [one, other].map((text) => text.trim() === "" ? NaN : Number(text.replaceAll(".", "").replace(",", ".")));
  return one === other || amounts[0] === amounts[1];
}

export function offer(form, save) {
  const kept = Object.entries(read()).filter(([name, value]) => form.elements[name] && !isSame(form.elements[name].value, value));
  const box = document.getElementById("kept");
  if (!kept.length || !box) { sessionStorage.removeItem(place); return; }
  box.hidden = false;
  box.querySelector("[data-restore]").addEventListener("click", () => {
    for (const [name, value] of kept) form.elements[name].value = value;
    box.hidden = true;
    save();
  });
  box.querySelector("[data-forget]").addEventListener("click", () => {
    sessionStorage.removeItem(place);
    box.hidden = true;
  });
}
