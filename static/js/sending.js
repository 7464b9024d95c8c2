// Plain forms of the dashboard are sent as links are followed: the document stays, and a form that
// found no answer, or nobody who is logged in, stays with what was typed into it.
(() => {
  "use strict";
  const { follow, fetchPage, inFrame, mayLeave, visit } = window.redisgate.navigation;
  const underway = new WeakSet();

  // A field may be called "action" or "method", and then hides the property.
  const urlOf = (form) => new URL(form.getAttribute("action") ?? "", location.href);
  const methodOf = (form) => (form.getAttribute("method") ?? "get").toLowerCase();

  const isOurs = (form, submitter) =>
    inFrame() &&
    ["get", "post"].includes(methodOf(form)) &&
    urlOf(form).origin === location.origin &&
    !submitter?.hasAttribute("formaction") &&
    !form.closest("[target], [data-full-load]");

  const bodyOf = (form, submitter) => {
    const data = new FormData(form, submitter);
    return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
  };

  const read = (form, submitter) => {
    const url = urlOf(form);
    url.search = bodyOf(form, submitter);
    return visit(url.href);
  };

  const rest = (form, submitter) => window.redisgate.setBusy(submitter ?? form.querySelector('[type="submit"]'), false);

  const send = async (form, submitter) => {
    if (underway.has(form)) return;
    underway.add(form);
    const url = urlOf(form).href;
    const retry = () => form.requestSubmit(buttonIn(form, submitter));
    await follow({ url, form, submitter, retry }, fetchPage(url, { method: "post", body: bodyOf(form, submitter) }));
    underway.delete(form);
    rest(form, submitter);
  };

  // On the window: htmx and whoever else handles a form itself has prevented it by then.
  window.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || !isOurs(form, submitter)) return;
    event.preventDefault();
    const answer = mayLeave();
    if (answer !== true) ask(answer, form, submitter);
    else if (methodOf(form) === "get") read(form, submitter);
    else send(form, submitter);
  });
  const ask = async (answer, form, submitter) => {
    setTimeout(rest, 0, form, submitter); // it turns busy only after this event
    if (!(await answer)) return;
    if (form.isConnected) form.requestSubmit(buttonIn(form, submitter));
    else tellGone();
  };
  // Live news may have replaced either while the question stood.
  const buttonIn = (form, submitter) => (submitter?.form === form ? submitter : null);
  const tellGone = () => {
    document.dispatchEvent(new CustomEvent("page-stays"));
    window.redisgate.toast({ level: "warning", message: "Nothing was sent: this part of the page changed meanwhile. Look at it, then try again." });
  };
})();
