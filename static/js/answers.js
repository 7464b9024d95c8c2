// An answer reaches its person also when a poll, a live message or another answer has replaced what
// asked meanwhile. Out of the page htmx finds no place for it and nobody hears its news, so what
// asked comes back for that moment, unseen.
(() => {
  "use strict";
  const pages = new WeakMap(); // of requests
  const reading = new Set();
  const waitingRoom = document.createElement("div");
  waitingRoom.hidden = true;
  waitingRoom.addEventListener("htmx:beforeSwap", (event) => {
    if (waitingRoom.contains(event.detail.target)) event.detail.shouldSwap = false;
  });

  // What asks for itself keeps itself true, and may show more than an answer from before.
  const isLive = (target) => target.matches('[hx-trigger*="poll"]');

  const findTarget = (detail) => {
    const now = detail.target?.isConnected ? null : document.getElementById(detail.target?.id);
    if (now && !isLive(now)) detail.target = now;
  };

  const comeBack = (asker) => {
    let root = asker;
    while (root.parentElement) root = root.parentElement;
    waitingRoom.append(root);
    document.body.append(waitingRoom);
    queueMicrotask(() => {
      waitingRoom.replaceChildren();
      waitingRoom.remove();
    });
  };

  // On another page only the news counts: its parts may have the names of those that were left.
  const tellNews = (xhr) => {
    const news = xhr.getResponseHeader("HX-Trigger") ?? "";
    const detail = news.startsWith("{") && JSON.parse(news).toast;
    if (detail) document.dispatchEvent(new CustomEvent("toast", { detail }));
  };

  const arrive = (event) => {
    const asker = event.currentTarget;
    if (event.target !== asker) return;
    if (pages.get(event.detail.xhr)?.aborted) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return tellNews(event.detail.xhr);
    }
    findTarget(event.detail);
    if (asker.isConnected) return;
    const news = new CustomEvent(event.type, { detail: event.detail, cancelable: true });
    if (document.dispatchEvent(news)) comeBack(asker);
    else event.preventDefault();
  };

  const fail = (event) => {
    const asker = event.currentTarget;
    if (event.target === asker && !asker.isConnected && !event.detail.xhr.status) comeBack(asker);
  };

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    const page = window.redisgate.page();
    if (page.aborted) return event.preventDefault(); // was queued, and its page is being left
    pages.set(xhr, page);
    if (requestConfig.verb === "get") {
      reading.add(xhr);
      xhr.addEventListener("loadend", () => reading.delete(xhr));
    }
    if (requestConfig.triggeringEvent?.type === "poll") return;
    elt.addEventListener("htmx:beforeOnLoad", arrive);
    elt.addEventListener("htmx:afterRequest", fail);
  });

  // htmx would call it an error.
  const drop = (xhr) => {
    xhr.onabort = xhr.onload = xhr.onerror = xhr.ontimeout = null;
    xhr.abort();
  };

  // Nobody waits for what a page wanted to show. What it asked to be done is done, and told.
  window.redisgate.onPage("body", (_, signal) => {
    signal.addEventListener("abort", () => reading.forEach(drop));
  });
})();
