"""Take secrets out of whatever is written down, whoever wrote it. Pure, but for what it learned.

Most lines hold none, so a text is asked first for the marks without which a rule can't match.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

HIDDEN = "[redacted]"
LEARNED_LENGTH_MIN = 8
"""Shorter ones stand in ordinary words."""
DEPTH_MAX = 12
TEXT_LENGTH_MAX = 16_000
PREFIXES = ("rg_", "rgi_", "rgm_", "rgr_")
"""What API keys, links of invitations, management keys and refresh tokens begin with."""

_NAMES = (
    r"password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|sessionid|credentials?|dsn"
)
# In a sentence a bare "key" is most often one of a Redis, so it counts at the end of a name alone.
_IN_TEXT = rf"(?:{_NAMES}|[_-]key)s?"
_NAME_MARKS = "passw pwd secret token key authorization cookie sessionid credential dsn".split()  # noqa: SIM905
_IS_SECRET_NAME = re.compile(
    rf"(?:.*[_\W])?(?:{_NAMES}|(?:secret|private|access|signing|encryption)?_?keys?)\d?",
    re.IGNORECASE | re.DOTALL,
).fullmatch
_IS_KEY_SHOWN = re.compile(r"rgm?_[\w-]{0,13}|rgm?_…[\w-]{1,6}").fullmatch
"""What lists show of a key: its name on servers, or the end of its secret."""


class AsItIs(str):
    """A text that is written with its secrets, on purpose: somebody needs them from the log."""

    __slots__ = ()


class Rule(NamedTuple):
    """What to put instead of what; without one of the marks it can't match, and isn't tried."""

    marks: Sequence[str]
    pattern: re.Pattern[str]
    instead: str


# Each begins at few places of a text and looks ahead but once, whatever strangers have written.
_RULES = (
    Rule(
        ("private key",),
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*KEY-----|\Z)", re.S),
        HIDDEN,
    ),
    Rule(  # what is as short as the name of a key on its servers stays
        PREFIXES,
        re.compile(
            rf"({'|'.join(PREFIXES[1:])}|(?<![A-Za-z0-9])rg_|rg_(?=eyJ))[A-Za-z0-9_.\-]{{17,}}"
        ),
        rf"\1{HIDDEN}",
    ),
    Rule(
        ("eyj",),
        re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"),
        HIDDEN,
    ),
    Rule(
        ("token",),
        re.compile(r"(?i)((?:_|%5f)token(?:=|%3d))[^&\s\"'<>)]+"),
        rf"\1{HIDDEN}",
    ),
    Rule(  # the links in mails of django-allauth, which open an account
        ("confirm-email", "reset/key", "reset%2"),
        re.compile(
            r"(?i)((?:confirm-email|reset(?:/|%(?:25)?2f)key)(?:/|%(?:25)?2f))[A-Za-z0-9_:%-]+"
        ),
        rf"\1{HIDDEN}",
    ),
    Rule(  # a command in an address, to the end of the line: nobody knows where its value ends
        ("/redis/",),
        re.compile(r"(?i)(/redis/[0-9a-f-]{32,36}/)[^\r\n]+"),
        rf"\1{HIDDEN}",
    ),
    Rule(
        ("://",),
        re.compile(r"(?i)([a-z0-9]://[^\s/:@\"']{0,256}:)[^\s/@]{1,512}@"),
        rf"\1{HIDDEN}@",
    ),
    Rule(
        ("bearer", "basic", "digest"),
        re.compile(r"(?i)\b(bearer|basic|digest)\s+[A-Za-z0-9._~+/=-]{8,}"),
        rf"\1 {HIDDEN}",
    ),
    Rule(
        ("authorization", "cookie"),
        re.compile(
            r"(?i)((?:authorization|cookie)['\"]?\s*[:=,]\s*(?:b(?=['\"]))?['\"]?)[^'\"\r\n]+"
        ),
        rf"\1{HIDDEN}",
    ),
    Rule(
        _NAME_MARKS,
        re.compile(
            rf"(?i)({_IN_TEXT}\\?['\"]?\s*[=:]\s*[\[({{]?b?\\?)(['\"])(?:(?!\2).){{1,4096}}\2"
        ),
        rf"\1\2{HIDDEN}\2",
    ),
    Rule(
        _NAME_MARKS,
        re.compile(rf"(?i)({_IN_TEXT})=(?!\[redacted|['\"])[^\s&;,'\")\]}}]+"),
        rf"\1={HIDDEN}",
    ),
    Rule(  # names of settings are written large, and a sentence about them goes on after the colon
        ("passw", "secret", "token"),
        re.compile(r"((?:[Pp]assword|passwd|[Ss]ecret|[Tt]oken):\s+)(?!\[redacted)\S+"),
        rf"\1{HIDDEN}",
    ),
)
_MARKS = tuple({mark for rule in _RULES for mark in rule.marks})
_learned: list[str] = []


def learn(secrets: Iterable[str]) -> None:
    """Know these secrets of our own by heart, and hide them wherever they stand."""
    longest_first = {*_learned, *(it for it in secrets if len(it) >= LEARNED_LENGTH_MIN)}
    _learned[:] = sorted(longest_first, key=len, reverse=True)


def text(words: str) -> str:
    """Hide what is secret in a text."""
    words = _without_learned(words)
    lowered = words.lower()
    if not _has_any(_MARKS, lowered):
        return words
    for marks, pattern, instead in _RULES:
        if _has_any(marks, lowered):
            words = pattern.sub(instead, words)
    return words


def _without_learned(words: str) -> str:
    for secret in _learned:
        if secret in words:
            words = words.replace(secret, HIDDEN)
    return words


def _has_any(marks: Iterable[str], words: str) -> bool:
    for mark in marks:  # noqa: SIM110  a generator takes twice as long
        if mark in words:
            return True
    return False


def clipped(words: str) -> str:
    """Cut what is so long that to search it would hold up others.

    Its last lines stay, too: a traceback names its error there. Whole ones, because half of a
    line may be a secret without the word that tells it. Of the beginning whole words stay, and so
    nothing of a single one: half of a secret is known by no rule.
    """
    if len(words) > TEXT_LENGTH_MAX:
        words = _without_learned(words)  # these may have spaces in them
    if len(words) <= TEXT_LENGTH_MAX:
        return words
    _, line_end, last_lines = words[-TEXT_LENGTH_MAX // 2 :].partition("\n")
    first = words[: TEXT_LENGTH_MAX - len(last_lines)]
    first = first[: max(first.rfind(" "), first.rfind("\n")) + 1]
    left_out = len(words) - len(first) - len(line_end + last_lines)
    return f"{first}… ({left_out} characters less){line_end}{last_lines}"


def value(given: Any, depth: int = 0) -> Any:
    """Hide what is secret in texts, mappings and sequences, and cut long texts, however nested."""
    kind = type(given)
    if kind is str:
        return text(clipped(given))
    if kind is AsItIs:
        return str(given)
    if kind is int or kind is float or kind is bool or given is None:
        return given
    if depth >= DEPTH_MAX:
        return HIDDEN
    if isinstance(given, Mapping):
        return {
            text(clipped(str(name))): field(str(name), it, depth + 1) for name, it in given.items()
        }
    if isinstance(given, list | tuple | set | frozenset):
        return [value(inner, depth + 1) for inner in given]
    return text(clipped(str(given)))


def field(name: str, given: Any, depth: int = 0) -> Any:
    """Hide a field as a whole where its name says that it is secret; numbers are counts."""
    if given is None or isinstance(given, int | float) or not _is_secret(name):
        return value(given, depth)
    is_shown = name == "key" and _IS_KEY_SHOWN(str(given))
    return str(given) if is_shown else HIDDEN


@lru_cache(maxsize=512)
def _is_secret(name: str) -> bool:
    return _IS_SECRET_NAME(name[-200:]) is not None
