"""Events as pages show them."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from activity import changes, links, operators
from activity.changes import Change
from audit import vocabulary
from audit.actions import Action
from audit.models import AuditEvent
from orgs.models import Organization

ICONS = {
    "organization": "building",
    "member": "users",
    "invitation": "mail",
    "sso": "shield-lock",
    "domain": "network",
    "instance": "server",
    "data": "database",
    "console": "terminal-2",
    "api_key": "key",
    "management_key": "key",
    "quota": "gauge",
    "plan": "gauge",
    "audit": "archive",
}
OWN = {
    "member.add": "joined",
    "member.leave": "left",
    "invitation.accept": "accepted the invitation",
    "invitation.decline": "declined the invitation",
    "sso.join": "joined by single sign-on",
}
"""What somebody does to themselves, in words that don't name them twice."""
MEANS = {means.value: words for means, words in vocabulary.MEANS.items()}


@dataclass(frozen=True, slots=True)
class Shown:
    """One event in words. ``link`` leads to its object, where that still exists."""

    event: AuditEvent
    link: str | None

    @property
    def moment(self) -> str:
        return self.event.at.isoformat()

    @property
    def exactly(self) -> str:
        return f"{self.event.at:%Y-%m-%d %H:%M:%S} UTC"

    @property
    def phrase(self) -> str:
        command = self.event.changes.get("command")
        is_named = isinstance(command, str) and not command.startswith("(")
        if is_named and self.event.action == Action.CONSOLE_COMMAND:
            return f"ran {command} on"
        return vocabulary.phrase(self.event.action)

    @property
    def is_own(self) -> bool:
        """Tell whether somebody did it to themselves, so that they need no second name."""
        return self.event.action in OWN and self.event.actor_label == self.event.object_label

    @property
    def words(self) -> str:
        """Say what was done, up to the name of what it was done to."""
        return OWN[self.event.action] if self.is_own else self.phrase

    @property
    def note(self) -> str:
        """Say what changed where a few words do: ``viewer → admin``, ``as viewer``."""
        return changes.note(self.event.changes)

    @property
    def title(self) -> str:
        named = "" if self.is_own else f" {self.event.object_label}"
        return f"{self.event.actor_label} {self.words}{named}"

    @property
    def icon(self) -> str:
        return ICONS.get(self.event.object_type, "activity")

    @property
    def type(self) -> str:
        return vocabulary.TYPES.get(self.event.object_type, self.event.object_type)

    @property
    def means(self) -> str:
        return MEANS.get(self.event.means, self.event.means)

    @property
    def changes(self) -> list[Change]:
        return changes.rows(self.event.changes)

    @property
    def knows_before(self) -> bool:
        return any(each.before is not None for each in self.changes)


def shown(organization: Organization, events: Iterable[AuditEvent]) -> list[Shown]:
    found = list(events)
    pages = links.links_of(organization, found)
    return [Shown(event, pages.get(event.object_id)) for event in found]


def people(organization: Organization, chosen: UUID | None) -> list[tuple[str, str]]:
    """Offer the members, and whoever is chosen already and isn't one any more."""
    members = organization.members.order_by("email").values_list("pk", "email")
    offered = [(str(pk), email) for pk, email in members[:500]]
    if chosen is None or str(chosen) in dict(offered):
        return offered
    mine = AuditEvent.objects.filter(organization_id=organization.pk, actor_id=chosen)
    mine = mine.exclude(actor_id__in=operators.strangers_to(organization.pk))
    label = mine.values_list("actor_label", flat=True).first()
    return [*offered, (str(chosen), label or str(chosen))]
