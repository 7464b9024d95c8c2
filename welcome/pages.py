"""What the pages and the socket of the guided way show alike."""

from orgs.roles import Permission
from welcome.way import Way


def context(found: Way) -> dict[str, object]:
    """Give what the live parts show."""
    access = found.access
    return {
        "organization": access.organization,
        "way": found,
        "may_create": access.may(Permission.INSTANCE_CREATE)
        and access.may(Permission.API_KEY_CREATE),
        "may_invite": access.may(Permission.MEMBER_INVITE),
    }
