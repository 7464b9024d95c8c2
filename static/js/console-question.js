// The question before a dangerous command. The server asks it and checks the answer; this only
// shows it and sends what was typed.
(() => {
  "use strict";

  window.redisgate.consoleQuestion = (place, { answered, cancelled }) => {
    const close = () => {
      place.hidden = true;
      place.replaceChildren();
    };

    const ask = ({ text, phrase, destroys, token }) => {
      const form = document.getElementById("console-question").content.firstElementChild.cloneNode(true);
      const typed = form.querySelector("input");
      const run = form.querySelector('[type="submit"]');
      const cancel = form.querySelector("[data-cancel]");
      form.querySelector("[data-text]").textContent = text;
      form.querySelector("[data-typing]").hidden = !phrase;
      form.querySelector("[data-phrase-shown]").textContent = phrase;
      run.classList.toggle("btn-danger", destroys);
      run.disabled = Boolean(phrase);
      const wrong = form.querySelector("[data-wrong]");
      typed.addEventListener("input", () => {
        run.disabled = typed.value.trim() !== phrase;
        wrong.hidden = true;
      });
      // Enter presses no button that is disabled, so nobody else would say why.
      typed.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !run.disabled) return;
        wrong.hidden = false;
        wrong.textContent = `That isn't the name. Type ${phrase}.`;
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const answer = typed.value;
        close();
        answered(token, answer);
      });
      const leave = () => {
        close();
        cancelled();
      };
      cancel.addEventListener("click", leave);
      form.addEventListener("keydown", (event) => {
        if (event.key === "Escape" || (event.ctrlKey && event.key === "c")) {
          event.preventDefault();
          leave();
        }
      });
      place.replaceChildren(form);
      place.hidden = false;
      // What can't be undone must not be a second press on Enter away.
      (phrase ? typed : destroys ? cancel : run).focus();
    };

    return { ask, close };
  };
})();
