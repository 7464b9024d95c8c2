"""What people are asked before a press on a button loses data. Pure."""

from dataclasses import dataclass

from instances.glances import Glance
from instances.models import Instance
from instances.spec import EvictionPolicy, Persistence
from instances.their_server import is_adopted

_ENDINGS = {"Restart": "Restarting", "Stop": "Stopping"}


@dataclass(frozen=True, slots=True)
class Question:
    """``label`` stands on the button that goes on."""

    title: str
    text: str
    label: str


def before_ending(instance: Instance, verb: str, known: Glance) -> Question | None:
    """Ask before a server without persistence ends; ``verb`` is Restart or Stop."""
    if instance.persistence != Persistence.NONE or is_adopted(instance):
        return None
    text = f"{_ENDINGS[verb]} empties {instance.name}: it holds nothing on disk."
    keys = next((figure.value for figure in known if figure.label == "Keys"), "")
    lost = f"{keys} key{'' if keys == '1' else 's'} would be lost." if keys else ""
    return Question(f"{verb} {instance.name}?", f"{text} {lost}".strip(), f"{verb} and empty it")


def before_setting(instance: Instance, field: str, value: str) -> Question | None:
    """Ask before a setting takes away what people rely on."""
    before = getattr(instance, field, "")
    if field == "persistence" and value == Persistence.NONE and before != value:
        return Question(
            f"Keep nothing of {instance.name} on disk?",
            "What is on disk is removed. From then on a stop, a restart or a crash loses all data "
            f"of {instance.name}.",
            "Keep nothing on disk",
        )
    if field == "eviction_policy" and before == EvictionPolicy.NOEVICTION and before != value:
        return Question(
            f"Let {instance.name} drop keys?",
            f"When its memory is full, {instance.name} removes keys for good instead of refusing "
            f"writes. {value} chooses which.",
            "Let it drop keys",
        )
    return None
