// Tabs, by pointer and by keys. Stands alone, for the front page too.
(() => {
  "use strict";
  const tabsOf = (within) => [...within.querySelectorAll('[role="tab"]')];

  const select = (tab) => {
    for (const each of tabsOf(tab.closest('[role="tablist"]'))) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      document.getElementById(each.getAttribute("aria-controls")).hidden = !chosen;
    }
  };

  const prepare = (within) => {
    within.querySelectorAll("[data-tabs]:not([data-ready])").forEach((group) => {
      group.dataset.ready = "";
      select(tabsOf(group)[0]);
    });
  };

  document.addEventListener("click", (event) => {
    const tab = event.target.closest('[data-tabs] [role="tab"]');
    if (tab) select(tab);
  });
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.('[data-tabs] [role="tab"]');
    if (!tab) return;
    const tabs = tabsOf(tab.parentElement);
    const at = tabs.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs.at(to % tabs.length);
    select(next);
    next.focus();
  });

  prepare(document);
  window.redisgate.onPage?.("body", prepare);
  document.addEventListener("htmx:load", (event) => prepare(event.target));
})();
