"""All that can be wrong with the docs, but for what MkDocs finds."""

from handbook import blocks, contents, links, references, setting_values, spoken

QUOTING = ("how-to/troubleshoot.md",)
"""Pages whose tables quote what people see."""


def complaints() -> list[str]:
    """Say what is wrong, a line each."""
    return [
        *(f"{name} is in no folder of docs/ that the menu knows" for name in contents.strays()),
        *links.broken(),
        *blocks.unreadable(),
        *(f"{name} isn't there" for name in blocks.unknown()),
        *setting_values.refused(),
        *(f"docs/{page}: nobody says {text!r}" for page in QUOTING for text in unsaid(page)),
        *stale(),
    ]


def unsaid(page: str) -> list[str]:
    """Give what a page quotes and nobody says."""
    return [text for text in spoken.quoted(contents.DOCS / page) if not spoken.is_said(text)]


def stale() -> list[str]:
    """Name the pages that say something else than the code."""
    return [
        f"{path.relative_to(contents.ROOT)} isn't what the code says: run `make references`"
        for path, made in sorted(references.pages().items())
        if not path.exists() or path.read_text() != made()
    ]
