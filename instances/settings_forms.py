"""The sections of an instance's settings, as forms."""

from django import forms

from instances.expiry import EXTENSIONS
from instances.models import Instance
from instances.spec import EvictionPolicy, Persistence
from redisgate.lib import graces

FOR_EVER = "ever"

EVICTION_WORDS: dict[EvictionPolicy, str] = {
    EvictionPolicy.NOEVICTION: "refuse writes",
    EvictionPolicy.ALLKEYS_LRU: "drop the keys used least recently",
    EvictionPolicy.ALLKEYS_LFU: "drop the keys used least often",
    EvictionPolicy.ALLKEYS_RANDOM: "drop any keys",
    EvictionPolicy.VOLATILE_LRU: "of keys that expire, drop those used least recently",
    EvictionPolicy.VOLATILE_LFU: "of keys that expire, drop those used least often",
    EvictionPolicy.VOLATILE_RANDOM: "of keys that expire, drop any",
    EvictionPolicy.VOLATILE_TTL: "drop the keys that expire soonest",
}

PERSISTENCE_CHOICES: dict[Persistence, tuple[str, str]] = {
    Persistence.AOF: (
        "Append-only file",
        "Every write is on disk within a second. A crash loses the last second at most.",
    ),
    Persistence.SNAPSHOT: (
        "Snapshots",
        "All data is written to disk now and then, after 1 to 15 minutes with changes. A crash "
        "loses what came since.",
    ),
    Persistence.NONE: (
        "None",
        "The data lives in memory only. A stop, a restart or a crash empties the instance.",
    ),
}


class NameForm(forms.Form):
    name = forms.CharField(
        max_length=Instance._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Give the instance a name, such as Sessions."},
    )


class MemoryForm(forms.Form):
    memory_mb = forms.IntegerField(
        label="Memory",
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "step": 1}),
        error_messages={
            "required": "Say how much memory the instance gets, in MB.",
            "invalid": "Write the memory as a whole number of MB, such as 256.",
        },
    )
    allow_eviction = forms.BooleanField(
        label="If the data takes more than that, let the server evict keys until it fits",
        required=False,
    )


class EvictionForm(forms.Form):
    eviction_policy = forms.ChoiceField(
        label="When memory is full",
        choices=[(policy.value, f"{policy}: {words}") for policy, words in EVICTION_WORDS.items()],
    )


class PersistenceForm(forms.Form):
    persistence = forms.ChoiceField(
        choices=[(kind.value, title) for kind, (title, _) in PERSISTENCE_CHOICES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is kept on disk."},
    )

    @property
    def kinds(self) -> list[dict[str, object]]:
        """Give the kinds with what each promises, for the cards."""
        chosen = self["persistence"].value()
        return [
            {"value": kind.value, "title": title, "promise": promise, "is_chosen": kind == chosen}
            for kind, (title, promise) in PERSISTENCE_CHOICES.items()
        ]


class PasswordForm(forms.Form):
    grace = forms.TypedChoiceField(
        label="The former password",
        coerce=lambda seconds: graces.of(int(seconds)),
        choices=[
            (int(grace.total_seconds()), f"works for {words} more" if grace else "stops at once")
            for grace, words in graces.WORDS.items()
        ],
        initial=int(graces.USUAL.total_seconds()),
    )
    password_version = forms.IntegerField(widget=forms.HiddenInput)


class ExpiryForm(forms.Form):
    """Either a moment, or a word on one of the buttons that give more time."""

    expires_at = forms.DateTimeField(
        label="Expires (UTC)",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="The instance and its data are deleted then. Empty: it stays.",
        error_messages={"invalid": "Write date and time like 2030-01-31T18:00."},
    )
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)
    more = forms.ChoiceField(
        required=False, choices=[(word, word) for word in (*EXTENSIONS, FOR_EVER)]
    )

    @property
    def extensions(self) -> list[tuple[str, str]]:
        return [(word, words) for word, (_, words) in EXTENSIONS.items()]
