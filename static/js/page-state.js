// The tab says how the page's subject is, also while it is in the background: an instance's state
// in the title, a dot on the icon where something needs somebody.
(() => {
  "use strict";
  const SIGNS = { running: "●", unhealthy: "▲", error: "▲", stopped: "○" };
  const MOVING = "◐";
  const root = document.documentElement;
  let plain = document.title;
  let drawn = "";

  // The last badge says what is wrong with an instance that runs.
  const badge = () => document.querySelector('#instance-live .rg-status[data-status="unhealthy"]') ?? document.querySelector("#instance-live .rg-status");
  const titleOf = (state) => {
    const parts = plain.split(" · ");
    const name = document.querySelector("#content h1")?.firstChild.textContent.trim();
    parts.splice(Math.max(parts.indexOf(name), 0) + 1, 0, state.textContent.trim()); // after whose state it is
    return `${SIGNS[state.dataset.status] ?? MOVING} ${parts.join(" · ")}`;
  };

  const level = () => {
    const has = (status) => document.querySelector(`#content .rg-status[data-status="${status}"]`);
    if (has("error")) return "error";
    return root.dataset.live === "closed" || root.dataset.connection || has("unhealthy") ? "warning" : "calm";
  };

  const draw = () => {
    const state = badge();
    const title = state ? titleOf(state) : plain;
    drawn = title;
    if (document.title !== title) document.title = title;
    const icon = document.querySelector('link[rel="icon"]');
    const href = icon.dataset[level()];
    if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  };

  window.redisgate.onPage("body", () => {
    if (document.title !== drawn) plain = document.title; // its state may have been drawn already
    draw();
  });
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, draw);
  new MutationObserver(draw).observe(root, { attributeFilter: ["data-live", "data-connection"] });
})();
