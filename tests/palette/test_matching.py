import pytest

from palette import matching


@pytest.mark.parametrize(
    ("words", "label", "expected"),
    [
        ("sessions", "Sessions", matching.WHOLE),
        ("sess", "Sessions", matching.BEGINS_TEXT),
        ("sess", "Web sessions", matching.BEGINS_WORD),
        ("sess", "usersess sessions", matching.BEGINS_WORD),
        ("ession", "Sessions", matching.WITHIN),
        ("ssn", "Sessions", matching.SCATTERED),
        ("es", "ÄES", matching.WITHIN),
        ("ärger", "Ärger", matching.WHOLE),
        ("osc", "Open the console of sessions", 0),
        ("sx", "Sessions", 0),
        ("sess stop", "Stop sessions", 85),
        ("stop nothing", "Stop sessions", 0),
        ("", "Sessions", 0),
    ],
)
def test_words_fit_a_label(words: str, label: str, expected: int) -> None:
    assert matching.score(matching.words_of(words), label) == expected


def test_what_nobody_sees_counts_for_half() -> None:
    assert matching.score(["saml"], "Single sign-on", "saml oidc") == matching.BEGINS_TEXT // 2


def test_words_are_bounded() -> None:
    assert len(matching.words_of("a " * 500)) == matching.WORDS_MOST
    assert matching.words_of("x" * 500) == ["x" * matching.LENGTH_MOST]


def test_hostile_words_cost_no_more_than_others() -> None:
    text = "a" * matching.LENGTH_MOST
    assert matching.score([text[:-1] + "b"], text, " ".join(text)) == 0
