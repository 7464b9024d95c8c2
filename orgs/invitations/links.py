"""Links of invitations: what opens one, and what to tell whoever follows one that is over."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from orgs.members import ranks
from orgs.models import EndedInvitation, Ending, Invitation
from orgs.refusals import InvitationOver
from redisgate.lib import tokens

PREFIX = "rgi_"
LIFETIME = timedelta(days=7)
REMEMBERED = timedelta(days=90)
"""How long the words for an ended link are kept."""

ASK_ANOTHER = "Ask an owner or an admin of the organization for another."
ASK_AGAIN = "Ask whoever invited you for another invitation."
LAPSED = f"Whoever sent this invitation may not do that any more. {ASK_ANOTHER}"
WORDS = {
    Ending.ACCEPTED: "This invitation was accepted already. Log in to find the organization.",
    Ending.DECLINED: f"This invitation was declined. Was that a mistake? {ASK_AGAIN}",
    Ending.WITHDRAWN: f"This invitation was withdrawn. {ASK_AGAIN}",
    Ending.LAPSED: LAPSED,
    Ending.REPLACED: "A newer invitation was sent since. Follow the link in the latest mail.",
    Ending.EXPIRED: f"This invitation has expired. {ASK_AGAIN}",
    Ending.ORGANIZATION_DELETED: "The organization that this invitation led to was deleted.",
}
UNKNOWN = f"This link leads to no invitation. Is the whole of it there? Else: {ASK_AGAIN}"


def renew(invitation: Invitation) -> None:
    """Give an invitation, new or not, a new link and all of its time."""
    invitation.token = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    invitation.fingerprint = tokens.fingerprint(invitation.token)
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME


def url(token: str) -> str:
    # In the query, which no log of ours prints; the page that it opens has an address without it.
    return f"{settings.PUBLIC_URL}{reverse('invitations:open')}?token={token}"


def find(fingerprint: str) -> Invitation:
    """Return the invitation that a link opens. Raises InvitationOver with words."""
    known = Invitation.objects.select_related("organization", "invited_by")
    invitation = known.filter(fingerprint=fingerprint).first()
    if invitation is None:
        ended = EndedInvitation.objects.filter(pk=fingerprint).first()
        words = UNKNOWN if ended is None else WORDS[Ending(ended.ending)]
        raise InvitationOver(words, log=f"invitation {ended or 'unknown'}")
    if invitation.is_expired:
        raise InvitationOver(WORDS[Ending.EXPIRED], log="invitation expired")
    if invitation.organization.is_deleting:
        raise InvitationOver(WORDS[Ending.ORGANIZATION_DELETED], log="organization deleted")
    if invitation.role not in ranks.roles_given_by(invitation.invited_by, invitation.organization):
        raise InvitationOver(LAPSED, log="the inviter may not invite any more")
    return invitation


def end(invitation: Invitation, ending: Ending) -> None:
    """Take the invitation away, and remember of its link how it ended."""
    remember(invitation.fingerprint, ending)
    invitation.delete()


def remember(fingerprint: str, ending: Ending) -> None:
    EndedInvitation.objects.filter(ended_at__lt=timezone.now() - REMEMBERED).delete()
    EndedInvitation.objects.create(fingerprint=fingerprint, ending=ending)
