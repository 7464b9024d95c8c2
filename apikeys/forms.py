"""The form for a new key. It reads what people choose; `apikeys.terms` holds the rules."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import MaxValueValidator
from django.db.models import QuerySet
from django.forms.boundfield import BoundWidget
from django.utils import timezone

from apikeys import terms
from apikeys.scope_words import LABELS
from instances.acl import Scope
from instances.models import Instance
from quotas.rate_limits import MOST_RATE_LIMIT

ALL, CHOSEN = "all", "chosen"
NEVER, ON_A_DAY = "never", "day"

CHECK = {"class": "form-check-input"}
LATEST_DAY = date(2999, 12, 31)

SCOPES = {
    Scope.READ.value: (LABELS[Scope.READ], "Looks at data and changes nothing."),
    Scope.WRITE.value: (
        LABELS[Scope.WRITE],
        "Everything an application does with its data, FLUSHDB and FLUSHALL included.",
    ),
    Scope.ADMIN.value: (
        LABELS[Scope.ADMIN],
        "Also looks at settings, clients and the slow log. For the people who run things.",
    ),
}
LIFETIMES = [
    (NEVER, "Never"),
    ("1", "In 1 day"),
    ("7", "In 7 days"),
    ("30", "In 30 days"),
    ("90", "In 90 days"),
    ("365", "In 1 year"),
    (ON_A_DAY, "On a day that I choose"),
]


class ApiKeyForm(forms.Form):
    name = forms.CharField(
        max_length=terms.MAX_NAME_LENGTH,
        help_text="What will use it, such as “web shop” or “CI”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the key a name that says what uses it."},
    )
    scope = forms.ChoiceField(
        label="What may it do?",
        choices=[(value, label) for value, (label, _) in SCOPES.items()],
        initial=Scope.WRITE.value,
        widget=forms.RadioSelect(attrs=CHECK),
    )
    reach = forms.ChoiceField(
        label="Which instances may it use?",
        choices=[(ALL, "All instances"), (CHOSEN, "Only these")],
        initial=ALL,
        widget=forms.RadioSelect(attrs=CHECK),
    )
    instances = forms.ModelMultipleChoiceField(
        Instance.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs=CHECK),
    )
    lifetime = forms.ChoiceField(label="When does it expire?", choices=LIFETIMES, initial=NEVER)
    last_day = forms.DateField(
        label="Last day",
        required=False,
        validators=[MaxValueValidator(LATEST_DAY, "Choose a day before the year 3000.")],
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Only for “On a day that I choose”. The key works until midnight UTC.",
    )
    rate_limit = forms.IntegerField(
        label="Rate limit",
        min_value=1,
        max_value=MOST_RATE_LIMIT,
        initial=terms.DEFAULT_RATE_LIMIT,
        help_text=(
            f"Commands a second over HTTP, 1 to {MOST_RATE_LIMIT:,}; each command of a "
            "pipeline counts. Above it requests are refused for a moment."
        ),
    )
    key_patterns = forms.CharField(
        label="Key patterns",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One a line. Empty means every Redis key.",
    )

    networks = forms.CharField(
        label="Allowed networks",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=(
            "One a line, IPv4 or IPv6. Empty means from anywhere. A key with networks works over "
            "HTTP alone, because Redis itself can't look at addresses."
        ),
    )
    expiry_warnings = forms.BooleanField(
        label="Write to us 7 days and 1 day before it expires",
        required=False,
        initial=True,
        help_text="To owners and admins, and to whoever made the key.",
    )

    def __init__(self, *args: Any, instances: QuerySet[Instance], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = self.fields["instances"]
        assert isinstance(choices, forms.ModelMultipleChoiceField)
        choices.queryset = instances

    def clean(self) -> dict[str, Any]:
        """Refuse choices that contradict each other, where guessing would make a wider key."""
        found = super().clean() or self.cleaned_data
        by_day, last_day = found.get("lifetime") == ON_A_DAY, found.get("last_day")
        if by_day and not last_day:
            self.add_error("last_day", "Choose the last day on which the key shall work.")
        if last_day and not by_day:
            words = "You chose a last day: choose “On a day that I choose” here, or clear the day."
            self.add_error("lifetime", words)
        if found.get("reach") == ALL and found.get("instances"):
            self.add_error("reach", "You ticked instances: choose “Only these”, or untick them.")
        return found

    @property
    def scopes(self) -> Iterator[tuple[BoundWidget, str]]:
        """Give each scope's button with what it means."""
        for button in self["scope"]:
            yield button, SCOPES[button.data["value"]][1]

    def wish(self) -> dict[str, Any]:
        """Return what `apikeys.services.create` wants to know."""
        found = self.cleaned_data
        return {
            "name": found["name"],
            "scopes": [found["scope"]],
            "instances": self._instances(),
            "key_patterns": _lines(found["key_patterns"]),
            "expires_at": self._expires_at(),
            "rate_limit": found["rate_limit"],
            "networks": _lines(found["networks"]),
            "expiry_warnings": found["expiry_warnings"],
        }

    def show(self, problems: dict[str, list[str]]) -> None:
        """Put the words of a refused wish beside the fields that they are about."""
        by_day = self.cleaned_data["lifetime"] == ON_A_DAY
        fields = {"scopes": "scope", "expires_at": "last_day" if by_day else "lifetime"}
        for name, words in problems.items():
            for sentence in words:
                self.add_error(fields.get(name, name), sentence)

    def _instances(self) -> list[UUID] | None:
        if self.cleaned_data["reach"] == ALL:
            return None
        return [instance.pk for instance in self.cleaned_data["instances"]]

    def _expires_at(self) -> datetime | None:
        lifetime = self.cleaned_data["lifetime"]
        if lifetime == NEVER:
            return None
        if lifetime == ON_A_DAY:
            midnight = datetime.combine(self.cleaned_data["last_day"], time.min, tzinfo=UTC)
            return midnight + timedelta(days=1)
        return timezone.now() + timedelta(days=int(lifetime))


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
