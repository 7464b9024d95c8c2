// Times that keep counting. Whoever wants the exact ones in every list says so once in their menu; it
// is kept in this browser. Until then the exact one is in the title of each.
(() => {
  "use strict";
  const KEY = "redisgate.times";
  const WORDS = { exact: "Show relative times", relative: "Show exact times" };
  let shown = "relative";

  const read = () => {
    try {
      shown = localStorage.getItem(KEY) === "exact" ? "exact" : "relative";
    } catch {
      // storage may be forbidden: the choice lasts for this document, then
    }
  };
  const choose = (words) => {
    shown = words;
    try {
      if (words === "exact") localStorage.setItem(KEY, words);
      else localStorage.removeItem(KEY);
    } catch {
      // as above
    }
  };

  // The words of redisgate/lib/moments.py, so that nothing jumps when they are drawn again.
  const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const format = new Intl.RelativeTimeFormat("en");
  const NEAR = { "1 day ago": "yesterday", "in 1 day": "tomorrow" };
  const relative = (at) => {
    const seconds = (at - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
    if (unit) {
      const words = format.format(Math.round(seconds / size), unit);
      return NEAR[words] ?? words;
    }
    return seconds > 0 ? "in a moment" : "just now";
  };
  // By the clock of whoever reads; to the second and in UTC in the title.
  const two = (number) => String(number).padStart(2, "0");
  const exact = (at) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;

  const tick = () => {
    document.querySelectorAll("time[data-relative]").forEach((time) => {
      const at = new Date(time.dateTime);
      const words = shown === "exact" ? exact(at) : relative(at);
      if (time.textContent !== words) time.textContent = words;
      time.title = `${at.toLocaleString()} (${at.toISOString().slice(0, 19).replace("T", " ")} UTC)`;
    });
  };
  const draw = () => {
    document.querySelectorAll("[data-times-words]").forEach((words) => (words.textContent = WORDS[shown]));
    tick();
  };

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-times]")) return;
    choose(shown === "exact" ? "relative" : "exact");
    draw();
    window.redisgate.announce?.(shown === "exact" ? "Times are exact now." : "Times are relative now.");
  });
  window.addEventListener("storage", ({ key }) => {
    if (key !== KEY) return;
    read();
    draw();
  });

  read();
  setInterval(tick, 10000);
  window.redisgate.onPage("body", draw);
  // Before anybody sees what was drawn: once it has settled is too late.
  for (const name of ["htmx:afterSwap", "htmx:oobAfterSwap"]) document.addEventListener(name, tick);
})();
