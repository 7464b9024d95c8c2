// What every htmx request has in common: the CSRF token, words for each failure, the end of a
// session, and the focus that must survive a swap.
(() => {
  "use strict";
  const EXPIRED = "Your session has expired. Please log in again.";
  const FLASH = "redisgate.flash";
  const WORDS = {
    403: "You do not have permission to do this. Ask an owner or admin of the organization.",
    404: "This no longer exists. Reload the page to see what is there now.",
    409: "Somebody else was faster. Reload the page and try again.",
    413: "This is too large to be sent.",
    429: "Too many requests. Wait a moment and try again.",
    503: "RedisGate is busy or restarting. Try again in a few seconds.",
  };
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
  const loginPath = () => meta("login-url");
  const isLogin = (url) =>
    Boolean(url && loginPath()) && new URL(url, location.href).pathname === loginPath();
  const loginHref = (to = location.href) => {
    const { pathname, search } = new URL(to);
    return `${loginPath()}?next=${encodeURIComponent(pathname + search)}`;
  };

  const sessionExpired = () => {
    document.dispatchEvent(new CustomEvent("session-expired"));
    window.redisgate.toast({ level: "warning", message: EXPIRED, href: loginHref(), action: "Log in" });
  };

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });

  // A login page must replace the whole page, never a row of a table.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    if (isLogin(xhr.getResponseHeader("HX-Redirect"))) sessionStorage.setItem(FLASH, EXPIRED);
    if (!isLogin(xhr.responseURL) || location.pathname === loginPath()) return;
    event.preventDefault();
    sessionExpired();
  });

  // Where a poll finds nobody it says nothing: another one follows.
  const isPoll = (event) => event.detail.requestConfig?.triggeringEvent?.type === "poll";

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401) return sessionExpired();
    if (isPoll(event) && xhr.status >= 500) return;
    if (/"?toast"?/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) return;
    const message = WORDS[xhr.status] ?? "Something went wrong on our side. Nothing was changed; try again.";
    window.redisgate.toast({ level: "error", message });
  });

  const unreachable = () =>
    window.redisgate.toast({
      level: "error",
      message: "RedisGate cannot be reached. Check your connection, then try again.",
    });
  document.addEventListener("htmx:timeout", unreachable);
  document.addEventListener("htmx:sendError", (event) => {
    if (!isPoll(event)) unreachable();
  });

  // A row that is replaced while somebody works in it keeps its focus and its open menu.
  let focused = "";
  let openMenus = [];
  const remember = () => {
    focused = document.activeElement?.id ?? "";
    openMenus = [...document.querySelectorAll("details.rg-menu[open][id]")].map((menu) => menu.id);
  };
  const restore = () => {
    for (const id of openMenus) document.getElementById(id)?.setAttribute("open", "");
    openMenus = [];
    if (focused && document.activeElement === document.body) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
  };
  for (const name of ["htmx:beforeSwap", "htmx:wsBeforeMessage"]) document.addEventListener(name, remember);
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, restore);

  window.redisgate.onPage("body", () => {
    const flash = sessionStorage.getItem(FLASH);
    sessionStorage.removeItem(FLASH);
    if (flash) window.redisgate.toast({ level: "warning", message: flash });
  });
  // Somebody goes on to another page, and is to log in first.
  const leaveForLogin = (to) => {
    sessionStorage.setItem(FLASH, EXPIRED);
    location.assign(loginHref(to));
  };

  // No answer keeps the page: the browser's own error page would be all that is left.
  const wayFailed = (error, url) => {
    if (error instanceof TypeError) unreachable();
    else location.assign(url);
  };

  Object.assign(window.redisgate, { isLogin, leaveForLogin, sessionExpired, wayFailed });
  window.redisgate.tellAfterwards = (words) => sessionStorage.setItem(FLASH, words);
})();
