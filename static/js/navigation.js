// Links of the dashboard change the page and keep the document. Whatever is no page of the
// dashboard (a file, the log-in page, the admin, another release) is opened as the browser does.
(() => {
  "use strict";
  const SHOW_PROGRESS_MS = 120;
  const PREPARED_MS = 3000;
  const { assets, leavePage, personOf, showPage } = window.redisgate;
  const HEADERS = { Accept: "text/html" };
  const OUTSIDE = /^\/(admin|api)\//;
  const WRITES = /^\/invitations\//; // already by being asked for
  const HANDLED = "[hx-get], [hx-post], [data-range], [data-go-on], [data-to-list], [data-full-load], [download]";
  class NoAnswer extends Error {
    name = "NoAnswer";
  }
  let under = null; // the way that is under way
  let prepared = null;
  let shown = location.pathname + location.search;
  const placeInHistory = () => window.navigation?.currentEntry?.index;
  let place = placeInHistory();
  // Where nothing was ever written there is nobody to ask.
  const mayLeave = () => window.redisgate.mayLeave?.() ?? true;

  const isFrame = (page) => Boolean(page.querySelector("[data-frame]"));
  const release = (page) => page.querySelector('meta[name="release"]')?.content;

  const goes = (link) => {
    if (!link || link.target || link.matches(HANDLED)) return false;
    const url = new URL(link.href, location.href);
    return url.origin === location.origin && !OUTSIDE.test(url.pathname) && !isPlace(url);
  };
  // Another place on the page that is shown.
  const isPlace = (url) => url.hash !== "" && url.pathname + url.search === location.pathname + location.search;
  const isPlain = (event) => event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);

  const fetchPage = async (url, options = {}) => {
    const response = await fetch(url, { headers: HEADERS, ...options }).catch((error) => {
      throw error.name === "AbortError" ? error : new NoAnswer();
    });
    const isPage = response.headers.get("Content-Type")?.startsWith("text/html") && !response.headers.has("Content-Disposition");
    if (!isPage) {
      response.body?.cancel(); // the browser asks for it once more
      return { response };
    }
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    page.querySelectorAll("noscript").forEach((each) => each.remove()); // parsed as if there were no script
    return { response, page };
  };

  // What it had to say is said all the same: the server says it once.
  const dropPrepared = () => {
    prepared?.answer.then(({ page }) => page && window.redisgate.tellToasts(page)).catch(() => {});
    clearTimeout(prepared?.timer);
    prepared = null;
  };
  const takePrepared = (url) => {
    if (prepared?.url !== url) {
      dropPrepared();
      return null;
    }
    const before = prepared;
    clearTimeout(before.timer);
    prepared = null;
    return before;
  };
  const mayPrepare = (link) => goes(link) && !WRITES.test(link.pathname) && !link.hasAttribute("data-no-prefetch");
  // A press comes some 80 ms before its click.
  document.addEventListener("pointerdown", (event) => {
    const link = event.target.closest?.("a[href]");
    if (event.pointerType !== "mouse" || !isPlain(event) || !inFrame() || !mayPrepare(link)) return;
    dropPrepared();
    const controller = new AbortController();
    const answer = fetchPage(link.href, { signal: controller.signal });
    answer.catch(() => {}); // whoever follows the link is told
    prepared = { url: link.href, answer, controller, timer: setTimeout(dropPrepared, PREPARED_MS) };
  });

  const inFrame = () => isFrame(document) && window.htmx;
  const parts = (page) => [...page.querySelectorAll("[data-page-part]")];

  const swap = (place, incoming) => {
    const content = document.createDocumentFragment();
    content.append(...document.adoptNode(incoming).childNodes);
    window.htmx.swap(place, content, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 0, ignoreTitle: true });
  };
  const draw = (page) => {
    for (const part of parts(page)) {
      const place = document.getElementById(part.id);
      if (place.id === "content" || place.innerHTML !== part.innerHTML) swap(place, part);
    }
    document.title = page.title;
    const token = document.querySelector('meta[name="csrf-token"]');
    token.content = page.querySelector('meta[name="csrf-token"]').content;
    window.redisgate.takeToasts(page);
  };

  // A document is one person's, of one release.
  const fits = (page) =>
    page &&
    isFrame(page) &&
    personOf(page) === personOf(document) &&
    release(page) === release(document) &&
    parts(page).every((part) => document.getElementById(part.id));

  // What is remembered of a page, for whoever comes back to it.
  let scrolled = 0;
  document.addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => {
      const isHere = location.pathname + location.search === shown;
      if (inFrame() && isHere) history.replaceState({ ...history.state, scroll: scrollY }, "");
    }, 150);
  });
  const keepPlace = (from) => {
    const focus = from?.closest?.("#content") ? from.getAttribute("href") : null;
    history.replaceState({ ...history.state, scroll: scrollY, focus }, "");
  };

  const progress = (way) => {
    const bar = document.getElementById("progress");
    const timer = setTimeout(() => {
      bar.hidden = false;
    }, SHOW_PROGRESS_MS);
    way.end = () => {
      clearTimeout(timer);
      if (under === way) bar.hidden = true;
    };
  };

  // Something that is no page of the dashboard. What its page had to say goes along.
  const leaveDocument = (way, { response, page }) => {
    if (page) window.redisgate.keepToasts(page);
    location.assign((response.redirected || way.form) && page ? response.url : way.url);
  };

  const isRefusal = (way, { response, page }) => way.form && response.status >= 400 && page?.querySelector("[data-error-page]");

  // Somebody who has chosen another page meanwhile stays there, and still gets the words.
  const arriveLate = (way, answer) => {
    const retry = way.form?.isConnected ? way.retry : null;
    if (isRefusal(way, answer)) window.redisgate.tellRefusal({ ...way, retry }, answer);
    else if (answer.page) window.redisgate.tellToasts(answer.page);
  };

  const arrive = async (way, answer) => {
    if (under !== way) return arriveLate(way, answer);
    const { response, page } = answer;
    const to = new URL(response.url || way.url, location.href);
    if (!to.hash) to.hash = new URL(way.url, location.href).hash;
    if (window.redisgate.isLogin(to.href)) return window.redisgate.askToLogIn(way, to);
    if (isRefusal(way, answer)) return window.redisgate.tellRefusal(way, answer);
    if (!fits(page)) return leaveDocument(way, answer);
    await assets.load(page);
    if (under === way) show(way, to, page);
    else arriveLate(way, answer);
  };

  const show = (way, to, page) => {
    leavePage();
    if (!way.isBack) {
      keepPlace(way.link);
      history[to.href === location.href ? "replaceState" : "pushState"](null, "", to.href);
    }
    moved();
    assets.use(page);
    draw(page);
    showPage();
    window.redisgate.settlePlace(way.isBack ? history.state : null);
  };

  const follow = async (way, answer) => {
    under?.controller?.abort();
    under = way;
    progress(way);
    try {
      await arrive(way, await answer);
    } catch (error) {
      const isHere = under === way || (error.name === "NoAnswer" && way.form?.isConnected);
      if (isHere && error.name !== "AbortError") window.redisgate.wayFailed(error, way);
    } finally {
      way.end();
    }
  };

  const visit = (url, { link = null, isBack = false } = {}) => {
    if (!inFrame()) return location.assign(url);
    const answer = mayLeave();
    if (answer !== true) return answer.then((isYes) => isYes && visit(url, { link, isBack }));
    const href = new URL(url, location.href).href;
    const before = takePrepared(href);
    const controller = before?.controller ?? new AbortController();
    const way = { url: href, link, isBack, controller, retry: () => visit(href, { link, isBack }) };
    return follow(way, before?.answer ?? fetchPage(href, { signal: controller.signal }));
  };

  // On the window: whoever handles a click itself has prevented it by then.
  window.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (event.defaultPrevented || !isPlain(event) || !inFrame() || !goes(link)) return;
    event.preventDefault();
    visit(link.href, { link });
  });

  // Before htmx, which would draw the page without its stylesheets and scripts.
  window.addEventListener("popstate", (event) => {
    if (!inFrame()) return;
    event.stopImmediatePropagation();
    if (location.pathname + location.search === shown) return moved(); // another place on this page
    const answer = mayLeave();
    if (answer === true) visit(location.href, { isBack: true });
    else stayUntil(answer);
  });
  // The address has changed already: it waits at the page that is still shown.
  const stayUntil = (answer) => {
    const way = placeInHistory() - place || -1;
    history.go(-way);
    answer.then((isYes) => isYes && history.go(way));
  };
  const moved = () => {
    shown = location.pathname + location.search;
    place = placeInHistory();
  };
  document.addEventListener("htmx:pushedIntoHistory", moved);
  document.addEventListener("htmx:replacedInHistory", moved);

  // The browser's own way is right whenever the document itself is new.
  window.addEventListener("pagehide", () => {
    history.scrollRestoration = "auto";
  });
  window.addEventListener("pageshow", () => {
    if (inFrame()) history.scrollRestoration = "manual";
  });

  Object.assign(window.redisgate, {
    visit,
    navigation: { follow, fetchPage, inFrame, mayLeave, visit },
    // A script that changes the address and draws by itself.
    pushAddress(url) {
      history.pushState(null, "", url);
      moved();
    },
  });
})();
