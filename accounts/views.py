"""Pages about one's own account; password and second factors are django-allauth's."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import (
    deletion,
    email_addresses,
    limits,
    profile,
    reauthentication,
    recent_activity,
    session_list,
    sign_up_check,
)
from accounts.actors import actor_of, person
from accounts.forms import DeletionForm, EmailForm, ProfileForm
from accounts.mfa_forms import may_add_factor
from audit.actors import Means
from redisgate.lib import form_refusals, units
from redisgate.lib.errors import Conflict, InvalidInput, NotFound


class SecurityPage(IndexView):  # type: ignore[misc]  # allauth is untyped
    """Second factors, and what lately happened, on one page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = person(self.request)
        return {
            **super().get_context_data(**kwargs),
            "may_add_factor": may_add_factor(user),
            "recent": recent_activity.of(user),
        }


@sensitive_post_parameters("password1")
@require_POST
def check_sign_up(request: HttpRequest) -> JsonResponse:
    """Say what is wrong with one field of a sign-up form that is being filled in."""
    limits.count(request, "check_sign_up")
    values = {name: request.POST.get(name, "") for name in sign_up_check.CHECKS}
    found = sign_up_check.problems(request.POST.get("field", ""), values)
    return JsonResponse({"problems": found})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def profile_page(request: HttpRequest) -> HttpResponse:
    """Show how the person is called, and let them change it."""
    user = person(request)
    names = {"username": user.username, "shown_name": user.shown_name}
    form = ProfileForm(_posted(request), initial=names)
    if request.method == "POST" and form.is_valid():
        try:
            profile.update(actor_of(request, Means.DASHBOARD), user, **form.cleaned_data)
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:profile")
    return render(request, "account/profile.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication.required
def email(request: HttpRequest) -> HttpResponse:
    """Show the address that the person logs in with, and let them ask for another one."""
    user = person(request)
    form = EmailForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data["email"]
        limits.count(request, "manage_email")
        try:
            actor = actor_of(request, Means.DASHBOARD)
            email_addresses.ask_for_change(actor, request, user, wish)
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            return redirect("account_email")
    context = {
        "form": form,
        "current": email_addresses.current(user),
        "pending": email_addresses.pending(user),
    }
    return render(request, "account/email_address.html", context, status=_status(form))


@require_POST
@login_required
def email_resend(request: HttpRequest) -> HttpResponse:
    """Write once more to an address that isn't confirmed."""
    try:
        email_addresses.send_again(request, person(request))
    except Conflict as refusal:
        messages.warning(request, refusal.message)
    return redirect("account_email")


@require_POST
@login_required
def email_withdraw(request: HttpRequest) -> HttpResponse:
    """Forget the address that waits to be confirmed."""
    email_addresses.withdraw_change(actor_of(request, Means.DASHBOARD), person(request))
    messages.success(request, "Your address stays as it is.")
    return redirect("account_email")


@require_safe
@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """List the browsers that the person is logged in with."""
    current_key = request.session.session_key
    found = session_list.open_sessions(person(request), current_key=current_key)
    return render(request, "account/sessions.html", {"sessions": found})


@require_POST
@login_required
def session_end(request: HttpRequest, session: int) -> HttpResponse:
    """Log one browser out."""
    actor = actor_of(request, Means.DASHBOARD)
    try:
        device = session_list.end(actor, person(request), session)
    except NotFound as refusal:
        messages.info(request, refusal.message)
    else:
        messages.success(request, f"{device} is logged out.")
    return redirect("accounts:sessions")


@require_POST
@login_required
def sessions_end_others(request: HttpRequest) -> HttpResponse:
    """Log every other browser out."""
    actor, current_key = actor_of(request, Means.DASHBOARD), request.session.session_key
    number = session_list.end_others(actor, person(request), current_key=current_key)
    messages.success(request, f"{units.counted(number, 'other session')} ended.")
    return redirect("accounts:sessions")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication.required
def delete(request: HttpRequest) -> HttpResponse:
    """Say what would go with the account, and delete it once its username was typed."""
    user = person(request)
    form = DeletionForm(_posted(request), name=user.username)
    if request.method == "POST" and form.is_valid():
        try:
            deletion.delete(actor_of(request, Means.DASHBOARD), user)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
        else:
            logout(request)
            messages.success(request, "Your account is deleted.")
            return redirect("home")
    consequences = deletion.consequences(user)
    context = {
        "form": form,
        "consequences": consequences,
        "is_hindered": any(each.hinders for each in consequences),
    }
    return render(request, "account/delete.html", context, status=_status(form))


def _status(form: Form) -> int:
    is_refused = form.is_bound and bool(form.errors)
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
