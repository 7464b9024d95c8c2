// The end of a session: the log-in page says why, and leads back to where the person was. What was
// typed waits there in this tab; passwords and keys are never kept, nor what a browser isn't to keep.
(() => {
  "use strict";
  const EXPIRED = "Your session has expired. Please log in again.";
  const FLASH = "redisgate.flash";
  const DRAFT = "redisgate.draft";
  const SECRET = /pass|secret|token|key|code|csrf/i;
  const loginPath = () => document.querySelector('meta[name="login-url"]')?.content ?? "";
  const isLogin = (url) => Boolean(url && loginPath()) && new URL(url, location.href).pathname === loginPath();
  const personOf = (page) => page.querySelector("[data-frame]")?.dataset.frame;
  const person = () => personOf(document);
  const here = () => location.pathname + location.search;
  const loginHref = (to) => `${loginPath()}?next=${encodeURIComponent(to)}`;

  const fields = () => [...document.querySelectorAll("#content input, #content textarea, #content select")];
  const valueOf = (field) => (["checkbox", "radio"].includes(field.type) ? field.checked : field.value);
  const initialOf = (field) => {
    if (["checkbox", "radio"].includes(field.type)) return field.defaultChecked;
    if (!field.options) return field.defaultValue;
    return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  };
  const isChanged = (field) => valueOf(field) !== initialOf(field);
  // What somebody has begun to write must not go with a page that is left without being asked.
  const isAtWork = () =>
    Boolean(document.querySelector("dialog[open]")) || fields().some((field) => field.matches("input, textarea") && isChanged(field));

  const isKept = (field) =>
    !["password", "hidden", "file"].includes(field.type) && field.autocomplete !== "off" && !SECRET.test(field.name);
  const nameOf = (field) => {
    const form = field.form?.id || field.form?.getAttribute("action") || "";
    return [form, field.name, ["checkbox", "radio"].includes(field.type) ? field.value : ""].join("|");
  };
  const keepDraft = () => {
    const kept = fields().filter((field) => field.name && isKept(field) && isChanged(field));
    if (!kept.length) return;
    const values = Object.fromEntries(kept.map((field) => [nameOf(field), valueOf(field)]));
    sessionStorage.setItem(DRAFT, JSON.stringify({ at: here(), person: person(), values }));
    document.dispatchEvent(new CustomEvent("draft-kept")); // nothing is lost by leaving now
  };
  const takeDraft = () => {
    const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
    if (draft && person() && draft.person !== person()) return sessionStorage.removeItem(DRAFT);
    if (draft?.at !== here() || draft.person !== person()) return;
    sessionStorage.removeItem(DRAFT);
    const found = fields().filter((field) => nameOf(field) in draft.values && isKept(field));
    for (const field of found) {
      const value = draft.values[nameOf(field)];
      if (typeof value === "boolean") field.checked = value;
      else field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (found.length) window.redisgate.toast({ level: "info", message: "What you had typed before you logged in is here again. It is not sent yet." });
  };

  // Whoever logged in again in another tab has another token there.
  const fetchHere = async () => {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    return new DOMParser().parseFromString(await response.text(), "text/html");
  };
  const take = (page) => {
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    // Words that one person has typed must never be sent as another.
    if (!token || personOf(page) !== person()) return false;
    document.querySelector('meta[name="csrf-token"]').content = token;
    document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach((input) => (input.value = token));
    return true;
  };

  let isEnded = false;
  let ends = 0;
  let renewing = null;
  document.addEventListener("session-expired", () => {
    isEnded = true;
    ends += 1;
  });
  document.addEventListener("session-renewed", () => {
    isEnded = false;
    document.removeEventListener("visibilitychange", returned);
    const ways = [...document.querySelectorAll("#toasts a[href]")].filter((link) => isLogin(link.href));
    ways.forEach((link) => link.closest(".rg-toast").remove());
  });
  const endIsOver = () => document.dispatchEvent(new CustomEvent("session-renewed"));
  const tellRenewed = () => {
    if (!isEnded) return;
    endIsOver();
    window.redisgate.toast({ level: "success", message: "You are logged in again. Go on where you were." });
  };
  const askAnew = async () => {
    const before = ends;
    const page = await fetchHere();
    if (before !== ends) return askAnew(); // it is of before
    window.redisgate.sayWhose(page);
    if (!take(page)) return false;
    tellRenewed();
    return true;
  };
  // True where the server still draws this page for the same person, and so its forms can be sent.
  const renew = () =>
    (renewing ??= askAnew()
      .catch(() => false)
      .finally(() => (renewing = null)));
  const returned = () => document.visibilityState === "visible" && renew();

  const tellAfterwards = (words) => sessionStorage.setItem(FLASH, words);
  const leaveForLogin = (words, to = here()) => {
    keepDraft();
    if (words) tellAfterwards(words);
    location.assign(loginHref(to));
  };
  const sessionExpired = () => {
    document.dispatchEvent(new CustomEvent("session-expired"));
    if (!isAtWork()) return leaveForLogin(EXPIRED);
    // No page brings back what stands in a dialog, so the log-in page gets a tab of its own.
    const isAsked = Boolean(document.querySelector("dialog[open]"));
    if (isAsked) document.addEventListener("visibilitychange", returned);
    window.redisgate.toast({
      level: "warning",
      message: EXPIRED,
      href: loginHref(here()),
      action: isAsked ? "Log in (opens a new tab)" : "Log in",
      target: isAsked ? "_blank" : "",
    });
  };
  // Who follows a link has nothing to lose here; who sends a form comes back to it.
  const askToLogIn = (way, to) => {
    document.dispatchEvent(new CustomEvent("session-expired"));
    if (way.form) return sessionExpired();
    leaveForLogin(EXPIRED, new URL(to).searchParams.get("next") ?? here());
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#toasts a[href]");
    if (!link || link.target || !isLogin(link.href)) return;
    keepDraft();
    tellAfterwards(EXPIRED);
  });

  // A login page must replace the whole page, never a row of a table.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr } = event.detail;
    if (isLogin(xhr.getResponseHeader("HX-Redirect"))) tellAfterwards(EXPIRED);
    if (!isLogin(xhr.responseURL) || location.pathname === loginPath()) return;
    event.preventDefault();
    sessionExpired();
  });

  window.redisgate.onPage("body", () => {
    if (isEnded) endIsOver(); // the server has drawn another page for the same person
    const flash = sessionStorage.getItem(FLASH);
    sessionStorage.removeItem(FLASH);
    if (flash) window.redisgate.toast({ level: "warning", message: flash });
    if (location.pathname !== loginPath()) takeDraft();
  });

  Object.assign(window.redisgate, {
    isLogin,
    isAtWork,
    askToLogIn,
    personOf,
    renew,
    sessionExpired,
    leaveForLogin,
    tellAfterwards,
  });
})();
