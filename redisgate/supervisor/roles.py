"""The processes that make a platform on one machine, in the order in which they start."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from redisgate.lib import pulse

MANAGE = (sys.executable, str(settings.BASE_DIR / "manage.py"))


@dataclass(frozen=True, slots=True)
class Role:
    """A process with a purpose.

    ``grace_seconds`` is how long it may take to stop after SIGTERM, ``patience`` how many
    Ctrl-C it sits out until then; ``inherits`` are file descriptors from the supervisor,
    ``pulse`` is the file that it touches as long as it is at work.
    """

    name: str
    command: tuple[str, ...]
    grace_seconds: float
    inherits: tuple[int, ...] = ()
    patience: int = 1
    pulse: Path | None = None


def all_roles(listener: int, server_binary: Path | None) -> tuple[Role, ...]:
    """List what runs here. The platform Redis is ours only where settings name no other.

    Where that is so, there need be no server to run.
    """
    web = (*MANAGE, "web", "--skip-checks", "--fd", str(listener))
    roles = [Role("web", web, 15, inherits=(listener,)), controller()]
    if settings.JOB_QUEUE == "database":
        worker = (*MANAGE, "worker", "--skip-checks")
        roles.append(Role("worker", worker, 15, pulse=pulse.of("worker")))
    if server_binary is None or settings.REDIS_URL != settings.OWN_REDIS_URL:
        return tuple(roles)
    return (Role("platform-redis", _platform_redis(server_binary), 5), *roles)


def controller() -> Role:
    """Describe the one that has the time to save what people stored when it is stopped."""
    command = (*MANAGE, "controller", "--skip-checks", "--stop-instances-on-exit")
    return Role("controller", command, 60, patience=2, pulse=pulse.of("controller"))


def stop_order(roles: Sequence[Role]) -> tuple[Role, ...]:
    """Nobody new comes in, jobs end, instances are saved, and what all of them use goes last."""
    order = ("web", "worker", "controller", "platform-redis")
    return tuple(sorted(roles, key=lambda role: order.index(role.name)))


def _platform_redis(binary: Path) -> tuple[str, ...]:
    """A small server on a private socket that remembers nothing."""
    options = {
        "port": "0",
        "unixsocket": str(settings.PLATFORM_SOCKET),
        "unixsocketperm": "700",
        "save": "",
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "allkeys-lru",
        "dir": str(settings.RUN_DIR),
        "logfile": str(settings.RUN_DIR / "platform-redis.log"),
        "loglevel": "warning",
    }
    return (str(binary), *(part for key, value in options.items() for part in (f"--{key}", value)))
