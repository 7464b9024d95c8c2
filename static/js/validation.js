// A field that is left says what is wrong with it, in the form's own words (data-words-…, written by
// the tag `control`). Whoever sends it anyway gets all errors at once from the server, which decides,
// and stands in the first field that has one.
(() => {
  "use strict";
  const FIELDS = 'form[method="post"] :is(input, select, textarea)[aria-describedby], form[method="post"] :is(.form-control, .form-select)';
  const touched = new WeakSet();

  const wordsFor = (field) => {
    const { validity, dataset } = field;
    if (validity.valid) return "";
    if (validity.valueMissing) return dataset.wordsRequired ?? "";
    if (validity.rangeUnderflow) return dataset.wordsMin ?? `The least is ${field.min}.`;
    if (validity.rangeOverflow) return dataset.wordsMax ?? `The most is ${field.max}.`;
    return dataset.wordsInvalid ?? "";
  };

  const look = (field) => {
    const words = wordsFor(field);
    // Words of the server stay until the field holds something else.
    if (words || field.classList.contains("is-invalid")) window.redisgate.showProblems(field, words ? [words] : []);
  };

  document.addEventListener("input", ({ target }) => {
    if (!target.matches(FIELDS) || !target.id) return;
    touched.add(target);
    if (target.classList.contains("is-invalid")) look(target);
  });
  document.addEventListener("focusout", ({ target }) => {
    if (target.matches?.(FIELDS) && target.id && touched.has(target)) look(target);
  });

  // A refused form is drawn anew: what was focused before is gone.
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (detail.xhr?.status === 422) target.querySelector?.(".is-invalid")?.focus();
  });
})();
