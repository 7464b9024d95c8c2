"""Secrets that stand in files, as containers are given them, and `.env` beside them."""

import os
from pathlib import Path
from unittest.mock import patch

import pytest

from redisgate.lib.env import BadSetting, Environment, load_dotenv
from tests.environment.conftest import RANDOM, Read


def test_secret_in_a_file_loses_the_line_end_of_its_editor(read: Read, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{RANDOM}\n")
    (tmp_path / "token").write_text("a token\r\n")
    settings = read(
        SECRET_KEY_FILE=str(tmp_path / "key"), METRICS_TOKEN_FILE=str(tmp_path / "token")
    )
    assert (settings.SECRET_KEY, settings.METRICS_TOKEN) == (RANDOM, "a token")


def test_empty_name_of_a_file_is_none(read: Read) -> None:
    assert read(METRICS_TOKEN="a token", METRICS_TOKEN_FILE="").METRICS_TOKEN == "a token"


def test_value_that_begins_with_a_dollar_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("$HOME")
    with patch.dict(os.environ, {"TOKEN_FILE": str(tmp_path / "token"), "OTHER": "$HOME"}):
        assert Environment().text("TOKEN") == Environment().text("OTHER") == "$HOME"


def test_dotenv_file_adds_and_never_replaces(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# said\n\nexport ONE=file\nTWO='a b'\n")
    with patch.dict(os.environ, {"ONE": "environment"}, clear=True):
        load_dotenv(tmp_path / ".env")
        assert dict(os.environ) == {"ONE": "environment", "TWO": "a b"}


@pytest.mark.parametrize("line", ["SECRET_KEY = hunter2", "hunter2", " INDENTED=hunter2"])
def test_line_that_sets_nothing_is_refused_and_not_repeated(tmp_path: Path, line: str) -> None:
    (tmp_path / ".env").write_text(f"# said\n{line}\n")
    with pytest.raises(BadSetting, match=r"\.env, line 2: write NAME=value") as bad:
        load_dotenv(tmp_path / ".env")
    assert "hunter2" not in str(bad.value)


def test_dotenv_that_cannot_be_read_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(BadSetting, match=r"\.env can't be read"):
        load_dotenv(tmp_path / ".env")
