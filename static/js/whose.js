// The tabs of a browser tell each other whose page they show. Whoever logs out in one, or logs in as
// somebody else, is told in the others at once, and finds what was typed there when they are back.
// Stands alone, for the front page too.
(() => {
  "use strict";
  const WORDS = {
    nobody: "You are logged out in this browser. What you see may be out of date, and what you typed stays.",
    other: "Somebody else is logged in in this browser now. This page is from before.",
  };
  const NOBODY = "";
  const LEAVING = "leaving";
  const LOG_OUT = /\/logout\/$/;
  const open = () => {
    try {
      return new BroadcastChannel("redisgate.whose");
    } catch {
      return null; // may be forbidden, as storage is: each tab is alone, then
    }
  };
  const tabs = open();
  const personOf = (page) => window.redisgate.personOf?.(page); // the front page has none
  const person = () => personOf(document);
  const whose = (page) => personOf(page) ?? (page.querySelector("[data-visitor]") ? NOBODY : null);
  const banner = () => document.getElementById("whose");

  const draw = (state) => {
    const place = banner();
    place.hidden = !state;
    place.querySelector("[data-whose-words]").textContent = WORDS[state] ?? "";
    for (const button of place.querySelectorAll("[data-whose-way]")) button.hidden = button.dataset.whoseWay !== state;
  };

  const leave = (state) => {
    document.dispatchEvent(new CustomEvent("session-expired"));
    draw(state);
  };
  document.addEventListener("session-renewed", () => banner() && draw(null));

  let isLeaving = false; // in another tab, unless it is asked there and stays
  const say = (now) => {
    const isOfBefore = now !== null && banner() && person() && now !== person();
    if (isOfBefore) leave(now === NOBODY ? "nobody" : "other");
  };
  tabs?.addEventListener("message", ({ data }) => {
    isLeaving = data === LEAVING;
    if (!isLeaving) say(data);
    if (data === person() && banner()?.hidden === false) window.redisgate.renew();
  });

  document.addEventListener("click", ({ target }) => {
    const way = target.closest?.("[data-whose-way]")?.dataset.whoseWay;
    if (way === "nobody") window.redisgate.leaveForLogin();
    if (way === "other") location.reload();
  });

  // Before the sockets of the other tabs are closed; that it was done is said by the next page.
  document.addEventListener("submit", ({ target }) => {
    if (LOG_OUT.test(target.getAttribute("action"))) tabs?.postMessage(LEAVING);
  });

  // A socket that ended with the session. Who logs out in another tab finds this page as it was.
  window.redisgate.sessionClosed = () => {
    if (isLeaving && banner()) leave("nobody");
    else if (banner()?.hidden !== false) window.redisgate.sessionExpired();
  };
  // For a page that the server drew now.
  window.redisgate.sayWhose = (page) => say(whose(page));
  // The page is what the server knows now; one that was kept by the browser is not.
  const tell = () => whose(document) !== null && tabs?.postMessage(whose(document));
  if (window.redisgate.onPage) window.redisgate.onPage("body", tell);
  else tell();
})();
