"""Who is shown the way to the audit log."""

from django import template

from orgs.roles import Permission, Role, may

register = template.Library()


@register.filter
def sees_activity(role: str) -> bool:
    """Tell whether a role opens the audit log."""
    return may(Role(role), Permission.AUDIT_VIEW)
