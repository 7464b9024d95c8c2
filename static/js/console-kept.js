// What the consoles of this document have shown, for whoever comes back from another page. It may be
// data of the organization, so it is held in memory alone, and dropped with it or with the session.
// Lines that carry passwords, and their replies, are not held at all.
(() => {
  "use strict";
  const MOST_CHARACTERS = 500000;
  const MOST_INSTANCES = 5;
  const kept = new Map(); // blocks, by instance; the one that was left last is the last
  let owner = null;

  const organization = () => location.pathname.match(/^\/orgs\/([^/]+)\//)?.[1] ?? owner;
  const sizeOf = (block) => {
    const copies = [...block.querySelectorAll("[data-copy]")].map((button) => button.dataset.copy.length);
    return copies.reduce((sum, length) => sum + length, block.textContent.length);
  };
  const latest = (blocks) => {
    let left = MOST_CHARACTERS;
    const first = blocks.findLastIndex((block) => (left -= sizeOf(block)) < 0);
    return blocks.slice(first + 1);
  };

  window.redisgate.consoleKept = {
    keep(instance, blocks) {
      kept.delete(instance);
      kept.set(instance, latest(blocks.filter((block) => !block.hasAttribute("data-secret"))));
      if (kept.size > MOST_INSTANCES) kept.delete(kept.keys().next().value);
    },
    take: (instance) => kept.get(instance) ?? [],
  };

  document.addEventListener("session-expired", () => kept.clear());
  window.redisgate.onPage("body", () => {
    if (organization() !== owner) kept.clear();
    owner = organization();
  });
})();
