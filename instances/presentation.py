"""What people see of an instance: wish and observation in one word, and what they may press.

Between a click and the control loop's next look the wish is ahead of the observation. People see
the wish then, so that a button answers at once and nobody presses it twice.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from django.utils import timezone

from instances import connection, expiry
from instances.models import EXTERNAL, SIMULATED, Instance
from instances.presets import PRESETS, Purpose
from instances.spec import Persistence
from instances.states import Status, Wish
from instances.their_server import is_adopted
from orgs.access import Access
from orgs.roles import Permission

_STARTABLE = frozenset({Status.STOPPED, Status.STOPPING, Status.ERROR})

PERSISTENCE_WORDS: dict[Persistence, str] = {
    Persistence.AOF: "Append-only file, synced every second",
    Persistence.SNAPSHOT: "Snapshots",
    Persistence.NONE: "None: the data lives in memory only",
}


class Observed(Protocol):
    """What the word for an instance is made of."""

    @property
    def provisioner(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def wish(self) -> str: ...
    @property
    def restart_wish(self) -> int: ...
    @property
    def restart_done(self) -> int: ...
    @property
    def acl_done(self) -> int: ...
    @property
    def crashes(self) -> int: ...


class SettingsStatus(StrEnum):
    """How far a server is with its settings."""

    APPLIED = "applied"
    APPLYING = "applying"
    FAILING = "failing"
    """It is tried again; the note says why it failed."""
    WAITING = "waiting"
    """The server isn't running, and starts with them."""


def settings_status(instance: Instance) -> SettingsStatus:
    if instance.settings_done >= instance.settings_wish:
        return SettingsStatus.APPLIED
    if instance.settings_failures:
        return SettingsStatus.FAILING
    is_up = instance.status == Status.RUNNING
    return SettingsStatus.APPLYING if is_up else SettingsStatus.WAITING


@dataclass(frozen=True, slots=True)
class Shown:
    """One instance for one person."""

    instance: Instance
    status: str
    """Picks the colour of the badge."""
    label: str
    may_start: bool
    may_stop: bool
    may_restart: bool
    may_delete: bool
    may_change: bool
    sees_secrets: bool
    version: str
    """Changes whenever anything on the page would."""

    @property
    def id(self) -> UUID:
        return self.instance.id

    @property
    def key(self) -> str:
        return str(self.instance.id)

    @property
    def endpoint(self) -> str:
        return connection.endpoint(self.instance)

    @property
    def start_label(self) -> str:
        return "Resume access" if self.is_adopted else "Start"

    @property
    def stop_label(self) -> str:
        return "Pause access" if self.is_adopted else "Stop"

    @property
    def is_adopted(self) -> bool:
        return is_adopted(self.instance)

    @property
    def http_url(self) -> str:
        return connection.http_url(self.instance)

    @property
    def promise(self) -> str:
        return PRESETS[Purpose(self.instance.purpose)].promise

    @property
    def persistence_words(self) -> str:
        return PERSISTENCE_WORDS[Persistence(self.instance.persistence)]

    @property
    def settings_status(self) -> SettingsStatus:
        return settings_status(self.instance)

    @property
    def expiry_warning(self) -> str:
        return expiry.warning(self.instance.expires_at, timezone.now())

    @property
    def keeps_promise(self) -> bool:
        """Whether the settings are still those of the purpose."""
        preset = PRESETS[Purpose(self.instance.purpose)]
        wished = (self.instance.eviction_policy, self.instance.persistence)
        return wished == (preset.eviction_policy, preset.persistence)

    @property
    def may_operate(self) -> bool:
        return self.may_start or self.may_stop or self.may_restart


def show(access: Access, instance: Instance) -> Shown:
    """Put an instance into the words and buttons that this person gets."""
    status, label = badge(instance)
    operates = access.may(Permission.INSTANCE_OPERATE) and instance.wish != Wish.DELETED
    return Shown(
        instance=instance,
        status=status,
        label=label,
        may_start=operates and instance.wish == Wish.STOPPED and instance.status in _STARTABLE,
        may_stop=operates and instance.wish == Wish.RUNNING,
        may_restart=operates
        and not is_adopted(instance)
        and instance.wish == Wish.RUNNING
        and instance.status in {Status.RUNNING, Status.ERROR},
        may_delete=access.may(Permission.INSTANCE_DELETE) and instance.wish != Wish.DELETED,
        may_change=operates,
        sees_secrets=access.may(Permission.INSTANCE_SECRET_VIEW),
        version=version_of(access, instance),
    )


def badge(instance: Observed) -> tuple[str, str]:
    """Return the colour and the word of an instance, as (status, label)."""
    status, wish = Status(instance.status), Wish(instance.wish)
    is_theirs = instance.provisioner == EXTERNAL
    if is_theirs and wish == Wish.STOPPED and status == Status.STOPPED:
        return status, "Paused"
    if wish == Wish.DELETED and status != Status.ERROR:
        return Status.DELETING, "Deleting"
    if wish == Wish.STOPPED and status in {Status.RUNNING, Status.CREATING}:
        return Status.STOPPING, "Stopping"
    if wish == Wish.RUNNING and status == Status.STOPPED:
        return "starting", "Starting"
    is_restart_due = instance.restart_wish > instance.restart_done
    if status in {Status.RUNNING, Status.STOPPING} and wish == Wish.RUNNING and is_restart_due:
        return "starting", "Restarting"
    if status == Status.CREATING and instance.acl_done:  # it has run before
        is_restart = is_restart_due or instance.crashes
        return "starting", "Restarting" if is_restart else "Starting"
    if status == Status.RUNNING and instance.provisioner == SIMULATED:
        return status, "Simulated"
    return status, status.capitalize()


def version_of(access: Access, instance: Instance) -> str:
    """Digest everything that the pages draw from, the person's role included."""
    seen = (
        access.role.value,
        instance.id,
        instance.name,
        instance.slug,
        instance.memory_mb,
        instance.purpose,
        instance.eviction_policy,
        instance.persistence,
        instance.port,
        instance.expires_at,
        expiry.warning(instance.expires_at, timezone.now()),
        settings_status(instance),
        instance.settings_note,
        instance.wish,
        instance.restart_wish > instance.restart_done,
        *badge(instance),
        instance.status,
        instance.status_detail,
        instance.health,
        instance.crashes,
    )
    return _digest(map(str, seen))


def page_version(shown: Iterable[Shown], *counts: int) -> str:
    """Digest a page of a list, so that a socket knows whether the page it serves is current."""
    return _digest([*map(str, counts), *(each.version for each in shown)])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
