// Live updates. While the page's socket is away, a `poll` event on <body> every two seconds keeps
// it true: elements that listen with hx-trigger="poll from:body" fetch themselves.
(() => {
  "use strict";
  const POLL_MS = 2000;
  const SESSION_ENDED = 4401;
  const NOT_YOURS = [4403, 4404];
  const RECONNECTED_BY_HTMX = [1006, 1011, 1012, 1013];
  let timer = 0;

  const setState = (state) => {
    document.documentElement.dataset.live = state;
    const words = { open: "liveOpen", ended: "liveEnded" }[state] ?? "liveClosed";
    document.querySelectorAll("[data-live-text]").forEach((text) => {
      text.textContent = text.dataset[words];
    });
  };

  const poll = () => {
    if (document.visibilityState === "visible") document.body.dispatchEvent(new CustomEvent("poll"));
  };
  const startPolling = () => {
    if (!timer) timer = setInterval(poll, POLL_MS);
  };
  const stopPolling = () => {
    clearInterval(timer);
    timer = 0;
  };

  const notYours = () =>
    window.redisgate.toast({
      level: "warning",
      message: "You can no longer see this organization. It was deleted, or your membership ended.",
      href: "/",
      action: "Go to your dashboard",
    });

  const end = (tell) => {
    stopPolling();
    setState("ended");
    tell();
  };

  document.addEventListener("htmx:wsConnecting", () => {
    if (document.documentElement.dataset.live !== "closed") setState("connecting");
    startPolling();
  });

  document.addEventListener("htmx:wsOpen", () => {
    const wasClosed = document.documentElement.dataset.live === "closed";
    stopPolling();
    setState("open");
    if (wasClosed) poll(); // what happened while nobody listened
  });

  document.addEventListener("htmx:wsClose", (event) => {
    const { code } = event.detail.event;
    if (code === SESSION_ENDED) return end(window.redisgate.sessionExpired);
    if (NOT_YOURS.includes(code)) return end(notYours);
    setState("closed");
    startPolling();
    if (!RECONNECTED_BY_HTMX.includes(code) && document.contains(event.target)) {
      setTimeout(() => event.detail.socketWrapper.reconnect(), POLL_MS);
    }
  });

  document.addEventListener("visibilitychange", () => {
    if (timer) poll();
  });
})();
