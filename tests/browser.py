"""A real Chromium that notes everything it complains about."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Tab:
    """One page, and the errors and policy violations that its console showed."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@contextmanager
def open_tab(
    base_url: str | None = None, *, script: bool = True, dark: bool = False
) -> Iterator[Tab]:
    """Open a tab of a fresh browser.

    Close it before the test ends: while Playwright's loop runs in this thread, Django refuses
    the database to it.
    """
    binary = next(filter(None, map(shutil.which, CHROMIUM_NAMES)))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=ARGUMENTS)
        context = chromium.new_context(
            base_url=base_url,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        tab = Tab(context.new_page())
        tab.page.set_default_timeout(5000)
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        tab.page.on(
            "console",
            lambda message: (
                tab.complaints.append(message.text) if message.type == "error" else None
            ),
        )
        yield tab
        chromium.close()
