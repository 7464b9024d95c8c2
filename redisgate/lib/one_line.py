"""Names and other short text that people write on one line."""

import unicodedata

from redisgate.lib.errors import InvalidInput

CONTROLS = frozenset({"Cc", "Cs", "Zl", "Zp"})
INVISIBLE = CONTROLS | {"Cf", "Mn", "Me", "Zs"}
"""Unicode's general categories of characters that show nothing of their own."""
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers that Unicode calls letters and symbols, although nobody sees them."""
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the text around them, so that a name can pass for another one."""


def one_line(text: str) -> str:
    """Return the text without blanks around it; empty when nothing of it can be seen.

    Raises ValueError with words for the person who wrote line breaks or control characters.
    """
    text = text.strip()
    if any(_is_control(character) for character in text):
        raise ValueError("Leave out line breaks and control characters.")
    return text if any(_is_visible(character) for character in text) else ""


def one_line_in(field: str, text: str) -> str:
    """Do the same with a field of a request. Raises InvalidInput that names it."""
    try:
        return one_line(text)
    except ValueError as error:
        raise InvalidInput.in_field(field, str(error)) from None


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in CONTROLS or character in DIRECTIONS


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in INVISIBLE and character not in BLANK_LETTERS
