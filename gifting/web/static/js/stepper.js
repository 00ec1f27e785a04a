// − and + beside a number: they change it here, then let the form act as if it had been typed.
export function prepare(root) {
  for (const button of root.querySelectorAll("[data-stepper] [data-step][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest('[data-stepper] [data-step][type="button"]');
  if (!button) return;
  const input = button.closest("[data-stepper]").querySelector("input");
  const before = input.value;
  if (button.dataset.step === "1") input.stepUp();
  else input.stepDown();
  if (input.value === before) return;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

prepare(document);
