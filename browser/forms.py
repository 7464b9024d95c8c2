"""What a person is asked when a key is made or changed."""

from typing import Any, ClassVar

from django import forms

from browser.connection import DATABASES
from browser.key_facts import LENGTHS
from browser.typed import CHOICES, NAME_CHOICES, Written, to_bytes

MAX_TTL_SECONDS = 10 * 365 * 86_400
_PLAIN = {"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}


def _name(label: str, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs=_PLAIN)
    return forms.CharField(label=label, strip=False, required=False, widget=widget, **options)


def _text(label: str, *, rows: int = 10, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={**_PLAIN, "rows": rows, "class": "rg-data-text"})
    return forms.CharField(label=label, strip=False, required=False, widget=widget, **options)


def _as(label: str, choices: list[tuple[Written, str]] = CHOICES) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, initial=Written.TEXT, required=False)


def _ttl() -> forms.IntegerField:
    return forms.IntegerField(
        label="Time to live in seconds",
        required=False,
        min_value=1,
        max_value=MAX_TTL_SECONDS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "Stays for ever"}),
        help_text="The key is removed then. Empty: it stays until somebody deletes it.",
        error_messages={
            "invalid": "Write whole seconds, such as 3600 for an hour.",
            "min_value": "At least 1 second; to remove the key now, delete it.",
            "max_value": "At most ten years; leave it empty for a key that stays.",
        },
    )


class BytesForm(forms.Form):
    """Fields whose text becomes bytes, each as the field ``…_as`` beside it says."""

    bytes_fields: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.bytes_fields:
            self._read(cleaned, name)
        return cleaned

    def _read(self, cleaned: dict[str, Any], name: str) -> None:
        written = Written(cleaned.get(f"{name}_as") or Written.TEXT)
        try:
            cleaned[name] = to_bytes(cleaned.get(name) or "", written)
        except ValueError as error:
            self.add_error(name, str(error))


class ConfirmForm(BytesForm):
    """Nothing but yes; ``seen`` says what it was said of."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class ValueForm(BytesForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("value",)
    value = _text("Value")
    value_as = _as("Value as")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class FieldForm(ValueForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("field", "value")
    field_order = ["field", "field_as", "value", "value_as"]
    field = _name("Field")
    field_as = _as("Field as", NAME_CHOICES)


class PushForm(ValueForm):
    end = forms.ChoiceField(
        label="Where", choices=[("tail", "At the end (RPUSH)"), ("head", "At the start (LPUSH)")]
    )


class MemberForm(BytesForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("member",)
    member = _text("Member", rows=4)
    member_as = _as("Member as")


class ScoreForm(BytesForm):
    score = forms.CharField(
        label="Score",
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "decimal"}),
        help_text="A number such as 1.5, or inf and -inf.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_score(self) -> str:
        score: str = self.cleaned_data["score"].strip()
        try:
            is_number = float(score) == float(score)
        except ValueError:
            is_number = False
        if not is_number:
            raise forms.ValidationError("Write a number, such as 1.5.")
        return score


class ScoredMemberForm(ScoreForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("member",)
    field_order = ["member", "member_as", "score"]
    member = _text("Member", rows=4)
    member_as = _as("Member as")


class EntryForm(FieldForm):
    entry = forms.CharField(
        label="Id", initial="*", help_text="* lets the server choose: the time and a number."
    )
    field_order = ["entry", "field", "field_as", "value", "value_as"]


class GroupForm(BytesForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("group",)
    group = _name("Name of the group")
    start = forms.ChoiceField(
        label="It starts with",
        choices=[("$", "Entries added from now on"), ("0", "All entries that are there")],
    )

    def clean_group(self) -> str:
        return _not_empty(self.cleaned_data["group"], "Give the group a name, such as workers.")


class RenameForm(BytesForm):
    bytes_fields: ClassVar[tuple[str, ...]] = ("name",)
    name = _name("New name")
    name_as = _as("Name as", NAME_CHOICES)


class CopyForm(RenameForm):
    database = forms.TypedChoiceField(
        label="Into database", coerce=int, choices=[(n, f"db {n}") for n in range(DATABASES)]
    )


class TtlForm(forms.Form):
    ttl = _ttl()


class NewKeyForm(BytesForm):
    """A key of any type with its first content; which fields count follows the type."""

    bytes_fields: ClassVar[tuple[str, ...]] = ("name", "field", "value")
    name = _name("Name", help_text="Parts with : between them make a tree, such as user:1:name.")
    name_as = _as("Name as", NAME_CHOICES)
    kind = forms.ChoiceField(label="Type", choices=[(kind, kind) for kind in LENGTHS])
    field = _name("Field", help_text="For a hash and a stream: the name of the first field.")
    field_as = _as("Field as", NAME_CHOICES)
    score = forms.FloatField(
        label="Score", required=False, initial=0, help_text="For a zset: sorts its members."
    )
    value = _text("Value", rows=6, help_text="Of a list, set or zset it is the first element.")
    value_as = _as("Value as")
    ttl = _ttl()


def _not_empty(text: str, words: str) -> str:
    if not text:
        raise forms.ValidationError(words)
    return text
