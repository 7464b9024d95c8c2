"""What organizations refuse, as a whole or of the people in them."""

from http import HTTPStatus

from orgs.models import Organization
from redisgate.lib import sentences
from redisgate.lib.errors import Conflict, Forbidden, RedisGateError


class LastOwner(Conflict):
    """Without an owner nobody could change or delete the organization any more."""

    code = "last_owner"
    title = "An owner has to stay"


class InvitationOver(RedisGateError):
    """The link was used, has ended, or never was: the words say which, as far as we know."""

    code = "invitation_over"
    status = HTTPStatus.GONE
    title = "This invitation is over"


class WrongInvitee(Forbidden):
    """Somebody is signed in, and another one is invited."""

    code = "wrong_invitee"
    title = "This invitation is for somebody else"


class TooManyInvitations(RedisGateError):
    """So many mails would be a nuisance to those who get them."""

    code = "too_many_invitations"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many invitations"


class OrganizationSuspended(Forbidden):
    """An operator has suspended the organization: it can be looked at, and nothing changes."""

    code = "organization_suspended"
    title = "Organization suspended"

    def __init__(self, organization: Organization) -> None:
        why = organization.suspended_for
        reason = f" Reason: {sentences.ended(why)}" if why else ""
        super().__init__(
            f"{organization.name} is suspended, so nothing can be changed.{reason} "
            "Ask the operator of this RedisGate to resume it.",
            log="organization suspended",
        )
