"""An environment that can't be served ends a start with one line, and nothing is left behind."""

from pathlib import Path

import pytest

from tests.platform import Platform, environment, manage, processes_of

pytestmark = pytest.mark.e2e


def test_setting_that_cannot_work_is_one_line_and_a_failure(data_dir: Path) -> None:
    done = manage("up", **environment(data_dir, REDIS_URL="http://user:hunter2@localhost"))
    assert done.returncode == 1
    assert done.stderr.startswith("redisgate: REDIS_URL must be redis://host:6379/0")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_unsafe_settings_are_one_line_with_an_id(data_dir: Path) -> None:
    done = manage("up", **environment(data_dir, SECRET_KEY="hunter2-" * 8))
    assert done.returncode == 1
    assert done.stderr.startswith("redisgate: SECRET_KEY can be guessed")
    assert done.stderr.endswith("(redisgate.E001)\n")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr
    assert processes_of(data_dir) == []


def test_machine_with_keys_of_its_own_serves_no_database_of_others(
    platform: Platform, data_dir: Path
) -> None:
    address = f"sqlite:///{platform.data_dir / 'redisgate.sqlite3'}"
    done = manage("web", **environment(data_dir, DATABASE_URL=address))
    assert done.returncode == 1
    assert "Put your copy of keyring.json back" in done.stderr
    assert done.stderr.endswith("(redisgate.E004)\n")
    assert done.stderr.count("\n") == 1
