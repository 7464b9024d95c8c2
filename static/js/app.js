// The page's own small manners: menus, the phone's navigation, the theme buttons and times
// that keep counting.
(() => {
  "use strict";

  // Menus are <details>: they open without script, and close like menus with it.
  const openMenus = () => document.querySelectorAll("details.rg-menu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      const chosen = event.target.closest(".rg-menu-item");
      if (chosen || !menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openMenus().forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
    document.documentElement.classList.remove("nav-open");
  });

  document.addEventListener("focusin", (event) => {
    openMenus().forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details.rg-menu[open]");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!menu || !step) return;
    event.preventDefault();
    const items = [...menu.querySelectorAll(".rg-menu-panel :is(a, button)")];
    const at = items.indexOf(document.activeElement);
    items.at(at < 0 && step < 0 ? -1 : (at + step) % items.length)?.focus();
  });

  // A link that calls itself a button is pressed like one.
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.('a[role="button"]')) return;
    event.preventDefault();
    event.target.click();
  });

  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-nav-toggle]");
    if (!toggle) return;
    const shown = document.documentElement.classList.toggle("nav-open");
    document.querySelector(".rg-topbar [data-nav-toggle]")?.setAttribute("aria-expanded", String(shown));
  });

  const markTheme = () => {
    document.querySelectorAll("[data-theme-choice-button]").forEach((button) => {
      const chosen = button.dataset.themeChoiceButton === document.documentElement.dataset.themeChoice;
      button.setAttribute("aria-pressed", String(chosen));
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice-button]");
    if (!button) return;
    window.redisgate.chooseTheme(button.dataset.themeChoiceButton);
    markTheme();
  });

  // The words of redisgate/lib/moments.py, so that nothing jumps when they are drawn again.
  const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const format = new Intl.RelativeTimeFormat("en");
  const NEAR = { "1 day ago": "yesterday", "in 1 day": "tomorrow" };
  const relative = (seconds) => {
    const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? [];
    if (unit) {
      const words = format.format(Math.round(seconds / size), unit);
      return NEAR[words] ?? words;
    }
    return seconds > 0 ? "in a moment" : "just now";
  };
  const tick = () => {
    document.querySelectorAll("time[data-relative]").forEach((time) => {
      const at = new Date(time.dateTime);
      const words = relative((at - Date.now()) / 1000);
      if (time.textContent !== words) time.textContent = words;
      time.title = `${at.toLocaleString()} (${at.toISOString().slice(0, 19).replace("T", " ")} UTC)`;
    });
  };

  setInterval(tick, 10000);
  const closeNavigation = () => {
    document.documentElement.classList.remove("nav-open");
    document.querySelector(".rg-topbar [data-nav-toggle]")?.setAttribute("aria-expanded", "false");
  };
  window.redisgate.onPage("body", () => {
    markTheme();
    tick();
    closeNavigation();
  });
  document.addEventListener("htmx:load", tick);
})();
