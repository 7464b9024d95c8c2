// How well words fit a text, and which of its letters: palette/matching.py judges by the same
// measure, so that what the server finds and what the page knows stand in one order.
(() => {
  "use strict";
  const WHOLE = 100;
  const BEGINS_TEXT = 90;
  const BEGINS_WORD = 80;
  const WITHIN = 60;
  const SCATTERED = 40;
  const GAP = 3;
  const LETTER = /[\p{L}\p{N}]/u;

  const beginsWord = (text, at) => at === 0 || !LETTER.test(text[at - 1]);
  const places = (part, text) => {
    const found = [];
    for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
    return found;
  };
  const run = (at, length) => Array.from({ length }, (_, index) => at + index);

  // The letters of a word that follow each other from here with no more than a few between them.
  const following = (word, text, from) => {
    const letters = [from];
    for (const letter of word.slice(1)) {
      const last = letters.at(-1);
      const next = text.indexOf(letter, last + 1);
      if (next < 0 || next > last + 1 + GAP) return null;
      letters.push(next);
    }
    return letters;
  };

  const fit = (word, text) => {
    if (word === text) return { score: WHOLE, letters: run(0, word.length) };
    if (text.startsWith(word)) return { score: BEGINS_TEXT, letters: run(0, word.length) };
    const within = places(word, text);
    if (within.length) {
      const at = within.find((each) => beginsWord(text, each));
      return { score: at === undefined ? WITHIN : BEGINS_WORD, letters: run(at ?? within[0], word.length) };
    }
    for (const at of places(word[0], text)) {
      const letters = beginsWord(text, at) && following(word, text, at);
      if (letters) return { score: SCATTERED, letters };
    }
    return { score: 0, letters: [] };
  };

  window.redisgate.wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);

  // What else there is counts for half, and has no letters to mark.
  window.redisgate.fitOf = (words, label, more = "") => {
    const fits = words.map((word) => {
      const seen = fit(word, label.toLowerCase());
      const unseen = Math.floor(fit(word, more.toLowerCase()).score / 2);
      return unseen > seen.score ? { score: unseen, letters: [] } : seen;
    });
    const letters = new Set(fits.flatMap((each) => each.letters));
    if (!fits.length || fits.some((each) => !each.score)) return { score: 0, letters };
    return { score: fits.reduce((sum, each) => sum + each.score, 0) / fits.length, letters };
  };
})();
