// The page's own small manners: menus, the phone's navigation and the theme buttons.
(() => {
  "use strict";

  // Menus are <details>: they open without script, and close like menus with it.
  const openMenus = () => document.querySelectorAll("details.rg-menu[open]");
  document.addEventListener("click", (event) => {
    openMenus().forEach((menu) => {
      const chosen = event.target.closest(".rg-menu-item");
      if (!chosen && menu.contains(event.target)) return;
      const hadFocus = menu.contains(document.activeElement);
      menu.open = false;
      if (hadFocus) menu.querySelector("summary").focus();
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

  const closeNavigation = () => {
    document.documentElement.classList.remove("nav-open");
    document.querySelector(".rg-topbar [data-nav-toggle]")?.setAttribute("aria-expanded", "false");
  };
  window.redisgate.onPage("body", () => {
    markTheme();
    closeNavigation();
  });
})();
