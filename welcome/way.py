"""Where an organization stands between its making and its first command."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from apikeys import access as key_access
from apikeys.models import ApiKey
from apikeys.pages import usable_instances
from instances.models import Instance
from instances.states import Status
from orgs.access import Access
from welcome import durations

SLOW_START = timedelta(minutes=1)
"""A server that ran again much later says nothing of how fast it was made."""
SIGNED_UP_FOR_IT = timedelta(hours=1)
"""Whoever signed up so long before the organization was made did so for something else."""


class Stage(StrEnum):
    """What the person does next."""

    CREATE = "create"
    KEY = "key"
    RUN = "run"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Way:
    """One organization's way, as one person sees it."""

    access: Access
    instance: Instance | None
    key: ApiKey | None

    @property
    def first_command_at(self) -> datetime | None:
        return self.access.organization.first_command_at

    @property
    def stage(self) -> Stage:
        if self.first_command_at is not None:
            return Stage.DONE
        if self.instance is None:
            return Stage.CREATE
        return Stage.RUN if self.key is not None else Stage.KEY

    @property
    def is_running(self) -> bool:
        return self.instance is not None and self.instance.status == Status.RUNNING

    @property
    def is_in_trouble(self) -> bool:
        """Tell whether waiting alone doesn't make it run."""
        return self.instance is not None and self.instance.status in {Status.ERROR, Status.STOPPED}

    @property
    def running_words(self) -> str:
        """Say that the server runs, and how soon it did where that was its first time."""
        if self.instance is None:
            return ""
        took = self.instance.status_at - self.instance.created_at
        return f"running in {durations.short(took)}" if took < SLOW_START else "running"

    @property
    def duration_words(self) -> str:
        """Say how long it took, or nothing where nobody has waited for it."""
        organization = self.access.organization
        if self.first_command_at is None:
            return ""
        joined_at = self.access.user.date_joined
        if organization.created_at - joined_at < SIGNED_UP_FOR_IT:
            return _after(self.first_command_at - joined_at, "you signed up")
        return _after(
            self.first_command_at - organization.created_at, f"{organization.name} was made"
        )

    @property
    def version(self) -> str:
        """Change whenever anything that is live on the page does."""
        status = self.instance and (self.instance.pk, self.instance.status)
        return f"{self.stage} {status} {self.key and self.key.pk}"


def _after(took: timedelta, what: str) -> str:
    return f"{durations.words(took)} after {what}" if took > timedelta(0) else ""


def find(access: Access, *, key: ApiKey | None = None) -> Way:
    """Look where the organization stands; ``key`` is the one that the page is about."""
    chosen = key or _first_key(access)
    return Way(access, _instance_for(access, chosen), chosen)


def _first_key(access: Access) -> ApiKey | None:
    # Which instances it opens is asked for below: of the newest one alone.
    return key_access.keys_of(access).prefetch_related(None).active().first()


def _instance_for(access: Access, key: ApiKey | None) -> Instance | None:
    """Choose the newest instance that the key opens, one that runs if there is any."""
    opened = usable_instances(access).order_by("-created_at")
    if key is not None and not key.all_instances:
        opened = opened.filter(api_keys=key)
    seen = opened.only(*SEEN).select_related("their_server")
    return seen.filter(status=Status.RUNNING).first() or seen.first()


SEEN = (
    *("id", "name", "slug", "port", "organization_id", "provisioner", "their_server"),
    *("status", "status_at", "status_detail", "created_at", "memory_mb"),
)
"""Neither secrets nor the control loop's notes, which cost most to read."""
