"""Make everything that a program needs, and print it."""

import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from instances.models import Instance
from instances.states import Status
from redisgate import quickstart
from redisgate.lib.errors import RedisGateError
from redisgate.quickstart import Kit
from redisgate.supervisor import pasteable, readiness
from redisgate.supervisor.only_one import who_runs

DEADLINE_SECONDS = 10.0
FAILED = 1
SIMULATION = (
    "This platform only simulates its instances (SIMULATION_MODE), so there is none to connect to. "
    "Take SIMULATION_MODE away, and start it again."
)
RATE_LIMIT_HELP = "commands a second, 100 by default; another one than before makes a new key"


class NotReady(Exception):
    """Why there is nothing to print, and what to do."""


class Command(BaseCommand):
    help = (
        "Make a person, an instance and an API key while the platform runs, "
        "and print what a program needs. A second call prints the same again, unless its "
        "--rate-limit differs: then a new key takes the place of the former one."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON, not a .env block")
        parser.add_argument("--rate-limit", type=int, help=RATE_LIMIT_HELP)
        parser.add_argument("--memory", type=int, help="megabytes of the instance, 64 by default")

    def handle(
        self, *, json: bool, rate_limit: int | None, memory: int | None, **options: object
    ) -> None:
        try:
            kit = self._make(rate_limit, memory)
        except (NotReady, RedisGateError) as reason:
            self.stderr.write(f"redisgate: {reason}")
            sys.exit(FAILED)
        self.stdout.write(as_json(kit) if json else as_dotenv(kit))

    def _make(self, rate_limit: int | None, memory: int | None) -> Kit:
        if settings.SIMULATION_MODE:
            raise NotReady(SIMULATION)
        if not readiness.is_ready():
            raise NotReady(_why_nobody_answers())
        with quickstart.remembered() as kit:
            instance, key = quickstart.assemble(
                kit, memory_mb=memory, rate_limit=rate_limit, warn=self.stderr.write
            )
            if memory not in {None, instance.memory_mb}:
                self.stderr.write(f"The instance is there already, with {instance.memory_mb} MB.")
            _wait_for_pong(instance, kit.token)
            quickstart.note_address(kit, instance, key.prefix)
        return kit


def _why_nobody_answers() -> str:
    if complaint := readiness.complaint():
        return f"RedisGate runs, and isn't ready: {complaint} Mend that, then try again."
    running = who_runs(Path(settings.RUN_DIR) / "up.pid")
    if running is None:
        return (
            "RedisGate doesn't run with this DATA_DIR and PORT. "
            "Start it in another terminal (make run), then try again."
        )
    if (running.host, running.port) == (settings.HOST, settings.PORT):
        return f"RedisGate at {running.url} doesn't answer yet. Try again in a moment."
    line = pasteable.command(
        "quickstart", host=running.host, port=running.port, data_dir=Path(settings.DATA_DIR)
    )
    return f"RedisGate doesn't run with this HOST and PORT. It runs at {running.url}: {line}"


def _wait_for_pong(instance: Instance, token: str) -> None:
    """Wait until the gateway answers PING with the key, just as a program would ask."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not readiness.answers_ping(instance.pk, token):
        instance.refresh_from_db()
        if instance.status == Status.ERROR or time.monotonic() > deadline:
            raise NotReady(_reason(instance))
        time.sleep(0.05)


def _reason(instance: Instance) -> str:
    if instance.status == Status.PENDING:
        return (
            "The instance is waiting: no controller is running. "
            "Look at the output of `make run`, and start it again."
        )
    detail = instance.status_detail or "it doesn't answer PING over HTTP"
    return f"The instance is {instance.status}: {detail.rstrip('.')}. Look at its page."


def as_json(kit: Kit) -> str:
    return json.dumps(asdict(kit), indent=2)


def as_dotenv(kit: Kit) -> str:
    return "\n".join(
        (
            f'UPSTASH_REDIS_REST_URL="{kit.url}"',
            f'UPSTASH_REDIS_REST_TOKEN="{kit.token}"',
            f'REDIS_URL="{kit.redis_url}"',
        )
    )
