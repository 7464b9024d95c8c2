"""What a person is asked when an instance is made."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from instances.models import Instance
from instances.presets import PRESETS, Purpose
from quotas.models import InstanceQuota
from redisgate.lib import units
from redisgate.lib.typed_name import TypedNameForm

MEMORY_CHOICES_MB = (64, 128, 256, 512, 1024, 2048)
MEMORY_DEFAULT_MB = 256


class InstanceForm(forms.Form):
    """A new instance, checked against what the organization has left.

    The check is only for early words: the database refuses what passes a limit.
    """

    name = forms.CharField(
        max_length=Instance._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": "Give the instance a name, such as Sessions."},
    )
    purpose = forms.ChoiceField(
        choices=Purpose.choices,
        initial=Purpose.STORE,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what the instance is for."},
    )
    memory_mb = forms.IntegerField(
        label="Memory in MB",
        initial=MEMORY_DEFAULT_MB,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
        error_messages={
            "required": "Say how much memory the instance gets, in MB.",
            "invalid": "Write the memory as a whole number of MB, such as 256.",
        },
    )
    slug = forms.SlugField(
        required=False,
        max_length=Instance._meta.get_field("slug").max_length,
        help_text="A short name for addresses and commands. Empty: made from the name.",
        error_messages={"invalid": "Use only letters, numbers, hyphens and underscores."},
    )
    expires_at = forms.DateTimeField(
        label="Expires (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="The instance and its data are removed then. Empty: it stays.",
        error_messages={"invalid": "Write date and time like 2030-01-31T18:00."},
    )

    def __init__(self, *args: Any, quota: InstanceQuota | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.quota = quota
        if (
            self.memory_left_mb is not None
            and 0 < self.memory_left_mb < self.fields["memory_mb"].initial
        ):
            self.fields["memory_mb"].initial = self.memory_left_mb

    @property
    def memory_left_mb(self) -> int | None:
        """What the organization may still give away; None when nobody counts."""
        if self.quota is None:
            return None
        return self.quota.memory_mb_limit - self.quota.memory_mb_used

    @property
    def memory_words(self) -> str:
        if self.quota is None or self.memory_left_mb is None:
            return ""
        return (
            f"{units.memory(self.memory_left_mb)} of your organization's "
            f"{units.roughly(self.quota.memory_mb_limit)} are left."
        )

    @property
    def is_full(self) -> bool:
        """Whether the organization can't have another instance at all."""
        if self.quota is None:
            return False
        return self.quota.instances_used >= self.quota.instances_limit or self.memory_left_mb == 0

    @property
    def memory_choices_mb(self) -> tuple[int, ...]:
        left = self.memory_left_mb
        return tuple(each for each in MEMORY_CHOICES_MB if left is None or each <= left)

    @property
    def purposes(self) -> tuple[dict[str, object], ...]:
        """Cache and store with what each of them promises, for the two cards."""
        chosen = self["purpose"].value()
        return tuple(
            {
                "value": purpose.value,
                "label": purpose.label,
                "promise": preset.promise,
                "eviction_policy": preset.eviction_policy.value,
                "persistence": preset.persistence.value,
                "is_chosen": chosen == purpose.value,
            }
            for purpose, preset in PRESETS.items()
        )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())

    def clean_memory_mb(self) -> int:
        memory_mb: int = self.cleaned_data["memory_mb"]
        left = self.memory_left_mb
        if left is not None and memory_mb > left:
            raise forms.ValidationError(
                f"Your organization has {left:,} MB of memory left. Choose {left:,} MB or less, "
                "delete unused instances, or ask your operator to raise the limit."
            )
        return memory_mb

    def clean_expires_at(self) -> datetime | None:
        expires_at: datetime | None = self.cleaned_data["expires_at"]
        if expires_at is not None and expires_at <= timezone.now():
            raise forms.ValidationError("This moment has passed. Choose one in the future.")
        return expires_at


class DeleteForm(TypedNameForm):
    """The name, typed once more, before the data is gone."""

    confirm = forms.CharField(
        label="Name of the instance",
        strip=True,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autofocus": True}
        ),
        error_messages={"required": "Type the name of the instance to confirm."},
    )
