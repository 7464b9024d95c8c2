"""Template tags of the dashboard: icons, components with a body, form controls, quota levels."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.widgets import HiddenInput, Widget
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

AMBER_PERCENT = 80
RED_PERCENT = 95


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """Draw an icon of static/img/icons.txt; without a label screen readers skip it."""
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
    engine = context.template.engine  # type: ignore[union-attr]
    found = engine.get_template(f"components/{name}.html")
    return found.render(context.new({**page, **values, "slot": content.strip()}))


@register.simple_tag
def control(field: BoundField, **attributes: Any) -> SafeString:
    """Render a form field's input with Tabler's classes and its error and help announced."""
    attrs: dict[str, Any] = {key.replace("_", "-"): value for key, value in attributes.items()}
    css = [css_class(field.field.widget), attrs.pop("class", "")]
    described_by = [f"{field.auto_id}_helptext"] if field.help_text else []
    if field.errors:
        css.append("is-invalid")
        attrs["aria-invalid"] = "true"
        described_by.insert(0, f"{field.auto_id}_error")
    if described_by:
        attrs["aria-describedby"] = " ".join(described_by)
    attrs["class"] = " ".join(filter(None, [*css, field.field.widget.attrs.get("class")]))
    return field.as_widget(attrs=attrs)


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
