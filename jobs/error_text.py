"""What may be kept of an error: the program's own lines, and words without secrets.

Stricter than the log, because it is kept for weeks and shown on a page.
"""

import re
from traceback import format_exception

from redisgate.lib import redaction

LONGEST = 8_000
SECRETS = (
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),  # user and password in an address
    # Whose mailbox; the domain may stay, and the id of a mail, which is nobody's.
    re.compile(r"(?<![\w.+%-])(?!\d{9,}\.\d+\.\d+@)[\w.+%-]+(?=@[\w-]+)"),
    re.compile(rf"\b(?:{'|'.join(redaction.PREFIXES)})[A-Za-z0-9_-]+"),  # short ones, too
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]+)*"),
    re.compile(r"(?<![\w/.])[A-Za-z0-9_=-]{32,}(?![\w/.])"),  # keys, digests, sealed texts
)


def of(error: BaseException) -> str:
    """Tell where it went wrong and why, the last lines of it where that is long."""
    return without_secrets("".join(format_exception(error)))[-LONGEST:]


def without_secrets(text: str) -> str:
    """Blank what opens something or names somebody; a NUL fits into no database."""
    text = redaction.text(text)
    for secret in SECRETS:
        text = secret.sub(redaction.HIDDEN, text)
    return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode()


def path_of(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
