// The page of charts: fetches the figures of the range in the address, draws them, and keeps the
// right edge at the present.
(() => {
  "use strict";
  const SLOWEST_MS = 120000;

  window.redisgate.onPage("#figures", (root, signal) => {
    const box = root.querySelector("[data-charts]");
    const empty = root.querySelector("[data-empty]");
    const note = root.querySelector("[data-note]");
    const charts = [...box.querySelectorAll("[data-chart]")].map((figure) => new window.redisgate.FigureChart(figure));
    const sampleMs = Number(root.dataset.sampleSeconds) * 1000;
    // The line that is never nothing where there is anything to draw.
    const filledBy = root.dataset.filledBy ?? "memory_used";
    let range = root.dataset.range;
    let timer = 0;
    let asked = 0;

    const buttonOf = (name) => document.querySelector(`[data-range="${CSS.escape(name)}"]`);

    const hasAny = (figures) => figures.series.some((each) => each.name === filledBy && each.values.some(Boolean));

    const show = (figures) => {
      const isFilled = hasAny(figures);
      empty.hidden = isFilled;
      box.hidden = !isFilled;
      if (isFilled) charts.forEach((chart) => chart.show(figures, buttonOf(range).title));
    };

    const fetchFigures = async () => {
      const response = await fetch(`${root.dataset.url}?range=${encodeURIComponent(range)}`, { headers: { Accept: "application/json" } });
      if (response.status === 401) window.redisgate.sessionExpired();
      if (!response.ok) throw new Error(String(response.status));
      return response.json();
    };

    // A later click makes an answer that is still under way worthless.
    const refresh = async () => {
      clearTimeout(timer);
      const mine = ++asked;
      let pause = sampleMs;
      try {
        const figures = await fetchFigures();
        if (mine !== asked) return;
        note.textContent = "";
        show(figures);
        if (!box.hidden) pause = Math.min(SLOWEST_MS, Math.max(sampleMs, (figures.step * 1000) / 2));
      } catch {
        if (mine !== asked) return;
        note.textContent = "The figures can't be fetched right now. This page tries again by itself.";
      }
      root.dataset.state = "shown";
      if (document.visibilityState === "visible") timer = setTimeout(refresh, pause);
    };

    const choose = (name) => {
      range = name;
      document.querySelectorAll("[data-range]").forEach((each) => {
        if (each.dataset.range === name) each.setAttribute("aria-current", "true");
        else each.removeAttribute("aria-current");
      });
      document.querySelectorAll("a[data-keeps-range]").forEach((link) => {
        const url = new URL(link.href);
        url.searchParams.set("range", name);
        link.href = url.href;
      });
      refresh();
    };

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-range]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      window.redisgate.pushAddress(`?range=${link.dataset.range}`);
      choose(link.dataset.range);
    }, { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") refresh();
      else clearTimeout(timer);
    }, { signal });

    const redraw = () => charts.forEach((chart) => chart.plot && chart.draw());
    const themes = new MutationObserver(redraw);
    themes.observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw, { signal });
    const sizes = new ResizeObserver(() => charts.forEach((chart) => chart.resize()));
    sizes.observe(box);

    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      asked++; // nobody waits for the answer that is under way
      themes.disconnect();
      sizes.disconnect();
      charts.forEach((chart) => chart.plot?.destroy());
    });

    refresh();
  });
})();
