"""How an organization goes: a wish at once, and the row once nothing is left in it.

Servers take their time to end, so deleting is a wish that the control loop carries out. From the
wish on nothing can be made or changed in the organization, and no key opens anything.
"""

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import SYSTEM, Actor
from orgs import contents, lock
from orgs.invitations import links as invitation_links
from orgs.members import mails as member_mails
from orgs.models import Ending, Organization
from orgs.signals import organization_deleting, organization_gone
from redisgate.lib.write_lock import retried_when_locked


def delete(actor: Actor, organization: Organization) -> bool:
    """Wish an organization gone with all that is in it, and say whether it is gone already.

    One that is being deleted, or gone, stays so.
    """
    _wish(actor, organization)
    return _finish(organization)


def carry_out() -> int:
    """Go on with all that are being deleted, and return how many are left."""
    going = list(Organization.objects.filter(deleting_since__isnull=False))
    return sum(not _finish(organization) for organization in going)


@retried_when_locked
def _wish(actor: Actor, organization: Organization) -> None:
    with transaction.atomic():
        row = lock.row(organization.pk)
        if row is None or row.is_deleting:
            return
        what = {each.name: each.number for each in contents.contents_of(row)}
        row.deleting_since = timezone.now()
        row.save(update_fields=["deleting_since"])
        User.objects.filter(memberships__organization=row).update(had_organization=True)
        for invitation in row.invitations.all():
            invitation_links.end(invitation, Ending.ORGANIZATION_DELETED)
        organization_deleting.send(Organization, organization=row, actor=actor)
        audit.record(
            actor,
            Action.ORGANIZATION_DELETE,
            organization_id=row.pk,
            object_id=row.pk,
            object_label=row.name,
            changes=what,
        )
        member_mails.tell_of_deletion(actor, row)


def _finish(organization: Organization) -> bool:
    _clear_late_arrivals(organization)
    try:
        return _delete_row(organization)
    except (ProtectedError, IntegrityError):
        # Something is still ending, or was just made by somebody who had come in before the wish.
        return False


@retried_when_locked
def _clear_late_arrivals(organization: Organization) -> None:
    with transaction.atomic():
        row = lock.row(organization.pk)
        if row is not None:
            organization_deleting.send(Organization, organization=row, actor=SYSTEM)


@retried_when_locked
def _delete_row(organization: Organization) -> bool:
    with transaction.atomic():
        row = lock.row(organization.pk)
        if row is not None:
            organization_gone.send(Organization, organization=row)
            row.delete()
    return True
