// Forms: buttons that work spin and take no second press, dialogs open and close, a dangerous one asks
// for the typed name, secrets can be shown.
(() => {
  "use strict";

  // Not `disabled`: whoever pressed the button by key would lose the focus with it.
  const setBusy = (button, busy) => {
    if (!button) return;
    button.classList.toggle("is-busy", busy);
    button.setAttribute("aria-busy", String(busy));
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  };
  // Enter in a field presses the form's button, so this holds for both.
  document.addEventListener(
    "click",
    (event) => {
      if (!event.target.closest?.("button.is-busy")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  window.redisgate.setBusy = setBusy;

  const buttonOf = (element, submitter) =>
    submitter ?? (element.matches("button") ? element : element.querySelector('[type="submit"]'));

  // After the event, so that this very press still counts.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return; // htmx prevents, and tells us itself
    setTimeout(() => setBusy(buttonOf(form, event.submitter), true));
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return; // only a page that comes back as it was left
    document.querySelectorAll(".is-busy").forEach((button) => setBusy(button, false));
  });

  const working = new WeakMap();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (!elt.matches("form, button")) return;
    const button = buttonOf(elt, requestConfig?.triggeringEvent?.submitter);
    working.set(event.detail.xhr, button);
    setBusy(button, true);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr, elt } = event.detail;
    setBusy(working.get(xhr), false);
    const dialog = elt.closest("dialog");
    // A refused form stays with its words, and a dialog with more than one question closes itself.
    const isDone = xhr.status >= 200 && xhr.status < 400 && !("stays" in (dialog?.dataset ?? {}));
    if (isDone && dialog?.open) dialog.close();
  });

  const open = (dialog, opener) => {
    // An opener inside a menu is hidden by then, so the focus goes back to the menu.
    const back = opener.closest("details")?.querySelector("summary") ?? opener;
    dialog.addEventListener("close", () => back.focus(), { once: true });
    dialog.querySelectorAll("[data-phrase]").forEach((input) => {
      input.value = "";
      checkPhrase(input);
    });
    dialog.showModal();
    dialog.querySelector("[autofocus], input, [data-dialog-close]")?.focus();
  };

  const tidied = (words) => words.trim().split(/\s+/).join(" ");
  const checkPhrase = (input) => {
    const button = input.form.querySelector('[type="submit"]');
    button.disabled = tidied(input.value) !== tidied(input.dataset.phrase);
  };
  window.redisgate.onPage("[data-phrase]", checkPhrase);
  document.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-phrase]").forEach(checkPhrase));

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-phrase]")) checkPhrase(event.target);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    const dialog = opener && document.getElementById(opener.dataset.dialogOpen);
    if (dialog) {
      event.preventDefault();
      open(dialog, opener);
    }
    if (event.target.closest("[data-dialog-close]")) event.target.closest("dialog").close();
    if (event.target.matches("dialog")) event.target.close(); // the backdrop
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    const input = button && document.getElementById(button.dataset.reveal);
    if (!input) return;
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.setAttribute("aria-label", shown ? "Hide" : "Show");
  });
})();
