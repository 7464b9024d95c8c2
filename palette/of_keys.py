"""What there is to open and do about one API key."""

from django.urls import reverse

from apikeys.models import ApiKey, KeyStatus
from orgs.access import Access
from orgs.roles import Permission
from palette.entries import Entry, Group

CHANGES = (
    ("edit", "Edit the key {}", "edit", Permission.API_KEY_EDIT),
    ("rotate", "Rotate the key {}", "refresh", Permission.API_KEY_EDIT),
    ("revoke", "Revoke the key {}…", "trash", Permission.API_KEY_REVOKE),
)


def entries(access: Access, key: ApiKey) -> list[Entry]:
    """Give the key's page, and what may be changed while it is good for something."""
    status = key.status
    words = f"{key.prefix} {key.hint} {key.pk}"
    page = Entry(
        id=f"key:{key.pk}",
        group=Group.KEYS,
        label=key.name,
        icon="key",
        note=key.hint if status is KeyStatus.ACTIVE else str(status.label),
        words=words,
        href=_address("detail", access, key),
    )
    changes = [
        Entry(
            id=f"key:{key.pk}:{name}",
            group=Group.ACTIONS,
            label=label.format(key.name),
            icon=icon,
            words=words,
            href=_address(name, access, key),
        )
        for name, label, icon, permission in CHANGES
        if status is not KeyStatus.REVOKED and access.may(permission)
    ]
    return [page, *changes]


def _address(name: str, access: Access, key: ApiKey) -> str:
    return reverse(f"apikeys:{name}", args=(access.organization.slug, key.pk))
