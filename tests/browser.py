"""A real Chromium that notes everything it complains about.

Each process that tests starts one, for all of its tests; each test has a profile of its own.
"""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
WITHOUT = (
    # Each new window would start two processes that draw what the address bar drops down.
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup"),
    # Playwright's own list, because only the last that is given counts.
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades"),
    *("LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints"),
    *("PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning"),
)
"""Features of the browser that no test needs, and that cost more than a page of ours."""

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(WITHOUT)}",
]
PATIENCE_MILLISECONDS = 60_000
"""Only a test that fails waits so long, so a busy machine is given plenty."""

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class Tab:
    """One page, and the errors and policy violations that its console showed."""

    page: Page
    complaints: list[str] = field(default_factory=list)


class Chromium:
    """The browser of this process, started by the first test that wants it."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def awake(self) -> Iterator[Browser]:
        """Let Playwright's loop run in this thread, and be parked for all other code."""
        before = asyncio._get_running_loop()
        asyncio._set_running_loop(self._loop)
        try:
            yield self._running()
        finally:
            asyncio._set_running_loop(before)

    def _running(self) -> Browser:
        if self._playwright is None:
            self._playwright = sync_playwright().start()
            self._loop = asyncio._get_running_loop()
        if self._browser is None or not self._browser.is_connected():
            binary = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
            launch = self._playwright.chromium.launch
            self._browser = launch(executable_path=binary, args=ARGUMENTS)
        return self._browser

    def close(self) -> None:
        if self._playwright is None:
            return
        with self.awake() as browser:
            browser.close()
            self._playwright.stop()


chromium = Chromium()


@contextmanager
def open_tab(
    base_url: str | None = None, *, script: bool = True, dark: bool = False
) -> Iterator[Tab]:
    """Open a tab with a fresh profile.

    Close it before the test ends: while Playwright's loop runs in this thread, Django refuses
    the database to it.
    """
    with chromium.awake() as browser:
        context = browser.new_context(
            base_url=base_url,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        try:
            yield _watched(Tab(context.new_page()))
        finally:
            context.close()


def _watched(tab: Tab) -> Tab:
    tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.page.on(
        "console",
        lambda message: tab.complaints.append(message.text) if message.type == "error" else None,
    )
    return tab
