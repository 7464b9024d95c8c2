"""Why the database failed, in one line that goes into a sentence."""

import pytest
from django.db import OperationalError

from redisgate.lib.direct_database import words_of

REFUSED = 'connection to server at "127.0.0.1", port 5432 failed: Connection refused'
TCP_QUESTION = "\tIs the server running on that host and accepting TCP/IP connections?"
MISSING = 'connection to server on socket "/run/pg/.s.PGSQL.5432" failed: No such file or directory'
SOCKET_QUESTION = "\tIs the server running locally and accepting connections on that socket?"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (f"{REFUSED}\n{TCP_QUESTION}", REFUSED),
        (f"{MISSING}\n{SOCKET_QUESTION}\n", MISSING),
        (f"{REFUSED}\n{TCP_QUESTION}\n{MISSING}\n{SOCKET_QUESTION}", f"{REFUSED} {MISSING}"),
        ("could not connect.", "could not connect"),
        ("Is anybody there?", "Is anybody there"),
        ("", ""),
    ],
)
def test_drivers_questions_are_left_out(said: str, line: str) -> None:
    assert words_of(OperationalError(said)) == line
