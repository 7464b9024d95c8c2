"""Where a page stands in the menu of the account."""

from django import template

register = template.Library()


@register.filter
def account_section(page: str | None) -> str:
    """Name the entry of the menu by the URL name of a page."""
    name = page or ""
    if "password" in name:
        return "password"
    if name.startswith("mfa_"):
        return "security"
    return {"list": "organizations", "create": "organizations"}.get(name, name)
