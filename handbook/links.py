"""Whether what is referred to is there: links and anchors of all Markdown, and the code's words.

MkDocs checks the pages of docs/ among themselves as it makes the site. This looks at README.md and
CHANGELOG.md, too, follows links into the source, and finds each `docs/….md` that code, alerts or
configuration name.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pymdownx.slugs import slugify

from handbook.contents import DOCS, ROOT

FENCE = re.compile(r"^ *(```|~~~).*?^ *\1 *$", re.M | re.S)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} (.+?)(?: #+)?$", re.M)
EXTERNAL = re.compile(r"^(https?|mailto|redis|rediss):")
NAMED = re.compile(r"(?<![\w/.])docs/[\w./-]+?\.(?:md|png)(?:#[\w-]+)?")
SPOKEN = {".py", ".yml", ".yaml", ".html", ".json", ".toml", ".service", ".sh", ".conf", ".example"}
APART = {".git", ".venv", "var", "node_modules", "vendor", "staticfiles", "docs"}
_slug = slugify(case="lower")


def broken() -> list[str]:
    """Name every reference that leads nowhere, with its place."""
    return sorted([*_in_markdown(), *_in_code()])


@cache
def anchors(path: Path) -> frozenset[str]:
    """Give the anchors of a page; headings of one name are numbered."""
    found: dict[str, int] = {}
    names = set()
    for heading in HEADING.findall(FENCE.sub("", path.read_text())):
        words = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", heading).replace("`", "")
        name = _slug(words, "-")
        times = found[name] = found.get(name, -1) + 1
        names.add(f"{name}_{times}" if times else name)
    return frozenset(names)


def _in_markdown() -> Iterator[str]:
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]:
        text = CODE.sub("", FENCE.sub("", path.read_text()))
        for markdown, html in LINK.findall(text):
            address = markdown or html
            if EXTERNAL.match(address):
                continue
            target, _, anchor = address.partition("#")
            if why := _missing((path.parent / target).resolve() if target else path, anchor):
                yield f"{path.relative_to(ROOT)}: {address} {why}"


def _in_code() -> Iterator[str]:
    for path in _spoken():
        for name in NAMED.findall(path.read_text(errors="replace")):
            target, _, anchor = name.partition("#")
            if why := _missing(ROOT / target, anchor):
                yield f"{path.relative_to(ROOT)}: {name} {why}"


def _spoken() -> Iterator[Path]:
    """Give the files, other than the docs, in which people read the name of a page."""
    for folder in (ROOT, *(each for each in ROOT.iterdir() if each.is_dir())):
        if folder.name not in APART and not folder.is_symlink():
            files = folder.iterdir() if folder == ROOT else folder.rglob("*")
            yield from (
                each
                for each in sorted(files)
                if each.suffix in SPOKEN and each.is_file() and not APART & set(each.parts)
            )


def _missing(target: Path, anchor: str) -> str:
    if not target.exists():
        return "isn't there"
    if target.is_relative_to(DOCS) and target.is_dir():
        return "is a folder: name a page"
    if anchor and target.suffix == ".md" and anchor not in anchors(target):
        return "has no such heading"
    return ""
