"""Template tags of the dashboard: icons, components with a body, form controls, quota levels."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.widgets import ChoiceWidget, HiddenInput, Widget
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from redisgate.lib import field_words, moments, sentences, units

register = template.Library()

AMBER_PERCENT = 80
RED_PERCENT = 95
LEVEL_ICONS = {
    "success": "circle-check",
    "warning": "alert-triangle",
    "error": "alert-circle",
    "danger": "alert-circle",
}


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw an icon of static/img/icons.txt; without a label screen readers skip it."""
    return _drawn(name, css, label)


@lru_cache(maxsize=512)
def _drawn(name: str, css: str, label: str) -> SafeString:
    """Draw it once a process: a long list has hundreds, and their address is looked up slowly."""
    href = f"{static('img/icons.svg')}#{name}"
    classes = f"icon {css}".strip()
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            classes,
            label,
            href,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, href
    )


@register.simple_block_tag(takes_context=True)
def component(context: Context, content: SafeString, name: str, **values: Any) -> SafeString:
    """Render templates/components/<name>.html with these values and the body as `slot`.

    The component sees nothing else of the page, except the request and the CSRF token.
    """
    page = {key: context[key] for key in ("request", "csrf_token") if key in context}
    engine = context.template.engine  # type: ignore[union-attr]  # it is being rendered
    found = engine.get_template(f"components/{name}.html")
    return found.render(context.new({**page, **values, "slot": SafeString(content.strip())}))


@register.simple_tag
def control(
    field: BoundField,
    placeholder: str | None = None,
    help: str = "",
) -> SafeString:
    """Render a form field's input with Tabler's classes, and its errors and help announced."""
    attrs: dict[str, str | bool] = {"class": css_classes(field)}
    if placeholder is not None:
        attrs["placeholder"] = placeholder
    described_by = [f"{field.auto_id}_helptext"] if help or field.help_text else []
    if field.errors:
        attrs["aria-invalid"] = "true"
        described_by.insert(0, f"{field.auto_id}_error")
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    return field.as_widget(attrs={**field_words.attributes(field.field), **attrs})


def css_classes(field: BoundField) -> str:
    """Return Tabler's class for the field's widget, the form's own, and the mark of an error."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    return " ".join(filter(None, [css_class(widget), own, "is-invalid" if field.errors else ""]))


def css_class(widget: Widget) -> str:
    """Return Tabler's class for a widget."""
    if isinstance(widget, HiddenInput):
        return ""
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(widget, Select):
        return "form-select"
    return "form-control"


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether the field is one box to tick."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_optional(field: BoundField) -> bool:
    """Tell whether it is for somebody to fill in, and may be left out. A choice always has one."""
    is_choice = isinstance(field.field.widget, CheckboxInput | ChoiceWidget)
    return not (field.field.required or field.is_hidden or is_choice)


@register.filter
def level_icon(level: str) -> str:
    """Return the icon of a message's level."""
    return LEVEL_ICONS.get(level, "info-circle")


@register.filter
def sentence(words: str) -> str:
    """End with a full stop, unless it ends like a sentence already."""
    return sentences.ended(words)


@register.filter
def size(of_bytes: float) -> str:
    """Say ``179 B``, ``1.5 KB``, as the charts do."""
    return units.size(of_bytes)


@register.filter
def relative(at: datetime) -> str:
    """Say ``5 minutes ago``, ``in 3 days``."""
    return moments.relative(at, timezone.now())


@register.filter
def exactly(at: datetime) -> str:
    """Say ``2030-01-31 12:00:00 UTC``."""
    return moments.exactly(at)


@register.filter
def memory(megabytes: int) -> str:
    """Say ``512 MB``, ``2 GB``."""
    return units.memory(megabytes)


@register.filter
def duration(seconds: float) -> str:
    """Say ``42 s``, ``3 min 20 s``, ``5 d 4 h``."""
    return units.duration(seconds)


@register.filter
def lines(texts: Iterable[str]) -> str:
    """Write each on a line of its own."""
    return "\n".join(texts)


@register.filter
def percent_of(used: float, limit: float) -> int:
    """Return how much of the limit is used, from 0 to 100; a limit of 0 is full."""
    if not limit:
        return 100
    return max(0, min(100, int(used * 100 / limit)))


@register.filter
def quota_level(used: float, limit: float) -> str:
    """Return ok, warning (from 80 %) or danger (from 95 %)."""
    percent = percent_of(used, limit)
    if percent >= RED_PERCENT:
        return "danger"
    return "warning" if percent >= AMBER_PERCENT else "ok"
