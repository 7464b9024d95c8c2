"""What somebody wants to see of the audit log: one form for the page and for programs."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dateparse import parse_date, parse_datetime

from audit import vocabulary
from audit.actions import Action
from audit.actors import Means
from audit.services import type_of
from redisgate.lib.long_select import LongSelect

ANY = ("", "Any")
WORDS_MAX = 5
ELSEWHERE = ("account", "job", "person")
"""What happens to these is never in an organization's log."""
OF_OPERATORS = (Action.PLAN_CREATE, Action.PLAN_UPDATE)


class MomentField(forms.Field):
    """A moment or a day, in UTC unless it says otherwise; ``ends`` means the end of that day."""

    def __init__(self, *, ends: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.ends = ends

    def to_python(self, value: str | None) -> datetime | None:
        if not value:
            return None
        try:
            return self._parsed(value)
        except (ValueError, OverflowError):
            raise ValidationError(
                "Give a day such as 2030-01-31, or a moment such as 2030-01-31T12:00:00Z."
            ) from None

    def _parsed(self, value: str) -> datetime:
        if day := parse_date(value):
            start = datetime.combine(day, time(tzinfo=UTC))
            return start + timedelta(days=1) if self.ends else start
        moment = parse_datetime(value.replace(" ", "+"))  # a plus sign that nobody escaped
        if moment is None:
            raise ValueError(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _words(value: str) -> None:
    if len(value.split()) > WORDS_MAX:
        raise ValidationError(f"Search for {WORDS_MAX} words at most.")
    if "\0" in value:
        raise ValidationError("Search for characters that can be seen.")


class FilterForm(forms.Form):
    """Each field narrows; empty ones don't."""

    search = forms.CharField(required=False, max_length=200, validators=[_words])
    actor = forms.UUIDField(required=False, label="Person")
    object_type = forms.ChoiceField(required=False, label="Object")
    action = forms.ChoiceField(required=False, label="Action", widget=LongSelect)
    means = forms.ChoiceField(required=False, label="Via")
    since = MomentField(required=False, label="From", widget=forms.DateInput({"type": "date"}))
    until = MomentField(
        required=False, ends=True, label="To", widget=forms.DateInput({"type": "date"})
    )
    object = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: list[tuple[str, str]] | None = None, **options: Any):
        super().__init__(*args, **options)
        self._offer("object_type", list(vocabulary.TYPES.items()))
        self._offer("action", [(each.value, vocabulary.phrase(each.value)) for each in Action])
        self._offer("means", [(each.value, vocabulary.MEANS[each]) for each in Means])
        if people is not None:
            self.fields["actor"].widget = LongSelect(choices=[("", "Anybody"), *people])
            self._offer_what_happens_here()

    def _offer(self, field: str, choices: list[tuple[str, str]]) -> None:
        chosen = self.fields[field]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [ANY, *choices]
        chosen.error_messages["invalid_choice"] = "There is no %(value)s here. Known: " + ", ".join(
            name for name, _ in choices
        )

    def _offer_what_happens_here(self) -> None:
        """Leave out what is never in here, and put actions under what they are done to."""
        here = [(kind, label) for kind, label in vocabulary.TYPES.items() if kind not in ELSEWHERE]
        possible = [each for each in Action if each not in OF_OPERATORS]
        groups = [
            (label, [(a.value, vocabulary.phrase(a.value)) for a in possible if type_of(a) == kind])
            for kind, label in here
        ]
        chosen, kinds = self.fields["action"], self.fields["object_type"]
        assert isinstance(chosen, forms.ChoiceField)
        assert isinstance(kinds, forms.ChoiceField)
        chosen.choices = [ANY, *((label, found) for label, found in groups if found)]
        kinds.choices = [ANY, *here]

    @property
    def is_narrow(self) -> bool:
        return any(self.cleaned_data.values())
