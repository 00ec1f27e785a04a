// <form data-swap="…" data-every="30"> asks for its page again each so many seconds, while somebody
// looks at it and has not switched it off.
for (const form of document.querySelectorAll("form[data-every]")) {
  const shown = form.querySelector("[data-for-script]");
  if (shown) shown.hidden = false;
  const wanted = form.querySelector("[data-refresh]");
  window.setInterval(() => {
    if (document.hidden || !form.isConnected || wanted?.checked === false) return;
    form.requestSubmit();
  }, Number(form.dataset.every) * 1000);
}
