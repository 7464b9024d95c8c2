"""Every list asks as often for thirty rows as for three: pages, endpoints and the admin."""

import uuid
from collections.abc import Mapping

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from apikeys.models import ApiKey
from audit.actions import Action
from audit.actors import SYSTEM
from audit.services import record
from instances.models import Instance
from orgs.models import Membership
from orgs.roles import Role
from quotas.models import InstanceQuota, Plan
from tests.access.management_keys import add_management_key
from tests.clients import browser, program
from tests.conftest import Cast
from tests.orgs.people import add_invitation
from tests.quotas.rows import add_key
from tests.rows import add_instance

PAGES = (
    *("", "quota", "instances/", "instances/?q=i&state=changing", "instances/new/"),
    *("members/", "api-keys/", "api-keys/new/", "audit/", "usage/", "management-keys/"),
)
ENDPOINTS = (
    *("", "/instances", "/instances?ordering=-memory_mb", "/members", "/invitations", "/api-keys"),
    *("/audit-events", "/audit-events?search=cache", "/usage", "/quota", "/management-keys"),
)


def grow(cast: Cast, upto: int) -> None:
    """Add rows of each kind until there are as many, and usage and events of them."""
    while Instance.objects.filter(organization=cast.acme).count() < upto:
        instance = add_instance(cast.acme, status="running", health="healthy")
        key = add_key(cast.acme, created_by=cast.developer, all_instances=False)
        key.instances.add(instance)
        add_invitation(cast.acme)
        add_management_key(cast.acme, maker=cast.owner)
        name = uuid.uuid4().hex
        person = User.objects.create(username=name, email=f"{name}@example.com")
        Membership.objects.create(organization=cast.acme, user=person, role=Role.VIEWER)
        Plan.objects.create(name=name)
        what = {"organization_id": cast.acme.pk, "object_label": "cache"}
        record(SYSTEM, Action.INSTANCE_RENAME, object_id=instance.pk, **what)  # type: ignore[arg-type]
        record(SYSTEM, Action.API_KEY_CREATE, object_id=key.pk, **what)  # type: ignore[arg-type]


def asked(visits: Mapping[str, tuple[Client, str]]) -> dict[str, int]:
    found = {}
    for name, (client, address) in visits.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200, name
        found[name] = len(queries)
    return found


def visits_of(cast: Cast) -> dict[str, tuple[Client, str]]:
    User.objects.filter(pk=cast.admin.pk).update(is_staff=True)
    person, operator, caller = browser(cast.owner), browser(cast.admin), program(cast.owner)
    pages = {part: (person, f"/orgs/acme/{part}") for part in PAGES}
    calls = {
        f"API {part}": (caller, f"/api/organizations/{cast.acme.pk}{part}") for part in ENDPOINTS
    }
    names = [f"{each._meta.app_label}_{each._meta.model_name}" for each in admin.site._registry]
    lists = {name: (operator, reverse(f"admin:{name}_changelist")) for name in names}
    return {**pages, **calls, "API plans": (program(cast.admin), "/api/plans"), **lists}


def test_lists_ask_as_often_for_thirty_rows_as_for_three(cast: Cast) -> None:
    InstanceQuota.objects.update(instances_limit=99, memory_mb_limit=99, api_keys_limit=99)
    visits = visits_of(cast)
    grow(cast, 3)
    few = asked(visits)
    grow(cast, 30)
    assert ApiKey.objects.filter(organization=cast.acme).count() == 30
    # Fewer is well: events of a kind that no longer stands on the page need no look-up.
    assert {name: count for name, count in asked(visits).items() if count > few[name]} == {}
