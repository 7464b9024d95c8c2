"""Every nonsense in the environment ends the start with one line that names it."""

from pathlib import Path

import pytest

from tests.platform import environment, manage

pytestmark = pytest.mark.e2e

BAD = [
    ("PORT", "abc"),
    ("PORT", "0"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("HOST", "nonsense"),
    ("HOST", "256.1.1.1"),
    ("DATA_DIR", "/dev/null"),
    ("DATA_DIR", "/dev/null/below"),
    ("DATA_DIR", "/proc/nothing"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "mysql://user:hunter2@host/name"),
    ("DATABASE_URL", "postgres://user:hunter2@host:port/name"),
    ("DATABASE_URL", "postgres://host"),
    ("SECRET_KEY", "short"),
    ("WEB_WORKERS", "0"),
    ("WEB_WORKERS", "many"),
    ("ENVIRONMENT", "prod"),
    ("DEBUG", "perhaps"),
    ("INSTANCE_PORTS", "29999-20000"),
    ("INSTANCE_PORTS", "1-100"),
    ("INSTANCE_PORTS", "20000"),
    ("INSTANCE_BIND", "everywhere"),
    ("INSTANCE_BINARY", "/nowhere/valkey-server"),
    ("INSTANCE_TLS_CERT", "/nowhere/certificate.pem"),
    ("INSTANCE_TLS_CERT", "/etc/hostname"),
    ("PUBLIC_URL", "nonsense"),
    ("PUBLIC_URL", "ftp://example.com"),
    ("PUBLIC_URL", "https://example.com:port"),
    ("PUBLIC_URL", "https://example.com/below"),
    ("PUBLIC_URL", "https://user@example.com"),
    ("REDIS_URL", "nonsense"),
    ("REDIS_URL", "http://user:hunter2@localhost:6379"),
    ("EMAIL_URL", "nonsense"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "https://user:hunter2@mail.example.com"),
    ("EMAIL_URL", "smtp+tls://user:hunter2@mail.example.com:port"),
    ("OPERATOR_CONTACT", "javascript:alert(1)"),
    ("LOG_LEVEL", "loud"),
    ("TRUSTED_PROXIES", "10.0.0.5,*"),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_setting_is_named_in_one_line(data_dir: Path, name: str, value: str) -> None:
    done = manage("up", **environment(data_dir) | {name: value})
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"redisgate: {name}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "redis.example.com"])
def test_own_instance_is_no_platform_redis(data_dir: Path, host: str) -> None:
    variables = environment(data_dir, INSTANCE_PORTS="20000-20099", INSTANCE_HOST=host)
    done = manage("up", **variables | {"REDIS_URL": f"redis://rg_1:hunter2@{host}:20099/0"})
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("redisgate: REDIS_URL points to an instance of this platform")
    assert "unset REDIS_URL" in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_production_never_shows_source_code(data_dir: Path) -> None:
    done = manage("up", **environment(data_dir, ENVIRONMENT="production", DEBUG="true"))
    assert done.returncode == 2
    assert done.stderr.startswith("redisgate: DEBUG must be false in production")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret_key": "canary"}'])
def test_damaged_keys_are_refused_and_not_replaced(data_dir: Path, content: str) -> None:
    data_dir.mkdir(mode=0o700, exist_ok=True)
    keys = data_dir / "keyring.json"
    keys.write_text(content)
    done = manage("up", **environment(data_dir))
    assert done.returncode == 2
    assert done.stderr.startswith("redisgate: DATA_DIR: the keys in")
    assert done.stderr.count("\n") == 1
    assert "canary" not in done.stderr
    assert keys.read_text() == content


@pytest.mark.parametrize("name", ["SECRET_KEY", "PUBLIC_URL"])
def test_production_demands_what_nobody_can_guess(data_dir: Path, name: str) -> None:
    complete = environment(data_dir, ENVIRONMENT="production", SECRET_KEY="s" * 50)
    done = manage("up", **{**complete, name: ""})
    assert done.returncode == 2
    assert done.stderr.startswith(f"redisgate: {name} is missing: in production")
