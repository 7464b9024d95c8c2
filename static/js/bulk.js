// Ticked rows of lists: a bar shows what can be done to them, and they stay ticked when rows are
// swapped. With the shift key a click ticks all rows since the last one.
(() => {
  "use strict";
  const chosenOf = new Map();
  let last = null;

  const bars = () => [...document.querySelectorAll("[data-bulk]")];
  const boxesOf = (bar) =>
    [...document.querySelectorAll(`.rg-table-choice input[form="${bar.id}"]`)];
  const chosenIn = (bar) => chosenOf.get(bar.id) ?? chosenOf.set(bar.id, new Set()).get(bar.id);

  const draw = (bar) => {
    const boxes = boxesOf(bar);
    const chosen = chosenIn(bar);
    const there = new Set(boxes.map((box) => box.value));
    for (const id of chosen) if (!there.has(id)) chosen.delete(id);
    boxes.forEach((box) => (box.checked = chosen.has(box.value)));
    const all = document.querySelector(`[data-choose-all="${bar.id}"]`);
    if (all) {
      all.checked = boxes.length > 0 && chosen.size === boxes.length;
      all.indeterminate = chosen.size > 0 && !all.checked;
    }
    bar.toggleAttribute("data-shown", chosen.size > 0);
    bar.querySelector("[data-bulk-count]").textContent = `${chosen.size} chosen`;
  };
  const drawAll = () => bars().forEach(draw);

  const set = (bar, boxes, ticked) => {
    boxes.forEach((box) => (ticked ? chosenIn(bar).add(box.value) : chosenIn(bar).delete(box.value)));
    draw(bar);
  };

  document.addEventListener("change", ({ target }) => {
    const bar = document.getElementById(target.dataset?.chooseAll ?? target.getAttribute?.("form") ?? "");
    if (!bar?.matches("[data-bulk]")) return;
    set(bar, target.dataset.chooseAll ? boxesOf(bar) : [target], target.checked);
  });
  document.addEventListener("click", (event) => {
    const none = event.target.closest("[data-bulk-none]");
    if (none) set(none.form, boxesOf(none.form), false);
    const box = event.target.closest(".rg-table-choice input[form]");
    if (!box) return;
    const boxes = boxesOf(box.form);
    const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) set(box.form, boxes.slice(from, to + 1), box.checked);
    last = box;
  });
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) {
    document.addEventListener(name, drawAll);
  }
  window.redisgate.onPage("[data-bulk]", (_, signal) => {
    drawAll(); // a box may come ticked from where the browser came back to
    signal.addEventListener("abort", () => chosenOf.clear());
  });

  // The rows and the bar are gone: whoever worked there goes on at the page's heading.
  let isDone = false;
  const land = () => {
    if (!isDone || document.querySelector("dialog[open]")) return;
    isDone = false;
    const { activeElement } = document;
    const heading = document.querySelector("#content h1");
    if (!heading || (activeElement !== document.body && activeElement.checkVisibility())) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  };
  const landSoon = () => requestAnimationFrame(() => requestAnimationFrame(land));
  document.addEventListener("htmx:afterSettle", landSoon);
  document.addEventListener("close", landSoon, true);
  document.addEventListener("chosen-done", () => {
    isDone = true;
    chosenOf.forEach((chosen) => chosen.clear());
    drawAll();
    window.redisgate.poll();
  });
})();
