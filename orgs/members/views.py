"""Pages about members: list, role, removal, leaving, handing ownership over."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, trigger_client_event

from accounts import reauthentication
from accounts.actors import actor_of, person
from audit.actors import Actor, Means
from orgs import belongings
from orgs.access import Access, enter
from orgs.members import page as members_page
from orgs.members import people
from orgs.members import services as members
from orgs.members.forms import RoleForm, TransferForm
from orgs.models import Membership
from orgs.roles import MANAGES, Permission, Role
from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import at_address, is_htmx, toast

QUESTIONS = {
    "remove": ("Remove {who}?", "Remove"),
    "leave": ("Leave {where}?", "Leave"),
    "stay": ("You can't leave {where} yet", ""),
    "transfer": ("Hand ownership over to {who}?", "Hand over"),
}
"""What is asked, and what the button says that does it."""


@require_safe
@never_cache
@login_required
def member_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show members and invitations; ``?q=`` searches, ``?sort=`` sorts, ``?page=`` leafs."""
    access = enter(person(request), org, Permission.MEMBER_VIEW)
    values = members_page.list_context(request, access)
    if request.headers.get("HX-Target") != "members":
        return render(request, "orgs/members.html", values)
    part = render(request, "orgs/_members.html", values)
    is_search = request.headers.get("HX-Trigger") == "member-filters"
    return at_address(part, request.path, str(values["query"])) if is_search else part


@require_safe
@never_cache
@login_required
def standing(request: HttpRequest, org: str) -> HttpResponse:
    """Tell a page that was drawn for ``?role=`` when the person has another one by now."""
    access = enter(person(request), org, Permission.ORGANIZATION_VIEW)
    nothing = HttpResponse(status=HTTPStatus.NO_CONTENT)
    if request.GET.get("role") == access.role.value:
        return nothing
    words = f"You are {access.role.noun} of {access.organization} now."
    return trigger_client_event(nothing, "standing-changed", {"words": words})


@require_POST
@login_required
def change_role(request: HttpRequest, org: str, member: UUID) -> HttpResponse:
    """Give a member another role in their row."""
    access = enter(person(request), org, Permission.MEMBER_CHANGE)
    membership = people.find_member(access, member)
    form = RoleForm(request.POST, roles=MANAGES[access.role])
    if not form.is_valid():
        raise InvalidInput(str(form.errors["role"][0]))
    role = Role(form.cleaned_data["role"])
    members.change_role(_actor(request), membership, role)
    words = f"{membership.user.name} is {role.noun} of {access.organization} now."
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("orgs:members", org=org)
    values = members_page.context(access, row=members_page.row(access, membership))
    return toast(render(request, "orgs/_member.html", values), words)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def remove(request: HttpRequest, org: str, member: UUID) -> HttpResponse:
    """Say what ends with a membership and what stays, and end it."""
    access = enter(person(request), org, Permission.MEMBER_CHANGE)
    membership = people.find_member(access, member)
    if request.method != "POST":
        return _question(request, access, membership, "remove")
    members.remove(_actor(request), membership)
    words = f"{membership.user.name} is no member of {access.organization} any more."
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("orgs:members", org=org)
    # The list fetches itself again: without a row, those of the next page move up.
    gone = trigger_client_event(HttpResponse(), "members-changed", {})
    return toast(reswap(gone, "none"), words)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def leave(request: HttpRequest, org: str) -> HttpResponse:
    """Say what ends with one's own membership and what stays, and end it."""
    access = enter(person(request), org, Permission.MEMBER_VIEW)
    membership = people.me(access)
    if request.method != "POST":
        return _question(request, access, membership, "leave")
    members.leave(_actor(request), membership)
    messages.success(request, f"You have left {access.organization}.")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def transfer(request: HttpRequest, org: str, member: UUID) -> HttpResponse:
    """Have the name typed and the person prove who they are, and hand ownership over."""
    access = enter(person(request), org, Permission.OWNERSHIP_TRANSFER)
    membership = people.find_member(access, member)
    name = access.organization.name
    if request.method != "POST":
        return _question(request, access, membership, "transfer", TransferForm(name=name))
    form = TransferForm(request.POST, name=name)
    if not form.is_valid():
        return _question(request, access, membership, "transfer", form)
    return _hand_over(request, membership)


@reauthentication.required
def _hand_over(request: HttpRequest, membership: Membership) -> HttpResponse:
    members.transfer_ownership(_actor(request), membership)
    organization = membership.organization
    words = f"{membership.user.name} owns {organization} now, and you are an admin of it."
    messages.success(request, words)
    return redirect("orgs:members", org=organization.slug)


def _question(
    request: HttpRequest,
    access: Access,
    membership: Membership,
    what: str,
    form: TransferForm | None = None,
) -> HttpResponse:
    """Ask in a dialog, or on a page of its own without script."""
    hinders = what == "leave" and members.is_last_owner(membership)
    title, label = QUESTIONS["stay" if hinders else what]
    made = belongings.belongings_of(access, membership.user)
    values = members_page.context(
        access,
        membership=membership,
        title=title.format(who=membership.user.name, where=access.organization.name),
        label=label,
        words=f"orgs/member_words/{what}.html",
        form=form,
        hinders=hinders,
        list_url=reverse("orgs:members", args=[access.organization.slug]),
        belongings=[each for each in made if not each.is_ending],
        ending=[each for each in made if each.is_ending],
        is_me=what == "leave",
        htmx=what == "remove",
    )
    if is_htmx(request):
        return render(request, "orgs/_member_ask.html", values)
    is_refused = form is not None and form.is_bound
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "orgs/member_ask.html", values, status=status)


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request, Means.DASHBOARD)
