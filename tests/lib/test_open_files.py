"""A process takes the files that it may have, and says where they are too few."""

import subprocess
import sys

RAISE = """
import logging, resource, sys
logging.basicConfig(format="%(message)s")
resource.setrlimit(resource.RLIMIT_NOFILE, (256, int(sys.argv[1])))
from redisgate.lib.open_files import allow_many
assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == 256
print(allow_many(), resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def after_raising(hard: int) -> tuple[str, str]:
    """Do it in a process of its own, because a bound that is lowered stays so."""
    done = subprocess.run(
        [sys.executable, "-c", RAISE, str(hard)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip(), done.stderr


def test_a_process_takes_as_many_as_it_may_have() -> None:
    assert after_raising(8192) == ("8192 8192", "")


def test_too_few_are_said_with_the_way_out() -> None:
    numbers, words = after_raising(1024)
    assert numbers == "1024 1024"
    assert words.startswith("This account may have only 1024 files open in a process")
    assert "LimitNOFILE=" in words
