"""The cache that stands in the database."""

import threading

import pytest
from django.core.cache import cache
from django.db import connections

from accounts import shared_cache
from accounts.models import SharedValue

pytestmark = pytest.mark.django_db


def test_value_is_read_back_until_it_is_over() -> None:
    cache.set("a", [1.5, "x"], 60)
    cache.set("b", 1, -1)
    cache.set("c", 1, None)
    assert cache.get("a") == [1.5, "x"]
    assert cache.get("b", "gone") == "gone"
    assert cache.get("c") == 1


def test_add_succeeds_only_where_nothing_valid_is() -> None:
    assert cache.add("lock", 1, 60)
    assert not cache.add("lock", 1, 60)
    cache.touch("lock", -1)
    assert cache.add("lock", 1, 60)
    assert cache.delete("lock")
    assert not cache.delete("lock")


def test_keys_are_not_readable_in_the_database() -> None:
    cache.set("limit:olivia@example.com", 1)
    assert "olivia" not in SharedValue.objects.get().key


def test_only_what_is_over_is_cleared_away() -> None:
    cache.set("a", 1, 60)
    cache.set("b", 1, -1)
    assert shared_cache.clear_expired() == 1
    assert cache.get("a") == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_that_add_one_succeeds() -> None:
    won: list[bool] = []
    start = threading.Barrier(8)

    def add() -> None:
        start.wait()
        won.append(cache.add("lock", 1, 60))
        connections.close_all()

    threads = [threading.Thread(target=add) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1
