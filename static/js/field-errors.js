// What is wrong with a field, said where the server says it, too: below it and before its help.
(() => {
  "use strict";
  const describe = (field, id, isWrong) => {
    const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
    const ids = isWrong ? [id, ...others] : others;
    if (ids.length) field.setAttribute("aria-describedby", ids.join(" "));
    else field.removeAttribute("aria-describedby");
    if (isWrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    field.classList.toggle("is-invalid", isWrong);
  };

  const placeFor = (field, id) => {
    const box = Object.assign(document.createElement("div"), { id, className: "invalid-feedback" });
    box.setAttribute("role", "alert");
    (field.closest(".input-group, .rg-password") ?? field).after(box);
    return box;
  };

  // No words at all: nothing is wrong any more.
  window.redisgate.showProblems = (field, problems) => {
    const id = `${field.id}_error`;
    const box = document.getElementById(id);
    describe(field, id, problems.length > 0);
    if (!problems.length) return box?.remove();
    const lines = problems.map((words) => Object.assign(document.createElement("div"), { textContent: words }));
    (box ?? placeFor(field, id)).replaceChildren(...lines);
  };
})();
