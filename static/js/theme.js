// Runs before the first paint, so that a dark page never flashes white.
(() => {
  "use strict";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const KEY = "redisgate.theme";

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage may be forbidden; the system's theme is then the only one
    }
  };

  const choice = () => (["light", "dark"].includes(stored()) ? stored() : "system");

  const apply = () => {
    const dark = choice() === "dark" || (choice() === "system" && system.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    root.classList.toggle("dark-mode", dark); // what Swagger UI looks at
    root.dataset.themeChoice = choice();
  };

  window.redisgate = {
    chooseTheme(name) {
      try {
        localStorage.setItem(KEY, name);
      } catch {
        // the choice lasts for this page only
      }
      apply();
      if (name !== choice()) root.dataset.bsTheme = name;
    },
  };
  root.classList.add("js");
  apply();
  system.addEventListener("change", apply);
  // Paper is white.
  window.addEventListener("beforeprint", () => (root.dataset.bsTheme = "light"));
  window.addEventListener("afterprint", apply);
})();
