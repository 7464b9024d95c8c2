"""The values that the docs have people set, held against what the settings accept."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from handbook.blocks import pages
from handbook.contents import ROOT
from redisgate import settings
from redisgate.lib.env import BadSetting, Environment

SOURCE = Path(settings.__file__)
GIVEN = re.compile(
    r"(?<![\w$])([A-Z][A-Z0-9_]+)(?:=([\w.:/+@,?%&=~-]++)|` to `?(\d++))"
    r"(?=[.,:;?!]*(?:[\s`'\")\]|]|\Z))"
)
"""`NAME=value` anywhere, and in sentences “set `NAME` to 5”, where what follows ends a value.

One that goes on, with `…` or `$HOST` or `<host>`, is only a part.
"""
OF_A_MACHINE = {"INSTANCE_BINARY"}
"""Whether these can work depends on what is installed there."""


class _Given(Environment):
    """An environment in which everything has one value."""

    def __init__(self, value: str) -> None:
        self.value = value

    def text(self, name: str, default: str = "") -> str:
        return self.value


def refused() -> list[str]:
    """Say of each value that ends the start on which page it is, and why."""
    return [
        f"{path.relative_to(ROOT)}: {why}"
        for path in pages()
        for name, value in given(path.read_text())
        if (why := complaint(name, value))
    ]


def given(text: str) -> Iterator[tuple[str, str]]:
    """Give names of settings and whole values."""
    for found in GIVEN.finditer(text):
        name, value = found[1], (found[2] or found[3]).rstrip(".,:?")
        if name in readers().keys() - OF_A_MACHINE:
            yield name, value


def complaint(name: str, value: str) -> str:
    """Give the sentence with which the settings refuse a value, or nothing."""
    reader = compile(ast.Expression(readers()[name]), SOURCE.name, "eval")
    try:
        eval(reader, {**vars(settings), "env": _Given(value)})  # noqa: S307  our own source
    except BadSetting as why:
        return str(why)
    return ""


@cache
def readers() -> dict[str, ast.Call]:
    """Find each `env.…("NAME", …)` of the settings."""
    return {
        call.args[0].value: call
        for call in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
