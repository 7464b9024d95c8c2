"""The moment in which an organization's own work begins: its first command was answered."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from orgs.models import Organization


def note(came: Mapping[UUID, datetime]) -> None:
    """Write down when commands were answered; organizations that had one keep the first.

    One statement for each moment, and commands that are told together share one.
    """
    for at in set(came.values()):
        theirs = [organization_id for organization_id, each in came.items() if each == at]
        Organization.objects.filter(pk__in=theirs, first_command_at=None).update(
            first_command_at=at
        )
