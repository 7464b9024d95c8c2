// What was entered before, kept for this tab alone and for each instance; lines that carry
// passwords are left out, here and wherever else something of a console is kept.
(() => {
  "use strict";
  const MOST = 200;
  const SECRET = /^\s*["']?(auth|hello|acl|config|migrate)\b/i;

  window.redisgate.isSecretLine = (line) => SECRET.test(line);

  window.redisgate.consoleHistory = (instance) => {
    const KEY = `redisgate.console.${instance}`;
    let lines = [];
    let place = 0;
    let draft = "";
    try {
      lines = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    } catch {
      // storage may be forbidden; the history lasts as long as the page then
    }
    place = lines.length;

    return {
      add(line) {
        if (line.trim() && !SECRET.test(line) && line !== lines.at(-1)) {
          lines = [...lines, line].slice(-MOST);
          try {
            sessionStorage.setItem(KEY, JSON.stringify(lines));
          } catch {
            // full or forbidden: as above
          }
        }
        place = lines.length;
      },
      // Steps -1 (older) or 1 (newer) from the line that is shown.
      step(by, shown) {
        if (place === lines.length) draft = shown;
        place = Math.min(Math.max(place + by, 0), lines.length);
        return place === lines.length ? draft : lines[place];
      },
      // Lines that hold the text, the latest first, each once.
      matching: (text) =>
        [...new Set([...lines].reverse())].filter((line) => line.toLowerCase().includes(text.toLowerCase())),
    };
  };
})();
