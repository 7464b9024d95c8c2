// Copy buttons: what they hold, or what another element shows. Stands alone, for error pages too.
(() => {
  "use strict";

  const textToCopy = (button) => {
    const source = document.getElementById(button.dataset.copyFrom ?? "");
    if (source) return source.value ?? source.textContent;
    const panel = button.closest("[data-tabs]")?.querySelector('[role="tabpanel"]:not([hidden]) code');
    return panel ? panel.textContent : button.dataset.copy;
  };

  // Pages without TLS have no clipboard API.
  const copyBySelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "visually-hidden";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyBySelection(text);
    }
  };

  window.redisgate.copy = copy;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from], [data-copy-panel]");
    if (!button) return;
    if (!(await copy(textToCopy(button)))) {
      window.redisgate.toast?.({ level: "error", message: "Your browser did not let us copy. Select the text and copy it by hand." });
      return;
    }
    button.classList.add("is-copied");
    const status = button.querySelector("[data-copy-status]");
    if (status) status.textContent = "Copied";
    setTimeout(() => {
      button.classList.remove("is-copied");
      if (status) status.textContent = "";
    }, 1600);
  });
})();
