// An answer reaches its person also when a poll, a live message or another answer has replaced what
// asked meanwhile. htmx tells such news to the element that asked, and out of the page nobody hears it.
(() => {
  "use strict";
  const NEWS = ["htmx:responseError", "htmx:sendError", "htmx:timeout"];

  // What asks for itself keeps itself true, and may show more than an answer from before.
  const isLive = (target) => target.matches('[hx-trigger*="poll"]');

  const findTarget = (detail) => {
    const now = detail.target?.isConnected ? null : document.getElementById(detail.target?.id);
    if (now && !isLive(now)) detail.target = now;
  };

  const announce = (xhr) => {
    const events = JSON.parse(xhr.getResponseHeader("HX-Trigger") ?? "{}");
    for (const [name, detail] of Object.entries(events)) window.htmx.trigger(document.body, name, detail);
  };

  const isOrphan = (event) => event.target === event.currentTarget && !event.target.isConnected;

  const tell = (event) => {
    const news = new CustomEvent(event.type, { detail: event.detail, cancelable: true });
    if (isOrphan(event) && !document.dispatchEvent(news)) event.preventDefault();
  };

  const arrive = (event) => {
    if (event.target !== event.currentTarget) return;
    findTarget(event.detail);
    tell(event);
    if (isOrphan(event) && !event.defaultPrevented) announce(event.detail.xhr);
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    if (requestConfig.triggeringEvent?.type === "poll") return;
    elt.addEventListener("htmx:beforeOnLoad", arrive);
    NEWS.forEach((name) => elt.addEventListener(name, tell));
  });
})();
