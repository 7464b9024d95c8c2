"""Every nonsense in the environment ends the start with one line that names it."""

from pathlib import Path

import pytest

from redisgate.lib.env import BadSetting
from tests.environment.conftest import PRODUCTION, Read

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
    ("SECRET_KEY", "hunter2"),
    ("ENCRYPTION_KEYS", "hunter2"),
    ("ENCRYPTION_KEYS", "hunter2" * 6 + "aa,"),
    ("SIGNING_KEYS", "hunter2"),
    ("SIGNING_KEYS", "k1:hunter2"),
    ("SIGNING_KEYS", f":{'hunter2' * 6}"),
    ("SIGNING_KEYS", f"k1:{'hunter2' * 6},k1:{'hunter2' * 7}"),
    ("WEB_WORKERS", "0"),
    ("WEB_WORKERS", "many"),
    ("ENVIRONMENT", "prod"),
    ("DEBUG", "perhaps"),
    ("SILENCED_CHECKS", "redisgate.E001"),
    ("ENABLE_K8S", "true"),
    ("SIMULATION_MODE", "maybe"),
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
    ("PUBLIC_URL", "https://user:hunter2@example.com"),
    ("PUBLIC_URL", "https://hunter2@example.com"),
    ("PUBLIC_URL", "https://:hunter2@example.com"),
    ("PUBLIC_URL", "https:/user:hunter2@example.com"),
    ("PUBLIC_URL", "https://example.com?token=hunter2"),
    ("SSO_OIDC_ISSUER", "https://user:hunter2@id.example.com"),
    ("SSO_SAML_METADATA", "https://user:hunter2@id.example.com/metadata"),
    ("SSO_SAML_METADATA", "user:hunter2@id.example.com/metadata"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:hunter2@otlp.example.com"),
    ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://:hunter2@otlp.example.com"),
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "collector:4318"),
    ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://user:hunter2@otlp.example.com"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "hunter2"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "x-team=a,Bearer hunter2"),
    ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer hunter2;"),
    ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "=hunter2"),
    ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "x-team=a\thunter2"),
    ("TRUSTED_PROXIES", "http://user:hunter2@10.0.0.5"),
    ("HOST", "http://user:hunter2@10.0.0.5"),
    ("REDIS_DEFAULT_HOST", "redis://user:hunter2@10.0.0.5"),
    ("LOG_LEVEL", "https://user:hunter2@log.example.com"),
    ("PORT", "redis://user:hunter2@10.0.0.5"),
    ("DEBUG", "redis://user:hunter2@10.0.0.5"),
    ("REDIS_URL", "nonsense"),
    ("REDIS_URL", "http://user:hunter2@localhost:6379"),
    ("REDIS_URL", "redis://:hunter2@localhost:6379/first"),
    ("REDIS_ENABLED", "sometimes"),
    ("REDIS_PASSWORD", "hunter2"),
    ("REDIS_DB", "3"),
    ("REDIS_DB", "-1"),
    ("REDIS_DB", "first"),
    ("REDIS_DEFAULT_HOST", "redis://host"),
    ("REDIS_DEFAULT_PORT", "redis"),
    ("EMAIL_URL", "nonsense"),
    ("EMAIL_URL", "smtp://"),
    ("EMAIL_URL", "https://user:hunter2@mail.example.com"),
    ("EMAIL_URL", "smtp+tls://user:hunter2@mail.example.com:port"),
    ("OPERATOR_CONTACT", "javascript:alert(1)"),
    ("OPERATOR_CONTACT", "https://user:hunter2@example.com/help"),
    ("LOG_LEVEL", "loud"),
    ("TRUSTED_PROXIES", "10.0.0.5,*"),
    ("METRICS_TOKEN_FILE", "/nowhere/token"),
]


def refusal(read: Read, **variables: str) -> str:
    """Return why these settings are refused, which is one line and tells no secret."""
    with pytest.raises(BadSetting) as bad:
        read(**variables)
    said = str(bad.value)
    assert "\n" not in said
    assert "hunter2" not in said
    assert bad.value.__cause__ is None
    return said


@pytest.mark.parametrize(("name", "value"), BAD)
def test_bad_setting_is_named_in_one_line(read: Read, name: str, value: str) -> None:
    assert refusal(read, **{name: value}).startswith(name)


def test_value_that_holds_no_secret_is_repeated(read: Read) -> None:
    assert refusal(read, OPERATOR_CONTACT="me@").endswith(", not 'me@'.")
    assert refusal(read, PUBLIC_URL="example.com").endswith(", not 'example.com'.")


def test_headers_are_taken_encoded_and_as_they_are(read: Read) -> None:
    headers = "authorization=Basic%20aHVudGVyMg==, x-team = a b,"
    settings = read(OTEL_EXPORTER_OTLP_HEADERS=headers)
    assert headers == settings.OTEL_EXPORTER_OTLP_HEADERS


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "redis.example.com"])
def test_own_instance_is_no_platform_redis(read: Read, host: str) -> None:
    variables = {"INSTANCE_PORTS": "20000-20099", "INSTANCE_HOST": host}
    said = refusal(read, **variables, REDIS_URL=f"redis://rg_1:hunter2@{host}:20099/0")
    assert said.startswith("REDIS_URL points to an instance of this platform")
    assert "unset REDIS_URL" in said


@pytest.mark.parametrize("content", ["", "{", "[]", '{"secret_key": "hunter2"}'])
def test_damaged_keys_are_refused_and_not_replaced(
    read: Read, tmp_path: Path, content: str
) -> None:
    (tmp_path / "data").mkdir(mode=0o700)
    keys = tmp_path / "data" / "keyring.json"
    keys.write_text(content)
    assert refusal(read).startswith("DATA_DIR: the keys in")
    assert keys.read_text() == content


@pytest.mark.parametrize("name", ["SECRET_KEY", "PUBLIC_URL"])
def test_production_demands_what_nobody_can_guess(read: Read, name: str) -> None:
    said = refusal(read, **{**PRODUCTION, name: ""})
    assert said.startswith(f"{name} is missing: in production")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_PASSWORD", "METRICS_TOKEN"])
def test_secret_comes_by_itself_or_in_a_file(read: Read, tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text("")
    both = refusal(read, **{name: "hunter2" * 6, f"{name}_FILE": str(file)})
    assert both.startswith(f"{name} and {name}_FILE are both set")
    assert refusal(read, **{f"{name}_FILE": str(file)}).startswith(f"{name}_FILE: {file} is empty")
    assert "can't be read" in refusal(read, **{f"{name}_FILE": str(tmp_path)})
    file.write_bytes(b"\xff\xfehunter2")
    assert "isn't text" in refusal(read, **{f"{name}_FILE": str(file)})


def test_two_words_about_one_redis_are_refused(read: Read) -> None:
    address = "redis://:hunter2@redis:6379/1"
    assert "two different passwords" in refusal(read, REDIS_URL=address, REDIS_PASSWORD="hunter22")
    assert refusal(read, REDIS_URL=address, REDIS_DB="2").startswith("REDIS_DB is 2")
