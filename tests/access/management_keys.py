"""Management keys as rows, without the service that normally makes them."""

import itertools

from accounts.models import User
from managementkeys.models import ManagementKey
from managementkeys.services import PREFIX
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib import tokens

_numbers = itertools.count(1)


def add_management_key(
    organization: Organization, *, maker: User | None = None, role: str = Role.VIEWER
) -> ManagementKey:
    return ManagementKey.objects.create(
        organization=organization,
        name="Terraform",
        role=role,
        hint="rgm_…",
        fingerprint=str(next(_numbers)),
        created_by=maker,
    )


def token_of(user: User) -> str:
    """Make a key in somebody's name, with all that their role allows."""
    mine = Membership.objects.select_related("organization").get(user=user)
    key = add_management_key(mine.organization, maker=user, role=mine.role)
    token = f"{PREFIX}{key.pk.hex}"
    key.fingerprint = tokens.fingerprint(token)
    key.save(update_fields=["fingerprint"])
    return token
