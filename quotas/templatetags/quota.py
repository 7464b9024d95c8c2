"""What the quota widget says of amounts, and whom it sends people to."""

from urllib.parse import quote

from django import template
from django.conf import settings

from orgs.models import Organization
from redisgate.lib import units

register = template.Library()


@register.filter
def memory(megabytes: int) -> str:
    """Say ``512 MB``, ``2 GB`` or ``58.6 GB``."""
    return units.roughly(megabytes)


@register.simple_tag
def more_than_this(organization: Organization, resource: str) -> str:
    """Give the address where a member asks for a higher limit; nothing where none is known."""
    contact: str = settings.OPERATOR_CONTACT
    if not contact.startswith("mailto:"):
        return contact
    subject = quote(f"Higher limit of {resource} for {organization.name} ({organization.slug})")
    return f"{contact}?subject={subject}"
