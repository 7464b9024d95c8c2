"""What somebody should do next, in words. Pure: each rule makes hints of what it is given."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from redisgate.lib.units import counted

SHOWN = 6
TOGETHER = 3
"""More of a kind than this are told in one sentence."""


class Severity(IntEnum):
    """How much it matters, the worst first."""

    ERROR = 0
    WARNING = 1
    INFO = 2

    @property
    def level(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """One sentence or two, and where the next step is. ``kind`` and ``about`` tell it apart."""

    kind: str
    about: str
    severity: Severity
    title: str
    text: str = ""
    action: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """Name it in a form and in a cookie; what gets worse is another hint."""
        words = f"{self.kind}\0{self.about}\0{self.severity.name}"
        return sha256(words.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Told:
    """The hints that are shown, how many are left out, and the keys of those put off."""

    shown: Sequence[Hint]
    left_out: int = 0
    put_off: Sequence[str] = ()


def chosen(hints: Iterable[Hint], put_off: Iterable[str]) -> Told:
    """Leave out what somebody has put off, and put the worst first."""
    hidden = frozenset(put_off)
    every = list(hints)
    left = sorted((hint for hint in every if hint.key not in hidden), key=lambda it: it.severity)
    away = [hint.key for hint in every if hint.key in hidden]
    return Told(left[:SHOWN], max(0, len(left) - SHOWN), away)


def together(
    hints: Sequence[Hint], noun: str, words: Callable[[str], str], url: str, *, count: int = 0
) -> list[Hint]:
    """Tell of many of a kind in one sentence, which ``words`` makes of "5 instances".

    ``count`` says how many there are where only the first of them, the worst, are given.
    """
    number = max(count, len(hints))
    if number <= TOGETHER or not hints:
        return list(hints)
    worst = min(hints, key=lambda hint: hint.severity)
    return [
        Hint(
            kind=worst.kind,
            about=",".join([str(number), *sorted(hint.about for hint in hints)]),
            severity=worst.severity,
            title=words(counted(number, noun)),
            action="Show them",
            url=url,
        )
    ]
