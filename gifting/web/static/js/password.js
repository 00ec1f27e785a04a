// Beside a password that is being chosen: which of its rules are met, asked of the server on blur.
for (const frame of document.querySelectorAll("[data-password-rule]")) {
  const input = frame.querySelector("input");
  const ticks = frame.querySelector(".ticks");
  input.addEventListener("change", async () => {
    ticks.hidden = true;
    if (!input.value) return;
    const body = new URLSearchParams({ password: input.value, csrf_token: input.form.elements.csrf_token.value });
    let answer;
    try {
      answer = await fetch(frame.dataset.passwordRule, { method: "POST", body, headers: { Accept: "application/json" } });
    } catch { return; }
    if (!answer.ok) return;
    const { rules } = await answer.json();
    ticks.replaceChildren(...rules.map(({ text, is_met: isMet }) => {
      const row = document.createElement("li");
      row.className = isMet ? "met" : "unmet";
      row.textContent = text;
      return row;
    }));
    ticks.hidden = false;
  });
}
