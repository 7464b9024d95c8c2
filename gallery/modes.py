"""How a page is looked at. One page goes through all of them without being loaded again."""

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

from gallery import settling


@dataclass(frozen=True, slots=True)
class Mode:
    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    forced: Literal["active", "none"] = "none"
    """Whether the system's own colours take the place of ours."""

    def apply(self, page: Page) -> None:
        """Look at an open page like this, and wait until it has followed."""
        self.apply_to_window(page)
        settling.settle(page, waits=False)

    def apply_to_window(self, page: Page) -> None:
        page.set_viewport_size({"width": self.width, "height": self.height})
        page.emulate_media(color_scheme=self.scheme, forced_colors=self.forced)


LIGHT = Mode("light", 1280, 800, "light")
DARK = Mode("dark", 1280, 800, "dark")
PHONE = Mode("phone", 390, 844, "light")
PHONE_DARK = Mode("phone-dark", 390, 844, "dark")
NARROW = Mode("narrow", 320, 640, "light")
"""What 400 % of zoom leaves of a window of 1280 pixels: WCAG 1.4.10."""
FORCED = Mode("forced", 1280, 800, "dark", forced="active")
ALL = (LIGHT, DARK, PHONE, PHONE_DARK)
