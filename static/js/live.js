// Live updates. While the page's socket is away, a `poll` event on <body> every two seconds keeps
// it true: elements that listen with hx-trigger="poll from:body" fetch themselves.
(() => {
  "use strict";
  const POLL_MS = 2000;
  const STANDING_MS = 10000;
  const WATCH_MS = 2000;
  const HEARTBEAT_MS = 8000; // the server's 5 s and a bit
  const SILENCE_MS = 12000;
  const SLEEP_MS = 15000; // a timer that comes so late was not late: the machine slept
  const SESSION_ENDED = 4401;
  const NOT_YOURS = [4403, 4404];
  const RECONNECTED_BY_HTMX = [1006, 1011, 1012, 1013];
  let timer = 0;
  let socket = null;
  let wrapper = null;
  let comingBack = 0;
  let heardAt = Date.now();
  let watchedAt = Date.now();

  const state = () => document.documentElement.dataset.live;
  const setState = (next) => {
    document.documentElement.dataset.live = next;
    if (next === "connecting") return; // quick, or else it is told as closed
    const words = { open: "liveOpen", ended: "liveEnded" }[next] ?? "liveClosed";
    document.querySelectorAll("[data-live-text]").forEach((text) => {
      text.textContent = text.dataset[words];
    });
  };

  const isShown = () => document.visibilityState === "visible";
  const poll = () => {
    if (isShown() && state() !== "ended") document.body.dispatchEvent(new CustomEvent("poll"));
  };
  const startPolling = () => {
    if (!timer) timer = setInterval(poll, POLL_MS);
  };
  const stopPolling = () => {
    clearInterval(timer);
    timer = 0;
  };

  const GONE = "You can no longer see this organization. It was deleted, or your membership ended.";
  const notYours = () =>
    window.redisgate.toast({
      level: "warning",
      message: GONE,
      href: "/",
      action: "Go to your dashboard",
    });

  const end = (tell) => {
    stopPolling();
    setState("ended");
    tell();
  };

  const drawAnew = (words) => {
    if (window.redisgate.isAtWork()) return false;
    if (words) window.redisgate.tellAfterwards(words);
    location.reload();
    return true;
  };
  document.addEventListener("htmx:wsAfterMessage", () => {
    const news = document.querySelector("#live-news [data-drawn-anew]");
    if (news) drawAnew(news.dataset.drawnAnew);
  });

  // A page without a socket asks now and then, and whenever somebody comes back to it.
  document.addEventListener("standing-changed", (event) => {
    if (!drawAnew(event.detail.words)) window.redisgate.toast({ level: "warning", message: `${event.detail.words} Reload the page.` });
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.target.matches("[data-standing]") && [403, 404].includes(event.detail.xhr.status)) drawAnew(GONE);
  });
  window.redisgate.onPage("[data-standing]", (_, signal) => {
    const asking = setInterval(poll, STANDING_MS);
    signal.addEventListener("abort", () => clearInterval(asking));
    document.addEventListener("visibilitychange", poll, { signal });
  });

  // One socket for each page: what an older one still says of its own end is of no interest. The
  // extension may also try once more for a page that was left: nobody hears of that one.
  const create = window.htmx.createWebSocket;
  // A browser complains of a socket that is closed before it has opened.
  const closeQuietly = (leaving, why) => {
    const close = () => WebSocket.prototype.close.apply(leaving, why);
    leaving.onerror = null;
    if (leaving.readyState === WebSocket.CONNECTING) leaving.addEventListener("open", close);
    else close();
  };
  let created = null;
  window.htmx.createWebSocket = (url) => {
    const fresh = (created = create(url));
    fresh.close = (...why) => closeQuietly(fresh, why);
    queueMicrotask(() => fresh !== socket && fresh.close());
    return fresh;
  };
  const forget = () => {
    stopPolling();
    clearTimeout(comingBack);
    socket = wrapper = null;
  };
  window.redisgate.onPage("body", (body, signal) => {
    if (!body.querySelector("[ws-connect]")) delete document.documentElement.dataset.live;
    signal.addEventListener("abort", forget);
  });

  const reconnect = () => {
    if (state() === "ended" || !wrapper) return;
    heardAt = Date.now();
    wrapper.reconnect();
  };

  document.addEventListener("htmx:wsConnecting", () => {
    socket = created;
    if (state() !== "closed") setState("connecting");
    startPolling();
  });

  document.addEventListener("htmx:wsOpen", (event) => {
    wrapper = event.detail.socketWrapper;
    heardAt = Date.now();
    const wasClosed = state() === "closed";
    stopPolling();
    setState("open");
    if (wasClosed) poll(); // what happened while nobody listened
  });

  document.addEventListener("htmx:wsBeforeMessage", (event) => {
    heardAt = Date.now();
    const from = socket;
    const again = new MessageEvent("message", { data: event.detail.message });
    if (window.redisgate.afterPress(() => from.dispatchEvent(again))) event.preventDefault();
  });

  document.addEventListener("htmx:wsClose", (event) => {
    const { code, target } = event.detail.event;
    if (target !== socket) return;
    wrapper = event.detail.socketWrapper;
    if (code === SESSION_ENDED) return end(window.redisgate.sessionClosed);
    if (NOT_YOURS.includes(code)) return end(() => drawAnew(GONE) || notYours());
    setState("closed");
    startPolling();
    if (!RECONNECTED_BY_HTMX.includes(code) && document.contains(event.target)) {
      comingBack = setTimeout(reconnect, POLL_MS * (0.5 + Math.random()));
    }
  });

  // After a sleep the socket may look open and be dead, and nobody would tell.
  const wake = () => {
    if (state() === "ended" || !wrapper) return;
    poll();
    if (state() === "closed" || Date.now() - heardAt > HEARTBEAT_MS) reconnect();
  };
  const watch = () => {
    const slept = Date.now() - watchedAt > WATCH_MS + SLEEP_MS;
    watchedAt = Date.now();
    const isSilent = state() === "open" && watchedAt - heardAt > SILENCE_MS;
    if (isSilent) {
      setState("closed"); // whoever does not answer a new socket either must not be called live meanwhile
      window.redisgate.lookAround();
    }
    if (slept || isSilent) wake();
  };
  setInterval(watch, WATCH_MS);
  document.addEventListener("visibilitychange", () => {
    if (isShown()) wake();
  });
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });

  document.addEventListener("session-expired", () => {
    stopPolling();
    setState("ended");
  });
  document.addEventListener("session-renewed", () => {
    if (state() !== "ended") return; // a page that came meanwhile has a socket of its own
    if (!wrapper) return delete document.documentElement.dataset.live;
    setState("closed");
    startPolling();
    reconnect();
  });

  window.redisgate.poll = poll;
  // Say something over the page's socket; false where it is not open.
  window.redisgate.tell = (words) => {
    if (state() !== "open") return false;
    socket.send(JSON.stringify(words));
    return true;
  };
})();
