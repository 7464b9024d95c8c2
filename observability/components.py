"""What every room stands on: the database and the platform's own Redis."""

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from observability.health import Component, Unhealthy

_is_migrated = False


async def _database() -> None:
    await sync_to_async(_ask_database)()


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        raise Unhealthy("The database doesn't answer.") from None


async def platform_redis() -> None:
    """Ask over a fresh connection: one that idles in a pool says nothing about now."""
    client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=1, protocol=2)
    try:
        await client.ping()
    except (RedisError, OSError):
        raise Unhealthy(
            "The platform's Redis doesn't answer: live updates are late, and each web process "
            "counts rate limits alone."
        ) from None
    finally:
        await client.aclose()


def _ask_migrations() -> None:
    """Migrations don't go away again, so one good answer is enough."""
    global _is_migrated
    if _is_migrated:
        return
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error:
        raise Unhealthy("The database doesn't answer.") from None
    if missing:
        raise Unhealthy("The database is being prepared: migrations are missing.")
    _is_migrated = True


async def require_migrations() -> None:
    """Raise Unhealthy while the database can't be used yet."""
    await sync_to_async(_ask_migrations)()


DATABASE = Component("database", _database, is_vital=True)
PLATFORM_REDIS = Component("platform_redis", platform_redis)
