// The tab says how the page's subject is, also while it is in the background: an instance's state
// in the title, a dot on the icon where something needs somebody.
(() => {
  "use strict";
  const SIGNS = { running: "●", unhealthy: "▲", degraded: "▲", error: "▲", unreachable: "▲", stopped: "○" };
  const MOVING = "◐";
  const RED = '[data-status="error"], [data-status="unreachable"]';
  const AMBER = '[data-status="unhealthy"], [data-status="degraded"]';
  let plain = document.title;

  const badge = () => document.querySelector("#instance-live .rg-status");
  const draw = () => {
    const state = badge();
    const words = state && `${SIGNS[state.dataset.status] ?? MOVING} ${state.textContent.trim()}`;
    const [subject, ...rest] = plain.split(" · ");
    const title = words ? [subject, words, ...rest].join(" · ") : plain;
    if (document.title !== title) document.title = title;
    drawIcon();
  };

  const level = () => {
    const content = document.getElementById("content");
    if (content?.querySelector(RED)) return "error";
    const isAway = ["closed"].includes(document.documentElement.dataset.live) || document.documentElement.dataset.connection;
    return isAway || content?.querySelector(AMBER) ? "warning" : "calm";
  };
  const drawIcon = () => {
    const icon = document.querySelector('link[rel="icon"]');
    icon.dataset.calm ??= icon.getAttribute("href");
    const href = icon.dataset[level()];
    if (href && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
  };

  window.redisgate.onPage("body", () => {
    plain = document.title;
    draw();
  });
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, draw);
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-live", "data-connection"] });
})();
