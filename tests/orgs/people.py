"""People of an organization, as tests look at them."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from orgs.models import Invitation, Membership, Organization
from orgs.roles import Role


def membership(organization: Organization, user: User) -> Membership:
    return Membership.objects.get(organization=organization, user=user)


def role_of(organization: Organization, user: User) -> Role | None:
    """Say what somebody is now; None is nobody."""
    found = Membership.objects.filter(organization=organization, user=user).first()
    return None if found is None else Role(found.role)


def add_member(organization: Organization, role: Role = Role.VIEWER) -> Membership:
    """Insert a member with a name of their own."""
    name = f"member-{uuid4().hex[:8]}"
    user = User.objects.create(username=name, email=f"{name}@example.com")
    return Membership.objects.create(organization=organization, user=user, role=role)


def add_invitation(organization: Organization, role: Role = Role.VIEWER) -> Invitation:
    """Insert an open invitation with an address of its own; nobody knows its link."""
    name = uuid4().hex
    return Invitation.objects.create(
        organization=organization,
        email=f"{name}@example.com",
        role=role,
        fingerprint=name,
        expires_at=timezone.now() + timedelta(days=7),
    )
