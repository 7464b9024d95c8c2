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

  const NOT_COPIED = "Your browser did not let us copy. Select the text and copy it by hand.";
  const say = (status, words) => {
    if (status) status.textContent = words;
  };
  const tellNotCopied = (status) => {
    if (window.redisgate.toast) window.redisgate.toast({ level: "error", message: NOT_COPIED });
    else say(status, NOT_COPIED);
  };

  window.redisgate.copy = copy;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-copy-from], [data-copy-panel]");
    if (!button) return;
    const status = button.querySelector("[data-copy-status]");
    if (!(await copy(textToCopy(button)))) return tellNotCopied(status);
    button.classList.add("is-copied");
    say(status, "Copied");
    setTimeout(() => {
      button.classList.remove("is-copied");
      say(status, "");
    }, 1600);
  });
})();
