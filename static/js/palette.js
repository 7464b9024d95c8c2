// The command palette: everything that there is to open, do and copy, found by a few letters.
// Pages and actions come with the first answer and are searched here; what an organization holds
// is searched by the server. What was used last is remembered by id alone, for each organization.
(() => {
  "use strict";
  const QUIET_MS = 90; // between two keys of a word
  const RECENT = 8;
  const INSTANCE = /\/instances\/([0-9a-f-]{36})\//;

  const dialog = document.getElementById("palette");
  const input = dialog.querySelector("input");
  const list = dialog.querySelector('[role="listbox"]');
  const count = dialog.querySelector('[role="status"]');
  const part = (name) => dialog.querySelector(`[data-palette-${name}]`);

  let address = "";
  let always = [];
  let found = [];
  let drawn = [];
  let active = 0;
  let hasMoved = false;
  let pressed = null; // Enter, before the answer was there
  let asking = null;
  let failed = null;
  let awaited = ""; // the words whose answer isn't there yet
  let waits = 0;
  let timer = 0;
  const newest = { learn: 0, search: 0 };

  const memory = () => `redisgate.palette.${address}`;
  const recent = () => {
    try {
      return JSON.parse(localStorage.getItem(memory())) ?? [];
    } catch {
      return []; // storage may be forbidden, or hold what isn't ours
    }
  };
  const remember = (id) => {
    try {
      const ids = [id, ...recent().filter((each) => each !== id)];
      localStorage.setItem(memory(), JSON.stringify(ids.slice(0, RECENT)));
    } catch {
      // nothing is used last, then
    }
  };

  const here = () => `instance:${location.pathname.match(INSTANCE)?.[1] ?? "none"}:`;

  // Asking. Only the newest answer is shown, whichever comes last.
  const fetchEntries = async (query) => {
    const response = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
    if (response.redirected) {
      dialog.close();
      window.redisgate.sessionExpired();
      return [];
    }
    if (!response.ok) throw new Error(`status ${response.status}`);
    return (await response.json()).entries;
  };
  const ask = async (kind, query, take) => {
    newest[kind] += 1;
    const mine = newest[kind];
    waits += 1;
    part("busy").hidden = false;
    try {
      const entries = await fetchEntries(query);
      if (mine !== newest[kind]) return;
      failed = null;
      take(entries);
    } catch {
      if (mine !== newest[kind]) return;
      failed = () => ask(kind, query, take);
    } finally {
      waits -= 1;
      part("busy").hidden = waits === 0;
    }
    if (kind === "search") awaited = "";
    draw();
    if (kind === "search") answered();
  };
  const learn = async () => {
    const query = new URLSearchParams(recent().map((id) => ["recent", id]));
    query.set("at", location.pathname.match(INSTANCE)?.[1] ?? "");
    await ask("learn", query, (entries) => {
      always = entries;
    });
  };
  const search = () => {
    clearTimeout(timer);
    timer = 0;
    newest.search += 1; // what is still on its way is of no interest
    awaited = input.value.trim();
    const text = awaited;
    if (!text) {
      found = [];
      return;
    }
    timer = setTimeout(launch, QUIET_MS, text);
  };
  const launch = (text) => {
    timer = 0;
    ask("search", new URLSearchParams({ q: text }), (entries) => {
      found = entries.map((entry, place) => ({ ...entry, answers: text, place }));
    });
  };

  const groups = () =>
    window.redisgate.paletteGroups({ always, found, asking, text: input.value.trim(), recent: recent(), here: here() });

  const rows = () => [...list.querySelectorAll('[role="option"]')];
  const mark = () => {
    const all = rows();
    active = Math.max(0, Math.min(active, all.length - 1));
    all.forEach((row, index) => row.setAttribute("aria-selected", String(index === active)));
    const row = all[active];
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
    if (active === 0) list.scrollTop = 0;
    else row?.scrollIntoView({ block: "nearest" });
  };
  const say = () => {
    const isEmpty = drawn.length === 0;
    part("empty").hidden = !isEmpty || Boolean(awaited || failed) || !input.value.trim();
    part("words").textContent = input.value.trim();
    part("failed").hidden = !failed;
    dialog.classList.toggle("is-asking", Boolean(asking));
    input.setAttribute("aria-expanded", String(!isEmpty));
    if (awaited) return; // counted once it is known
    if (asking) count.textContent = asking.asks;
    else count.textContent = `${drawn.length} result${drawn.length === 1 ? "" : "s"}`;
  };
  const draw = () => {
    const before = hasMoved && drawn[active]?.id;
    const shown = groups();
    drawn = shown.flatMap(([, entries]) => entries);
    list.replaceChildren(...window.redisgate.paletteElements(shown));
    active = Math.max(0, drawn.findIndex((entry) => entry.id === before));
    mark();
    say();
  };
  const start = () => {
    active = 0;
    hasMoved = false;
    pressed = null;
    asking = null;
  };

  // Choosing. A form for each action: one that failed may be sent again when others are under way.
  const send = ({ id, post, label }) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: post, hidden: true });
    form.dataset.about = label;
    form.toggleAttribute("data-full-load", id === "account:logout");
    const value = document.querySelector('meta[name="csrf-token"]').content;
    form.append(Object.assign(document.createElement("input"), { name: "csrfmiddlewaretoken", value }));
    document.body.append(form);
    window.redisgate.page().addEventListener("abort", () => form.remove());
    form.requestSubmit();
  };
  const copy = async ({ copies, label }) => {
    if (!(await window.redisgate.copy(copies))) {
      window.redisgate.toast({ level: "error", message: "Your browser did not let us copy. Copy it on the page of the instance." });
      return;
    }
    window.redisgate.toast({ level: "success", message: `Copied: ${label.replace(/^Copy /, "")}.` });
  };
  const act = (does) => {
    const theme = does.match(/^theme:(.*)/)?.[1];
    if (theme) document.querySelector(`[data-theme-choice-button="${theme}"]`)?.click();
    if (does === "shortcuts") window.redisgate.showShortcuts();
  };
  const perform = (entry) => {
    if (entry.post) send(entry);
    else if (entry.copies) copy(entry);
    else if (entry.does) act(entry.does);
  };
  list.addEventListener("click", (event) => {
    const row = event.target.closest('[role="option"]');
    const entry = drawn[rows().indexOf(row)];
    if (!entry) return;
    if (entry.id === "no") {
      start();
      return draw();
    }
    if (entry.asks && !asking) {
      start();
      asking = entry;
      return draw();
    }
    remember(asking?.id ?? entry.id);
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab opens, and this stays
    dialog.close();
    perform(entry);
  });
  list.addEventListener("pointermove", (event) => {
    const index = rows().indexOf(event.target.closest('[role="option"]'));
    if (index < 0 || index === active) return;
    active = index;
    hasMoved = true;
    rows().forEach((row, each) => row.setAttribute("aria-selected", String(each === active)));
    input.setAttribute("aria-activedescendant", rows()[active].id);
  });
  // The focus stays where one types.
  list.addEventListener("pointerdown", (event) => event.preventDefault());

  const go = (to) => {
    const length = rows().length;
    if (!length) return;
    active = (to + length) % length;
    hasMoved = true;
    mark();
  };
  const choose = (isElsewhere) => {
    const row = rows()[active];
    if (!isElsewhere) row?.click();
    else if (row?.href) {
      remember(drawn[active].id);
      dialog.close();
      window.open(row.href, "_blank", "noopener");
    }
  };
  // Whoever types a name and presses Enter at once means what the server will find.
  const enter = (event) => {
    const isElsewhere = event.ctrlKey || event.metaKey;
    if (!awaited || hasMoved || asking) return choose(isElsewhere);
    pressed = { isElsewhere };
    if (timer) {
      clearTimeout(timer);
      launch(awaited);
    }
  };
  const answered = () => {
    const press = pressed;
    pressed = null;
    if (press && dialog.open && !failed) choose(press.isElsewhere);
  };
  const MOVES = {
    ArrowDown: () => go(active + 1),
    ArrowUp: () => go(active - 1),
    Home: () => go(0),
    End: () => go(rows().length - 1),
    PageDown: () => go(Math.min(active + 8, rows().length - 1)),
    PageUp: () => go(Math.max(active - 8, 0)),
    Enter: enter,
  };
  input.addEventListener("keydown", (event) => {
    if (!MOVES[event.key] || event.isComposing || event.altKey) return;
    event.preventDefault();
    MOVES[event.key](event);
  });
  input.addEventListener("input", () => {
    start();
    search();
    draw();
  });
  dialog.addEventListener("cancel", (event) => {
    if (!asking) return;
    event.preventDefault(); // Escape leaves the question first
    start();
    draw();
  });
  part("again").addEventListener("click", () => {
    input.focus();
    failed?.();
  });

  // Another organization has other entries, also where its answer fails.
  const turnTo = (next) => {
    if (next === address) return;
    address = next;
    always = [];
    found = [];
    for (const kind of Object.keys(newest)) newest[kind] += 1;
  };
  const whereToAsk = () => document.querySelector("[data-palette]").dataset.palette;
  window.redisgate.palette = {
    // The dialog is open, and something may have been typed.
    begin() {
      turnTo(whereToAsk());
      failed = null;
      start();
      search();
      draw();
      learn();
    },
    async perform(id) {
      turnTo(whereToAsk());
      await learn();
      const entry = always.find((each) => each.id === id);
      if (!entry) return Boolean(failed);
      if (entry.href) window.redisgate.visit(entry.href);
      else perform(entry);
      return true;
    },
  };
})();
