"""The template tags: values in, markup out."""

import pytest
from django import forms
from django.template import Context, Template

from redisgate.templatetags import ui


def render(text: str, **values: object) -> str:
    return Template("{% load ui %}" + text).render(Context(values))


class SizeForm(forms.Form):
    size = forms.IntegerField(help_text="In MB.")
    kind = forms.ChoiceField(choices=[("cache", "Cache")])
    sure = forms.BooleanField(label="I am sure")
    note = forms.CharField(required=False)
    tag = forms.ChoiceField(choices=[("a", "A")], required=False)


@pytest.mark.parametrize(
    ("used", "limit", "percent", "level"),
    [
        (0, 5, 0, "ok"),
        (79, 100, 79, "ok"),
        (80, 100, 80, "warning"),
        (94.9, 100, 94, "warning"),
        (95, 100, 95, "danger"),
        (12, 10, 100, "danger"),
        (0, 0, 100, "danger"),
    ],
)
def test_quota_turns_amber_at_80_and_red_at_95(
    used: float, limit: float, percent: int, level: str
) -> None:
    assert (ui.percent_of(used, limit), ui.quota_level(used, limit)) == (percent, level)


def test_icon_without_label_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in render('{% icon "plus" %}')
    assert 'aria-label="Add"' in render('{% icon "plus" label="Add" %}')


def test_component_escapes_values_and_keeps_its_body() -> None:
    page = render(
        '{% component "alert" level="info" title=name %}<p>{{ name }}</p>{% endcomponent %}',
        name="<b>",
    )
    assert "<p>&lt;b&gt;</p>" in page
    assert "<b>" not in page


def test_component_does_not_see_the_rest_of_the_page() -> None:
    page = render('{% component "page_header" title="A" %}{% endcomponent %}', description="leak")
    assert "leak" not in page


def test_component_keeps_the_csrf_token() -> None:
    page = render(
        '{% component "confirm_dialog" id="d" title="T" action="/x" label="L" %}{% endcomponent %}',
        csrf_token="secret-token",
    )
    assert "secret-token" in page


def test_field_announces_help_and_error() -> None:
    form = SizeForm({"size": "x", "kind": "cache"})
    page = render('{% include "components/field.html" with field=form.size %}', form=form)
    assert 'aria-describedby="id_size_error id_size_helptext"' in page
    assert 'aria-invalid="true"' in page
    assert 'id="id_size_error"' in page
    assert 'id="id_size_helptext"' in page
    assert "form-control is-invalid" in page


def test_field_picks_the_class_of_its_widget() -> None:
    form = SizeForm()
    assert "form-select" in ui.control(form["kind"])
    assert "form-check-input" in ui.control(form["sure"])


def test_field_that_may_be_left_out_says_so() -> None:
    form = SizeForm()
    marked = [each.name for each in form if "(optional)" in drawn(each)]
    assert marked == ["note"]
    assert "(optional)" not in drawn(form["note"], "may_be_empty=True")


def drawn(field: forms.BoundField, options: str = "") -> str:
    included = '{% include "components/field.html" with field=f '
    return render(f"{included}{options} only %}}", f=field)


def test_quota_bar_says_what_to_do_next() -> None:
    full = render('{% include "components/quota_bar.html" with label="Keys" used=10 limit=10 %}')
    fine = render('{% include "components/quota_bar.html" with label="Keys" used=1 limit=10 %}')
    assert "The limit is reached. Delete what you no longer use" in " ".join(full.split())
    assert "rg-quota-note" not in fine
