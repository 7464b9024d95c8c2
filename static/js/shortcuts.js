// Keyboard shortcuts, for whoever hasn't switched them off: never while somebody types, never
// with Ctrl, Alt or Cmd, and not where a page has keys of its own.
(() => {
  "use strict";
  const KEY = "redisgate.shortcuts";
  const SEQUENCE_MS = 3000;
  const OWN_KEYS = ".rg-console, .rg-data";
  const SECTIONS = { o: "overview", i: "instances", k: "apikeys", m: "members", a: "activity", u: "usage", s: "settings" };
  const root = document.documentElement;
  let isOff = false;
  let timer = 0;

  const read = () => {
    try {
      isOff = localStorage.getItem(KEY) === "off";
    } catch {
      // storage may be forbidden: the choice lasts for this page, then
    }
  };
  const write = (off) => {
    isOff = off;
    try {
      if (off) localStorage.setItem(KEY, "off");
      else localStorage.removeItem(KEY);
    } catch {
      // as above
    }
  };

  const sheet = document.getElementById("shortcuts");
  if (!sheet) return;
  const box = document.getElementById("single-keys");
  const showSheet = () => {
    if (document.querySelector("dialog[open]")) return false;
    box.checked = !isOff;
    sheet.showModal();
    return true;
  };
  box.addEventListener("change", () => write(!box.checked));

  const content = () => document.getElementById("content");
  const follow = (link) => {
    link?.click();
    return Boolean(link);
  };

  // g, and then the section's letter, which stands beside it meanwhile.
  const section = (key) => document.querySelector(`.rg-nav [data-section="${SECTIONS[key]}"]`);
  const isGoing = () => root.classList.contains("is-going");
  const endGoing = () => {
    clearTimeout(timer);
    root.classList.remove("is-going");
  };
  const startGoing = () => {
    for (const key of Object.keys(SECTIONS)) {
      const link = section(key);
      if (link) link.dataset.goKey = key.toUpperCase();
    }
    root.classList.add("is-going");
    timer = setTimeout(endGoing, SEQUENCE_MS);
    return true;
  };

  const create = () => {
    const isAboutKeys = Boolean(document.querySelector('.rg-nav [data-section="apikeys"][aria-current]'));
    const kind = isAboutKeys ? "api-keys" : "instances";
    const onPage = content()?.querySelector(`a[href$="/${kind}/new/"]`);
    if (onPage) return follow(onPage);
    window.redisgate.perform(isAboutKeys ? "page:create-key" : "page:create-instance").then((isDone) => {
      if (isDone || !document.querySelector("[data-palette*='/orgs/']")) return;
      window.redisgate.toast({ level: "info", message: "Your role lets you look, but not create. Ask an owner or admin of the organization." });
    });
    return true;
  };
  const find = () => {
    const field = [...content().querySelectorAll('input[type="search"]')].find((each) => each.checkVisibility());
    if (!field) window.redisgate.openPalette();
    else {
      field.focus();
      field.select();
    }
    return true;
  };

  // Rows of lists: their first link takes the focus, so that Enter opens and everybody sees where.
  const rows = () => [...content().querySelectorAll("tbody tr")].filter((row) => handleOf(row) && row.checkVisibility());
  const handleOf = (row) => row.querySelector("a.rg-table-name, .rg-table-name a") ?? row.querySelector("a[href], button, select");
  const rowAt = (element) => element?.closest?.("#content tbody tr");
  const step = (by) => {
    const all = rows();
    if (!all.length) return false;
    const at = all.indexOf(rowAt(document.activeElement));
    const to = at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by));
    handleOf(all[to]).focus();
    return true;
  };
  const arrow = (by) => {
    const row = rowAt(document.activeElement);
    return Boolean(row) && document.activeElement === handleOf(row) && step(by);
  };
  const select = () => {
    const tick = rowAt(document.activeElement)?.querySelector('input[type="checkbox"]');
    tick?.click();
    return Boolean(tick);
  };

  const GENERAL = { "?": showSheet, g: startGoing, c: create };
  const IN_LISTS = {
    "/": find,
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => arrow(1),
    ArrowUp: () => arrow(-1),
    x: select,
  };

  const types = (element) =>
    Boolean(element.isContentEditable) || element.matches?.('textarea, select, input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"])');
  const isElsewhere = (element) =>
    Boolean(element.closest?.(OWN_KEYS)) || Boolean(document.querySelector("dialog[open], details.rg-menu[open]"));

  // Out of a row or of an empty search, back to the page.
  const leave = (element) => {
    const isSearch = element.matches?.('#content input[type="search"]') && !element.value;
    if (!isSearch && !(rowAt(element) && element === handleOf(rowAt(element)))) return;
    if (!isElsewhere(element)) content().focus({ preventScroll: true });
  };

  const handle = (key) => {
    if (isGoing()) {
      endGoing();
      return follow(section(key));
    }
    const action = GENERAL[key] ?? (document.querySelector(OWN_KEYS) ? null : IN_LISTS[key]);
    return Boolean(action?.());
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      endGoing();
      return leave(event.target);
    }
    if (isOff || types(event.target) || isElsewhere(event.target)) return;
    if (handle(event.key)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-shortcuts]")) return;
    event.target.closest("dialog")?.close();
    showSheet();
  });
  read();
  Object.assign(window.redisgate, { showShortcuts: showSheet, singleKeys: () => !isOff });
})();
