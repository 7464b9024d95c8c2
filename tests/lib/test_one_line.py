import pytest

from redisgate.lib.one_line import one_line


@pytest.mark.parametrize("text", ["Döner & Söhne", "缓存", "👨‍👩‍👧", "Büro\u200c2", "!", "e\u0301"])
def test_what_people_write_stays(text: str) -> None:
    assert one_line(f" {text} ") == text


@pytest.mark.parametrize(
    "text", ["", "  ", "\u200b", "\u200b \u2060", "\ufeff", "\u00a0", "\u0301", "\u3164", "\u2800"]
)
def test_what_nobody_sees_is_empty(text: str) -> None:
    assert one_line(text) == ""


@pytest.mark.parametrize(
    "text", ["a\nb", "a\tb", "a\x00b", "\x1b[31m", "a\x85b", "a\u2028b", "a\ud800", "a\u202eb"]
)
def test_control_characters_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Leave out line breaks and control characters"):
        one_line(text)
