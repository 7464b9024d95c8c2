"""How quick pages and endpoints stay in an organization that has grown large.

``python -m bench.pages [instances] [members] [events]`` on the database of DATABASE_URL, which
should be an empty one; with 0 instances it measures what an earlier run left there. Prints time,
our own processor time and the number of queries of each.
"""

import gc
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import django

from bench import audit_log, grown

if TYPE_CHECKING:
    from django.test import Client

    from orgs.models import Organization

SIZES = (500, 1000, 1_000_000)
PAGES = (
    *(
        "",
        "overview/now/",
        "instances/",
        "instances/?page=10",
        "instances/?q=instance+2&state=running",
    ),
    *("instances/new/", "instances/example/", "instances/{instance}/"),
    *("instances/{instance}/settings/", "instances/{instance}/metrics/"),
    *("members/", "members/?page=40", "members/?q=person9"),
    *("api-keys/", "api-keys/?search=key", "api-keys/new/", "api-keys/{key}/"),
    *("audit/", "audit/?search=person7", "audit/?action=quota.update"),
    *("usage/", "usage/?month={month}", "quota", "settings/", "settings/sso/", "management-keys/"),
)
ENDPOINTS = (
    *("", "/instances", "/instances?name=2&ordering=-created_at", "/instances?limit=200"),
    *("/instances/{instance}", "/instances/{instance}/metrics"),
    *("/members", "/members?search=person9&limit=200", "/invitations", "/api-keys"),
    *("/api-keys/{key}", "/api-keys/{key}/usage", "/audit-events", "/audit-events?search=person7"),
    *("/usage", "/usage?month={month}", "/quota", "/sso", "/management-keys"),
)


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from orgs.models import Organization

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    instances, members, events = _sizes(sys.argv[1:])
    if instances:
        organization, _, _ = audit_log.tenant()
        grown.grow(organization, instances, members)
        audit_log.fill(organization, events)
        connection.cursor().execute("ANALYZE")  # as the database does by itself after a while
    _measure(Organization.objects.get())


def _sizes(arguments: Sequence[str]) -> tuple[int, int, int]:
    given = [int(each) for each in arguments]
    instances, members, events = (*given, *SIZES[len(given) :])
    return instances, members, events


def _measure(organization: "Organization") -> None:
    from django.contrib import admin
    from django.test import Client
    from django.urls import reverse

    from accounts import access_tokens
    from accounts.models import User
    from redisgate.lib import garbage

    # As a web worker does.
    gc.collect()
    gc.freeze()
    garbage.collect_seldom()
    owner = organization.memberships.get(role="owner").user
    token = access_tokens.issue(owner)
    api = Client(**audit_log.HERE, HTTP_AUTHORIZATION=f"Bearer {token}")
    names = _names(organization)
    for part in PAGES:
        _say(_logged_in(owner), f"/orgs/{organization.slug}/{part.format(**names)}", part or "/")
    _say(api, "/api/organizations", "/api/organizations")
    for part in ENDPOINTS:
        _say(api, f"/api/organizations/{organization.pk}{part.format(**names)}", f"/api/…{part}")
    User.objects.filter(pk=owner.pk).update(is_staff=True)
    _say(_logged_in(owner), "/operators/", "/operators/")
    _say(_logged_in(owner), "/operators/?by=commands", "/operators/?by=commands")
    _say(api, "/api/operators/overview", "/api/operators/overview")
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        _say(_logged_in(owner), address, address)


def _names(organization: "Organization") -> dict[str, Any]:
    """Give what stands in addresses for one of many."""
    from django.utils import timezone

    from apikeys.models import ApiKey
    from instances.models import Instance
    from metering.months import Month

    one: dict[str, UUID] = {
        "instance": Instance.objects.filter(organization=organization)[0].pk,
        "key": ApiKey.objects.filter(organization=organization)[0].pk,
    }
    return {**one, "month": Month.of(timezone.now()).previous}


def _logged_in(person: Any) -> "Client":
    from django.test import Client

    client = Client(**audit_log.HERE)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _say(client: "Client", address: str, name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask = partial(audit_log.get, client, address)
    ask(0)
    with CaptureQueriesContext(connection) as queries:
        ask(0)
    audit_log.say(f"{name} ({len(queries)} queries)", ask)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()
