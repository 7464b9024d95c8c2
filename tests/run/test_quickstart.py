"""Everything that a program needs, from one command."""

import re
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from uuid import UUID

import pytest
import redis
import upstash_redis

from tests.platform import Platform, directory, environment, free_port, manage, running
from tests.receiver import serving
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def platform() -> Iterator[Platform]:
    """One for these tests alone: they replace the key that other tests work with."""
    with directory() as data_dir, running(data_dir) as platform:
        yield platform


def test_json_holds_all_that_a_program_needs(platform: Platform) -> None:
    kit = platform.quickstart()
    assert set(kit) == {
        "email",
        "password",
        "organization_id",
        "instance_id",
        "url",
        "token",
        "redis_url",
    }
    assert UUID(kit["organization_id"])
    assert kit["url"] == f"{platform.url}/redis/{kit['instance_id']}"
    assert kit["token"].startswith("rg_")
    assert len(kit["password"]) >= 10


def test_both_ways_lead_to_the_same_data(platform: Platform) -> None:
    kit = platform.quickstart()
    with upstash_redis.Redis(url=kit["url"], token=kit["token"]) as over_http:
        assert over_http.set("greeting", "hello")
    with redis.Redis.from_url(kit["redis_url"], protocol=2, decode_responses=True) as native:
        assert native.get("greeting") == "hello"


def test_env_block_is_ready_to_use(platform: Platform) -> None:
    kit = platform.quickstart()
    block = platform.manage("quickstart")
    assert block.stderr == ""
    lines = dict(line.split("=", 1) for line in block.stdout.splitlines())
    assert lines == {
        "UPSTASH_REDIS_REST_URL": f'"{kit["url"]}"',
        "UPSTASH_REDIS_REST_TOKEN": f'"{kit["token"]}"',
        "REDIS_URL": f'"{kit["redis_url"]}"',
    }


def test_second_call_gives_the_same_again(platform: Platform) -> None:
    assert platform.quickstart() == platform.quickstart()
    memory = platform.data_dir / "quickstart.json"
    assert memory.stat().st_mode & 0o077 == 0


def test_other_rate_limit_replaces_the_key(platform: Platform) -> None:
    before = platform.quickstart("--rate-limit", "100")
    after = platform.quickstart("--rate-limit", "5000")
    assert after["instance_id"] == before["instance_id"]
    assert after["token"] != before["token"]
    former = redis.Redis.from_url(before["redis_url"], protocol=2)
    with former, pytest.raises(redis.AuthenticationError):
        former.ping()
    assert platform.quickstart() == after


def test_lost_memory_makes_a_new_password_and_key(platform: Platform) -> None:
    before = platform.quickstart()
    (platform.data_dir / "quickstart.json").unlink()
    after = platform.quickstart()
    assert after["instance_id"] == before["instance_id"]
    assert after["password"] != before["password"]
    assert after["token"] != before["token"]


def test_other_memory_is_not_silently_dropped(platform: Platform) -> None:
    platform.quickstart()
    done = platform.manage("quickstart", "--memory", "32")
    assert done.returncode == 0
    assert done.stderr == "The instance is there already, with 64 MB.\n"


def test_nonsense_rate_limit_is_refused_in_words(platform: Platform) -> None:
    done = platform.manage("quickstart", "--rate-limit", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("redisgate: ")
    assert done.stderr.count("\n") == 1


def test_refused_rate_limit_leaves_the_key_at_work(platform: Platform) -> None:
    before = platform.quickstart()
    assert platform.manage("quickstart", "--rate-limit", "0").returncode == 1
    with redis.Redis.from_url(before["redis_url"], protocol=2) as native:
        assert native.ping()
    assert platform.quickstart() == before


def test_replaced_key_is_said_in_one_line(platform: Platform) -> None:
    platform.quickstart("--rate-limit", "200")
    done = platform.manage("quickstart", "--rate-limit", "300")
    assert done.returncode == 0
    assert done.stderr == "The former key is revoked: give your programs the new one.\n"


def test_line_of_the_banner_works_when_pasted(platform: Platform) -> None:
    wait_until(lambda: "In a hurry" in platform.log.read_text())
    line = re.search(r"In a hurry +(.+)", platform.log.read_text())
    assert line
    clean = {"PATH": platform.environment["PATH"]}
    done = subprocess.run(
        ["sh", "-c", line[1]], env=clean, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert platform.url in done.stdout


def test_wrong_port_gets_the_line_that_finds_the_platform(platform: Platform) -> None:
    port = str(free_port())
    done = platform.manage("quickstart", PORT=port, PUBLIC_URL=f"http://127.0.0.1:{port}")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert f"It runs at {platform.url}: PORT={platform.environment['PORT']} " in done.stderr
    assert done.stderr.endswith("manage.py quickstart\n")


def test_platform_that_does_not_run_is_said_in_one_line(data_dir: Path) -> None:
    done = manage("quickstart", **environment(data_dir, PORT=str(free_port())))
    assert (done.returncode, done.stdout) == (1, "")
    assert "doesn't run" in done.stderr
    assert done.stderr.count("\n") == 1


class NotReady(BaseHTTPRequestHandler):
    """Answers like web while the database is away."""

    def do_GET(self) -> None:
        body = b'{"status": "down", "detail": "The database doesn\'t answer."}'
        self.send_response(503)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


def test_platform_without_its_database_is_told_from_one_that_does_not_run(data_dir: Path) -> None:
    with serving(NotReady) as port:
        done = manage("quickstart", **environment(data_dir, PORT=str(port)))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "redisgate: RedisGate runs, and isn't ready: The database doesn't answer. "
        "Mend that, then try again.\n"
    )
