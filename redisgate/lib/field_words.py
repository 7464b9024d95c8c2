"""What a form says of a field that breaks its rules, for browsers to say it as the field is left.

The same words come from the server once the form is sent; static/js/validation.js reads them.
"""

from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.forms import Field


def attributes(field: Field) -> dict[str, str]:
    """Give the words as attributes of the field's input."""
    words = {"required": field.required and field.error_messages.get("required")}
    words["invalid"] = field.error_messages.get("invalid")
    for name, kind in (("min", MinValueValidator), ("max", MaxValueValidator)):
        words[name] = _limit_words(field, kind)
    return {f"data-words-{name}": str(text) for name, text in words.items() if text}


def _limit_words(field: Field, kind: type[BaseValidator]) -> str:
    for validator in field.validators:
        if isinstance(validator, kind) and not callable(validator.limit_value):
            return str(validator.message) % {"limit_value": validator.limit_value}
    return ""
