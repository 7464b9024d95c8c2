"""Keys and instances from the database, over a connection that is kept."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError

from gateway import lookups
from redisgate.lib.errors import Unavailable

pytestmark = pytest.mark.django_db(transaction=True)


def look(answers: Iterator[object]) -> object:
    answer = next(answers)
    if isinstance(answer, Exception):
        raise answer
    return answer


def test_a_connection_that_has_ended_is_replaced_unnoticed() -> None:
    answers = iter([OperationalError("server closed the connection"), "found"])
    assert lookups.with_database(lambda: look(answers)) == "found"


def test_a_database_that_is_away_is_said_and_asked_again_next_time() -> None:
    away = OperationalError("could not connect")
    answers = iter([away, away, "found"])
    with pytest.raises(Unavailable, match="database is away"):
        lookups.with_database(lambda: look(answers))
    assert lookups.with_database(lambda: look(answers)) == "found"
