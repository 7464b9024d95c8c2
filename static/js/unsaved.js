// Asks before a page is left on which something was changed and not saved: forms with data-unsaved.
(() => {
  "use strict";
  const saved = new WeakMap();

  const valuesOf = (form) =>
    JSON.stringify([...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string"));
  const isChanged = (form) => saved.has(form) && saved.get(form) !== valuesOf(form);
  const changed = () => [...document.querySelectorAll("form[data-unsaved]")].filter(isChanged);
  const forget = () => changed().forEach((form) => saved.delete(form));

  // True at once where nothing is lost; else the answer of whoever is asked follows.
  const mayLeave = () => {
    if (!changed().length) return true;
    return window.redisgate.ask(document.getElementById("leave-dialog")).then((leaves) => {
      if (leaves) forget();
      return leaves;
    });
  };

  // A live row may have replaced the link meanwhile, and out of the page nobody hears its click.
  const go = (link) => (link.isConnected ? link.click() : window.redisgate.visit(link.href));

  // Before the first change, in whatever way it comes.
  for (const name of ["focusin", "pointerdown", "beforeinput"]) {
    document.addEventListener(
      name,
      ({ target }) => {
        const form = target.form ?? target.closest?.("form");
        if (form?.matches("[data-unsaved]") && !saved.has(form)) saved.set(form, valuesOf(form));
      },
      true,
    );
  }
  document.addEventListener("submit", ({ target }) => saved.delete(target), true);
  document.addEventListener("draft-kept", forget);

  window.addEventListener("beforeunload", (event) => {
    if (changed().length) event.preventDefault();
  });
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      const leaves = link && !link.target && !link.hasAttribute("download") && !link.hasAttribute("hx-get") && !link.getAttribute("href").startsWith("#");
      if (!leaves || event.metaKey || event.ctrlKey || event.shiftKey) return;
      const answer = mayLeave();
      if (answer === true) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      answer.then((isYes) => isYes && go(link));
    },
    true,
  );

  // For ways that are no click on a link.
  window.redisgate.mayLeave = mayLeave;
})();
