"""Single sign-on on pages of other rooms."""

from django import template

from sso import sources
from sso.sources import Source

register = template.Library()


@register.simple_tag
def platform_providers() -> list[Source]:
    """List the providers that everybody is offered."""
    return sources.platform()


@register.simple_tag
def has_providers_by_address() -> bool:
    """Tell whether an organization's provider can be found by an email address."""
    return sources.is_any_on()
