// The overview's figures move on while somebody looks: servers are sampled every ten seconds.
(() => {
  "use strict";
  const EVERY_MS = 10000;

  window.redisgate.onPage("#overview", (root, signal) => {
    let drawnAt = Date.now();
    const draw = () => {
      if (document.visibilityState !== "visible" || Date.now() - drawnAt < EVERY_MS) return;
      drawnAt = Date.now();
      document.body.dispatchEvent(new CustomEvent("figures"));
    };
    const timer = setInterval(draw, EVERY_MS / 4);
    signal.addEventListener("abort", () => clearInterval(timer));
    document.addEventListener("visibilitychange", draw, { signal });
    document.addEventListener(
      "htmx:afterSwap",
      (event) => {
        if (event.detail.target?.id === "overview") drawnAt = Date.now();
      },
      { signal },
    );
  });
})();
