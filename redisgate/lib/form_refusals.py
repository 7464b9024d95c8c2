"""Refusals of services on the form that caused them."""

from django.forms.forms import BaseForm

from redisgate.lib.errors import RedisGateError


def show(refusal: RedisGateError, form: BaseForm) -> None:
    """Put the words beside the fields they name, or above all of them."""
    named = refusal.details.get("errors")
    if not isinstance(named, dict) or not named.keys() <= form.fields.keys():
        named = {None: refusal.message}
    for field, words in named.items():
        form.add_error(field, words)
