from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

import pytest

from accounts import refresh_tokens
from accounts.models import TokenFamily, User
from accounts.refresh_tokens import Visit
from audit.models import AuditEvent
from orgs.models import Organization
from tests.access.management_keys import add_management_key
from tests.conftest import Cast
from tests.orgs.people import add_invitation, add_member
from tests.quotas.rows import add_key
from tests.rows import add_instance

KINDS = (
    "management_key",
    "org",
    "instance",
    "key",
    "member",
    "invitation",
    "token",
    "event",
    "domain",
)


@dataclass(frozen=True)
class World:
    """The cast, with objects of each kind: of Acme, of Globex, and such as never were."""

    cast: Cast
    mine: Mapping[str, str]
    foreign: Mapping[str, str]
    unknown: Mapping[str, str]


def log_in_of(user: User) -> TokenFamily:
    return refresh_tokens.begin(user, Visit()).family


def objects_of(organization: Organization, instance_slug: str, owner: User) -> dict[str, str]:
    instance = add_instance(organization, instance_slug)
    return {
        "org": str(organization.id),
        "org_slug": organization.slug,
        "instance": str(instance.id),
        "instance_slug": instance_slug,
        "key": str(add_key(organization).id),
        "management_key": str(add_management_key(organization).id),
        "member": str(add_member(organization).id),
        "invitation": str(add_invitation(organization).id),
        "token": str(log_in_of(owner).id),
        "event": str(AuditEvent.objects.filter(organization_id=organization.id)[0].id),
        "domain": str(organization.email_domains.create(name=f"{instance_slug}.example").id),
    }


@pytest.fixture
def world(cast: Cast) -> World:
    nobodys = {"org_slug": "never-was", "instance_slug": "never-was"}
    ids = {name: str(uuid4()) for name in KINDS}
    return World(
        cast,
        mine=objects_of(cast.acme, "cache", cast.owner),
        foreign=objects_of(cast.globex, "foreign", cast.outsider),
        unknown={**nobodys, **ids},
    )
