// The list of instances: what was said of many rows goes when it is true, and a new instance has its
// row before the server has answered.
(() => {
  "use strict";
  let placeholder = null;
  let asked = null;
  window.redisgate.onPage("body", (_, signal) => signal.addEventListener("abort", () => (placeholder = null)));

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
