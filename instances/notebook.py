"""What the control loop remembers between looks; a new loop begins with empty pages."""

import logging
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic
from uuid import UUID

from instances import acl, acl_sources, passwords
from instances.models import Instance
from instances.provisioners.base import Observation, Presence
from instances.reconciler import Desired
from instances.settings_plan import SettingsWish
from instances.spec_of_row import spec_of
from instances.states import Health, Status, Wish

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Users:
    """Who may log in to a server, as it was asked for at one moment."""

    acl_wish: int
    users: tuple[acl.AclUser, ...]
    digest: str
    valid_until: datetime | None

    def is_stale(self, instance: Instance, now: datetime) -> bool:
        is_over = self.valid_until is not None and self.valid_until <= now
        return is_over or self.acl_wish != instance.acl_wish


@dataclass(slots=True)
class Page:
    """One instance's notes."""

    looked_at: float = -inf
    was_started: bool = False
    silent_since: datetime | None = None
    users: Users | None = None
    complaint: str = ""

    def looked(self) -> None:
        self.looked_at = monotonic()

    def seconds_since_look(self) -> float:
        return monotonic() - self.looked_at

    def complain(self, complaint: str) -> None:
        """Log it, once as long as it stays the same."""
        if complaint != self.complaint:
            log.warning(complaint)
        self.complaint = complaint

    def see(self, observed: Observation, now: datetime) -> None:
        is_silent = observed.presence is Presence.SILENT
        self.silent_since = (self.silent_since or now) if is_silent else None
        self.complaint = ""

    def users_of(self, instance: Instance, now: datetime) -> Users:
        """Ask for the users only when somebody changed them or one of them has expired."""
        if self.users is None or self.users.is_stale(instance, now):
            share = acl_sources.collect(instance)
            everybody = spec_of(instance, share.users).acl_users
            ends = [share.valid_until, passwords.former_until(instance, now)]
            valid_until = min((end for end in ends if end is not None), default=None)
            self.users = Users(instance.acl_wish, share.users, acl.digest(everybody), valid_until)
        return self.users

    def desired(self, instance: Instance, now: datetime) -> Desired:
        return Desired(
            wish=Wish(instance.wish),
            status=Status(instance.status),
            status_at=instance.status_at,
            health=Health(instance.health),
            detail=instance.status_detail,
            restart_wish=instance.restart_wish,
            restart_done=instance.restart_done,
            acl_wish=instance.acl_wish,
            acl_done=instance.acl_done,
            acl_valid_until=instance.acl_valid_until,
            acl_digest=self.users_of(instance, now).digest,
            settings=settings_wish_of(instance),
            crashes=instance.crashes,
            crashes_since=instance.crashes_since,
            next_try_at=instance.next_try_at,
            expires_at=instance.expires_at,
            was_started=self.was_started,
            silent_since=self.silent_since,
        )


def settings_wish_of(instance: Instance) -> SettingsWish:
    return SettingsWish(
        wish=instance.settings_wish,
        done=instance.settings_done,
        failures=instance.settings_failures,
        try_at=instance.settings_try_at,
    )


class Notebook:
    """A page for each instance."""

    def __init__(self) -> None:
        self._pages: dict[UUID, Page] = {}

    def page(self, instance_id: UUID) -> Page:
        return self._pages.setdefault(instance_id, Page())

    def tear_out(self, instance_id: UUID) -> None:
        self._pages.pop(instance_id, None)

    def clear(self) -> None:
        """Forget all: somebody else has worked meanwhile."""
        self._pages.clear()
