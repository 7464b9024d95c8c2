// The server's own manual: what a line could become, and help for what it is.
(() => {
  "use strict";
  const MOST = 50;
  let entries = [];

  const normal = (line) => line.trimStart().replace(/\s+/g, " ").toUpperCase();

  // The longest name that the line begins with: CLIENT LIST rather than CLIENT.
  const find = (line) => {
    const words = normal(line).split(" ");
    const named = (name) => entries.find((entry) => entry.name === name);
    return named(words.slice(0, 2).join(" ")) ?? named(words[0]);
  };

  const completions = (line) => {
    const typed = normal(line);
    if (!typed || entries.some((entry) => typed.startsWith(`${entry.name} `) && !hasBelow(entry.name))) return [];
    return entries.filter((entry) => entry.name.startsWith(typed)).slice(0, MOST);
  };
  const hasBelow = (name) => entries.some((entry) => entry.name.startsWith(`${name} `));

  const NOT_ALLOWED = "Not available in the console, or not with these rights.";

  const hint = (line) => {
    const entry = find(line);
    if (!entry) return "";
    const usage = `${entry.name} ${entry.syntax}`.trim();
    return `${usage}: ${entry.summary}${entry.allowed ? "" : ` ${NOT_ALLOWED}`}`;
  };

  const help = (line) => {
    const wanted = normal(line);
    if (!wanted) {
      return "HELP <command> explains a command, Tab completes one.\nCLEAR or Ctrl+L clears the screen, EXIT goes back to the instance.\nCtrl+C or Stop ends what is running. Ctrl+R searches what you entered before.\nPasted lines run one after another, up to the first error.";
    }
    const found = entries.filter((entry) => entry.name === wanted || entry.name.startsWith(`${wanted} `));
    if (!found.length) return `The server knows no command ${wanted}.`;
    return found
      .map((entry) =>
        [
          `  ${entry.name} ${entry.syntax}`.trimEnd(),
          `  summary: ${entry.summary}`,
          entry.complexity && `  complexity: ${entry.complexity}`,
          `  since: ${entry.since}`,
          entry.allowed ? "" : `  ${NOT_ALLOWED}`,
        ].filter(Boolean).join("\n"),
      )
      .join("\n\n");
  };

  window.redisgate.consoleManual = {
    load: (manual) => {
      entries = manual;
    },
    completions,
    hint,
    help,
  };
})();
