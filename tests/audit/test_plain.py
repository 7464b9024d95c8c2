"""No secret gets into the log, and nothing that a database gives back otherwise."""

import logging
import uuid

import pytest

from audit.plain import REDACTED, address, text, without_secrets

TOKEN = "rg_eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiIx.c2ln"


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "hunter2"},
        {"former_password": "hunter2"},
        {"adminPassword": "hunter2"},
        {"token": "abc"},
        {"client_secret": "abc"},
        {"pin": 1234},
        {"session": "abc"},
        {"tokens": ["abc"]},
        {"credentials": {"user": "a"}},
        {"before": {"password": "a"}, "after": {"password": "b"}},
        {"nested": [{"deep": {"secret": "abc"}}]},
        {"key": TOKEN},
        {"note": f"made {TOKEN}"},
        {"url": "redis://default:hunter2@example.com:6379"},
        {"pem": "-----BEGIN PRIVATE KEY-----"},
    ],
)
def test_secret_is_blanked_and_reported(
    changes: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    kept = str(without_secrets(changes))
    assert REDACTED in kept
    assert not {"hunter2", "abc", "1234", TOKEN} & set(kept.replace("'", " ").split())
    assert TOKEN not in kept
    assert "would have held a secret" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "user:1", "keys": ["a", "b"], "command": "SET"},
        {"password_version": 3, "has_password": True, "token": None},
        {"before": {"api_keys": 10}, "after": {"api_keys": 20}},
        {"hint": "rg_eyJhbGci…", "scopes": ["read"], "manages_users": False},
        {"url": "https://example.com:8443/a@b", "host": "::1", "grace_seconds": 60},
    ],
)
def test_what_is_no_secret_stays(
    changes: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert without_secrets(changes) == changes
    assert caplog.text == ""


def test_values_become_plain() -> None:
    identity = uuid.uuid4()
    kept = without_secrets(
        {"id": identity, "big": 1e22, "no": float("nan"), "set": {1}, "n": "a\0"}
    )
    assert kept == {"id": str(identity), "big": 10**22, "no": "nan", "set": [1], "n": "a\\x00"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::1"),
        ("testclient", None),
        ("", None),
        (None, None),
    ],
)
def test_address_is_written_as_both_databases_do(said: str | None, kept: str | None) -> None:
    assert address(said) == kept


def test_label_is_cut_to_what_the_column_holds() -> None:
    assert text("a\0\ud800" + "x" * 500, 20) == "a\\x00\\ud800" + "x" * 9
