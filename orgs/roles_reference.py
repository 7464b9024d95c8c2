"""The reference page of roles, made from the one table that pages, API and sockets obey."""

from orgs.roles import MANAGES, PERMISSIONS, Permission, Role

TITLE = """# Roles

Everybody in an organization has one role there. Pages, the management API and open connections
(live pages, consoles) obey the same table; a changed role, or an ended membership, holds within a
second. Keys of the command API have scopes instead, and stay when the person leaves who made them.
This page is made from `orgs/roles.py`: `make references`.
"""

MANAGING = """
## Who decides about whom

A role is given, changed and taken by whoever manages both the role that somebody has and the one
that they get, in invitations, too. So nobody raises themselves. Everybody may leave, except for the
last owner of an organization: first another member becomes owner, or the organization is deleted.
"""

MEANINGS = {
    Permission.ORGANIZATION_VIEW: "See the organization and its overview",
    Permission.ORGANIZATION_EDIT: "Change its name and description",
    Permission.ORGANIZATION_DELETE: "Delete it with everything in it",
    Permission.MEMBER_VIEW: "See members and who is invited",
    Permission.MEMBER_INVITE: "Invite people, send again, withdraw",
    Permission.MEMBER_CHANGE: "Change roles, remove members",
    Permission.OWNERSHIP_TRANSFER: "Hand ownership over",
    Permission.QUOTA_VIEW: "See limits and use",
    Permission.INSTANCE_VIEW: "See instances, their state and figures",
    Permission.INSTANCE_CREATE: "Create and adopt instances",
    Permission.INSTANCE_OPERATE: "Start, stop, restart, change settings, disconnect clients",
    Permission.INSTANCE_DELETE: "Delete instances with their data",
    Permission.INSTANCE_SECRET_VIEW: "See passwords, and who connects",
    Permission.DATA_VIEW: "Look at data, in the browser and the console",
    Permission.DATA_EDIT: "Change and delete data",
    Permission.API_KEY_VIEW: "See API keys and what they did",
    Permission.API_KEY_CREATE: "Create API keys",
    Permission.API_KEY_EDIT: "Change and rotate API keys",
    Permission.API_KEY_REVOKE: "Revoke API keys",
    Permission.MANAGEMENT_KEY_VIEW: "See management keys",
    Permission.MANAGEMENT_KEY_EDIT: "Create and revoke management keys",
    Permission.SSO_VIEW: "See how single sign-on is set up",
    Permission.SSO_MANAGE: "Set up single sign-on",
    Permission.AUDIT_VIEW: "Read and export the audit log",
}


def render() -> str:
    """Write the page. Every permission needs its meaning here."""
    names = [role.label for role in Role]
    lines = [TITLE, *_head("Permission", ["What it allows", *map(str, names)])]
    for permission in Permission:
        marks = ["yes" if permission in PERMISSIONS[role] else "" for role in Role]
        lines.append(_row([f"`{permission}`", MEANINGS[permission], *marks]))
    lines += [MANAGING, *_head("Role", ["decides about"])]
    for role in Role:
        managed = [str(other.label).lower() for other in Role if other in MANAGES[role]]
        lines.append(_row([str(role.label), ", ".join(managed) or "nobody"]))
    return "\n".join(lines) + "\n"


def _head(first: str, others: list[str]) -> list[str]:
    return [_row([first, *others]), "|" + "---|" * (1 + len(others))]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
