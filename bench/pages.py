"""How quick pages and endpoints stay in an organization that has grown large.

``python -m bench.pages [instances] [members] [events]`` on the database of DATABASE_URL, which
should be an empty one. Prints time, our own processor time and queries of each.
"""

import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import django

from bench import audit_log

if TYPE_CHECKING:
    from django.test import Client

SIZES = (500, 1000, 1_000_000)
KEYS = 200


def main() -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    instances, members, events = _sizes(sys.argv[1:])
    organization, slug, owner = audit_log.tenant()
    _grow(organization, instances, members)
    audit_log.fill(organization, events)
    _measure(organization, slug, owner)


def _sizes(arguments: Sequence[str]) -> tuple[int, int, int]:
    given = [int(each) for each in arguments]
    instances, members, events = (*given, *SIZES[len(given) :])
    return instances, members, events


def _grow(organization_id: UUID, instances: int, members: int) -> None:
    from accounts.models import User
    from audit.actors import SYSTEM
    from orgs.models import Membership, Organization
    from orgs.roles import Role
    from quotas import services as quotas
    from tests.quotas.rows import add_key
    from tests.rows import add_instance

    organization = Organization.objects.get(pk=organization_id)
    quotas.set_limits(SYSTEM, organization, instances=instances, memory_mb=instances, api_keys=KEYS)
    for _ in range(instances):
        add_instance(organization)
    for _ in range(KEYS):
        add_key(organization)
    people = User.objects.bulk_create(
        User(username=f"person{number}", email=f"person{number}@example.com")
        for number in range(members)
    )
    Membership.objects.bulk_create(
        Membership(organization=organization, user=person, role=Role.VIEWER) for person in people
    )


def _measure(organization: UUID, slug: str, owner: UUID) -> None:
    from django.test import Client

    from accounts import access_tokens
    from accounts.models import User

    person = User.objects.get(pk=owner)
    page, api = (
        Client(**audit_log.HERE),
        Client(**audit_log.HERE, HTTP_AUTHORIZATION=f"Bearer {access_tokens.issue(person)}"),
    )
    page.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for part in ("", "instances/", "members/", "api-keys/", "audit/", "usage/", "settings/"):
        _say(page, f"/orgs/{slug}/{part}")
    for part in ("", "/instances", "/members", "/api-keys", "/audit-events", "/usage", "/quota"):
        _say(api, f"/api/organizations/{organization}{part}", name=f"/api/…{part}")


def _say(client: "Client", address: str, name: str = "") -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    ask = partial(audit_log.get, client, address)
    ask(0)
    with CaptureQueriesContext(connection) as queries:
        ask(0)
    audit_log.say(f"{name or address} ({len(queries)} queries)", ask)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "redisgate.settings")
    main()
