"""The settings of an instance: one page, and one address for each section to post to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import actor_of
from audit.actors import Actor, Means
from instances import asking, changes, connection, expiry, pages, passwords, questions, services
from instances.models import Instance
from instances.presentation import show
from instances.questions import Question
from instances.settings_forms import (
    FOR_EVER,
    EvictionForm,
    ExpiryForm,
    MemoryForm,
    NameForm,
    PasswordForm,
    PersistenceForm,
)
from instances.tabs import Tab
from instances.their_server import is_own_or_adopted
from orgs.access import Access
from orgs.roles import Permission
from quotas import services as quotas
from redisgate.lib import form_refusals
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx
from redisgate.lib.units import memory

TAB = Tab(
    position=40,
    name="settings",
    label="Settings",
    icon="settings",
    url_name="instances:settings",
    fits=is_own_or_adopted,
)


@dataclass(frozen=True, slots=True)
class Section:
    """``save`` takes what the form has read and returns the words of the toast."""

    form: type[forms.Form]
    save: Callable[[Actor, Instance, Mapping[str, Any]], str]
    part: str
    """The part of the page that it stands in."""


@require_safe
@never_cache
@login_required
def settings(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show what can be changed, as forms to those who may, in words to the others."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    found = pages.find(access, instance)
    return render(request, "instances/settings.html", _context(access, found))


@require_POST
@never_cache
@login_required
def change(request: HttpRequest, org: str, instance: str, section: str) -> HttpResponse:
    """Save one section; htmx gets that section back, others the page."""
    access = pages.enter(request, org, Permission.INSTANCE_OPERATE)
    found = pages.find(access, instance)
    if section not in SECTIONS:
        raise Http404
    form = _form(section, found, request.POST)
    question = None if asking.is_confirmed(request) else _question(found, form)
    if question is not None:
        return asking.ask(request, access, show(access, found), question)
    words = _save(actor_of(request, Means.DASHBOARD), found, section, form)
    if words is None:
        return _answer(request, access, found, section, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    found.refresh_from_db()
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("instances:settings", org=access.organization.slug, instance=found.id)
    saved = _form(section, found)
    return _answer(request, access, found, section, saved, HTTPStatus.OK, toast=words)


def _question(instance: Instance, form: forms.Form) -> Question | None:
    wanted = form.cleaned_data.items() if form.is_valid() else ()
    asked = (questions.before_setting(instance, name, value) for name, value in wanted)
    return next(filter(None, asked), None)


def _answer(
    request: HttpRequest,
    access: Access,
    instance: Instance,
    section: str,
    form: forms.Form,
    status: HTTPStatus,
    *,
    toast: str = "",
) -> HttpResponse:
    values = {**_context(access, instance), section: form}
    if not is_htmx(request):
        return render(request, "instances/settings.html", values, status=status)
    is_from_head = pages.target_of(request) == pages.DETAIL_TARGET
    part = "_live.html" if is_from_head else f"settings/_{SECTIONS[section].part}.html"
    response = pages.fragment(request, part, values, toast=toast)
    response.status_code = status
    return response


def _save(actor: Actor, instance: Instance, section: str, form: forms.Form) -> str | None:
    """Save a section; None when it was refused, with the words in the form."""
    if not form.is_valid():
        return None
    try:
        return SECTIONS[section].save(actor, instance, form.cleaned_data)
    except RedisGateError as error:
        form_refusals.show(error, form)
        return None


def _context(access: Access, instance: Instance) -> dict[str, object]:
    values: dict[str, object] = {name: _form(name, instance) for name in SECTIONS}
    values["former_until"] = passwords.former_until(instance, timezone.now())
    values["memory_words"] = _memory_words(access)
    shown = show(access, instance)
    if shown.sees_secrets:
        values["redis_url"] = connection.redis_url(instance, password=instance.password)
    return pages.detail_context(access, shown, tab=TAB.name, **values)


def _memory_words(access: Access) -> str:
    amount = quotas.usage(access.organization).memory_mb
    left, limit = memory(amount.limit - amount.used), memory(amount.limit)
    return f"{left} of your organization's {limit} are left."


def _form(section: str, instance: Instance, data: Mapping[str, Any] | None = None) -> forms.Form:
    initial = {
        "name": instance.name,
        "memory_mb": instance.memory_mb,
        "eviction_policy": instance.eviction_policy,
        "persistence": instance.persistence,
        "password_version": instance.password_version,
        "expires_at": instance.expires_at,
        "seen": instance.expires_at.isoformat() if instance.expires_at else "",
    }
    kind = SECTIONS[section].form
    return kind(data, initial=_known_to(kind, initial), auto_id=f"{section}-%s")


def _known_to(form: type[forms.Form], values: Mapping[str, object]) -> dict[str, object]:
    fields = form.base_fields
    return {name: value for name, value in values.items() if name in fields}


def _save_name(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    changes.rename(actor, instance, wanted["name"])
    return f"The instance is called {instance.name} now."


def _save_memory(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    memory_mb = wanted["memory_mb"]
    changes.resize(actor, instance, memory_mb, allow_eviction=wanted["allow_eviction"])
    return f"{instance.name} gets {memory(memory_mb)} of memory."


def _save_eviction(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    changes.set_eviction_policy(actor, instance, wanted["eviction_policy"])
    return f"When memory is full, {instance.name} follows {wanted['eviction_policy']}."


def _save_persistence(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    changes.set_persistence(actor, instance, wanted["persistence"])
    return (
        f"The persistence of {instance.name} is being changed. "
        "The top of the page says how far it is."
    )


def _save_password(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    version = wanted["password_version"]
    if not passwords.rotate(actor, instance, grace=wanted["grace"], seen_version=version):
        return "The password was changed already; nothing was changed again."
    if not services.wait_for_acl([instance.pk]):
        return "The new password is on its way to the server and works within seconds."
    until = "still works for a while" if wanted["grace"] else "no longer works"
    return f"The new password works; the former one {until}."


def _end_password(actor: Actor, instance: Instance, _wanted: Mapping[str, Any]) -> str:
    passwords.end_former(actor, instance)
    services.wait_for_acl([instance.pk])
    return "The former password no longer works."


def _save_expiry(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> str:
    until = wanted["expires_at"]
    if wanted["more"] == FOR_EVER:
        until = None
    elif wanted["more"] and wanted["seen"]:
        until = expiry.extended(wanted["seen"], wanted["more"], timezone.now())
    changes.set_expiry(actor, instance, until)
    if until is None:
        return f"{instance.name} stays until somebody deletes it."
    return f"{instance.name} expires at {until:%Y-%m-%d %H:%M} UTC."


SECTIONS: dict[str, Section] = {
    "name": Section(NameForm, _save_name, "name"),
    "memory": Section(MemoryForm, _save_memory, "memory"),
    "eviction": Section(EvictionForm, _save_eviction, "eviction"),
    "persistence": Section(PersistenceForm, _save_persistence, "persistence"),
    "password": Section(PasswordForm, _save_password, "password"),
    "former": Section(forms.Form, _end_password, "password"),
    "expiry": Section(ExpiryForm, _save_expiry, "expiry"),
}
