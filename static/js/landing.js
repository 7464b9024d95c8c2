// The front page loads none of the console's scripts, so its tabs and copy button have their own.
(() => {
  "use strict";
  const group = document.querySelector("[data-tabs]");
  const tabs = [...group.querySelectorAll('[role="tab"]')];
  const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

  const select = (chosen) => {
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      panelOf(tab).hidden = tab !== chosen;
    }
  };
  select(tabs[0]);

  group.addEventListener("click", async (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (tab) select(tab);
    const button = event.target.closest("[data-copy-panel]");
    if (!button) return;
    const shown = panelOf(tabs.find((each) => each.getAttribute("aria-selected") === "true"));
    await navigator.clipboard?.writeText(shown.querySelector("code").textContent);
    const status = button.querySelector("[data-copy-status]");
    status.textContent = navigator.clipboard ? "Copied" : "Select the code and copy it by hand";
    button.classList.add("is-copied");
    setTimeout(() => {
      button.classList.remove("is-copied");
      status.textContent = "";
    }, 1600);
  });

  group.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = tabs.indexOf(event.target.closest?.('[role="tab"]'));
    if (!step || at < 0) return;
    const next = tabs.at((at + step) % tabs.length);
    select(next);
    next.focus();
  });
})();
