// Dialogs that are fetched: they open once their content is there, and give the focus back. And
// those that are answered with yes or no.
(() => {
  "use strict";

  // What can't be undone is not the first answer.
  document.addEventListener("htmx:afterSettle", (event) => {
    const dialog = event.target;
    if (!dialog.matches("dialog") || dialog.open) return;
    const asked = event.detail.requestConfig;
    const opener = asked?.triggeringEvent?.submitter?.id || asked?.elt?.id;
    // The opener may have been swapped meanwhile; the one in its place has its id.
    dialog.addEventListener("close", () => document.getElementById(opener)?.focus(), { once: true });
    dialog.showModal();
    // Whoever asks for a typed word looks at what is typed.
    dialog.querySelector("[data-phrase]")?.dispatchEvent(new Event("input", { bubbles: true }));
    const first = dialog.querySelector("[autofocus], input:not([type=hidden]), [type=submit]:not(.btn-danger)");
    (first ?? dialog.querySelector("[data-dialog-close]"))?.focus();
  });

  // One question at a time: whoever asks while it stands is answered no.
  window.redisgate.ask = (dialog) => {
    if (dialog.open) return Promise.resolve(false);
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    });
  };
})();
