"""What every room stands on: the database and the platform's own Redis."""

import asyncio

import redis.asyncio
from django.conf import settings
from django.db import Error, connection
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from observability import health
from observability.health import FRESH_SECONDS, Component, Unhealthy
from observability.single_flight import SingleFlight
from redisgate.lib import direct_database, migrations

AWAY = "The database doesn't answer."
WITHOUT_REDIS = "live updates are late, and each web process counts rate limits alone."

_is_migrated = False


async def _database() -> None:
    await health.in_thread(_ask_database)


def _ask_database() -> None:
    """Ask over a new connection: an old one may work while the database gives no others."""
    try:
        direct_database.ask()
    except Error:
        raise Unhealthy(AWAY) from None
    finally:
        connection.close()


async def platform_redis() -> None:
    """Ask over a fresh connection: one that idles in a pool says nothing about now."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=1, protocol=2)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        raise Unhealthy(f"{_failing(error)}: {WITHOUT_REDIS}") from None
    finally:
        await client.aclose()


def _failing(error: Exception) -> str:
    """Tell a refusal, which the client wraps while it connects, from one that is away."""
    refusal = (AuthenticationError, NoPermissionError)
    if isinstance(error, refusal) or isinstance(error.__cause__, refusal):
        return "The platform's Redis refuses the password or the user of REDIS_URL"
    return "The platform's Redis doesn't answer"


def _ask_migrations() -> None:
    global _is_migrated
    try:
        is_behind = migrations.is_behind()
    except Error:
        connection.close()
        raise Unhealthy(AWAY) from None
    if is_behind:
        raise Unhealthy("The database is being prepared: migrations are missing.")
    _is_migrated = True


async def _preparation() -> str:
    """Say what is missing; a failure is an answer, too, and good for as long."""
    try:
        await health.query(_ask_migrations)
    except Unhealthy as reason:
        return str(reason)
    except Error:
        return AWAY
    return ""


_prepared = SingleFlight(_preparation, fresh_seconds=FRESH_SECONDS)


async def require_migrations() -> None:
    """Raise Unhealthy while the database was never found prepared.

    Migrations don't go away again, so one good answer is enough for the life of the process.
    """
    if _is_migrated:
        return
    try:
        async with asyncio.timeout(health.TIMEOUT_SECONDS):
            missing = await _prepared.get()
    except TimeoutError:
        raise Unhealthy(health.too_late()) from None
    if missing:
        raise Unhealthy(missing)


def forget() -> None:
    """Look at the migrations again."""
    global _is_migrated
    _is_migrated = False
    _prepared.forget()


DATABASE = Component("database", _database, is_vital=True)
PLATFORM_REDIS = Component("platform_redis", platform_redis)
