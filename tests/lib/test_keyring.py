"""Keys of the platform: made once, added to, and never lost on the way."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import jwt
import pytest
from pytest_django import Settings

from apikeys import token
from redisgate.lib import keyring, signing_keys, tokens
from redisgate.lib.env import BadSetting


@pytest.fixture
def path(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The key file of a platform whose process has read it."""
    settings.KEYRING_FILE = tmp_path / "keyring.json"
    settings.SIGNING_KEYS = list(keyring.load_or_create(settings.KEYRING_FILE).signing_keys)
    monkeypatch.setattr(signing_keys._Look, "at", -signing_keys.LOOK_EVERY_SECONDS)
    return tmp_path / "keyring.json"


def restart(path: Path, settings: Settings) -> None:
    settings.SIGNING_KEYS = list(keyring.load_or_create(path).signing_keys)


def test_new_key_signs_and_the_older_ones_verify(path: Path, settings: Settings) -> None:
    key_id = uuid4()
    old = token.issue(key_id)
    kids = [keyring.add_signing_key(path) for _ in range(3)]
    restart(path, settings)
    assert jwt.get_unverified_header(tokens.sign({"aud": "x"}))["kid"] == kids[-1]
    assert token.key_id_of(old) == key_id


def test_running_process_learns_of_a_key_that_another_has_added(
    path: Path, settings: Settings
) -> None:
    before = list(settings.SIGNING_KEYS)
    keyring.add_signing_key(path)
    restart(path, settings)
    fresh = tokens.sign({"aud": "x"})
    settings.SIGNING_KEYS = before
    assert tokens.verify(fresh, audience="x") == {"aud": "x"}


def test_made_up_keys_make_nobody_read_the_file_again_and_again(
    path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[Path] = []
    real = keyring.load_or_create

    def counted(path: Path) -> keyring.Keyring:
        reads.append(path)
        return real(path)

    monkeypatch.setattr(keyring, "load_or_create", counted)
    for number in range(50):
        with pytest.raises(tokens.BadToken):
            tokens.verify(
                jwt.encode({"aud": "x"}, "s" * 32, headers={"kid": f"k{number}"}), audience="x"
            )
    assert len(reads) == 1


def test_damaged_file_leaves_the_keys_in_force(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    mine = tokens.sign({"aud": "x"})
    path.write_text("{")
    with pytest.raises(tokens.BadToken):
        tokens.verify(jwt.encode({"aud": "x"}, "s" * 32, headers={"kid": "k9"}), audience="x")
    assert tokens.verify(mine, audience="x")
    assert "The keys in force stay" in caplog.text


def test_many_that_add_at_once_lose_no_key(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        kids = set(pool.map(lambda _: keyring.add_signing_key(path), range(16)))
    assert len(kids) == 16
    assert {kid for kid, _ in keyring.load_or_create(path).signing_keys} == kids | {"k1"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["keyring.json"]


def test_dropped_key_is_trusted_no_more(path: Path, settings: Settings) -> None:
    old = tokens.sign({"aud": "x"})
    keyring.add_signing_key(path)
    keyring.drop_signing_key(path, "k1")
    restart(path, settings)
    with pytest.raises(tokens.BadToken):
        tokens.verify(old, audience="x")


def test_key_that_signs_now_and_one_that_never_was_cannot_be_dropped(path: Path) -> None:
    with pytest.raises(BadSetting, match="add another key before"):
        keyring.drop_signing_key(path, "k1")
    keyring.add_signing_key(path)
    with pytest.raises(BadSetting, match="no key k7"):
        keyring.drop_signing_key(path, "k7")
