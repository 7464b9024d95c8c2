"""Replies in, JSON bytes out. Pure.

Shapes are those of RESP2: flat arrays, doubles as strings, integers as JSON integers.
"""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import orjson

from gateway.errors import BrokenReply, UnfitReply
from gateway.resp import ErrorReply, Reply
from redisgate.lib import host_paths

# orjson gives up at 254 levels; a few of them are ours.
DEPTH_MAX = 240
OK = b'{"result":"OK"}'
NIL = b'{"result":null}'


def encode_single(reply: Reply, *, is_base64: bool) -> bytes:
    """Write a whole reply as ``{"result":…}`` or ``{"error":…}``."""
    return _dumps(_element(reply, is_base64=is_base64))


def encode_plain(reply: Reply) -> bytes:
    """Do what ``encode_single`` does without base64, sooner for what comes most."""
    if type(reply) is bytes:
        return OK if reply == b"OK" else orjson.dumps({"result": reply.decode("utf-8", "replace")})
    if type(reply) is int:
        return b'{"result":%d}' % reply
    if reply is None:
        return NIL
    return encode_single(reply, is_base64=False)


def encode_plain_base64(reply: Reply) -> bytes:
    """Do what ``encode_single`` does with base64, sooner for what comes most."""
    if type(reply) is bytes:
        return OK if reply == b"OK" else b'{"result":"%b"}' % b64encode(reply)
    if type(reply) is int or reply is None:
        return encode_plain(reply)
    return encode_single(reply, is_base64=True)


def encode_batch(replies: list[Reply], *, is_base64: bool) -> bytes:
    """Write the replies of a pipeline or a transaction, in order."""
    if _are_all_ok(replies):
        return b"[" + b",".join([OK] * len(replies)) + b"]"
    if is_base64:
        return _dumps([_element(reply, is_base64=True) for reply in replies])
    try:
        return _dumps(
            [
                {"result": reply.decode()}
                if type(reply) is bytes
                else _element(reply, is_base64=False)
                for reply in replies
            ]
        )
    except UnicodeDecodeError:
        return _dumps([_element(reply, is_base64=False) for reply in replies])


def failed(replies: list[Reply]) -> Sequence[int]:
    """Give the places of errors; nearly always there are none, and finding that out is quick."""
    if _are_all_ok(replies) or not any(
        issubclass(kind, ErrorReply) for kind in set(map(type, replies))
    ):
        return ()
    return [place for place, reply in enumerate(replies) if isinstance(reply, ErrorReply)]


def _are_all_ok(replies: list[Reply]) -> bool:
    """Tell whether these are the replies of a pipeline that only sets."""
    return replies.count(b"OK") == len(replies)


def encode_error(message: str) -> bytes:
    """Write a refusal of ours."""
    return orjson.dumps({"error": message})


def error_text(error: ErrorReply) -> str:
    """Give the server's text, completed where clients compare it with the classic one."""
    if error.text == "NOSCRIPT No matching script.":
        return "NOSCRIPT No matching script. Please use EVAL."
    return error.text


def without_host_paths(reply: Reply) -> Reply:
    """Blank what INFO, CLIENT LIST and the logs of commands tell about the host's file system."""
    if isinstance(reply, bytes):
        return host_paths.blanked(reply)
    if isinstance(reply, list):
        return [_without_client_path(entry) for entry in reply]
    return reply


def _without_client_path(entry: Reply) -> Reply:
    """Blank the client's address in an entry of SLOWLOG or COMMANDLOG, its fifth element."""
    if isinstance(entry, list) and len(entry) > 4 and isinstance(entry[4], bytes):
        return [*entry[:4], host_paths.blanked_address(entry[4]), *entry[5:]]
    return entry


def _dumps(value: Any) -> bytes:
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError as error:
        # Nothing RESP2 has; a server that speaks something else shall not cause a crash.
        raise BrokenReply("it is of a type that RESP2 doesn't have") from error


def _element(reply: Reply, *, is_base64: bool) -> dict[str, Any]:
    if isinstance(reply, ErrorReply):
        return {"error": error_text(reply)}
    # A bare OK stays readable: clients look at it before they decode.
    if is_base64 and reply != b"OK":
        return {"result": _base64(reply, 0)}
    return {"result": _text(reply, 0)}


def _text(reply: Reply, depth: int) -> Any:
    if isinstance(reply, bytes):
        return reply.decode("utf-8", "replace")
    if isinstance(reply, list):
        _check_depth(depth)
        return [_text(item, depth + 1) for item in reply]
    return _scalar(reply)


def _base64(reply: Reply, depth: int) -> Any:
    if isinstance(reply, bytes):
        return b64encode(reply).decode("ascii")
    if isinstance(reply, list):
        _check_depth(depth)
        return [_base64(item, depth + 1) for item in reply]
    return _scalar(reply)


def _scalar(reply: int | ErrorReply | None) -> Any:
    # An error inside an array (a script can make one) keeps a shape no value can have.
    return {"error": error_text(reply)} if isinstance(reply, ErrorReply) else reply


def _check_depth(depth: int) -> None:
    if depth >= DEPTH_MAX:
        raise UnfitReply(f"it is nested deeper than {DEPTH_MAX} levels")
