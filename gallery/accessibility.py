"""What axe-core finds on a page that is open, in words that say what to mend."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from gallery.modes import Mode
from tests.platform import ROOT

SOURCE = ROOT / "tests" / "clients" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = (*("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),)
CONTRAST = "color-contrast"

_RUN = """async rules => {
    const options = { resultTypes: ["violations"], ...rules };
    return (await axe.run(document, options)).violations;
}"""
_WIDEST = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return null;
    const beyond = [...document.body.querySelectorAll("*")].filter(
        each => each.getBoundingClientRect().right > width + 1);
    return (beyond.at(-1) ?? document.body).outerHTML.slice(0, 160);
}"""
_ALL: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
}
_CONTRAST = {"runOnly": {"type": "rule", "values": [CONTRAST]}}
_ALL_ELSE = {**_ALL, "rules": {**_ALL["rules"], CONTRAST: {"enabled": False}}}


class Part(Enum):
    """Which rules to check."""

    ALL = "all"
    CONTRAST = "contrast"
    ALL_ELSE = "all but contrast"


_OPTIONS = {Part.ALL: _ALL, Part.CONTRAST: _CONTRAST, Part.ALL_ELSE: _ALL_ELSE}


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule that one element breaks."""

    page: str
    mode: str
    rule: str
    element: str
    mending: str

    def __str__(self) -> str:
        return f"{self.page} ({self.mode}): {self.rule}\n    {self.element}\n    {self.mending}"


def violations(page: Page, name: str, mode: Mode, part: Part = Part.ALL) -> list[Violation]:
    """Check a page as it stands."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_source())
    return list(_read(page.evaluate(_RUN, _OPTIONS[part]), name, mode))


def cut_off(page: Page, name: str, mode: Mode) -> list[Violation]:
    """Find what makes the page wider than its window, which WCAG 1.4.10 forbids."""
    widest = page.evaluate(_WIDEST)
    if widest is None:
        return []
    mending = f"Let it wrap, or scroll within itself: the page is wider than {mode.width} px."
    return [Violation(name, mode.name, "reflow", widest, mending)]


def _read(found: Sequence[dict[str, Any]], name: str, mode: Mode) -> Iterator[Violation]:
    for each in found:
        for node in each["nodes"]:
            target = " ".join(map(str, node["target"]))
            mending = " ".join(node["failureSummary"].split())
            yield Violation(name, mode.name, each["id"], f"{target}  {node['html'][:160]}", mending)


@cache
def _source() -> str:
    if not Path(SOURCE).exists():
        raise FileNotFoundError("axe-core is missing. Run .ci/clients, which installs it.")
    return SOURCE.read_text()
