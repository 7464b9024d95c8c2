"""Open what an entry names, as whom it names."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, Route

from gallery import settling
from gallery.entry import Entry
from gallery.modes import LIGHT
from gallery.stage import Stage


class WrongAnswer(Exception):
    """A page answered with another status than its entry says."""


class Visits:
    """Pages of one stage in one browser; each person keeps a profile."""

    def __init__(self, browser: Browser, stage: Stage) -> None:
        self._browser = browser
        self._stage = stage
        self._profiles: dict[str | None, BrowserContext] = {}
        self._windows: dict[str | None, Page] = {}
        """One for each person: to open a window costs more than to load a page."""

    @contextmanager
    def to(self, entry: Entry) -> Iterator[Page]:
        """Open a page and bring it into the entry's state. Raises WrongAnswer."""
        with self._window(entry) as page:
            if entry.before is not None:
                entry.before(page)
            address = self._stage.url + entry.path.format_map(self._stage.facts)
            answer = page.goto(address, wait_until="load" if entry.comes_to_rest else "commit")
            if answer is None or answer.status != entry.status:
                status = answer and answer.status
                raise WrongAnswer(f"{address} answered {status}, not {entry.status}")
            settling.settle(page, waits=entry.comes_to_rest)
            if entry.after is not None:
                entry.after(page)
                settling.settle(page, waits=entry.comes_to_rest)
            yield page

    def close(self) -> None:
        """Close all that was opened."""
        for profile in self._profiles.values():
            profile.close()

    @contextmanager
    def _window(self, entry: Entry) -> Iterator[Page]:
        """Give a window as it was found, or a new one where something is done in it."""
        if entry.before is None and entry.after is None and not entry.is_printed:
            if entry.who not in self._windows:
                self._windows[entry.who] = self._profile(entry.who).new_page()
            page = self._windows[entry.who]
            LIGHT.apply_to_window(page)
            yield page
            return
        profile = self._profile(entry.who)
        page = profile.new_page()
        try:
            LIGHT.apply_to_window(page)
            yield page
        finally:
            profile.set_offline(False)
            page.close()
            if entry.who is None:
                profile.clear_cookies()  # what one visitor has begun is no other's

    def _hand_out(self, route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(path=self._stage.papers / name)

    def _profile(self, who: str | None) -> BrowserContext:
        if who not in self._profiles:
            profile = self._browser.new_context(base_url=self._stage.url, color_scheme="light")
            profile.set_default_timeout(settling.PATIENCE_MILLISECONDS)
            if who is not None:
                value = self._stage.sessions[who]
                profile.add_cookies([{"name": "sessionid", "value": value, "url": self._stage.url}])
            profile.route("**/papers/*", self._hand_out)
            self._profiles[who] = profile
        return self._profiles[who]
