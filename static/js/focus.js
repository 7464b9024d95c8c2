// What is replaced while somebody works in it keeps its focus and its open menus. Where what had
// the focus is gone, its successor has it, or what is nearest to where it was.
(() => {
  "use strict";
  const NAMES = ["name", "href", "aria-label", "data-copy", "hx-post", "hx-get", "value"];
  let before = null;

  // What makes an element the same to whoever looks at it.
  const nameOf = (element) => `${element.tagName} ${NAMES.map((name) => element.getAttribute(name)).join(" ")} ${element.textContent.trim().slice(0, 60)}`;

  const remember = () => {
    const element = document.activeElement;
    const openMenus = [...document.querySelectorAll("details.rg-menu[open][id]")].map((menu) => menu.id);
    const places = [];
    for (let each = element?.parentElement; each && each !== document.body; each = each.parentElement) {
      if (each.id) places.push(each.id);
    }
    before = { element, id: element?.id, name: element && nameOf(element), places, openMenus };
  };

  const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
  const byId = (id) => id && document.getElementById(id);
  const places = () => before.places.map(byId).filter(Boolean);

  const alike = () => {
    const [place] = places();
    const tag = before.element.tagName;
    return place && [...place.querySelectorAll(tag)].find((each) => nameOf(each) === before.name);
  };

  const focusOn = (element) => {
    if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
    element.focus({ preventScroll: true });
    return document.activeElement === element;
  };

  const restore = () => {
    if (!before) return;
    for (const id of before.openMenus) byId(id)?.setAttribute("open", "");
    const { element } = before;
    const isLost = element && element !== document.body && !element.isConnected && document.activeElement === document.body;
    if (isLost) [byId(before.id), alike(), ...places()].some((each) => each && isShown(each) && focusOn(each));
    if (!isLost) before = null;
  };

  for (const name of ["htmx:beforeSwap", "htmx:oobBeforeSwap", "htmx:wsBeforeMessage"]) {
    document.addEventListener(name, () => document.activeElement !== document.body && remember());
  }
  for (const name of ["htmx:afterSettle", "htmx:wsAfterMessage"]) document.addEventListener(name, restore);
  window.redisgate.onPage("body", () => {
    before = null;
  });
})();
