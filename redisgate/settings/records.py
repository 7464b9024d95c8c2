"""What is written down, and for how long."""

from redisgate.lib.env import networks
from redisgate.settings.place import RUN_DIR, env

KEY_USAGE_DAYS = env.number("KEY_USAGE_DAYS", 400, least=90, most=36_500)

AUDIT_RETENTION_DAYS = env.number("AUDIT_RETENTION_DAYS", 0, least=0, most=36_500)
AUDIT_SEAL_EVERY_DAYS = env.number("AUDIT_SEAL_EVERY_DAYS", 0, least=0, most=3650)

METRICS_DIR = RUN_DIR / "metrics"
METRICS_TOKEN = env.text("METRICS_TOKEN")
METRICS_NETWORKS = env.parsed(
    "METRICS_NETWORKS", "127.0.0.0/8,::1", networks, "networks such as 10.0.0.0/8,192.168.1.7"
)

LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname:<7} {name}: {message}", "style": "{"},
    },
    "filters": {"one_line": {"()": "redisgate.lib.calm_logs.OneLine"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django_tasks_db": {"level": "ERROR"},  # it reports each start and stop
        "django_tasks": {"level": "WARNING"},  # and each job
        "django.request": {"level": "ERROR"},  # refusals are logged once, with their reason
        "django.security.DisallowedHost": {"filters": ["one_line"]},
    },
}
