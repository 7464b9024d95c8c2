"""One command and its reply, for a page without script."""

import asyncio

from console import messages, refusals
from console.messages import Message
from console.terminal import Reach, Record, Terminal
from console.words import Unbalanced, split
from redisgate.lib.errors import Unavailable

SECONDS = 10.0


async def run(reach: Reach, record: Record, line: str, *, answer: str | None = None) -> Message:
    """Run a line, and answer its question where it has one and the person has been asked.

    Gives a REPLY, or the ASK that the person has to see first.
    """
    said: list[Message] = []

    async def say(message: Message) -> None:
        said.append(message)

    terminal = Terminal(reach, say, record)
    try:
        async with asyncio.timeout(SECONDS):
            await terminal.connect()
            if _goes_on(line):
                return messages.failed("This needs the console with JavaScript switched on.")
            await terminal.enter(line)
            if said[-1]["type"] == "ask" and answer is not None:
                await terminal.confirm(said[-1]["token"], answer)
    except TimeoutError:
        return messages.failed(f"No reply within {SECONDS:g} s; whether it has run isn't known.")
    except Unavailable as error:
        return messages.failed(error.message)
    finally:
        terminal.close()
        await asyncio.sleep(0)  # the connection ends in the loop's next turn, and this was its last
    return said[-1]


def _goes_on(line: str) -> bool:
    try:
        words = split(line)
    except Unbalanced:
        return False
    return bool(words) and refusals.is_view(words)
