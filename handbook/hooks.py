"""What MkDocs does differently for this site: its menu, and links that leave docs/."""

import posixpath
import re
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from handbook import dialect, indexes
from handbook.contents import ROOT

LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
CHANGELOG = "CHANGELOG.md"
TAKEN_ALONG = (
    "handbook/site.css",
    "static/img/logo.svg",
    "static/vendor/inter/inter-latin-wght-normal.woff2",
    "static/vendor/jetbrains-mono/jetbrains-mono-latin-wght-normal.woff2",
)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Take the menu from the folders."""
    config.nav = indexes.menu()
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Take along what stands elsewhere: the changelog, and the look of the product."""
    text = (ROOT / CHANGELOG).read_text().replace("](docs/", "](")
    files.append(File.generated(config, CHANGELOG, content=text))
    for path in map(ROOT.joinpath, TAKEN_ALONG):
        files.append(File.generated(config, f"look/{path.name}", abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Turn a link to a file of the source, which the site doesn't have, into the file's name."""
    here = posixpath.dirname(page.file.src_uri)
    if page.is_homepage:
        page.meta["hide"] = ["navigation"]

    def place(found: re.Match[str]) -> str:
        words, address, anchor = found[1], found[2], found[3] or ""
        target = posixpath.normpath(posixpath.join("docs", here, address))
        if ":" in address or target.startswith("docs/"):
            return found[0]
        if target == CHANGELOG:
            return f"[{words}]({posixpath.relpath(CHANGELOG, here or '.')}{anchor})"
        return f"{words} (`{target}`)" if target not in words else words

    return dialect.roomy(LINK.sub(place, markdown))
