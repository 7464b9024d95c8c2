// The list below the replies: what a line could become, or lines that were entered before. The
// focus stays in the input, as a combobox has it.
(() => {
  "use strict";

  const part = (name, css, text) => {
    const made = document.createElement(name);
    made.className = css;
    made.textContent = text;
    return made;
  };

  const itemOf = ({ value, note, allowed = true }, place) => {
    const item = part("li", allowed ? "" : "is-refused", "");
    item.id = `console-item-${place}`;
    item.role = "option";
    item.dataset.value = value;
    item.append(part("span", "", value), part("span", "rg-console-about", allowed ? note : `not allowed · ${note}`));
    return item;
  };

  window.redisgate.consoleList = (list, input, taken) => {
    let chosen = -1;

    const close = () => {
      chosen = -1;
      list.hidden = true;
      list.replaceChildren();
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (place) => {
      const items = [...list.children];
      if (!items.length) return;
      chosen = (place + items.length) % items.length;
      items.forEach((item, each) => item.setAttribute("aria-selected", String(each === chosen)));
      items[chosen].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", items[chosen].id);
    };

    const take = () => {
      const value = list.children[chosen]?.dataset.value;
      if (value !== undefined) taken(value);
      close();
    };

    list.addEventListener("pointerdown", (event) => {
      const item = event.target.closest("li");
      if (!item) return;
      event.preventDefault(); // the focus stays in the input
      choose([...list.children].indexOf(item));
      take();
    });

    return {
      open(items) {
        list.replaceChildren(...items.map(itemOf));
        list.hidden = !items.length;
        input.setAttribute("aria-expanded", String(items.length > 0));
        choose(0);
      },
      close,
      take,
      step: (by) => choose(chosen + by),
      isOpen: () => !list.hidden,
    };
  };
})();
