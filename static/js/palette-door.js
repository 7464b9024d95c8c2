// The way into the command palette. It opens at once and loads what it is made of with the first
// opening: most pages are left without it. What is typed meanwhile counts.
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  let loading = null;
  let early = null; // Enter, before anything was there to take it

  const loaded = (src) =>
    new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src });
      script.addEventListener("load", resolve, { once: true });
      script.addEventListener("error", reject, { once: true });
      document.head.append(script);
    });
  const load = () => {
    loading ??= loaded(dialog.dataset.script);
    return loading;
  };
  const failed = () => {
    loading = null;
    dialog.close();
    window.redisgate.toast({ level: "error", message: "The search could not be loaded. Check your connection, then try again." });
  };

  const note = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    early = event;
  };
  const hold = async () => {
    input.addEventListener("keydown", note);
    try {
      await load();
    } finally {
      input.removeEventListener("keydown", note);
    }
    window.redisgate.palette.begin();
    if (early) input.dispatchEvent(new KeyboardEvent("keydown", early));
  };
  const open = () => {
    if (dialog.open) return dialog.close();
    if (document.querySelector("dialog[open]")) return undefined;
    early = null;
    input.value = "";
    dialog.showModal();
    input.focus();
    return hold().catch(failed);
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-palette], [data-palette-open]")) open();
  });
  document.addEventListener("keydown", (event) => {
    const isMeant = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
    if (!isMeant) return;
    event.preventDefault();
    open();
  });
  document.documentElement.classList.toggle("is-mac", /Mac|iPhone|iPad/.test(navigator.platform));

  Object.assign(window.redisgate, {
    openPalette: open,
    // Does what the entry with this id does; false where the role doesn't allow it.
    perform: async (id) => {
      try {
        await load();
      } catch {
        failed();
        return true; // it has been told already
      }
      return window.redisgate.palette.perform(id);
    },
  });
})();
