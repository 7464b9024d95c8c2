"""Amounts of statements in words."""

from decimal import Decimal

from django import template

register = template.Library()

_CENT = Decimal("0.01")
_GIGABYTE = 1024


@register.filter
def hours(amount: Decimal) -> str:
    """Say ``1,234.50 hours``."""
    return f"{amount.quantize(_CENT):,} hours"


@register.filter
def gigabyte_hours(megabyte_hours: Decimal) -> str:
    """Say ``12.34 GB hours``; little is said in MB."""
    if megabyte_hours < _GIGABYTE:
        return f"{megabyte_hours.quantize(_CENT):,} MB hours"
    return f"{(megabyte_hours / _GIGABYTE).quantize(_CENT):,} GB hours"
