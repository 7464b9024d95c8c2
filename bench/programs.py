"""Programs that come with the system, and the sentence for those that don't."""

import shutil
from collections.abc import Callable, Collection

PACKAGES = {"wrk": "wrk", "webdis": "webdis", "redis-benchmark": "redis-tools"}


def find(name: str) -> str | None:
    return shutil.which(name)


def missing(lookup: Callable[[str], object] = find) -> list[str]:
    return [name for name in PACKAGES if lookup(name) is None]


def sentence(names: Collection[str]) -> str:
    """Say what isn't measured and how to get what it takes; nothing when nothing is missing."""
    if not names:
        return ""
    packages = " ".join(PACKAGES[name] for name in names)
    return f"Not measured for want of {' and '.join(names)}: apt-get install {packages}"
