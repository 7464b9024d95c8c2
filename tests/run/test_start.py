"""Starting the platform, and every reason not to."""

import re
import socket
from pathlib import Path

import pytest

from tests import prepared
from tests.platform import Platform, environment, free_port, get, manage, processes_of, running
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def test_host_port_and_data_dir_are_honoured(data_dir: Path) -> None:
    with running(data_dir, HOST="127.0.0.2") as platform:
        assert platform.url.startswith("http://127.0.0.2:")
        assert platform.get("/health/ready") == (200, {"status": "ok"})
        assert get(platform.url.replace("127.0.0.2", "127.0.0.1") + "/health/live")[0] == 0
        assert (data_dir / "redisgate.sqlite3").is_file()
        assert data_dir.stat().st_mode & 0o077 == 0


def test_ready_platform_says_where_to_go(platform: Platform) -> None:
    wait_until(lambda: "is ready after" in platform.log.read_text())
    words = platform.log.read_text()
    assert platform.url in words
    assert str(platform.data_dir) in words
    assert "quickstart" in words


def test_start_collects_no_files_that_are_the_same_as_last_time(platform: Platform) -> None:
    stamp = Path("static", ".sources")
    before = (prepared.original() / stamp).stat().st_mtime_ns
    assert (platform.data_dir / stamp).stat().st_mtime_ns == before


def test_second_start_is_refused_politely(platform: Platform) -> None:
    second = platform.manage("up", PORT=str(free_port()))
    assert second.returncode == 1
    assert platform.url in second.stderr
    assert str(platform.pid) in second.stderr
    assert second.stderr.count("\n") == 1
    assert platform.is_ready()


def test_port_in_use_is_said_in_one_sentence(data_dir: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        done = manage("up", **environment(data_dir, PORT=port))
    assert done.returncode == 1
    assert done.stderr.startswith(f"redisgate: Port {port} on 127.0.0.1 is used by another")
    assert re.search(rf": make run PORT=\d+ DATA_DIR={re.escape(str(data_dir))}\n$", done.stderr)
    assert done.stderr.count("\n") == 1
    assert processes_of(data_dir) == []


def test_address_of_another_machine_is_refused(data_dir: Path) -> None:
    done = manage("up", **environment(data_dir, PORT="18999") | {"HOST": "192.0.2.1"})
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "192.0.2.1 is not an address of this machine" in done.stderr


def test_database_that_is_away_is_said_in_one_sentence(data_dir: Path) -> None:
    url = "postgres://nobody:secret@127.0.0.1:1/none"
    done = manage("up", **environment(data_dir, DATABASE_URL=url))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "The database can't be used" in done.stderr
    assert "secret" not in done.stderr


def test_damaged_database_file_is_said_in_one_sentence(data_dir: Path) -> None:
    data_dir.mkdir()
    (data_dir / "redisgate.sqlite3").write_text("this is no database " * 100)
    done = manage("up", **environment(data_dir))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "The database can't be used" in done.stderr
