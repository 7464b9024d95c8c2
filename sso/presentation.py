"""What the settings page shows."""

from orgs.access import Access
from orgs.roles import Permission
from sso import oidc, saml
from sso.forms import DomainForm, OidcForm, PolicyForm, SamlForm
from sso.models import Domain, IdentityProvider, Mode, Protocol, key_of

MODES = {
    Mode.OFF: ("Off", "Everybody logs in with a password."),
    Mode.OPTIONAL: (
        "Offered",
        "People sign in through the provider or with their password, as they like.",
    ),
    Mode.REQUIRED: (
        "Required",
        "Members get in through the provider only. Owners keep their password for emergencies.",
    ),
}


def page_context(entered: Access, *, protocol: str = "") -> dict[str, object]:
    """Gather the page; ``protocol`` is the one whose form is asked for, if any."""
    organization = entered.organization
    row = IdentityProvider.objects.filter(organization=organization).first()
    domains = list(Domain.objects.filter(organization=organization))
    is_approved = any(domain.approved_at for domain in domains)
    shown = protocol if protocol in Protocol.values else row.protocol if row else Protocol.OIDC
    return {
        "organization": organization,
        "section": "settings",
        "provider": row,
        "protocol": shown,
        "may_manage": entered.may(Permission.SSO_MANAGE),
        "domains": domains,
        "is_ready": bool(row and row.tested_at and is_approved),
        "is_approved": is_approved,
        "modes": [(mode.value, *words) for mode, words in MODES.items()],
        "mode_label": MODES[Mode(row.mode)][0] if row else "",
        "oidc_form": _oidc_form(row),
        "saml_form": SamlForm(initial={"name": row.name} if row else None),
        "domain_form": DomainForm(),
        "policy_form": _policy_form(row),
        **addresses(key_of(organization.id)),
    }


def addresses(key: str) -> dict[str, str]:
    """Give what an identity provider asks for, before there is one."""
    return {
        "redirect_uri": oidc.callback_url(key),
        "acs_url": saml.acs_url(key),
        "entity_id": saml.entity_id(key),
    }


def _oidc_form(row: IdentityProvider | None) -> OidcForm:
    if row is None or row.protocol != Protocol.OIDC:
        return OidcForm()
    names = ("name", "issuer", "client_id", "addresses_are_managed")
    return OidcForm(initial={name: getattr(row, name) for name in names}, has_secret=True)


def _policy_form(row: IdentityProvider | None) -> PolicyForm:
    if row is None:
        return PolicyForm()
    return PolicyForm(initial={"mode": row.mode, "default_role": row.default_role})
