"""Where a page stands in the menu of the account."""

from django import template

register = template.Library()

HEADINGS = {
    "profile": "Profile",
    "email": "Email",
    "password": "Password",
    "security": "Security",
    "sessions": "Sessions",
    "delete": "Delete account",
}


@register.filter
def account_section(page: str | None) -> str:
    """Name the entry of the menu by the URL name of a page."""
    name = page or ""
    if "password" in name:
        return "password"
    if name.startswith("mfa_"):
        return "security"
    return {"list": "organizations", "create": "organizations"}.get(name, name)


@register.filter
def account_heading(page: str | None) -> str:
    """Head a page with the entry of the menu that it stands under."""
    return HEADINGS.get(account_section(page), "Account")
