// Nothing is swapped under a finger: a button that is replaced between the press and the release
// gets no click. What arrives meanwhile waits for the release.
(() => {
  "use strict";
  let pressed = null;
  let waiting = [];

  // After the click, which comes right behind the release.
  const release = () =>
    setTimeout(() => {
      const held = waiting;
      pressed = null;
      waiting = [];
      held.forEach((arrive) => arrive());
    });

  document.addEventListener("pointerdown", (event) => (pressed = event.target), true);
  document.addEventListener("pointerup", release, true);
  document.addEventListener("pointercancel", release, true);
  window.addEventListener("blur", release);
  document.addEventListener("pointermove", (event) => pressed && !event.buttons && release(), true);

  // Call this once the finger is up; false where none is down.
  window.redisgate.afterPress = (arrive) => Boolean(pressed && waiting.push(arrive));

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { xhr, target } = event.detail;
    if (event.defaultPrevented || !pressed || !target?.contains(pressed)) return;
    event.preventDefault();
    waiting.push(() => xhr.onload());
  });
})();
