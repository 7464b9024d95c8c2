// Asks before a page is left on which something was changed and not saved: forms with data-unsaved.
(() => {
  "use strict";
  const saved = new WeakMap(); // values, by form
  let released = new WeakSet(); // forms whose changes are being sent or given up

  const valuesOf = (form) =>
    JSON.stringify([...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string"));
  const isChanged = (form) => saved.has(form) && !released.has(form) && saved.get(form) !== valuesOf(form);
  const isThere = (form) => form.checkVisibility?.() ?? true; // one in a closed dialog was given up
  const changed = () => [...document.querySelectorAll("form[data-unsaved]")].filter((form) => isThere(form) && isChanged(form));
  const release = () => changed().forEach((form) => released.add(form));
  // The page stays after all, and so does what nobody has taken.
  const protect = () => {
    released = new WeakSet();
  };

  // True at once where nothing is lost; else the answer of whoever is asked follows.
  const mayLeave = () => {
    if (!changed().length) return true;
    return window.redisgate.ask(document.getElementById("leave-dialog")).then((leaves) => {
      if (leaves) release();
      else protect();
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
  document.addEventListener("submit", ({ target }) => released.add(target), true);
  document.addEventListener("input", ({ target }) => released.delete(target.form), true);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful) saved.delete(detail.elt);
    released.delete(detail.elt);
  });
  document.addEventListener("draft-kept", release);
  for (const name of ["page-stays", "session-expired"]) document.addEventListener(name, protect);

  window.addEventListener("beforeunload", (event) => {
    if (changed().length) event.preventDefault();
  });
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("a[href]");
      // On the way to log in the draft is kept, which comes later.
      const leaves = link && !link.target && !window.redisgate.isLogin(link.href) && !link.hasAttribute("download") && !link.hasAttribute("hx-get") && !link.getAttribute("href").startsWith("#");
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
