// Instances: usual sizes fill the memory field, a pasted key fills the code. Nothing is
// stored.
(() => {
  "use strict";

  // On a phone the strip of tabs is wider than the screen.
  window.redisgate.onPage(".rg-tab[aria-current]", (tab) => tab.scrollIntoView({ block: "nearest", inline: "center" }));

  const markSize = (input) => {
    if (!input.id) return;
    document.querySelectorAll(`[data-fill="${CSS.escape(input.id)}"]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.value === input.value));
    });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill]");
    const input = button && document.getElementById(button.dataset.fill);
    if (!input) return;
    input.value = button.dataset.value;
    markSize(input);
    input.focus();
  });
  document.addEventListener("input", (event) => markSize(event.target));

  // A key is rg_ and a JWT. Its id names the user that Redis clients log in as.
  const userOf = (key) => {
    try {
      const claims = key.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
      return `rg_${JSON.parse(atob(claims)).jti.slice(0, 12)}`;
    } catch {
      return "YOUR_KEY_USER";
    }
  };

  const originals = new WeakMap();
  document.addEventListener("input", (event) => {
    const input = event.target.closest("[data-fill-code]");
    if (!input) return;
    const key = input.value.trim();
    document.getElementById(input.dataset.fillCode)?.querySelectorAll("code").forEach((code) => {
      if (!originals.has(code)) originals.set(code, code.textContent);
      const text = originals.get(code);
      code.textContent = key
        ? text.replaceAll("YOUR_KEY_USER", () => userOf(key)).replaceAll("YOUR_API_KEY", () => key)
        : text;
    });
  });

  // The first connection: over the page's socket where it is open, else by asking each second.
  const tell = (words) => window.redisgate.tell?.(words) ?? false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-watch]");
    if (!button) return;
    event.preventDefault();
    if (!tell({ watch: true })) button.dispatchEvent(new CustomEvent("watch"));
  });
  document.addEventListener("htmx:wsOpen", () => {
    const card = document.getElementById("witness");
    if (!card || card.hasAttribute("hx-get")) return;
    if (card.dataset.phase === "watching" || card.dataset.watchNow !== undefined) tell({ watch: true });
  });
})();
