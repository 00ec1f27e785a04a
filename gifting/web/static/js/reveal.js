// A password field with data-reveal gets a button that shows and hides what was typed.
for (const input of document.querySelectorAll("input[type=password][data-reveal]")) {
  const frame = document.createElement("div");
  const button = document.createElement("button");
  frame.className = "reveal";
  button.type = "button";
  button.textContent = input.dataset.reveal;
  button.setAttribute("aria-controls", input.id);
  button.setAttribute("aria-pressed", "false");
  input.replaceWith(frame);
  frame.append(input, button);
  button.addEventListener("click", () => {
    const isShown = input.type === "text";
    input.type = isShown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!isShown));
    input.focus();
  });
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}
