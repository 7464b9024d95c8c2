"""People of an organization, as tests look at them."""

from accounts.models import User
from orgs.models import Membership, Organization
from orgs.roles import Role


def membership(organization: Organization, user: User) -> Membership:
    return Membership.objects.get(organization=organization, user=user)


def role_of(organization: Organization, user: User) -> Role | None:
    """Say what somebody is now; None is nobody."""
    found = Membership.objects.filter(organization=organization, user=user).first()
    return None if found is None else Role(found.role)
