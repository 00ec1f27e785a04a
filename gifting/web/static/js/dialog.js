// A form with data-confirm asks its question in a dialog before it is sent.
// The button of the dialog repeats the verb of the button that was pressed.
const text = (tag, content) => Object.assign(document.createElement(tag), { textContent: content });

function buildDialog(form, submitter) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const title = text("h2", form.dataset.confirm);
  title.id = "ask-title";
  dialog.setAttribute("aria-labelledby", title.id);
  dialog.append(title);
  if (form.dataset.confirmText) {
    const more = text("p", form.dataset.confirmText);
    more.className = "muted";
    dialog.append(more);
  }
  const verb = text("button", form.dataset.confirmVerb ?? submitter?.textContent.trim() ?? "OK");
  verb.className = "btn btn-d";
  const back = text("button", document.documentElement.lang === "en" ? "Go back" : "Torna indietro");
  back.className = "btn btn-2";
  const actions = document.createElement("div");
  actions.className = "acts";
  actions.append(verb, back);
  dialog.append(actions);
  verb.addEventListener("click", () => dialog.close("yes"));
  back.addEventListener("click", () => dialog.close("no"));
  return dialog;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || form.dataset.confirmed || !window.HTMLDialogElement) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const submitter = event.submitter;
  const dialog = buildDialog(form, submitter);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    const agreed = dialog.returnValue === "yes";
    dialog.remove();
    submitter?.focus();
    if (!agreed) return;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });
  dialog.showModal();
}, true);
