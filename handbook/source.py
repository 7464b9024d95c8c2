"""What the code itself knows, read for the pages that are made of it."""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

from handbook.contents import ROOT
from redisgate.lib.errors import RedisGateError

CLASS = re.compile(r"^class (\w+)\(([^)]*)\):", re.M)
APART = {"tests", "bench", "gallery", "handbook", "tools", "static", "var", "docs"}
BASE = RedisGateError.__name__


@cache
def modules() -> tuple[Path, ...]:
    """Give the product's own modules."""
    return tuple(
        path
        for path in sorted(ROOT.glob("*/**/*.py"))
        if not path.relative_to(ROOT).parts[0].startswith(".")
        and path.relative_to(ROOT).parts[0] not in APART
        and "migrations" not in path.parts
    )


def refusals() -> list[type[RedisGateError]]:
    """Give every refusal of the code; also the bases, because they are raised as they are."""
    names = {BASE}
    while more := {name for name, bases, _ in _classes() if bases & names} - names:
        names |= more
    places = {path for name, _, path in _classes() if name in names}
    for path in sorted(places):
        import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    kinds: set[type[RedisGateError]] = {RedisGateError, *_below(RedisGateError)}
    return sorted(kinds, key=lambda kind: (kind.__module__, kind.__qualname__))


@cache
def _classes() -> tuple[tuple[str, frozenset[str], Path], ...]:
    return tuple(
        (name, frozenset(base.strip().rpartition(".")[2] for base in bases.split(",")), path)
        for path in modules()
        for name, bases in CLASS.findall(path.read_text())
    )


def _below(kind: type[RedisGateError]) -> Iterator[type[RedisGateError]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
