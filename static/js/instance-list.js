// The list of instances: ticked rows stay ticked when rows are swapped, and a new instance has
// its row before the server has answered.
(() => {
  "use strict";
  const chosen = new Set();
  let placeholder = null;
  let asked = null;
  const boxes = () => [...document.querySelectorAll('#instances input[name="instance"]')];

  const draw = () => {
    const rows = boxes();
    const there = new Set(rows.map((box) => box.value));
    for (const id of chosen) if (!there.has(id)) chosen.delete(id);
    rows.forEach((box) => (box.checked = chosen.has(box.value)));
    const all = document.getElementById("choose-all");
    if (all) {
      all.checked = rows.length > 0 && chosen.size === rows.length;
      all.indeterminate = chosen.size > 0 && !all.checked;
    }
    const bar = document.getElementById("bulk");
    if (!bar) return;
    bar.hidden = chosen.size === 0;
    bar.querySelector("[data-bulk-count]").textContent = `${chosen.size} chosen`;
  };

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.id === "choose-all") {
      boxes().forEach((each) => (box.checked ? chosen.add(each.value) : chosen.delete(each.value)));
    } else if (box.matches('#instances input[name="instance"]')) {
      if (box.checked) chosen.add(box.value);
      else chosen.delete(box.value);
    } else return;
    draw();
  });
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, draw);
  window.redisgate.onPage("body", (_, signal) => {
    draw(); // a box may come ticked from where the browser came back to
    signal.addEventListener("abort", () => {
      chosen.clear();
      placeholder = null;
    });
  });
  document.addEventListener("chosen-done", () => {
    chosen.clear();
    draw();
    document.body.dispatchEvent(new CustomEvent("poll"));
  });

  // What was said of many rows goes once each of them has arrived, failed or left.
  const isThere = (id, until) => {
    const row = document.getElementById(`instance-${id}`);
    return !row || [until, "error"].includes(row.querySelector(".rg-status").dataset.status);
  };
  const forget = () => {
    const done = document.querySelector("#bulk-done [data-until]");
    if (done?.dataset.rows.trim().split(" ").every((id) => isThere(id, done.dataset.until))) done.remove();
  };
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, forget);

  const place = () => {
    if (placeholder && !placeholder.isConnected) document.querySelector("#instances tbody")?.prepend(placeholder);
  };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target;
    if (!form.matches("#create-dialog form") || !form.elements.name.value.trim()) return;
    placeholder = document.getElementById("instance-placeholder").content.firstElementChild.cloneNode(true);
    placeholder.querySelector(".rg-table-name").textContent = form.elements.name.value.trim();
    asked = event.detail.xhr;
    place();
  });
  // The whole table may be swapped while the answer is on its way.
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, place);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr !== asked) return;
    placeholder?.remove();
    placeholder = null;
  });
})();
