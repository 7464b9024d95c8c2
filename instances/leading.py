"""Who leads, when each duty came round, and how the machines are, for metrics."""

from datetime import datetime, timedelta

from django.utils import timezone

from instances import duties
from instances.lease import CONTROLLER, LIFETIME
from instances.models import Host, Lease
from observability.population import Several
from redisgate.lib.units import MEGABYTE

FORGOTTEN_AFTER = timedelta(hours=1)
"""A machine that has been silent for so long is gone; pods leave many such behind."""
HOSTS_MAX = 50

LEASE = (
    "controller_lease_held",
    "controller_lease_renewed_timestamp_seconds",
    "controller_takeovers_total",
)
DUTIES = ("duty_last_turn_timestamp_seconds", "duty_interval_seconds")
HOSTS = (
    "host_memory_bytes",
    "host_memory_free_bytes",
    "host_disk_bytes",
    "host_disk_free_bytes",
    "host_load",
    "host_processors",
    "host_report_timestamp_seconds",
)


def lease() -> Several:
    """Tell whether somebody leads. Before the first controller nobody ever did."""
    row = Lease.objects.filter(name=CONTROLLER).first()
    if row is None:
        return {"controller_lease_held": {(): 0.0}}
    is_held = bool(row.holder) and row.expires_at > timezone.now()
    return {
        "controller_lease_held": {(): float(is_held)},
        "controller_lease_renewed_timestamp_seconds": {(): (row.expires_at - LIFETIME).timestamp()},
        "controller_takeovers_total": {(): row.fence},
    }


def turns() -> Several:
    """Give the turns that the controller which reported last has told."""
    host = Host.objects.order_by("-seen_at").first()
    if host is None:
        return {}
    told = host.duties or {}
    registered = {(duty.name,): duty for duty in duties.registered()}
    return {
        "duty_interval_seconds": {name: duty.every_seconds for name, duty in registered.items()},
        "duty_last_turn_timestamp_seconds": {
            name: datetime.fromisoformat(told[duty.name]).timestamp()
            for name, duty in registered.items()
            if duty.name in told
        },
    }


def hosts() -> Several:
    """Give the machines as their controllers have read them last."""
    recent = Host.objects.filter(seen_at__gt=timezone.now() - FORGOTTEN_AFTER)
    rows = {(host.name,): host for host in recent.order_by("-seen_at")[:HOSTS_MAX]}
    known = {name: host for name, host in rows.items() if host.load is not None}
    return {
        "host_memory_bytes": {name: row.memory_total_mb * MEGABYTE for name, row in rows.items()},
        "host_memory_free_bytes": {
            name: row.memory_free_mb * MEGABYTE for name, row in rows.items()
        },
        "host_disk_bytes": {name: row.disk_total_mb * MEGABYTE for name, row in rows.items()},
        "host_disk_free_bytes": {name: row.disk_free_mb * MEGABYTE for name, row in rows.items()},
        "host_load": {name: row.load or 0.0 for name, row in known.items()},
        "host_processors": {name: row.processors or 0 for name, row in known.items()},
        "host_report_timestamp_seconds": {
            name: row.seen_at.timestamp() for name, row in rows.items()
        },
    }
