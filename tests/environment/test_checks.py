"""What works and is unsafe is refused; what is hardly meant is said, with the way out."""

import os
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.core import checks

from redisgate import checks_reference
from redisgate.check_rules import RULES
from redisgate.lib.serving import SETTINGS
from tests.environment.conftest import PRODUCTION, RANDOM, Read
from tests.platform import ROOT

BROKEN = [
    ("E001", {"SECRET_KEY": "s" * 50}),
    ("E001", {"SECRET_KEY": "0123456789" * 5}),
    ("E001", {"SECRET_KEY": "0a1b2c3d" * 5}),
    ("E001", {"SECRET_KEY": f"django-insecure-{RANDOM}"}),
    ("E001", {"SECRET_KEY": f"changeMe-{RANDOM}"}),
    ("E002", {"DEBUG": "true"}),
    ("E003", {"SIMULATION_MODE": "true"}),
    ("W001", {"DATABASE_URL": ""}),
    ("W002", {"PUBLIC_URL": "http://redis.example.com", "TRUSTED_PROXIES": ""}),
    ("W003", {"HOST": "::", "ALLOWED_HOSTS": "*"}),
    ("W004", {"EMAIL_URL": ""}),
    ("W005", {"TRUSTED_PROXIES": ""}),
    ("W006", {"METRICS_NETWORKS": "10.0.0.0/8,0.0.0.0/0"}),
    ("W006", {"METRICS_NETWORKS": "::/0", "METRICS_TOKEN": RANDOM}),
    ("W008", {"REDIS_URL": "none"}),
    ("W008", {"REDIS_ENABLED": "false"}),
]


def broken(settings: SimpleNamespace, **environment: str) -> list[str]:
    with patch.dict(os.environ, environment, clear=True):
        return [rule.id.removeprefix("redisgate.") for rule in RULES if rule.is_broken(settings)]


def test_sensible_production_has_nothing_to_be_said_about(read: Read) -> None:
    assert broken(read(**PRODUCTION)) == []


def test_one_machine_needs_no_settings_at_all(read: Read) -> None:
    assert broken(read()) == []


@pytest.mark.parametrize(("id_", "change"), BROKEN)
def test_each_rule_has_what_breaks_it_alone(read: Read, id_: str, change: dict[str, str]) -> None:
    assert broken(read(**{**PRODUCTION, **change})) == [id_]


def test_random_digits_pass_even_where_chance_repeats_many(read: Read) -> None:
    assert broken(read(**{**PRODUCTION, "SECRET_KEY": "90aa7f3d7f09a3d1d5700f9a3f71d5f0"})) == []


@pytest.mark.parametrize("place", [{"HOST": "::"}, {"PUBLIC_URL": "http://redis.example.com"}])
def test_debug_stays_among_yourselves(read: Read, place: dict[str, str]) -> None:
    assert broken(read(DEBUG="true", HOST="127.0.0.1")) == []
    assert broken(read(DEBUG="true", HOST="::1", PUBLIC_URL="http://a.localhost")) == []
    assert "E002" in broken(read(DEBUG="true", **place))


def test_open_platform_answers_to_any_name_until_somebody_names_them(read: Read) -> None:
    assert broken(read(HOST="::")) == ["W003"]
    assert broken(read(HOST="::", ALLOWED_HOSTS="redis.example.com")) == []


def test_switch_without_redis_is_told_from_none_at_all(read: Read) -> None:
    settings = read(REDIS_URL="none")
    assert broken(settings) == []
    assert broken(settings, CACHE_REDIS="false") == []
    assert broken(settings, CACHE_REDIS="true") == ["W007"]


def test_production_without_a_worker_is_said(read: Read) -> None:
    settings = read(**PRODUCTION)
    settings.JOB_QUEUE = "immediate"
    assert broken(settings) == ["W009"]
    settings.JOB_QUEUE = "database"
    assert broken(settings) == []


def test_every_rule_is_registered_and_breakable(read: Read) -> None:
    assert {rule.id.removeprefix("redisgate.") for rule in RULES} == {
        *(id_ for id_, _ in BROKEN),
        "W007",
        "W009",
    }
    assert checks.registry.registry.tag_exists(SETTINGS)


def test_reference_page_is_up_to_date() -> None:
    page = (ROOT / "docs" / "reference" / "checks.md").read_text()
    assert page == checks_reference.render()
