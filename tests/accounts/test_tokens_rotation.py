"""`manage.py rotate_signing_keys`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from redisgate.lib import keyring
from tests.conftest import Cast
from tests.quotas.rows import add_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path: Path, settings: Settings) -> Path:
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    keyring.load_or_create(settings.KEYRING_FILE)
    return tmp_path / "keyring.json"


def rotate(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_signing_keys", *arguments, stdout=said)
    return said.getvalue()


def kids(path: Path) -> list[str]:
    return [kid for kid, _ in keyring.load_or_create(path).signing_keys]


def test_it_adds_a_key_and_says_what_to_do(path: Path) -> None:
    said = rotate()
    newest, oldest = kids(path)
    assert oldest == "k1"
    assert newest in said
    assert "On several: copy" in said
    assert not any(secret in said for _, secret in keyring.load_or_create(path).signing_keys)


def test_it_drops_no_key_while_api_keys_may_end_unless_told(path: Path, cast: Cast) -> None:
    rotate()
    add_key(cast.acme)
    with pytest.raises(CommandError, match="API keys in force: 1"):
        rotate("--drop", "k1")
    assert "k1" in kids(path)
    assert "restart all of them" in rotate("--drop", "k1", "--really")
    assert "k1" not in kids(path)


def test_it_does_not_drop_the_key_that_signs(path: Path) -> None:
    with pytest.raises(CommandError, match="add another key"):
        rotate("--drop", "k1")
