"""Machines that run servers: what the controller there reads, and what no longer fits.

Too late is when a server can't save any more, so new instances are refused before that.
"""

import logging
import socket
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from threading import Event

from django.conf import settings
from django.utils import timezone

from instances import duties
from instances.duties import Duty
from instances.host_readings import Readings, read
from instances.models import Host
from redisgate.lib import database_refusal, units
from redisgate.lib.errors import RedisGateError

log = logging.getLogger(__name__)

READ_EVERY_SECONDS = 5.0
BELIEVED = timedelta(seconds=60)


class HostFull(RedisGateError):
    """The machine has no room for one more server."""

    code = "host_full"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = "No room left"


def refuse_when_full(memory_mb: int, *, in_all_mb: int | None = None) -> None:
    """Raise HostFull where so much more memory, or any more data, would be too much.

    ``in_all_mb`` is what a server then has that has some already.
    Says nothing where no controller has reported lately: then nothing would start anyway.
    """
    host = newest()
    if host is None:
        return
    _refuse_full_disk(host)
    _refuse_what_could_not_save(host, in_all_mb or memory_mb)
    spare_mb = host.memory_total_mb * settings.HOST_MEMORY_FREE_PERCENT // 100
    if host.memory_free_mb < memory_mb + spare_mb:
        raise HostFull(
            f"The machine has {units.memory(host.memory_free_mb)} of memory free and keeps "
            f"{units.memory(spare_mb)} of it, so {units.memory(memory_mb)} don't fit. Choose less "
            "memory, delete unused instances, or ask your operator for more room.",
            details={"free_mb": host.memory_free_mb, "kept_mb": spare_mb, "asked_mb": memory_mb},
        )


def newest() -> Host | None:
    """Give the latest report, unless it is too old to be believed."""
    return Host.objects.filter(seen_at__gt=timezone.now() - BELIEVED).order_by("-seen_at").first()


def _refuse_full_disk(host: Host) -> None:
    percent = host.disk_free_mb * 100 // max(host.disk_total_mb, 1)
    if percent < settings.HOST_DISK_FREE_PERCENT:
        raise HostFull(
            f"The machine has {percent} % of its disk free, and new instances are made only above "
            f"{settings.HOST_DISK_FREE_PERCENT} %. Delete unused instances, or ask your operator "
            "for more room.",
            details={"free_percent": percent, "least_percent": settings.HOST_DISK_FREE_PERCENT},
        )


def _refuse_what_could_not_save(host: Host, memory_mb: int) -> None:
    """Refuse a server so large that the kernel would not let it make its copy that saves."""
    most_mb = host.memory_total_mb // 2
    if host.may_overcommit or memory_mb <= most_mb:
        return
    raise HostFull(
        f"An instance of {units.memory(memory_mb)} could not save its data on this machine: saving "
        f"takes a copy, and the machine has {units.memory(host.memory_total_mb)} of memory. Choose "
        f"at most {units.memory(most_mb)}, or ask your operator to set vm.overcommit_memory=1.",
        details={"most_mb": most_mb, "asked_mb": memory_mb},
    )


def report() -> Readings:
    """Write down how this machine is."""
    readings = read(Path(settings.DATA_DIR))
    facts = {**asdict(readings), "duties": duties.last_turns(), "seen_at": timezone.now()}
    Host.objects.update_or_create(name=socket.gethostname()[:120], defaults=facts)
    return readings


def keep_reporting(end: Event) -> None:
    """Report again and again until the end."""
    is_told = False
    while not end.is_set():
        try:
            readings = report()
        except database_refusal.AWAY as error:
            log.debug("The report on this machine wasn't written: %s", error)
        else:
            duties.note_turn(DUTY.name)
            if not readings.may_overcommit and not is_told:
                log.info(
                    "vm.overcommit_memory is not 1: a server that uses more than half of the "
                    "memory may fail to save. Set it with `sysctl vm.overcommit_memory=1`."
                )
                is_told = True
        end.wait(READ_EVERY_SECONDS)


DUTY = Duty("host", keep_reporting, every_seconds=READ_EVERY_SECONDS)
