"""The Redis protocol as the gateway uses it: RESP2, read by hiredis."""

from typing import Any, Protocol, Union

import hiredis

from gateway.errors import BrokenReply, UnfitReply

Command = list[bytes]
Reply = Union[bytes, int, None, "ErrorReply", list["Reply"]]

NOT_YET = object()
"""What a reader gives while a reply isn't complete; never a reply itself."""


class ErrorReply:
    """An error the server answered. A plain value: nobody raises it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"ErrorReply({self.text!r})"


class Reader(Protocol):
    """What makes replies of a stream: NOT_YET as long as there is no whole one."""

    def feed(self, data: bytes, /) -> None: ...

    def gets(self) -> Any: ...


def reader() -> hiredis.Reader:
    """Make a reader whose error replies are ``ErrorReply`` and whose ``gets`` may say NOT_YET."""
    # hiredis is annotated to take exceptions but keeps whatever the callable returns.
    return hiredis.Reader(replyError=ErrorReply, notEnoughData=NOT_YET)  # type: ignore[arg-type]


def unreadable(error: hiredis.ProtocolError) -> BrokenReply:
    """Word what a reader gives up on. A script's reply may be nested without an end."""
    kind = UnfitReply if "nesting depth" in str(error) else BrokenReply
    return kind(f"it can't be read ({error})")
