// The stylesheets and scripts of a page that is about to be shown: they are there before it is.
(() => {
  "use strict";
  const PATIENCE_MS = 8000;

  const loaded = (element) =>
    new Promise((arrive, fail) => {
      element.addEventListener("load", arrive, { once: true });
      element.addEventListener("error", () => fail(new Error(`not loaded: ${element.href || element.src}`)), { once: true });
      setTimeout(() => fail(new Error("not loaded in time")), PATIENCE_MS);
    });
  // What failed must not stay: it would count as known.
  const arrival = (element) =>
    loaded(element).catch((error) => {
      element.remove();
      throw error;
    });

  const sheets = (within) => [...within.querySelectorAll('link[rel="stylesheet"]')];
  const hrefs = (links) => links.map((link) => link.getAttribute("href"));

  // Each one in its place among those that are there: the order decides which rule wins.
  const addSheets = (incoming) => {
    const waits = [];
    let before = null;
    for (const link of sheets(incoming)) {
      const href = link.getAttribute("href");
      let own = sheets(document.head).find((each) => each.getAttribute("href") === href);
      if (!own) {
        own = document.createElement("link");
        Object.assign(own, { rel: "stylesheet", href });
        waits.push(arrival(own));
        if (before) before.after(own);
        else document.head.append(own);
      }
      before = own;
    }
    return waits;
  };

  const addScripts = (incoming) => {
    const known = new Set([...document.querySelectorAll("script[src]")].map((script) => script.getAttribute("src")));
    const fresh = [...incoming.querySelectorAll("script[src]")].map((script) => script.getAttribute("src")).filter((src) => !known.has(src));
    return fresh.map((src) => {
      const script = document.createElement("script");
      Object.assign(script, { src, async: false }); // in the page's order
      document.head.append(script);
      return arrival(script);
    });
  };

  // Sheets of pages before stay, switched off: coming back costs nothing and flashes nothing.
  const useSheets = (incoming) => {
    const wanted = new Set(hrefs(sheets(incoming)));
    for (const link of sheets(document.head)) {
      if (link.sheet) link.sheet.disabled = !wanted.has(link.getAttribute("href"));
    }
  };

  window.redisgate.assets = {
    load: (incoming) => Promise.all([...addSheets(incoming), ...addScripts(incoming)]),
    use: useSheets,
  };
})();
