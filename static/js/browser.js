// The data browser: groups that open below themselves, portions that become one list, arrow keys,
// and the dialog in which data is changed.
(() => {
  "use strict";
  const list = () => document.getElementById("data-list");
  const detail = () => document.getElementById("data-detail");
  const dialog = () => document.getElementById("data-dialog");
  const rows = () => [...(list()?.querySelectorAll("[data-row]") ?? [])].filter((row) => row.offsetParent);
  const groupOf = (row) => row.closest("li")?.parentElement.closest("li[data-count]")?.querySelector("[data-row]");
  const isGroup = (row) => row.hasAttribute("aria-expanded");

  // One stop for Tab: the rows among themselves are walked by arrows.
  const makeReachable = (row) => {
    if (!row) return;
    list().querySelectorAll('[data-row][tabindex="0"]').forEach((each) => (each.tabIndex = -1));
    row.tabIndex = 0;
  };
  const focusRow = (row) => {
    if (!row) return;
    makeReachable(row);
    row.focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const prepareRows = () => {
    if (!list()) return;
    list().querySelectorAll("[data-row]:not([tabindex])").forEach((row) => (row.tabIndex = -1));
    if (!list().querySelector('[data-row][tabindex="0"]')) makeReachable(list().querySelector("[data-row]"));
  };

  const setOpen = (row, open) => {
    row.setAttribute("aria-expanded", String(open));
    row.closest("li").querySelector(":scope > ul").hidden = !open;
    if (open) row.dispatchEvent(new Event("open-group"));
  };

  // A portion may bring what is there already: a key that moved in the server's table, or more
  // of a group.
  const merge = (ul) => {
    const seen = new Map();
    for (const item of ul.querySelectorAll(":scope > li[data-ref]")) {
      const first = seen.get(item.dataset.ref);
      if (!first) {
        seen.set(item.dataset.ref, item);
        continue;
      }
      if (item.dataset.count) {
        first.dataset.count = Number(first.dataset.count) + Number(item.dataset.count);
        first.querySelector("[data-count-shown]").textContent = Number(first.dataset.count).toLocaleString("en");
      }
      item.remove();
    }
  };

  document.addEventListener("htmx:afterSettle", () => {
    list()?.querySelectorAll("ul.rg-data-keys").forEach(merge);
    prepareRows();
  });

  const markOpen = (ref) => {
    list()?.querySelectorAll("[data-row][aria-current]").forEach((row) => row.removeAttribute("aria-current"));
    if (ref) list()?.querySelector(`li[data-ref="${CSS.escape(ref)}"] [data-row]`)?.setAttribute("aria-current", "true");
  };

  document.addEventListener("click", (event) => {
    const row = event.target.closest?.("[data-row]");
    if (row && !event.ctrlKey && !event.metaKey) {
      makeReachable(row);
      if (isGroup(row)) {
        event.preventDefault();
        setOpen(row, row.getAttribute("aria-expanded") !== "true");
      } else {
        detail().replaceChildren(document.getElementById("data-skeleton").content.cloneNode(true));
      }
    }
    const more = event.target.closest?.("[data-go-on]");
    if (more) {
      event.preventDefault();
      more.classList.add("is-busy");
      more.closest("[data-more]").dispatchEvent(new Event("go-on"));
    }
    stopScan(event);
    if (event.target.closest?.("[data-stop-sweep]")) stopSweep(event);
    if (event.target.closest?.("[data-to-list]")) toList(event);
  });

  // The line is replaced again and again, so a press counts before it becomes a click. A stopped
  // line is another element: neither the timer nor the request of the old one finds it.
  document.addEventListener("pointerdown", (event) => stopScan(event));
  const stopScan = (event) => {
    const more = event.target.closest?.("[data-stop-scan]")?.closest("[data-more]");
    if (!more) return;
    const still = more.cloneNode(true);
    still.setAttribute("hx-trigger", "go-on");
    still.querySelector("[data-stop-scan]").remove();
    still.querySelector("[data-after-stop]").classList.add("is-shown");
    more.replaceWith(still);
    window.htmx.process(still);
    still.querySelector("[data-go-on]").focus();
  };

  const stopSweep = (event) => {
    const body = event.target.closest("#data-dialog-body");
    const stopped = body.querySelector("template[data-stopped]");
    if (!stopped) return;
    event.preventDefault();
    // The request under way finds no place for its answer.
    const next = body.cloneNode(false);
    next.append(stopped.content.cloneNode(true));
    body.replaceWith(next);
    window.htmx.process(next);
    next.querySelector("a")?.focus();
  };

  const toList = (event) => {
    if (!list()) return;
    event.preventDefault();
    const link = event.target.closest("[data-to-list]");
    detail().replaceChildren();
    window.redisgate.pushAddress(link.href);
    const open = list().querySelector("[data-row][aria-current]");
    markOpen("");
    focusRow(open ?? rows()[0]);
  };

  const walk = (event, row) => {
    const all = rows();
    const at = all.indexOf(row);
    const parent = groupOf(row);
    const moves = {
      ArrowDown: () => focusRow(all[at + 1]),
      ArrowUp: () => focusRow(all[at - 1]),
      Home: () => focusRow(all[0]),
      End: () => focusRow(all.at(-1)),
      ArrowRight: () => {
        if (!isGroup(row)) return;
        if (row.getAttribute("aria-expanded") === "true") focusRow(all[at + 1]);
        else setOpen(row, true);
      },
      ArrowLeft: () => {
        if (isGroup(row) && row.getAttribute("aria-expanded") === "true") setOpen(row, false);
        else focusRow(parent);
      },
      Delete: () => askToDelete(row),
    };
    if (!moves[event.key]) return;
    event.preventDefault();
    moves[event.key]();
  };

  const askToDelete = (row) => {
    if (isGroup(row)) return row.closest("li").querySelector("[data-delete-line]")?.click();
    const ask = () => detail().querySelector("[data-delete-key]")?.click();
    if (row.hasAttribute("aria-current")) return ask();
    document.addEventListener("htmx:afterSettle", (event) => event.detail.target === detail() && ask(), { once: true });
    row.click();
  };

  const leaveSearch = () => {
    const [first] = rows();
    if (first) focusRow(first);
    else document.getElementById("content").focus({ preventScroll: true });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog()?.open) return;
    const row = event.target.closest?.("[data-row]");
    const isTyping = event.target.matches?.("input, textarea, select");
    if (row) return walk(event, row);
    if (isTyping) {
      if (event.key === "ArrowDown" && event.target.id === "data-words") {
        event.preventDefault();
        focusRow(rows()[0]);
      }
      // The browser itself empties a search; an empty one is left.
      if (event.key === "Escape" && event.target.id === "data-words" && !event.target.value) leaveSearch();
      return;
    }
    if (event.key === "/" && document.getElementById("data-words")) {
      event.preventDefault();
      document.getElementById("data-words").select();
      document.getElementById("data-words").focus();
    }
    if (event.key === "Delete" && detail()?.contains(event.target)) detail().querySelector("[data-delete-key]")?.click();
    if (event.key === "ArrowDown" && event.target === document.body) focusRow(rows()[0]);
  });

  // Changing data: what is asked comes into the dialog, which opens once it is there.
  let opener = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.dataset.dialog) opener = document.activeElement;
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target } = event.detail;
    if (!target) return; // a page that came back as a whole
    if (target.id === "data-detail") {
      markOpen(target.querySelector("[data-open-key]")?.dataset.openKey);
      if (dialog()?.open) dialog().close();
    }
    if (target.id !== "data-dialog-body" || !dialog()) return;
    showKind();
    if (!dialog().open) dialog().showModal();
    const first = target.querySelector(".is-invalid, [data-field] input, [data-field] textarea, [data-phrase], .rg-dialog-foot .btn");
    first?.focus();
    target.querySelectorAll("[data-phrase]").forEach((input) => input.dispatchEvent(new Event("input", { bubbles: true })));
  });
  document.addEventListener(
    "close",
    (event) => {
      if (event.target.id !== "data-dialog") return;
      if (event.target.querySelector("[data-swept], [data-runs]")) document.getElementById("data-search")?.requestSubmit();
      document.getElementById("data-dialog-body").replaceChildren();
      if (document.contains(opener)) opener.focus();
    },
    true,
  );

  document.addEventListener("data-changed", (event) => {
    const { gone } = event.detail;
    const item = gone && list()?.querySelector(`li[data-ref="${CSS.escape(gone)}"]`);
    if (!item) return;
    const row = item.querySelector("[data-row]");
    const all = rows();
    const next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
    item.remove();
    opener = next ?? document.getElementById("data-words");
    makeReachable(next);
  });

  // A new key asks only for what its type has.
  const FIELDS = { hash: ["field", "field_as"], stream: ["field", "field_as"], zset: ["score"] };
  const showKind = () => {
    const kind = document.querySelector('#data-dialog-body select[name="kind"]');
    if (!kind) return;
    for (const name of ["field", "field_as", "score"]) {
      const field = kind.form.querySelector(`[data-field="${name}"]`);
      if (field) field.hidden = !(FIELDS[kind.value] ?? []).includes(name);
    }
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches?.('select[name="kind"]')) showKind();
  });
  window.redisgate.onPage("#data-browser, #data-dialog-body", () => {
    prepareRows();
    showKind();
  });
})();
