// What every request has in common: the CSRF token, and words for each failure, with the id to
// quote and a way to try again.
(() => {
  "use strict";
  const WORDS = {
    403: "You do not have permission to do this. Ask an owner or admin of the organization.",
    404: "This no longer exists. Reload the page to see what is there now.",
    409: "Somebody else was faster. Reload the page and try again.",
    413: "This is too large to be sent.",
    429: "Too many requests. Wait a moment and try again.",
    503: "RedisGate is busy or restarting. Try again in a few seconds.",
  };
  const OURS = "Something went wrong on our side. Nothing was changed; try again.";
  const AGAIN = [408, 409, 429, 500, 502, 503, 504];
  const { toast } = window.redisgate;
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = meta("csrf-token");
  });

  // A form is sent with what stands in it now; anything else is asked again as it was.
  const retryOf = ({ elt, requestConfig }) => () => {
    if (!elt.isConnected) return location.reload();
    const cause = requestConfig.triggeringEvent;
    if (elt.matches("form")) elt.requestSubmit(cause?.submitter?.isConnected ? cause.submitter : null);
    else window.htmx.trigger(elt, cause?.type ?? "click");
  };

  // Which action a toast is about, in the words of what was pressed.
  const wordsOf = (element) => (element.querySelector(".rg-idle-label") ?? element).textContent.trim().replace(/\s+/g, " ").slice(0, 60);
  const aboutOf = (element, submitter) => {
    if (!element?.matches("form, button, a")) return "";
    const pressed = element.matches("form") ? submitter ?? element.querySelector('[type="submit"]') : element;
    return element.dataset.about ?? pressed?.getAttribute("aria-label") ?? (pressed ? wordsOf(pressed) : "");
  };
  const aboutRequest = ({ elt, requestConfig }) => aboutOf(elt, requestConfig?.triggeringEvent?.submitter);
  const aboutWay = (way) => (way.form ? aboutOf(way.form, way.submitter) : aboutOf(way.link));

  const EXPIRED_FORM = "This page was open for so long that its forms have expired. Nothing was changed; try again.";
  const isExpired = (refused) => refused === "form_expired";
  const NOT_RENEWED = "Nothing was sent: this page could not be renewed for you. Log in again and try again, or reload the page.";
  // Never for somebody else who is logged in by now.
  const renewed = (about, retry) => async () => {
    if (await window.redisgate.renew()) retry();
    else toast({ level: "error", about, message: NOT_RENEWED, retry: renewed(about, retry) });
  };

  // Where a poll finds nobody it says nothing: another one follows.
  const isPoll = (event) => ["poll", "figures"].includes(event.detail.requestConfig?.triggeringEvent?.type);

  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 401) return window.redisgate.sessionExpired();
    if (isPoll(event) && xhr.status >= 500) return window.redisgate.lookAround();
    if (/"?toast"?/.test(xhr.getResponseHeader("HX-Trigger") ?? "")) return;
    const reference = xhr.getResponseHeader("X-Request-ID");
    const again = retryOf(event.detail);
    const about = aboutRequest(event.detail);
    if (isExpired(xhr.getResponseHeader("X-Refused"))) return toast({ level: "error", about, message: EXPIRED_FORM, reference, retry: renewed(about, again) });
    toast({ level: "error", about, message: WORDS[xhr.status] ?? OURS, reference, retry: AGAIN.includes(xhr.status) ? again : null });
  });

  const unanswered = (about, retry, rest = "What you typed is still here.") => {
    window.redisgate.lookAround();
    toast({ level: "error", about, message: `No answer came. ${rest}`, retry, isUnanswered: true });
  };
  document.addEventListener("htmx:timeout", ({ detail }) => unanswered(aboutRequest(detail), retryOf(detail)));
  document.addEventListener("htmx:sendError", (event) => {
    if (isPoll(event)) window.redisgate.lookAround();
    else unanswered(aboutRequest(event.detail), retryOf(event.detail));
  });

  const tellStay = () => document.dispatchEvent(new CustomEvent("page-stays"));

  // A link or a plain form found no answer. The browser's own error page would be all that is left.
  const wayFailed = (error, way) => {
    if (error.name === "NoAnswer") {
      tellStay();
      return unanswered(aboutWay(way), way.retry, way.form ? undefined : "This page stays open.");
    }
    reportError(error);
    // What was sent is done; what could not be drawn is there after a full load.
    if (way.form) location.reload();
    else location.assign(way.url);
  };

  // The words of an error page, for whom it would take the form away.
  const tellRefusal = (way, { response, page }) => {
    tellStay();
    const text = (selector) => page.querySelector(selector)?.textContent.trim();
    const reference = response.headers.get("X-Request-ID");
    const about = aboutWay(way);
    if (isExpired(response.headers.get("X-Refused"))) return toast({ level: "error", about, message: EXPIRED_FORM, reference, retry: way.retry && renewed(about, way.retry) });
    toast({
      level: "error",
      about,
      title: text("[data-error-page] h1"),
      message: text("[data-error-page] .rg-lead"),
      reference,
      retry: AGAIN.includes(response.status) ? way.retry : null,
    });
  };

  Object.assign(window.redisgate, { tellRefusal, wayFailed });
})();
