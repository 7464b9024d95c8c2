// Recovery codes are shown once: take them along as a file or on paper.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-download-from], [data-print]");
    if (!button) return;
    if ("print" in button.dataset) return window.print();
    const text = document.getElementById(button.dataset.downloadFrom).textContent;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    link.download = button.dataset.downloadName;
    link.click();
    URL.revokeObjectURL(link.href);
  });
})();
