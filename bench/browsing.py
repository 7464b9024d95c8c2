"""What Chromium measures on each page: ``python -m bench.browsing``.

It starts a platform of its own, and opens each page for the first time with an empty cache, again,
and by a link on another page. Times are milliseconds, medians of the rounds: ``paint`` until the
first content shows, ``first`` and ``again`` until all is loaded, ``link`` from the press to the new
page. ``shift`` is the sum of layout shifts (good: below 0.1). Bytes are as they travelled.
"""

import re
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests import platform
from tests.browser import chromium

ROUNDS = 5
VISITED = ("", "accounts/signup/", "accounts/login/")
SECTIONS = ("", "instances/", "api-keys/", "members/", "audit/", "usage/", "settings/")
TABS = ("", "metrics/", "data/", "console/", "settings/")
COLUMNS = ("paint", "first", "again", "link", "shift", "page B", "less", "all B", "requests")

WATCH_SHIFTS = """
window.shift = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
READ = """() => {
  const page = performance.getEntriesByType("navigation")[0];
  const rest = performance.getEntriesByType("resource");
  return {
    "paint": performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
    "load": page.loadEventEnd,
    "shift": window.shift,
    "page B": page.encodedBodySize,
    "less": 1 - page.encodedBodySize / page.decodedBodySize,
    "all B": rest.reduce((sum, each) => sum + each.transferSize, page.transferSize),
    "requests": rest.length + 1,
  };
}"""
PREPARE = """(path) => {
  document.querySelector("#content h1").dataset.old = "";
  const link = document.createElement("a");
  link.id = "onward";
  link.href = path;
  link.textContent = "Onward";
  document.querySelector("#content").prepend(link);
}"""

Figures = Mapping[str, float]


def main() -> None:
    with platform.directory() as data_dir, platform.running(data_dir) as running:
        kit = running.quickstart()
        with chromium.awake() as browser:
            session = _log_in(browser, running.url, kit)
            paths = [f"/{each}" for each in VISITED] + _paths(browser, running.url, session)
            _say("", COLUMNS)
            for path in paths:
                who = None if path.lstrip("/") in VISITED else session
                figures = _measure(partial(_context, browser, running.url, who), path)
                _say(_name(path), [_cell(name, figures[name]) for name in COLUMNS])


def _context(browser: Browser, url: str, session: StorageState | None) -> BrowserContext:
    context = browser.new_context(base_url=url, storage_state=session)
    context.add_init_script(WATCH_SHIFTS)
    return context


def _log_in(browser: Browser, url: str, kit: Mapping[str, str]) -> StorageState:
    context = _context(browser, url, None)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("input[name=login]").fill(kit["email"])
    page.locator("input[name=password]").fill(kit["password"])
    page.get_by_role("button", name="Log in", exact=True).click()
    page.wait_for_url("**/orgs/**")
    session = context.storage_state()
    context.close()
    return session


def _paths(browser: Browser, url: str, session: StorageState) -> list[str]:
    context = _context(browser, url, session)
    page = context.new_page()
    page.goto("/")
    organization = re.sub(r".*(/orgs/[^/]+/).*", r"\1", page.url)
    page.goto(f"{organization}instances/")
    link = page.locator(f"a[href^='{organization}instances/']", has_text="quickstart").first
    instance = link.get_attribute("href")
    context.close()
    return [organization + each for each in SECTIONS] + [f"{instance}{each}" for each in TABS]


def _measure(opened: Callable[[], BrowserContext], path: str) -> Figures:
    rounds = [_once(opened(), path) for _ in range(ROUNDS)]
    return {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}


def _once(context: BrowserContext, path: str) -> Figures:
    page = context.new_page()
    first, again = _opened(page, path), _opened(page, path)
    link = _followed(page, path)
    context.close()
    return {**first, "first": first["load"], "again": again["load"], "link": link}


def _opened(page: Page, path: str) -> dict[str, float]:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    read: dict[str, float] = page.evaluate(READ)
    return read


def _followed(page: Page, path: str) -> float:
    """Go there by a link on the page before; as Playwright sees it, so some milliseconds late."""
    page.goto(path.rsplit("/", 2)[0] + "/")
    page.evaluate(PREPARE, path)
    began = time.perf_counter()
    page.locator("#onward").click()
    page.locator("#content h1:not([data-old])").wait_for()
    return (time.perf_counter() - began) * 1000


def _name(path: str) -> str:
    return re.sub(r"/orgs/[^/]+|[0-9a-f-]{36}", "…", path)


def _cell(name: str, value: float) -> str:
    if name == "less":
        return f"{value:.0%}"
    return f"{value:.3f}" if name == "shift" else f"{value:,.0f}"


def _say(name: str, cells: Sequence[str]) -> None:
    sys.stdout.write(f"{name:<24}" + "".join(f"{cell:>10}" for cell in cells) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
