"""Where rows, jobs and shared numbers are kept."""

from redisgate.lib.env import database_address, redis_address
from redisgate.settings.place import DATA_DIR, RUN_DIR, env

DATABASES = {
    "default": env.parsed(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'redisgate.sqlite3'}",
        database_address,
        "sqlite:////path/to/file or postgres://user:password@host:5432/name",
        is_secret=True,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A writer takes its lock at BEGIN, so that a second one waits instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # Under ASGI each request has a thread of its own: a connection kept for the next one would
    # never be used again, and stays open until it is collected.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# Guards of accounts count in it, so it must be one for all processes, and forget nothing.
CACHES = {"default": {"BACKEND": "accounts.shared_cache.SharedCache"}}

# Platform Redis: each use has a switch of its own.
PLATFORM_SOCKET = RUN_DIR / "platform.sock"
OWN_REDIS_URL = f"unix://{PLATFORM_SOCKET}"
REDIS_URL = env.parsed(
    "REDIS_URL",
    OWN_REDIS_URL,
    redis_address,
    "redis://host:6379/0, or none to do without",
    is_secret=True,
)
RATE_LIMIT_REDIS = env.flag("RATE_LIMIT_REDIS", default=True) and bool(REDIS_URL)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "redisgate"},
    }
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
