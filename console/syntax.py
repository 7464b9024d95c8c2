"""How a command is written, from the arguments that COMMAND DOCS lists."""

from collections.abc import Mapping, Sequence
from typing import Any

from console.replies import Plain

Argument = Mapping[str, Any]


def fields(flat: Plain) -> dict[str, Any]:
    """Read names and values by turns, which is how version 2 of the protocol writes a map."""
    pairs = flat if isinstance(flat, list) else []
    return {str(name): value for name, value in zip(pairs[::2], pairs[1::2], strict=False)}


def syntax(arguments: Plain) -> str:
    """Write arguments as manuals do: ``key value [NX | XX] [EX seconds]``."""
    listed = arguments if isinstance(arguments, list) else []
    return " ".join(_optional(fields(each)) for each in listed)


def _optional(argument: Argument) -> str:
    text = _repeated(argument)
    return f"[{text}]" if "optional" in argument.get("flags", ()) else text


def _repeated(argument: Argument) -> str:
    flags: Sequence[str] = argument.get("flags", ())
    token, text = argument.get("token", ""), _bare(argument)
    once = f"{token} {text}".strip() if argument.get("type") != "pure-token" else text
    if "multiple" not in flags:
        return once
    again = once if "multiple_token" in flags else text
    return f"{once} [{again} ...]"


def _bare(argument: Argument) -> str:
    kind = argument.get("type")
    if kind == "pure-token":
        return str(argument.get("token", ""))
    if kind == "oneof":
        choices = " | ".join(_repeated(fields(each)) for each in argument.get("arguments", ()))
        return choices if "optional" in argument.get("flags", ()) else f"<{choices}>"
    if kind == "block":
        return syntax(argument.get("arguments"))
    return str(argument.get("display_text") or argument.get("name", ""))
