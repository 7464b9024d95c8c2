"""How web is served: a gunicorn master that has loaded everything, and uvicorn workers."""

import gc
import logging
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, connections
from gunicorn import glogging
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from uvicorn_worker import UvicornWorker

from gateway.fastlane import FastLane
from gateway.traced_lane import TracedLane
from observability import dead_workers
from observability.counted_protocol import CountedProtocol
from redisgate import succession
from redisgate.lib.http_protocol import HttpProtocol
from redisgate.supervisor.parent_death import die_with_parent

GRACE_SECONDS = 10
SWITCH_SECONDS = 0.0005
KEEP_ALIVE_SECONDS = 75
"""Longer than proxies and clients keep a connection, so that it is they who close it."""


def _protocol() -> type[HttpProtocol]:
    if not settings.GATEWAY_FAST_LANE:
        return CountedProtocol
    return TracedLane if settings.TRACING else FastLane


class WebWorker(UvicornWorker):  # type: ignore[misc]  # it has no types
    """A uvicorn worker that stops with its master and writes no access log.

    An access log would hold the query string, and with it ``_token``.
    """

    CONFIG_KWARGS: ClassVar[dict[str, Any]] = {
        "loop": "uvloop",
        "http": _protocol(),
        "ws": "websockets-sansio",  # the other one stands on what websockets calls legacy
        "lifespan": "on",
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(settings.TRUSTED_PROXIES),
        # Less than gunicorn waits: an endless stream is cancelled, not killed.
        "timeout_graceful_shutdown": GRACE_SECONDS - 2,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # It was handed to the handlers of gunicorn's log, of which there are none.
        logging.getLogger("uvicorn.error").propagate = True

    def init_process(self) -> None:
        # Unlike gunicorn's own workers, uvicorn's don't notice that their master is gone.
        die_with_parent(self.ppid, signal.SIGTERM)
        # What was loaded stays; no collection need look at it, and fewer pages are copied.
        gc.collect()
        gc.freeze()
        # While a thread of look-ups computes, the loop would wait five milliseconds for each turn.
        sys.setswitchinterval(SWITCH_SECONDS)
        super().init_process()


class ServerLog(glogging.Logger):  # type: ignore[misc]  # it has no types
    """Gunicorn's log without handlers of its own: everything is written in one place."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def forget_worker(_master: object, worker: Worker) -> None:
    """Keep what a worker counted, and nothing else of it."""
    dead_workers.merge(worker.pid)


class Web(BaseApplication):  # type: ignore[misc]  # it has no types
    """The gunicorn master. It loads the application once, and forks workers that share it."""

    def __init__(self, bind: str) -> None:
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        options = {
            "bind": self._bind,
            "workers": settings.WEB_WORKERS,
            "worker_class": WebWorker,
            "preload_app": True,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "forwarded_allow_ips": ",".join(settings.TRUSTED_PROXIES),
            "control_socket_disable": True,
            "loglevel": "warning",
            "logger_class": ServerLog,
            "proc_name": "redisgate",
            "child_exit": forget_worker,
            "post_worker_init": succession.relieve_former,
            "backlog": 2048,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """Load before the fork, and leave nothing open that must not be shared."""
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
        # WhiteNoise reads its files synchronously; they are small, and an operator can't help it.
        warnings.filterwarnings("ignore", "StreamingHttpResponse must consume synchronous")
        import uvicorn.protocols.websockets.websockets_sansio_impl  # noqa: F401

        import redisgate.urls  # noqa: F401
        from redisgate.asgi import application

        connections.close_all()
        if connection.vendor == "postgresql":
            # Its threads would not come along into the workers.
            connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it
        return application
