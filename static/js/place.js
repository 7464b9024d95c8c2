// Where a person is on a page: scrolled to, focused, and told. After a change of page that is its
// heading; after coming back, the link that was followed.
(() => {
  "use strict";
  const LATE_MS = 2000;

  const scrollTo = (top) => window.scrollTo({ top, behavior: "instant" });

  // Parts that fetch themselves make the page as long as it was only a little later.
  const scrollBack = (top) => {
    const until = Date.now() + LATE_MS;
    const again = () => {
      const isDone = Math.abs(scrollY - top) < 2 || Date.now() > until;
      if (isDone) return stop();
      scrollTo(top);
    };
    const stop = () => document.removeEventListener("htmx:afterSettle", again);
    document.addEventListener("htmx:afterSettle", again);
    for (const name of ["wheel", "touchstart", "keydown"]) window.addEventListener(name, stop, { once: true, passive: true });
    scrollTo(top);
  };

  const focusOn = (element) => {
    if (!element.matches("a, button, input, select, textarea, summary, [tabindex]")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
  };

  const content = () => document.getElementById("content");
  const fragment = () => document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fieldMeant = () => fragment()?.closest("input, select, textarea");
  const linkTo = (href) => href && content().querySelector(`a[href="${CSS.escape(href)}"]`);

  // Some pages put the focus where the work is, as they begin.
  const settleFocus = (was) => {
    if (content().contains(document.activeElement) && document.activeElement !== content()) return;
    focusOn(linkTo(was?.focus) ?? fieldMeant() ?? content().querySelector("[autofocus]") ?? content().querySelector("h1") ?? content());
  };

  const announce = (words) => {
    const region = document.getElementById("announcer");
    if (region) region.textContent = words;
  };

  Object.assign(window.redisgate, {
    announce,
    // `was` is what was remembered when the page was left; null for one that is new.
    settlePlace(was) {
      settleFocus(was);
      const target = fragment();
      if (was) scrollBack(was.scroll ?? 0);
      else if (target) target.scrollIntoView();
      else scrollTo(0);
      announce(document.title.replace(/^[●▲○◐] /, "")); // without the sign of a state
    },
  });
})();
