"""How well words fit a text. Pure; the browser's palette.js judges by the same measure.

A word fits where it begins the text, begins a word of it, stands somewhere in it, or where its
letters stand in it one after the other, with no more than a few others between two of them.
"""

from collections.abc import Iterator, Sequence

Words = Sequence[str]

WHOLE, BEGINS_TEXT, BEGINS_WORD, WITHIN, SCATTERED = 100, 90, 80, 60, 40
GAP = 3
"""How many letters may stand between two of a word's."""
WORDS_MOST = 8
LENGTH_MOST = 80


def words_of(text: str) -> Words:
    return text[:LENGTH_MOST].replace("\0", "").casefold().split()[:WORDS_MOST]


def score(words: Words, label: str, more: str = "") -> int:
    """Return 0 unless each word fits the label or, for half as much, what else there is."""
    label, more = label.casefold(), more.casefold()
    each = [max(fit(word, label), fit(word, more) // 2) for word in words]
    return sum(each) // len(each) if each and all(each) else 0


def fit(word: str, text: str) -> int:
    """Say how well one word fits a text, both in lower case; 0 is not at all."""
    if word == text:
        return WHOLE
    if text.startswith(word):
        return BEGINS_TEXT
    if word in text:
        begins = any(_begins_word(text, at) for at in _places(word, text))
        return BEGINS_WORD if begins else WITHIN
    # Only from where a word begins, or nearly everything would fit.
    starts = (at for at in _places(word[0], text) if _begins_word(text, at))
    return SCATTERED if any(_follows(word, text, at) for at in starts) else 0


def _places(part: str, text: str) -> Iterator[int]:
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)


def _begins_word(text: str, at: int) -> bool:
    return at == 0 or not text[at - 1].isalnum()


def _follows(word: str, text: str, at: int) -> bool:
    for letter in word[1:]:
        at = text.find(letter, at + 1, at + 2 + GAP)
        if at < 0:
            return False
    return True
