"""What each role may do: one table, obeyed by pages, API and sockets alike."""

from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    DEVELOPER = "developer", "Developer"
    VIEWER = "viewer", "Viewer"

    @property
    def noun(self) -> str:
        """Say ``an owner``, ``a viewer``."""
        return f"{'an' if self.value[0] in 'ao' else 'a'} {self.value}"


class Permission(StrEnum):
    ORGANIZATION_VIEW = "organization.view"
    ORGANIZATION_EDIT = "organization.edit"
    ORGANIZATION_DELETE = "organization.delete"
    MEMBER_VIEW = "member.view"
    MEMBER_INVITE = "member.invite"
    MEMBER_CHANGE = "member.change"
    OWNERSHIP_TRANSFER = "ownership.transfer"
    QUOTA_VIEW = "quota.view"
    INSTANCE_VIEW = "instance.view"
    INSTANCE_CREATE = "instance.create"
    INSTANCE_OPERATE = "instance.operate"
    INSTANCE_DELETE = "instance.delete"
    INSTANCE_SECRET_VIEW = "instance.secret.view"  # noqa: S105  its name
    DATA_VIEW = "data.view"
    DATA_EDIT = "data.edit"
    API_KEY_VIEW = "api_key.view"
    API_KEY_CREATE = "api_key.create"
    API_KEY_EDIT = "api_key.edit"
    API_KEY_REVOKE = "api_key.revoke"
    SSO_VIEW = "sso.view"
    SSO_MANAGE = "sso.manage"
    MANAGEMENT_KEY_VIEW = "management_key.view"
    MANAGEMENT_KEY_EDIT = "management_key.edit"
    AUDIT_VIEW = "audit.view"


_VIEWER = frozenset(
    {
        Permission.ORGANIZATION_VIEW,
        Permission.MEMBER_VIEW,
        Permission.QUOTA_VIEW,
        Permission.INSTANCE_VIEW,
        Permission.DATA_VIEW,
        Permission.API_KEY_VIEW,
    }
)
_DEVELOPER = _VIEWER | {
    Permission.INSTANCE_CREATE,
    Permission.INSTANCE_OPERATE,
    Permission.INSTANCE_DELETE,
    Permission.INSTANCE_SECRET_VIEW,
    Permission.DATA_EDIT,
    Permission.API_KEY_CREATE,
    Permission.API_KEY_EDIT,
    Permission.API_KEY_REVOKE,
}
_ADMIN = _DEVELOPER | {
    Permission.ORGANIZATION_EDIT,
    Permission.MEMBER_INVITE,
    Permission.MEMBER_CHANGE,
    Permission.SSO_VIEW,
    Permission.MANAGEMENT_KEY_VIEW,
    Permission.MANAGEMENT_KEY_EDIT,
    Permission.AUDIT_VIEW,
}
# Who decides which provider vouches for people can come in as any of them, owners included.
_OWNER = _ADMIN | {
    Permission.ORGANIZATION_DELETE,
    Permission.OWNERSHIP_TRANSFER,
    Permission.SSO_MANAGE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: _OWNER,
    Role.ADMIN: _ADMIN,
    Role.DEVELOPER: _DEVELOPER,
    Role.VIEWER: _VIEWER,
}

MANAGES: dict[Role, frozenset[Role]] = {
    Role.OWNER: frozenset(Role),
    Role.ADMIN: frozenset(Role) - {Role.OWNER},
    Role.DEVELOPER: frozenset(),
    Role.VIEWER: frozenset(),
}
"""Whose role each may change or end, and which roles it may give. Nobody's row goes beyond their
own, so nobody can raise themselves."""


def manages(role: Role, other: Role) -> bool:
    return other in MANAGES[role]


def lesser(role: Role, other: Role) -> Role:
    """Return whichever of two roles may do less."""
    return role if len(PERMISSIONS[role]) <= len(PERMISSIONS[other]) else other


def only_looks(permission: Permission) -> bool:
    """Tell whether nothing changes by what the permission allows."""
    return permission.endswith(".view")


def may(role: Role, permission: Permission) -> bool:
    return permission in PERMISSIONS[role]
