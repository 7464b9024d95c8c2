"""What is there whatever an organization holds: its pages, what can be made in it, the account."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from orgs.access import Access
from orgs.roles import Permission
from palette.entries import Entry, Group


@dataclass(frozen=True, slots=True)
class Section:
    """A page; ``url_name`` takes ``org`` where the page is an organization's."""

    name: str
    label: str
    icon: str
    url_name: str
    keys: str = ""
    words: str = ""
    permission: Permission = Permission.ORGANIZATION_VIEW
    anchor: str = ""


PAGES = (
    Section("overview", "Overview", "layout-dashboard", "orgs:overview", "g o", "home dashboard"),
    Section("instances", "Instances", "server", "instances:list", "g i", "servers databases redis"),
    Section("keys", "API keys", "key", "apikeys:list", "g k", "tokens credentials secrets"),
    Section("members", "Members", "users", "orgs:members", "g m", "people team roles invitations"),
    Section(
        "audit",
        "Audit log",
        "history",
        "activity:list",
        "g a",
        "activity events history",
        Permission.AUDIT_VIEW,
    ),
    Section("usage", "Usage", "calendar", "metering:usage", "g u", "billing statement month plan"),
    Section(
        "settings", "Settings", "settings", "orgs:settings", "g s", "organization name slug id"
    ),
    Section(
        "management-keys",
        "Management keys",
        "key",
        "managementkeys:list",
        words="terraform automation tokens",
        permission=Permission.MANAGEMENT_KEY_VIEW,
    ),
    Section(
        "sso",
        "Single sign-on",
        "shield-lock",
        "sso_settings:page",
        words="sso saml oidc identity provider",
        permission=Permission.SSO_VIEW,
    ),
)
MAKING = (
    Section(
        "create-instance",
        "Create an instance",
        "plus",
        "instances:create",
        "c",
        "new server redis database add",
        Permission.INSTANCE_CREATE,
    ),
    Section(
        "create-key",
        "Create an API key",
        "key",
        "apikeys:create",
        words="new token add",
        permission=Permission.API_KEY_CREATE,
    ),
    Section(
        "invite",
        "Invite somebody",
        "mail",
        "orgs:members",
        words="add member people team new",
        permission=Permission.MEMBER_INVITE,
        anchor="#id_email",
    ),
    Section(
        "adopt",
        "Connect existing server",
        "plug-connected",
        "instances:adopt",
        words="adopt external redis add",
        permission=Permission.INSTANCE_CREATE,
    ),
)
ACCOUNT = (
    Section("profile", "Your profile", "user", "accounts:profile", words="account name"),
    Section("email", "Your email addresses", "mail", "account_email", words="mail account"),
    Section("password", "Change your password", "lock", "account_change_password"),
    Section(
        "security",
        "Two-factor and passkeys",
        "shield-lock",
        "mfa_index",
        words="security mfa totp 2fa recovery codes",
    ),
    Section("sessions", "Your sessions", "device-desktop", "accounts:sessions", words="devices"),
    Section("organizations", "Your organizations", "building", "orgs:list", words="switch teams"),
    Section("new-organization", "Create an organization", "plus", "orgs:create", words="new team"),
)
THEMES = (
    ("light", "Light", "sun"),
    ("dark", "Dark", "moon"),
    ("system", "System", "device-desktop"),
)


def of_organization(access: Access) -> list[Entry]:
    """Give what this role may open and make."""
    where = {"org": access.organization.slug}
    groups = ((Group.ACTIONS, MAKING), (Group.PAGES, PAGES))
    return [
        _entry(section, group, where)
        for group, sections in groups
        for section in sections
        if access.may(section.permission)
    ]


def of_person(user: User) -> list[Entry]:
    """Give what belongs to the person, and what the page itself can."""
    return [*(_entry(section, Group.ACCOUNT, {}) for section in ACCOUNT), *_elsewhere(user)]


def _elsewhere(user: User) -> Iterator[Entry]:
    if user.is_staff:
        platform = reverse("operators:overview")
        yield _link("platform", "Platform", "gauge", platform, "operators overview hosts capacity")
        yield _link("admin", "Operator admin", "shield", reverse("admin:index"), "operators django")
    yield _link("api", "API reference", "book", reverse("docs"), "docs documentation openapi help")
    yield Entry(
        id="page:shortcuts",
        group=Group.ACTIONS,
        label="Keyboard shortcuts",
        icon="info-circle",
        words="help keys hotkeys",
        keys="?",
        does="shortcuts",
    )
    for name, label, icon in THEMES:
        yield Entry(
            id=f"theme:{name}",
            group=Group.ACCOUNT,
            label=f"{label} theme",
            icon=icon,
            words="appearance colours mode",
            does=f"theme:{name}",
        )
    yield Entry(
        id="account:logout",
        group=Group.ACCOUNT,
        label="Log out",
        icon="logout",
        words="sign out leave",
        post=reverse("account_logout"),
    )


def _link(name: str, label: str, icon: str, href: str, words: str) -> Entry:
    return Entry(
        id=f"page:{name}", group=Group.PAGES, label=label, icon=icon, words=words, href=href
    )


def _entry(section: Section, group: Group, where: dict[str, str]) -> Entry:
    return Entry(
        id=f"page:{section.name}",
        group=group,
        label=section.label,
        icon=section.icon,
        words=section.words,
        keys=section.keys,
        href=reverse(section.url_name, kwargs=where) + section.anchor,
    )
