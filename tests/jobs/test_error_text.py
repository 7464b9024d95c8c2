"""What is kept of an error hides at least what the log hides."""

import pytest

from jobs import error_text
from redisgate.lib import redaction


@pytest.mark.parametrize(
    "words",
    [
        "password: hunter2222",
        "{'password': 'hunter2222'}",
        "password=hunter2222",
        "Authorization: Bearer hunter2222",
        "redis://user:hunter2222@host/0",
        "hunter2222@example.com",
        f"sealed hunter2222{'x' * 30}",
    ],
)
def test_secret_is_hidden_in_whatever_form(words: str) -> None:
    assert "hunter2222" not in error_text.of(ValueError(words))


def test_what_the_platform_knows_by_heart_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_learned", ["correct horse"])
    assert error_text.without_secrets("with correct horse\0") == "with [redacted]\\x00"
