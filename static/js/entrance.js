// Signing up: each field is checked by the server as it is left, and a password is told how good it is.
(() => {
  "use strict";
  const TYPING_MS = 400;
  const GOOD_LENGTH = 10;
  const STRONG_LENGTH = 16;

  const blockOf = (input) => input.closest("[data-field]");
  const errorIn = (block) => block.querySelector(".invalid-feedback");

  const check = async (input) => {
    const value = input.value;
    if (!value) return;
    const body = new FormData(input.form);
    body.set("field", input.name);
    const answer = await fetch(input.form.dataset.check, { method: "POST", body }).catch(() => null);
    // What can't be checked now is checked when the form is sent.
    if (answer?.ok && input.value === value) window.redisgate.showProblems(input, (await answer.json()).problems);
  };

  const isChecked = (element) => Boolean(element.form?.dataset.check && blockOf(element));
  document.addEventListener("focusout", (event) => {
    if (isChecked(event.target)) check(event.target);
  });
  let timer = 0;
  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!isChecked(input) || !errorIn(blockOf(input))) return;
    clearTimeout(timer);
    timer = setTimeout(() => check(input), TYPING_MS);
  });

  const words = (password) => {
    const missing = GOOD_LENGTH - password.length;
    if (missing > 0) return ["weak", `Too short: ${missing} more character${missing > 1 ? "s" : ""}.`];
    if (new Set(password).size < 5) return ["weak", "Weak: it repeats itself."];
    return password.length < STRONG_LENGTH ? ["good", "Good. Longer is better still."] : ["strong", "Strong."];
  };
  document.addEventListener("input", (event) => {
    const said = document.querySelector(`[data-strength-of="${event.target.id}"]`);
    if (!said) return;
    const [level, text] = words(event.target.value);
    said.hidden = !event.target.value;
    said.dataset.level = level;
    said.textContent = text;
  });
})();
