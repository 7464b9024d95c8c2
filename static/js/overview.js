// The overview's figures move on while somebody looks: servers are sampled every ten seconds.
(() => {
  "use strict";
  const EVERY_MS = 10000;
  let drawnAt = Date.now();

  const draw = () => {
    if (document.visibilityState !== "visible" || Date.now() - drawnAt < EVERY_MS) return;
    drawnAt = Date.now();
    document.body.dispatchEvent(new CustomEvent("figures"));
  };
  setInterval(draw, EVERY_MS / 4);
  document.addEventListener("visibilitychange", draw);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.elt?.id === "overview") drawnAt = Date.now();
  });
})();
