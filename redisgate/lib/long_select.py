"""A select with hundreds of options, which Django would draw with a template for each."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """Looks like any other, with groups or without."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        options = _options(self.choices, set(self.format_value(value)))
        written = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", written, options)


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> SafeString:
    """Write options; what stands for several has their group's name for a value."""
    return format_html_join("", "{}", ((_option(each, it, chosen),) for each, it in choices))


def _option(value: Any, label: Any, chosen: set[str]) -> SafeString:
    if isinstance(label, list | tuple):
        inside = _options(label, chosen)
        return format_html('<optgroup label="{}">{}</optgroup>', value, inside)
    mark = SafeString(" selected") if str(value) in chosen else ""
    return format_html('<option value="{}"{}>{}</option>', value, mark, label)
