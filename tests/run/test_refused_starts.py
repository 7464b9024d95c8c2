"""An environment that can't be served ends a start with one line, and nothing is left behind."""

from pathlib import Path

import pytest

from tests.platform import ROOT, Platform, environment, manage, processes_of

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


def test_environment_of_the_production_guide_leaves_nothing_to_say(tmp_path: Path) -> None:
    secrets = {
        "secret_key": "n8Vx2kQz7LwT4mYb1RcJ6hGs9DfP3aEu5WiZoXtKvMqBjNlC0S",
        "database_url": "postgres://redisgate:hunter2@db.internal:5432/redisgate",
        "redis_password": "hunter2",
        "email_url": "smtp+tls://redisgate:hunter2@mail.example.com:587",
        "metrics_token": "hunter2",
    }
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n")
    guide = (ROOT / "docs" / "how-to" / "run-in-production.md").read_text()
    block = guide.split("```env\n")[1].split("```")[0].replace("/run/secrets", str(tmp_path))
    variables = dict(line.split("=", 1) for line in block.splitlines())
    done = manage("check", "--deploy", DATA_DIR=str(tmp_path / "data"), **variables)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("System check identified no issues")
    assert done.stderr == ""


def test_role_that_starts_alone_wants_the_database_to_be_prepared(data_dir: Path) -> None:
    done = manage("controller", **environment(data_dir))
    assert done.returncode == 1
    assert done.stderr == (
        "redisgate: The database is older than this version: run `manage.py migrate` first.\n"
    )


def test_worker_that_finds_no_database_says_so_in_a_line(data_dir: Path) -> None:
    address = "postgres://redisgate:hunter2@127.0.0.1:1/redisgate"
    done = manage("worker", **environment(data_dir, DATABASE_URL=address))
    assert done.returncode == 1
    warned, refused = done.stderr.splitlines()
    assert warned.startswith("redisgate: warning: The database is away")
    assert refused.startswith("redisgate: The database can't be used")
    assert "hunter2" not in done.stderr


def test_web_that_starts_alone_needs_its_files(data_dir: Path) -> None:
    done = manage("web", "--skip-checks", **environment(data_dir))
    assert done.returncode == 1
    assert done.stderr == (
        "redisgate: The files for browsers are missing: "
        "run `manage.py collectstatic --noinput` first.\n"
    )


def test_web_that_starts_alone_needs_its_port(platform: Platform) -> None:
    done = platform.manage("web", "--skip-checks")
    assert done.returncode == 1
    assert done.stderr.startswith(f"redisgate: Port {platform.environment['PORT']} on 127.0.0.1")
    assert "or choose another port: set PORT=" in done.stderr
    assert "make" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_check_that_cannot_look_at_the_database_says_so(data_dir: Path) -> None:
    address = "postgres://redisgate:hunter2@127.0.0.1:1/redisgate"
    done = manage("check", "--database", "default", **environment(data_dir, DATABASE_URL=address))
    assert done.returncode == 0
    assert done.stderr.count("(redisgate.W010)") == 1
    assert "Connection refused" in done.stderr
    assert "HINT: Check DATABASE_URL" in done.stderr
    assert "hunter2" not in done.stderr


def test_check_of_an_empty_database_has_nothing_to_say(data_dir: Path) -> None:
    done = manage("check", "--database", "default", **environment(data_dir))
    assert done.stdout.startswith("System check identified no issues")
    assert done.stderr == ""
