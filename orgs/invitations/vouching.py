"""An invitation is as good as whoever stands behind it.

Whoever sent it last vouches for it, and has to be able to give its role until it is accepted.
"""

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.invitations import links as invitation_links
from orgs.members import ranks
from orgs.models import Ending, Organization


def withdraw_lapsed(actor: Actor, organization: Organization, voucher: User) -> None:
    """Take back the open invitations to roles that this person can't give any more.

    Inside the transaction that took the right from them, under the organization's lock.
    """
    holding = ranks.roles_given_by(voucher, organization)
    for invitation in organization.invitations.filter(invited_by=voucher).exclude(role__in=holding):
        audit.record(
            actor,
            Action.INVITATION_WITHDRAW,
            organization_id=organization.pk,
            object_id=invitation.pk,
            object_label=invitation.email,
            changes={"role": invitation.role, "reason": "whoever sent it may not invite any more"},
        )
        invitation_links.end(invitation, Ending.LAPSED)
