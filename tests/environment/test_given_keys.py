"""Machines that share no disk are given the platform's keys."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.management import CommandError, call_command
from pytest_django import Settings

from redisgate.checks import WRONG_KEYS, keys_open_what_is_sealed
from redisgate.lib import crypto, tokens
from tests.conftest import Cast
from tests.environment.conftest import RANDOM, Read
from tests.instances.rows import make_instance

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SIGNING = f"k2:{RANDOM},k1:{RANDOM[::-1]}"


def test_machine_that_is_given_everything_makes_no_file(read: Read, tmp_path: Path) -> None:
    settings = read(SECRET_KEY=RANDOM, SIGNING_KEYS=SIGNING, ENCRYPTION_KEYS=f"{NEW}, {OLD}")
    assert settings.ENCRYPTION_KEYS == [NEW, OLD]
    assert dict(settings.SIGNING_KEYS) == {"k2": RANDOM, "k1": RANDOM[::-1]}
    assert settings.SIGNING_KEYS[0][0] == "k2"
    assert settings.SIGNING_KEYS_ARE_GIVEN
    assert not (tmp_path / "data" / "keyring.json").exists()


def test_what_is_not_given_is_made_and_kept(read: Read) -> None:
    first, second = read(ENCRYPTION_KEYS=NEW), read(ENCRYPTION_KEYS=NEW)
    assert first.ENCRYPTION_KEYS == [NEW]
    assert not first.SIGNING_KEYS_ARE_GIVEN
    assert first.SIGNING_KEYS == second.SIGNING_KEYS
    assert first.SECRET_KEY == second.SECRET_KEY


def test_file_may_hold_a_key_on_each_line(read: Read, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"{NEW}\n{OLD}\n")
    assert read(ENCRYPTION_KEYS_FILE=str(tmp_path / "keys")).ENCRYPTION_KEYS == [NEW, OLD]


def test_order_is_rotation(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = crypto.encrypt("the password")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert crypto.decrypt_once(sealed) == "the password"
    fresh = crypto.encrypt("another")
    settings.ENCRYPTION_KEYS = [NEW]
    assert crypto.decrypt_once(fresh) == "another"
    with pytest.raises(InvalidToken):
        crypto.decrypt_once(sealed)


def test_given_signing_keys_are_all_there_are(settings: Settings, tmp_path: Path) -> None:
    settings.SIGNING_KEYS, settings.SIGNING_KEYS_ARE_GIVEN = [("k1", RANDOM)], True
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    foreign = tokens.sign({"aud": "x"})
    settings.SIGNING_KEYS = [("k2", RANDOM)]
    with pytest.raises(tokens.BadToken):
        tokens.verify(foreign, audience="x")
    assert not settings.KEYRING_FILE.exists()


def test_given_keys_are_rotated_where_they_are_given(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SIGNING_KEYS, settings.SIGNING_KEYS_ARE_GIVEN = [("k1", RANDOM)], True
    call_command("rotate_signing_keys")
    said = capsys.readouterr().out
    assert "\n\nk2-" in said
    assert RANDOM not in said
    with pytest.raises(CommandError, match="take k1 out of SIGNING_KEYS"):
        call_command("rotate_signing_keys", drop="k1", really=True)


@pytest.mark.django_db
def test_new_keys_on_an_old_database_are_refused(cast: Cast, settings: Settings) -> None:
    make_instance(cast.acme)
    assert keys_open_what_is_sealed(databases=["default"]) == []
    settings.ENCRYPTION_KEYS = [NEW, *settings.ENCRYPTION_KEYS]
    assert keys_open_what_is_sealed(databases=["default"]) == []
    settings.ENCRYPTION_KEYS = [NEW]
    assert keys_open_what_is_sealed(databases=["default"]) == [WRONG_KEYS.issue()]
    assert keys_open_what_is_sealed() == []  # nobody allowed it to ask the database


@pytest.mark.django_db
def test_key_that_was_dropped_too_early_is_noticed(cast: Cast, settings: Settings) -> None:
    mine = list(settings.ENCRYPTION_KEYS)
    make_instance(cast.acme, "Older")
    settings.ENCRYPTION_KEYS = [NEW, *mine]
    make_instance(cast.acme, "Fresh")
    settings.ENCRYPTION_KEYS = [NEW]
    assert keys_open_what_is_sealed(databases=["default"]) == [WRONG_KEYS.issue()]
