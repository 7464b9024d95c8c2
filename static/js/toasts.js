// Toasts: server-rendered ones from Django's messages, later ones from the `toast` event that
// a response announces with HX-Trigger: {"toast": {"level", "message", "title"?, "href"?, "action"?}}.
(() => {
  "use strict";
  const LEVELS = { success: "circle-check", info: "info-circle", warning: "alert-triangle", error: "alert-circle" };
  const SECONDS = 5;
  const MOST = 3;
  const KEPT = "redisgate.toasts";

  const region = () => document.getElementById("toasts");

  const dismiss = (toast) => {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 180);
  };

  // Errors stay until they are closed: they say what to do next.
  const arm = (toast) => {
    toast.querySelector("[data-toast-close]").addEventListener("click", () => dismiss(toast));
    if (toast.dataset.level === "error" || toast.dataset.level === "warning") return;
    let timer = setTimeout(dismiss, SECONDS * 1000, toast);
    toast.addEventListener("pointerenter", () => clearTimeout(timer));
    toast.addEventListener("pointerleave", () => {
      timer = setTimeout(dismiss, SECONDS * 500, toast);
    });
  };

  const fillReference = (toast, reference) => {
    const place = toast.querySelector("[data-toast-reference]");
    place.hidden = !reference;
    place.querySelector("code").textContent = reference ?? "";
    place.querySelector("[data-copy]").dataset.copy = reference ?? "";
  };

  const fillRetry = (toast, retry) => {
    const button = toast.querySelector("[data-toast-retry]");
    button.hidden = !retry;
    button.addEventListener("click", () => {
      toast.remove();
      retry();
    });
  };

  // What failed is named where it can be tried again: two actions may fail with the same words.
  const titleOf = ({ title, about, retry }) => [retry && about, title].filter(Boolean).join(": ");

  const fill = (toast, level, detail) => {
    const { message, href, action, target, reference, retry, isUnanswered } = detail;
    const title = titleOf(detail);
    toast.dataset.level = level;
    toast.toggleAttribute("data-unanswered", Boolean(isUnanswered));
    const use = toast.querySelector(".rg-toast-icon use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${LEVELS[level]}`));
    toast.querySelector(".rg-toast-title").textContent = title;
    toast.querySelector(".rg-toast-title").hidden = !title;
    toast.querySelector(".rg-toast-text").textContent = message;
    const link = toast.querySelector(".rg-toast-action");
    link.hidden = !href;
    if (href) {
      link.href = href;
      link.target = target ?? "";
      link.textContent = action || "Open";
    }
    fillReference(toast, reference);
    fillRetry(toast, retry);
  };

  const says = (toast, part, words) => toast.querySelector(part).textContent === words;
  const saying = (detail) =>
    [...region().querySelectorAll(".rg-toast")].filter(
      (toast) => says(toast, ".rg-toast-text", detail.message) && says(toast, ".rg-toast-title", titleOf(detail)),
    );

  // The same words of the same action are there once, with what was asked last to try again.
  const isSaid = (detail) => {
    const same = saying(detail);
    if (detail.retry) same.forEach((toast) => toast.remove());
    return same.length > 0 && !detail.retry;
  };

  const makeRoom = () => {
    const toasts = [...region().querySelectorAll(".rg-toast:not(.is-leaving)")];
    toasts.slice(0, Math.max(0, toasts.length - MOST)).forEach((toast) => toast.remove());
  };

  const show = (detail) => {
    const spoken = detail.level === "danger" ? "error" : detail.level;
    const level = spoken in LEVELS ? spoken : "info";
    if (isSaid(detail)) return;
    const toast = document.getElementById("toast-template").content.firstElementChild.cloneNode(true);
    fill(toast, level, detail);
    settle();
    region().append(toast);
    makeRoom();
    arm(toast);
  };

  // Toasts that a page brings along, where only its content takes the place of another's. What an
  // earlier page still says is over.
  const take = (page) => {
    const news = [...page.querySelectorAll("#toasts .rg-toast")].map((toast) => document.adoptNode(toast));
    region().querySelectorAll(".rg-toast").forEach((toast) => toast.remove());
    region().append(...news);
  };

  const wordsOf = (page) =>
    [...page.querySelectorAll("#toasts .rg-toast")].map((toast) => ({
      level: toast.dataset.level,
      message: toast.querySelector(".rg-toast-text").textContent,
    }));

  // The same where the document is given up, too: the next one finds them in this tab.
  const keep = (page) => {
    const kept = wordsOf(page);
    if (kept.length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
  };
  const showKept = () => {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    sessionStorage.removeItem(KEPT);
    kept.forEach(show);
  };

  // Nothing outside of an open dialog can be pressed, so the toasts go into it and out again.
  const settle = () => {
    const place = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
    if (region() && region().parentElement !== place) place.append(region());
  };
  const leaveDialog = () => region()?.closest("dialog") && document.body.append(region());
  document.addEventListener("close", leaveDialog, true);
  document.addEventListener("htmx:beforeSwap", leaveDialog);

  document.addEventListener("connected", () => region()?.querySelectorAll("[data-unanswered]").forEach(dismiss));

  window.redisgate.toast = show;
  window.redisgate.takeToasts = take;
  window.redisgate.keepToasts = keep;
  // What a page that nobody opens had to say.
  window.redisgate.tellToasts = (page) => wordsOf(page).forEach(show);
  document.addEventListener("toast", (event) => {
    for (const detail of [].concat(event.detail.toasts ?? event.detail)) show(detail);
  });
  window.redisgate.onPage("#toasts .rg-toast", arm);
  window.redisgate.onPage("#toasts", showKept);
})();
