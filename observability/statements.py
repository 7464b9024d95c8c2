"""What may be told of an SQL statement: what it does and asks, and never with which values."""

import re

LENGTH_MAX = 2000
# Quoted texts and numbers that somebody wrote into the statement itself.
_LITERALS = re.compile(r"'(?:[^']|'')*'|(?<![\w$\"])\d+(?:\.\d+)?(?![\w\"])")


def without_values(sql: str) -> str:
    """Give the statement with a ? for each value that isn't a parameter already."""
    return _LITERALS.sub("?", " ".join(str(sql).split()))[:LENGTH_MAX]


def kind_of(sql: str) -> str:
    """Give what it does, by its first word: SELECT."""
    word = str(sql).lstrip(" (\n").split(None, 1)[:1]
    return word[0][:20].upper() if word else "other"
