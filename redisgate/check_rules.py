"""Settings that work and should not be: unsafe ones (E), and ones that are hardly meant (W)."""

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core import checks

from redisgate.lib.env import Environment

GUESSED = (
    *("django-insecure", "changeme", "change-me", "change_me", "secret", "example", "password"),
    "12345678",
)
"""What keys are made of that somebody typed, or copied from a page."""
LEAST_DIFFERENT = 9
"""Characters: three of a million keys of 32 random hexadecimal digits have fewer."""
REDIS_SWITCHES = (
    "SESSION_STORE_REDIS",
    "CACHE_REDIS",
    "RATE_LIMIT_REDIS",
    "JOB_QUEUE_REDIS",
    "CHANNEL_LAYER_REDIS",
)

Settings = Any
"""Django's settings, or a namespace with the same names."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that should not be, and the way out."""

    id: str
    message: str
    hint: str
    is_broken: Callable[[Settings], bool]

    def issue(self) -> checks.CheckMessage:
        kind = checks.Error if ".E" in self.id else checks.Warning
        return kind(self.message, hint=self.hint, id=self.id)


def _has_guessable_key(settings: Settings) -> bool:
    key: str = settings.SECRET_KEY
    is_monotonous = len(set(key)) < LEAST_DIFFERENT
    return is_monotonous or any(word in key.lower() for word in GUESSED)


def _debugs_in_public(settings: Settings) -> bool:
    is_alone = _is_local(settings.HOST) and _is_local(_host_of(settings))
    return bool(settings.DEBUG and (settings.IS_PRODUCTION or not is_alone))


def _simulates_in_production(settings: Settings) -> bool:
    return bool(settings.SIMULATION_MODE and settings.IS_PRODUCTION)


def _keeps_production_in_a_file(settings: Settings) -> bool:
    is_file = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    return bool(settings.IS_PRODUCTION and is_file)


def _serves_production_in_the_clear(settings: Settings) -> bool:
    return bool(settings.IS_PRODUCTION and not settings.IS_HTTPS)


def _answers_to_any_name(settings: Settings) -> bool:
    return "*" in settings.ALLOWED_HOSTS


def _prints_mail_in_production(settings: Settings) -> bool:
    return bool(settings.IS_PRODUCTION and not settings.HAS_MAIL_SERVER)


def _trusts_no_proxy(settings: Settings) -> bool:
    return bool(settings.IS_HTTPS and not settings.TRUSTED_PROXIES)


def _shows_metrics_to_all(settings: Settings) -> bool:
    return any(network.prefixlen == 0 for network in settings.METRICS_NETWORKS)


def _switches_on_what_is_not_there(settings: Settings) -> bool:
    env = Environment()
    asked = [name for name in REDIS_SWITCHES if env.text(name) and env.flag(name, default=True)]
    return bool(asked and not settings.REDIS_URL)


def _lacks_redis_in_production(settings: Settings) -> bool:
    return bool(settings.IS_PRODUCTION and not settings.REDIS_URL)


def _runs_jobs_without_a_worker(settings: Settings) -> bool:
    return bool(settings.IS_PRODUCTION and settings.JOB_QUEUE == "immediate")


def _host_of(settings: Settings) -> str:
    return str(urlsplit(settings.PUBLIC_URL).hostname)


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


RULES = (
    Rule(
        "redisgate.E001",
        "SECRET_KEY can be guessed, and whoever has it signs in as anybody.",
        "Take the line away where one machine is all (RedisGate makes a key of its own), or set 50 "
        "random characters: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        _has_guessable_key,
    ),
    Rule(
        "redisgate.E002",
        "DEBUG must be false in production and wherever others reach the platform: it shows "
        "visitors code and settings.",
        "Take DEBUG away, or listen on 127.0.0.1 alone, with a PUBLIC_URL of this machine.",
        _debugs_in_public,
    ),
    Rule(
        "redisgate.E003",
        "SIMULATION_MODE must be false in production: its instances keep nothing and serve nobody.",
        "Take SIMULATION_MODE away.",
        _simulates_in_production,
    ),
    Rule(
        "redisgate.W001",
        "Production keeps its rows in a SQLite file: that is for one machine alone, and all "
        "changes wait for each other.",
        "Set DATABASE_URL to a PostgreSQL: docs/how-to/run-in-production.md.",
        _keeps_production_in_a_file,
    ),
    Rule(
        "redisgate.W002",
        "PUBLIC_URL begins with http:// in production: passwords and API keys travel in the clear, "
        "and cookies aren't kept to encrypted connections.",
        "Put a proxy with TLS in front, and set PUBLIC_URL=https://...",
        _serves_production_in_the_clear,
    ),
    Rule(
        "redisgate.W003",
        "HOST is open to everybody, and the platform answers to any host name.",
        "Set ALLOWED_HOSTS to the names that people use, separated by commas.",
        _answers_to_any_name,
    ),
    Rule(
        "redisgate.W004",
        "Production has no mail server: links that reset a password or invite a member are printed "
        "in the log of the worker.",
        "Set EMAIL_URL=smtp+tls://mail.example.com:587, with a user and a password before the host "
        "where the server wants them (docs/how-to/send-mail.md).",
        _prints_mail_in_production,
    ),
    Rule(
        "redisgate.W005",
        "PUBLIC_URL begins with https:// and no proxy is trusted: every visitor counts as the "
        "proxy, in limits, in the audit log and for METRICS_NETWORKS.",
        "Name the addresses of your proxy in TRUSTED_PROXIES.",
        _trusts_no_proxy,
    ),
    Rule(
        "redisgate.W006",
        "METRICS_NETWORKS opens GET /metrics to everybody without a token.",
        "Name the network of your Prometheus alone, or leave it empty and set METRICS_TOKEN.",
        _shows_metrics_to_all,
    ),
    Rule(
        "redisgate.W007",
        f"A switch among {', '.join(REDIS_SWITCHES)} is on, and the platform has no Redis.",
        "Set REDIS_URL, or take REDIS_ENABLED=false or REDIS_URL=none away.",
        _switches_on_what_is_not_there,
    ),
    Rule(
        "redisgate.W008",
        "Production has no Redis: browsers see changes late, and each web process counts rate "
        "limits alone.",
        "Set REDIS_URL to a Redis or Valkey that all machines of the platform share.",
        _lacks_redis_in_production,
    ),
    Rule(
        "redisgate.W009",
        "Production has no worker: web processes do jobs beside their requests, and second "
        "attempts come up to a minute late.",
        "Take JOB_QUEUE=immediate away, and run `manage.py worker`.",
        _runs_jobs_without_a_worker,
    ),
)
