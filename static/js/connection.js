// Says so while the browser is offline or RedisGate gives no answer, asks again by itself, and goes
// away when there is one.
(() => {
  "use strict";
  const GRACE_MS = 2000;
  const FIRST_PAUSE_MS = 2000;
  const LONGEST_PAUSE_MS = 15000;
  const PROBE_MS = 5000;
  const WORDS = {
    offline: "You are offline. What you see may be out of date, what you typed stays, and this page comes back by itself.",
    away: "RedisGate can't be reached. What you see may be out of date, and what you typed stays. Trying again…",
  };
  const root = document.documentElement;
  const banner = () => document.getElementById("connection");
  let timer = 0;
  let pause = FIRST_PAUSE_MS;

  const show = (state) => {
    const place = banner();
    if (!place) return;
    if (state) root.dataset.connection = state;
    else delete root.dataset.connection;
    place.hidden = !state;
    const words = place.querySelector("[data-connection-words]");
    if (words.textContent !== (WORDS[state] ?? "")) words.textContent = WORDS[state] ?? "";
  };

  const answers = async () => {
    try {
      const response = await fetch(banner().dataset.probe, { cache: "no-store", signal: AbortSignal.timeout(PROBE_MS) });
      return response.ok;
    } catch {
      return false;
    }
  };

  const isAway = () => Boolean(root.dataset.connection);
  const back = () => {
    pause = FIRST_PAUSE_MS;
    if (!isAway()) return;
    show(null);
    document.dispatchEvent(new CustomEvent("connected"));
    window.redisgate.announce?.("Connected again.");
    window.redisgate.poll?.(); // what happened meanwhile, where anybody asks
  };

  const look = async () => {
    clearTimeout(timer);
    if (!banner()) return;
    if (await answers()) return back();
    show(navigator.onLine ? "away" : "offline");
    clearTimeout(timer); // somebody else may have looked meanwhile
    timer = setTimeout(look, pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  };
  const lookSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, GRACE_MS);
  };

  window.addEventListener("offline", () => show("offline"));
  window.addEventListener("online", look);
  document.addEventListener("htmx:wsClose", () => root.dataset.live === "closed" && !isAway() && lookSoon());
  document.addEventListener("htmx:wsOpen", () => {
    clearTimeout(timer);
    back();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-connection-retry]")) return;
    pause = FIRST_PAUSE_MS;
    look();
  });

  // While there is none, it is looked for anyway.
  window.redisgate.lookAround = () => isAway() || look();
})();
