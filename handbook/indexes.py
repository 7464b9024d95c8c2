"""The pages that list other pages: docs/README.md, docs/adr/README.md and the site's menu."""

from collections.abc import Iterable
from typing import Any

from handbook.contents import MODES, Mode, Page, decisions, grouped

INTRODUCTION = """# Documentation

In four modes: to learn, to do, to look up, to understand. `make docs` makes a site of it with a
search, in `var/site`. This list is made from the pages: `make references`.
"""
RECORDS = """# Decisions

What was chosen, what was left, and why; in the order in which it was decided. A record stands
until another one says otherwise. This list is made from the records: `make references`.
"""
END = """
## Decisions

[Decisions](adr/README.md) say what was chosen, what was left, and why.

## Changes

The [changelog](../CHANGELOG.md) says what is different for people who use or run RedisGate.
"""
Menu = list[dict[str, Any]]


def documentation() -> str:
    """Write docs/README.md."""
    lines = [INTRODUCTION]
    for mode in MODES:
        lines += [f"## {mode.title}", "", mode.purpose, ""]
        for heading, pages in grouped(mode):
            if pages:
                lines += [*([f"### {heading}", ""] if heading else []), *_links(pages), ""]
    return "\n".join(lines).rstrip() + "\n" + END


def records() -> str:
    """Write docs/adr/README.md."""
    return (
        "\n".join([RECORDS, *(f"- [{page.title}]({page.path.name})" for page in decisions())])
        + "\n"
    )


def menu() -> Menu:
    """Give the site's menu as MkDocs takes it."""
    adr = [{"All decisions": "adr/README.md"}, *_entries(decisions())]
    return [
        {"Start": "README.md"},
        *({mode.title: _section(mode)} for mode in MODES),
        {"Decisions": adr},
        {"Changelog": "CHANGELOG.md"},
    ]


def _section(mode: Mode) -> Menu:
    entries: Menu = []
    for heading, pages in grouped(mode):
        if pages:
            entries += [{heading: _entries(pages)}] if heading else _entries(pages)
    return entries


def _entries(pages: Iterable[Page]) -> Menu:
    return [{page.title: page.address} for page in pages]


def _links(pages: Iterable[Page]) -> list[str]:
    return [f"- [{page.title}]({page.address})" for page in pages]
