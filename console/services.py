"""What people do in consoles with the rights of an admin, written down."""

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from console.terminal import Entered
from instances.models import Instance

KEYS = 10
NAME_CHARACTERS = 120


def record(actor: Actor, instance: Instance, entered: Entered) -> None:
    """Write down that a command was sent: its name and keys, never a value."""
    keys = [key.decode("utf-8", "backslashreplace")[:NAME_CHARACTERS] for key in entered.keys]
    audit.record(
        actor,
        Action.CONSOLE_COMMAND,
        organization_id=instance.organization_id,
        object_id=instance.pk,
        object_label=instance.name,
        changes={
            "command": entered.command[:NAME_CHARACTERS],
            "keys": [key.replace("\0", "\\x00") for key in keys[:KEYS]],
            "arguments": entered.arguments,
        },
    )
