"""The gallery's catalogue: no page is forgotten, and each entry leads somewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from gallery.catalogue import ENTRIES
from gallery.catalogue.papers import MAILS
from gallery.entry import PAPER
from gallery.world import papers

ADMIN_ASIDES = ("_add", "_delete", "_history")
"""What Django's admin draws alike for every kind of row."""

PROGRAMS = ("api", "auth/", "^redis", "health", "version", "metrics", "stats", "accounts/^saml/")
"""Where programs come, not people."""

NOT_PAGES = {
    "a press": (
        "accounts:email_resend accounts:email_withdraw accounts:session_end "
        "accounts:sessions_end_others apikeys:end_former apikeys:simulate browser:operate "
        "browser:sweep_go figures:disconnect instances:bulk instances:change instances:restart "
        "instances:start instances:stop instances:test_connection invitations:accept "
        "invitations:decline invitations:sign-up invitations:switch orgs:delete orgs:invite "
        "orgs:resend orgs:role orgs:withdraw sso:start sso_settings:claim_domain "
        "sso_settings:disconnect sso_settings:oidc sso_settings:policy sso_settings:remove_domain "
        "sso_settings:saml sso_settings:test openid_connect_callback openid_connect_login "
        "overview:put_off invitations:mine "
        "apikeys:revoke_many managementkeys:revoke_many orgs:withdraw_many"
    ),
    "a part of a page": (
        "browser:key browser:keys browser:sweep_count instances:example instances:row "
        "orgs:deleting orgs:standing overview:now palette:organization palette:person "
        "quotas:widget welcome:news accounts:check_sign_up"
    ),
    "a file": "activity:export metering:csv mfa_download_recovery_codes",
    "shown once, after a key was made": "apikeys:created managementkeys:created",
    "behind a page of our own": "account_email mfa_index mfa_list_webauthn usersessions_list",
    "nobody's way here: each person has a password": (
        "account_confirm_login_code account_set_password socialaccount_connections "
        "socialaccount_signup"
    ),
    "a step of logging in": (
        "mfa_authenticate mfa_trust mfa_login_webauthn mfa_reauthenticate_webauthn"
    ),
    "the account's own page takes its place": "admin:password_change",
    "part of Django's admin": (
        "admin:jsi18n admin:autocomplete admin:view_on_site admin:app_list admin:login "
        "admin:logout admin:password_change_done"
    ),
}
"""Names of what isn't a page, by what it is."""


def patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Give route and name of everything that has a name."""
    for each in resolver.url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLPattern):
            if each.name:
                yield route, f"{space}{each.name}"
        else:
            yield from patterns(
                each, route, space + (f"{each.namespace}:" if each.namespace else "")
            )


def shown(path: str) -> str:
    address = path.partition("?")[0].format_map(defaultdict(lambda: str(UUID(int=1)), passkey="1"))
    return resolve(address).view_name


def test_every_page_has_a_picture() -> None:
    seen = {shown(each.path) for each in ENTRIES if each.status != 404 and each.kind != PAPER}
    known = {name for names in NOT_PAGES.values() for name in names.split()}
    pages = {
        name
        for route, name in patterns(get_resolver())
        if not route.startswith(PROGRAMS)
        and not (route.startswith("admin/") and name.endswith(ADMIN_ASIDES))
    }
    assert pages - seen - known == set(), "add a line to gallery/catalogue for each"


def test_every_mail_has_a_picture() -> None:
    assert {papers.paper_of(name) for name in papers.mails()} == set(MAILS)


def test_each_name_is_one_picture() -> None:
    repeated = [name for name, times in Counter(each.name for each in ENTRIES).items() if times > 1]
    assert repeated == []
