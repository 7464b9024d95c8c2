"""How many invitations may be open and sent: nobody's letter box is to be filled through us."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from audit.actors import Actor
from orgs.models import Organization, SentInvitation
from orgs.refusals import TooManyInvitations
from redisgate.lib import tokens, units

OPEN_MAX = 100
SENT_PER_HOUR = 50
"""By one organization, and by one person in all of theirs."""
SENT_TO_ADDRESS_PER_HOUR = 3
"""By everybody together."""
HOUR = timedelta(hours=1)


def refuse_more_open(organization: Organization) -> None:
    """Raise TooManyInvitations when so many wait for an answer already."""
    waiting = organization.invitations.filter(expires_at__gt=timezone.now()).count()
    if waiting >= OPEN_MAX:
        raise TooManyInvitations(
            f"{units.counted(waiting, 'invitation')} to {organization.name} wait for an answer. "
            "Withdraw some of them first.",
            details={"open": waiting, "limit": OPEN_MAX},
        )


def count_mail(actor: Actor, organization: Organization, email: str) -> None:
    """Write down one more mail. Raises TooManyInvitations above a limit of the last hour.

    The caller holds the organization's lock.
    """
    if actor.user_id is not None:
        # Somebody with many organizations could send through all of them at the same moment.
        User.objects.select_for_update(no_key=True).filter(pk=actor.user_id).first()
    address = tokens.fingerprint(email)
    SentInvitation.objects.filter(sent_at__lte=timezone.now() - HOUR).delete()
    _refuse(Q(address=address), SENT_TO_ADDRESS_PER_HOUR, f"were sent to {email}")
    _refuse(Q(organization_id=organization.pk), SENT_PER_HOUR, f"were sent for {organization.name}")
    if actor.user_id is not None:
        _refuse(Q(sender_id=actor.user_id), SENT_PER_HOUR, "were sent by you")
    SentInvitation.objects.create(
        organization_id=organization.pk, sender_id=actor.user_id, address=address
    )


def _refuse(whose: Q, limit: int, what: str) -> None:
    sent = SentInvitation.objects.filter(whose)
    if sent.count() < limit:
        return
    wait = _until_room(sent, limit)
    raise TooManyInvitations(
        f"{units.counted(limit, 'invitation')} {what} within the last hour, which is the limit. "
        f"Try again in {units.counted(max(1, -(-int(wait) // 60)), 'minute')}.",
        retry_after_seconds=wait,
        details={"limit": limit},
    )


def _until_room(sent: QuerySet[SentInvitation], limit: int) -> float:
    oldest_that_counts = sent.order_by("-sent_at")[limit - 1].sent_at
    return (oldest_that_counts + HOUR - timezone.now()).total_seconds()
