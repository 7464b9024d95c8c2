"""What a person can do about what a server says of itself. Pure."""

import re

_ADVICE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (
            r"no space left|disk is full",
            "The machine's disk is full. It goes on by itself once there is room: delete unused "
            "instances, or ask your operator for more.",
        ),
        (
            r"read-only file system|permission denied",
            "The server may not write to its own directory. Ask your operator to look at the "
            "machine's disk.",
        ),
        (
            # The last one is what a thread gets that has no room for its stack.
            r"cannot allocate memory|out of memory|resource temporarily unavailable",
            "The machine has too little memory for this server. Choose less memory for it, stop "
            "other instances, or ask your operator for more.",
        ),
        (
            r"bad file format|wrong signature|short read|unexpected end of file|"
            r"internal error in rdb|error loading the db|corrupt",
            "The file that holds the data is damaged, so the server won't start on it. Ask your "
            "operator to check it, or restore a backup.",
        ),
        (
            r"^MISCONF",
            "The server can't save its data, so it refuses writes; reading goes on. It accepts "
            "them again by itself once it can save.",
        ),
        (
            r"^BUSY",
            "A script runs for very long, and nothing else is served meanwhile. End it with SCRIPT "
            "KILL and an API key with scope admin, or restart the instance.",
        ),
    )
)


def advice(said: str) -> str:
    """Give a sentence on the server's words or its last log lines, empty where we know none."""
    return next((sentence for pattern, sentence in _ADVICE if pattern.search(said)), "")


def with_advice(said: str) -> str:
    """Put the sentence before the server's own words."""
    return "\n".join(filter(None, (advice(said), said)))
