"""Amounts of the quota widget in words."""

from django import template

from redisgate.lib import units

register = template.Library()


@register.filter
def memory(megabytes: int) -> str:
    """Say ``512 MB`` or ``2 GB``."""
    return units.memory(megabytes)
