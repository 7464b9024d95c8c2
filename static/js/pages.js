// Pages follow each other in one document. What a script starts for a page ends with that page:
// `onPage` calls start(root, signal) for each element that fits, now and on every later page, and
// aborts the signal when the page is left.
(() => {
  "use strict";
  const starters = [];
  let stay = new AbortController();
  let isShown = false;

  const begin = ({ selector, start }) => {
    for (const root of document.querySelectorAll(selector)) {
      try {
        start(root, stay.signal);
      } catch (error) {
        reportError(error); // one broken part must not take the others with it
      }
    }
  };

  const showPage = () => {
    isShown = true;
    starters.forEach(begin);
  };
  const leavePage = () => {
    isShown = false;
    stay.abort();
    stay = new AbortController();
  };

  document.addEventListener("DOMContentLoaded", showPage);
  Object.assign(window.redisgate, {
    showPage,
    leavePage,
    // Tells an answer that comes late from one of the page that is open.
    page: () => stay.signal,
    onPage(selector, start) {
      const starter = { selector, start };
      starters.push(starter);
      if (isShown) begin(starter);
    },
  });
})();
