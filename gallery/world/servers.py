"""The few real servers: started by a controller that leaves them running, and filled."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import redis
from django.conf import settings

from gallery.world.names import LONG_KEY
from instances.drivers import driver
from instances.models import Instance
from instances.spec_of_row import address_spec_of
from instances.states import Status
from tests.waiting import wait_until

_BUSY = "local done = os.clock() + ARGV[1] / 1000 repeat until os.clock() > done"
DOCUMENT = {"sku": "KT-1042", "title": "Kettle, 1.7 l", "price": {"eur": 39.9}, "in_stock": True}


@contextmanager
def controller() -> Iterator[None]:
    """Let a control loop run for a while; its servers outlive it."""
    process = subprocess.Popen(  # noqa: S603  the command is our own
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "controller"],
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def wait_for(instance: Instance) -> None:
    """Return once the server runs and knows everybody who may log in."""

    def runs() -> bool:
        instance.refresh_from_db()
        return instance.status == Status.RUNNING and instance.acl_done == instance.acl_wish

    wait_until(runs, f"{instance.name} runs")


def fill(instance: Instance) -> None:
    """Store values of every type, under names with prefixes, and leave slow commands behind."""
    address = driver(instance.provisioner).endpoint(address_spec_of(instance)).socket_path
    with redis.Redis(
        unix_socket_path=address, username="rg-admin", password=instance.admin_password
    ) as server:
        _fill(server.pipeline(transaction=False))
        for milliseconds in (34, 12):
            server.eval(_BUSY, 1, "queue:mail", milliseconds)


def _fill(pipeline: Any) -> None:
    for n in range(240):
        pipeline.set(f"session:{n * 7919 % 100_000:05}", f"user={n}", ex=900 + 60 * n)
        pipeline.hset(f"user:{n}", mapping={"name": f"Person {n}", "plan": "team", "logins": n})
    for n in range(60):
        pipeline.set(f"cache:page:{n}", f"<html>{'x' * n * 40}</html>", ex=300)
    pipeline.set("product:1042", json.dumps(DOCUMENT))
    pipeline.set("greeting:ar", "مرحبا بالعالم")
    pipeline.hset(LONG_KEY, mapping={"שם": "אדם", "f" * 200: "v" * 2000, "empty": ""})
    pipeline.set("blob", bytes(range(256)))
    pipeline.rpush("queue:mail", *(f"mail-{n:04}" for n in range(400)))
    pipeline.sadd("features:on", "dark-mode", "fast-lane", "palette")
    pipeline.zadd("leaderboard", {f"player-{n}": n * n % 997 for n in range(120)})
    for n in range(25):
        pipeline.xadd("events:orders", {"order": n, "total": f"{n * 3}.90"})
    pipeline.pfadd("visitors:today", *(f"v{n}" for n in range(500)))
    pipeline.execute()
