"""Invitations on the page of members: invite, send again, withdraw one or many."""

from http import HTTPStatus
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, trigger_client_event

from accounts.actors import actor_of, person
from audit.actors import Means
from orgs.access import Access, enter
from orgs.invitations import services as invitations
from orgs.members import page as members_page
from orgs.members import people
from orgs.members.forms import InvitationForm
from orgs.models import Invitation
from orgs.refusals import TooManyInvitations
from orgs.roles import MANAGES, Permission, Role
from redisgate.lib import chosen, form_refusals, shown_once
from redisgate.lib.errors import Conflict, InvalidInput
from redisgate.lib.htmx import is_htmx, toast
from redisgate.lib.units import counted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest, org: str) -> HttpResponse:
    """Invite an address, or say beside the field why not. Whoever reloads gets the page."""
    if request.method != "POST":
        enter(person(request), org, Permission.MEMBER_VIEW)
        return redirect("orgs:members", org=org)
    access = enter(person(request), org, Permission.MEMBER_INVITE)
    form = InvitationForm(request.POST, roles=MANAGES[access.role])
    made = _invite(request, access, form) if form.is_valid() else None
    if made is None:
        return _refused(request, access, form)
    return _done(request, access, f"{made.email} is invited.", made)


@require_POST
@login_required
def resend(request: HttpRequest, org: str, invitation: UUID) -> HttpResponse:
    """Send an invitation again with a new link."""
    access, found = _find(request, org, invitation)
    made = invitations.resend(actor_of(request, Means.DASHBOARD), found)
    words = f"{found.email} has a new link; the former one opens nothing any more."
    return _done(request, access, words, made, ended=found.pk)


@require_POST
@login_required
def withdraw(request: HttpRequest, org: str, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    access, found = _find(request, org, invitation)
    invitations.withdraw(actor_of(request, Means.DASHBOARD), found)
    words = f"The invitation of {found.email} is withdrawn."
    return _done(request, access, words, ended=found.pk)


@require_POST
@login_required
def withdraw_many(request: HttpRequest, org: str) -> HttpResponse:
    """Name the ticked invitations, then take them back."""
    access = enter(person(request), org, Permission.MEMBER_INVITE)
    ids = chosen.ids(request, "invitation")
    page = reverse("orgs:members", args=[access.organization.slug])
    if not ids:
        return chosen.nothing(request, "invitation", page)
    found = list(people.invitations_of(access).filter(pk__in=ids))
    if not chosen.is_confirmed(request):
        question = chosen.Question(
            title=f"Withdraw {counted(len(found), 'invitation')}?",
            words="Their links open nothing from then on. You can invite the same people again.",
            label="Withdraw them",
            rows=chosen.names((each.pk, each.email) for each in found),
            target="invitations",
        )
        shell = members_page.context(access)
        return chosen.ask(request, question, name="invitation", page=page, shell=shell)
    number = invitations.withdraw_many(actor_of(request, Means.DASHBOARD), found)
    verb = "is" if number == 1 else "are"
    answer = _done(request, access, f"{counted(number, 'invitation')} {verb} withdrawn.")
    trigger_client_event(answer, "chosen-done", {})
    return reswap(answer, "outerHTML")


def _invite(request: HttpRequest, access: Access, form: InvitationForm) -> Invitation | None:
    wish = form.cleaned_data
    try:
        return invitations.invite(
            actor_of(request, Means.DASHBOARD),
            access.organization,
            email=wish["email"],
            role=Role(wish["role"]),
        )
    except (InvalidInput, TooManyInvitations) as refusal:
        form_refusals.show(refusal, form)
    except Conflict as refusal:
        form.add_error("email", refusal.message)
    return None


def _find(request: HttpRequest, org: str, invitation: UUID) -> tuple[Access, Invitation]:
    access = enter(person(request), org, Permission.MEMBER_INVITE)
    return access, people.find_invitation(access, invitation)


def _refused(request: HttpRequest, access: Access, form: InvitationForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if is_htmx(request):
        return render(request, "orgs/_invitations.html", _part(access, form), status=status)
    values = members_page.list_context(request, access, form)
    return render(request, "orgs/members.html", values, status=status)


def _done(
    request: HttpRequest,
    access: Access,
    words: str,
    made: Invitation | None = None,
    *,
    ended: UUID | None = None,
) -> HttpResponse:
    """Show the list, and the new link to whoever has to carry it where no mail server does.

    ``ended`` is an invitation whose former link opens nothing any more.
    """
    to_give = None if settings.HAS_MAIL_SERVER else made
    if is_htmx(request):
        values = {**_part(access, given=to_give), "is_part": True, "ended": ended}
        return toast(render(request, "orgs/_invitations.html", values), words)
    messages.success(request, words)
    page = reverse("orgs:members", args=[access.organization.slug])
    return shown_once.redirect_to(page, to_give.token) if to_give else redirect(page)


def _part(
    access: Access, form: InvitationForm | None = None, given: Invitation | None = None
) -> dict[str, object]:
    return members_page.context(access, **members_page.invitations_context(access, form, given))
