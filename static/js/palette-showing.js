// What the palette shows: groups of [heading, entries] in order, out of what it knows. Pure.
(() => {
  "use strict";
  const ROWS = 40;
  const FOUND_SCORE = 30; // what the server found by something that isn't shown
  const RECENT_BONUS = 12;
  const WEIGHTS = { Actions: 0, Account: 0, Pages: 1 }; // of what fits alike, people mean their own things
  const { wordsOf, fitOf } = window.redisgate;

  const grouped = (entries) => {
    const groups = new Map();
    for (const entry of entries) groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
    return [...groups];
  };

  // `recent` are ids, the newest first; `here` is the beginning of the ids of the page's instance.
  const unasked = ({ always, recent, here }) => {
    const known = new Map(always.map((entry) => [entry.id, entry]));
    const last = recent.map((id) => known.get(id)).filter(Boolean);
    const others = always.filter((entry) => !last.includes(entry));
    const ofPage = others.filter((entry) => entry.id.startsWith(here));
    const rest = others.filter((entry) => !entry.id.startsWith("instance:") && !entry.id.startsWith("key:"));
    return [["Used last", last], ["This instance", ofPage], ...grouped(rest)].filter(([, entries]) => entries.length);
  };

  const scored = (entry, text, recent) => {
    const { score, letters } = fitOf(wordsOf(text), entry.label, entry.words);
    const least = entry.answers === text ? FOUND_SCORE - entry.place / ROWS : 0;
    const bonus = recent.includes(entry.id) ? RECENT_BONUS - recent.indexOf(entry.id) : 0;
    const best = Math.max(score, least);
    return { ...entry, letters, score: best && best + bonus + (WEIGHTS[entry.group] ?? 2) };
  };
  const fitting = ({ always, found, text, recent }) => {
    const all = new Map([...always, ...found].map((entry) => [entry.id, entry]));
    const fits = [...all.values()].map((entry) => scored(entry, text, recent)).filter((entry) => entry.score);
    return grouped(fits.sort((one, other) => other.score - one.score).slice(0, ROWS));
  };

  const question = (asking) => [
    [asking.asks, [{ ...asking, id: "yes", letters: null }, { id: "no", label: "Cancel", icon: "x", does: "nothing" }]],
  ];

  window.redisgate.paletteGroups = (known) => {
    if (known.asking) return question(known.asking);
    return known.text ? fitting(known) : unasked(known);
  };
})();
