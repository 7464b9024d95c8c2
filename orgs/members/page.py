"""What the page of members shows."""

from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest

from orgs.access import Access
from orgs.invitations import links as invitation_links
from orgs.members import listing, people
from orgs.members.forms import InvitationForm, choices_of
from orgs.models import Invitation, Membership
from orgs.roles import MANAGES, Permission, Role, manages
from redisgate.lib import leaves, shown_once
from redisgate.lib.sorting import PARAMETER, Order, written

PAGE_SIZE = 25
USUAL_ORDER = Order()


@dataclass(frozen=True, slots=True)
class Row:
    """One member, as the one who looks may handle them."""

    membership: Membership
    is_me: bool
    choices: list[tuple[str, str]]
    """Roles to choose from; none where theirs isn't for the one who looks to change."""
    may_inherit: bool
    """Whether ownership can be handed over to them."""

    @property
    def role(self) -> Role:
        return Role(self.membership.role)


def row(access: Access, membership: Membership) -> Row:
    role, is_me = Role(membership.role), membership.user_id == access.user.pk
    may_change = not is_me and access.may(Permission.MEMBER_CHANGE) and manages(access.role, role)
    return Row(
        membership,
        is_me,
        choices_of(MANAGES[access.role]) if may_change else [],
        not is_me and role is not Role.OWNER and access.may(Permission.OWNERSHIP_TRANSFER),
    )


def context(access: Access, **more: object) -> dict[str, object]:
    """Give what every part of the page needs."""
    return {
        "organization": access.organization,
        "section": "members",
        "role": access.role,
        "may_invite": access.may(Permission.MEMBER_INVITE),
        **more,
    }


def list_context(
    request: HttpRequest, access: Access, form: InvitationForm | None = None
) -> dict[str, object]:
    """Give the whole page; ``form`` is one that was refused."""
    wanted = leaves.asked(request.GET)
    order = Order.of(request.GET, listing.HEADS)
    page = page_of(access, wanted, order)
    return context(
        access,
        words=wanted.words,
        query=written(q=wanted.words, **{PARAMETER: order.word}),
        heads=order.heads(listing.HEADS, q=wanted.words),
        sort=order.word,
        page=page,
        rows=[row(access, each) for each in page.object_list],
        may_leave=_may_leave(access),
        **invitations_context(access, form, _given(request, access)),
    )


def _may_leave(access: Access) -> bool:
    """Tell whether somebody would own the organization without the one who looks."""
    owners = access.organization.memberships.filter(role=Role.OWNER)
    return access.role is not Role.OWNER or owners.exclude(user=access.user).exists()


def invitations_context(
    access: Access, form: InvitationForm | None = None, given: Invitation | None = None
) -> dict[str, object]:
    """Give the invitations; ``given`` is one whose link the person has to pass on themselves."""
    managed = MANAGES[access.role]
    rows = [(each, Role(each.role) in managed) for each in people.invitations_of(access)]
    link = invitation_links.url(given.token) if given else ""
    return {
        "invitations": rows,
        "invited_heads": Order().heads(listing.INVITED),
        "may_withdraw": any(is_mine for _, is_mine in rows),
        "form": form or new_form(access),
        "given": given,
        "link": link,
    }


def _given(request: HttpRequest, access: Access) -> Invitation | None:
    """Find the invitation whose token came along from the form that made it."""
    if shown_once.COOKIE not in request.COOKIES or not access.may(Permission.MEMBER_INVITE):
        return None
    newest = access.organization.invitations.order_by("sent_at").last()
    token = shown_once.read(request, newest.fingerprint) if newest else None
    if newest is None or token is None:
        return None
    newest.token = token
    return newest


def new_form(access: Access) -> InvitationForm:
    return InvitationForm(roles=MANAGES[access.role], initial={"role": Role.DEVELOPER})


def page_of(access: Access, wanted: leaves.Wanted, order: Order = USUAL_ORDER) -> Page[Membership]:
    """Return a page of those who are called so."""
    found = order.of_rows(people.members_of(access, wanted.words), listing.USUAL)
    return leaves.page_of(found, PAGE_SIZE, wanted.number)
