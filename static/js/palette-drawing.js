// The palette's groups and rows as elements, with the letters that were typed marked.
(() => {
  "use strict";
  const labelled = (place, { label, letters }) => {
    if (!letters?.size || label.toLowerCase().length !== label.length) {
      place.textContent = label;
      return;
    }
    for (const [index, letter] of [...label.split("")].entries()) {
      const isMarked = letters.has(index);
      const last = place.lastChild;
      if (last && (last.nodeName === "MARK") === isMarked) last.textContent += letter;
      else place.append(isMarked ? Object.assign(document.createElement("mark"), { textContent: letter }) : letter);
    }
  };
  const keysOf = (keys) =>
    keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key.toUpperCase() }));
  const rowOf = (entry, number) => {
    const row = document.getElementById("palette-row").content.firstElementChild.cloneNode(true);
    row.id = `palette-row-${number}`;
    if (entry.href) row.href = entry.href;
    const use = row.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${entry.icon}`));
    labelled(row.querySelector("[data-label]"), entry);
    row.querySelector("[data-note]").textContent = entry.note ?? "";
    if (entry.keys && window.redisgate.singleKeys()) row.querySelector("[data-keys]").append(...keysOf(entry.keys));
    return row;
  };
  const groupOf = (heading, rows, index) => {
    const group = document.getElementById("palette-group").content.firstElementChild.cloneNode(true);
    const title = group.querySelector("[data-heading]");
    title.id = `palette-group-${index}`;
    title.textContent = heading;
    group.setAttribute("aria-labelledby", title.id);
    group.append(...rows);
    return group;
  };

  // Rows are numbered through all groups.
  window.redisgate.paletteElements = (groups) => {
    let number = 0;
    return groups.map(([heading, entries], index) => groupOf(heading, entries.map((entry) => rowOf(entry, number++)), index));
  };
})();
