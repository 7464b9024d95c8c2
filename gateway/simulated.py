"""What this door would say to a command, for those who ask before they send it. Pure."""

from collections.abc import Collection
from typing import Any

from apikeys.http_door import HttpDoor, Words
from gateway import policy, scopes
from gateway.errors import CommandRefused
from gateway.resp import Reply
from gateway.warden import NO_LIST
from instances.acl import Scope


def _is_answered(command: Words) -> bool:
    return [word.upper() for word in command[:2]] == [b"ACL", b"RESTTOKEN"]


def _judge(listed: Any, held: Collection[Scope], command: Words) -> str:
    try:
        return scopes.read(_as_bytes(listed)).refusal(held, list(command))
    except scopes.NotListed:
        return CommandRefused(NO_LIST).message


def _as_bytes(reply: Any) -> Reply:
    """Read an answer that came as text."""
    if isinstance(reply, list):
        return [_as_bytes(each) for each in reply]
    return reply.encode() if isinstance(reply, str) else reply


DOOR = HttpDoor(policy.refusal, _is_answered, _judge)
