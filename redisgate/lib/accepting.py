"""What a client accepts, by a header with qualities (RFC 9110, 12.4.2 and 12.5.3)."""

import re
from collections.abc import Mapping, Sequence

_WORD = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*", re.I)


def best(header: str, offered: Sequence[str]) -> str | None:
    """Give what the client likes best of what is offered, the first of several; None of nothing.

    What isn't understood is as if it weren't there.
    """
    wanted = _qualities(header)
    rest = wanted.get("*", 0.0)
    liked = {each: wanted.get(each, rest) for each in offered}
    found = max(offered, key=lambda each: liked[each])
    return found if liked[found] > 0 else None


def _qualities(header: str) -> Mapping[str, float]:
    words = filter(None, map(_WORD.fullmatch, header.split(",")))
    return {word[1].lower(): min(1.0, float(word[2] or 1)) for word in words}
