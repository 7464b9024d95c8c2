// Instances: usual sizes fill the memory field, a pasted key fills the code. Nothing is stored.
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const input = button && document.getElementById(button.dataset.fill);
    if (!input) return;
    input.value = button.dataset.value;
    input.focus();
  });

  const originals = new WeakMap();
  document.addEventListener("input", (event) => {
    const input = event.target.closest("[data-fill-code]");
    if (!input) return;
    document.getElementById(input.dataset.fillCode)?.querySelectorAll("code").forEach((code) => {
      if (!originals.has(code)) originals.set(code, code.textContent);
      const { placeholder } = input.dataset;
      code.textContent = originals.get(code).replaceAll(placeholder, () => input.value.trim() || placeholder);
    });
  });
})();
