"""A line of input as words, by the very rules of redis-cli."""

_SPACE = b" \t\n\v\f\r"
_ENDS_WORD = b" \n\r\t\0"
_NAMED = {0x6E: b"\n", 0x72: b"\r", 0x74: b"\t", 0x62: b"\b", 0x61: b"\a"}
_HEX = b"0123456789abcdefABCDEF"
_DOUBLE, _SINGLE, _BACKSLASH = b"\"'\\"


class Unbalanced(ValueError):
    """A quote isn't closed, or something sticks to a closing one."""


def split(line: str) -> list[bytes]:
    r"""Split as redis-cli does: ``"\x41\n"`` has escapes, ``'it\'s'`` has only its own quote.

    Raises Unbalanced.
    """
    text = line.encode("utf-8", "surrogatepass")
    words: list[bytes] = []
    place = 0
    while (place := _skip_space(text, place)) < len(text):
        word, place = _word(text, place)
        words.append(word)
    return words


def _skip_space(text: bytes, place: int) -> int:
    while place < len(text) and text[place] in _SPACE:
        place += 1
    return place


def _word(text: bytes, place: int) -> tuple[bytes, int]:
    word = bytearray()
    while place < len(text) and text[place] not in _ENDS_WORD:
        if text[place] in (_DOUBLE, _SINGLE):
            quoted, place = _quoted(text, place + 1, text[place])
            return bytes(word + quoted), place
        word.append(text[place])
        place += 1
    # A NUL ends a word and is nothing more, or it would end the input for ever.
    return bytes(word), place + 1


def _quoted(text: bytes, place: int, quote: int) -> tuple[bytes, int]:
    """Read up to the closing quote, behind which only a space or the end may be."""
    word = bytearray()
    while place < len(text):
        if text[place] == quote:
            if place + 1 < len(text) and text[place + 1] not in _SPACE:
                raise Unbalanced("a closing quote must be followed by a space")
            return bytes(word), place + 1
        piece, length = _piece(text, place, quote)
        word += piece
        place += length
    raise Unbalanced("a quote is not closed")


def _piece(text: bytes, place: int, quote: int) -> tuple[bytes, int]:
    """Give what one character or escape means, and how long it is written."""
    following = text[place + 1 : place + 2]
    if text[place] != _BACKSLASH or not following:
        return text[place : place + 1], 1
    if quote == _SINGLE:
        return (b"'", 2) if following == b"'" else (b"\\", 1)
    digits = text[place + 2 : place + 4]
    if following == b"x" and len(digits) == 2 and all(digit in _HEX for digit in digits):
        return bytes.fromhex(digits.decode()), 4
    return _NAMED.get(following[0], following), 2
