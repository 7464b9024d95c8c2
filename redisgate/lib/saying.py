"""Words for whoever started a program: as they are, or as a line of the log for programs."""

import logging
from typing import TextIO

from django.conf import settings

log = logging.getLogger("redisgate.says")


def say(words: str, stream: TextIO, **fields: str) -> None:
    """Print the words; where the log is JSON, log them on one line, with these fields."""
    if settings.LOG_FORMAT == "json":
        log.info("%s", _on_one_line(words), extra=fields)
    else:
        stream.write(f"{words}\n")
        stream.flush()  # a log file would else get it at the very end


def refuse(words: str, stream: TextIO) -> None:
    """Say why a program ends."""
    if settings.LOG_FORMAT == "json":
        log.error("%s", _on_one_line(words))
    else:
        stream.write(f"redisgate: {words}\n")


def warn(words: str, stream: TextIO) -> None:
    """Say what is hardly meant, though a program goes on."""
    if settings.LOG_FORMAT == "json":
        log.warning("%s", _on_one_line(words))
    else:
        stream.write(f"redisgate: warning: {words}\n")


def _on_one_line(words: str) -> str:
    return " ".join(words.split())
