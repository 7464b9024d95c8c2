"""One tenant's names that nobody resolves leave everybody else's look-ups alone."""

from collections.abc import Iterator
from threading import Event

import pytest

from redisgate.lib import resolving
from redisgate.lib.resolving import EACH_MAX, in_time, on_behalf_of


@pytest.fixture
def answered() -> Iterator[Event]:
    """Let what hangs go at the end."""
    answered = Event()
    yield answered
    answered.set()


def test_a_tenant_whose_names_hang_waits_alone(answered: Event) -> None:
    with on_behalf_of("acme"):
        for number in range(EACH_MAX + 1):
            with pytest.raises(TimeoutError):
                in_time(answered.wait, f"slow-{number}.example.com", timeout_seconds=0.02)
    assert resolving._under_way["acme"] == EACH_MAX
    with on_behalf_of("globex"):
        assert in_time(lambda: "found", "id.example.org", timeout_seconds=30) == "found"
    assert in_time(lambda: "found", "elsewhere.example.org", timeout_seconds=30) == "found"


def test_a_seat_is_free_again_once_the_resolver_has_given_up(answered: Event) -> None:
    for _ in range(EACH_MAX):
        with pytest.raises(TimeoutError):
            in_time(answered.wait, "slow.example.com", timeout_seconds=0.02)
    answered.set()
    assert in_time(lambda: "found", "slow.example.com", timeout_seconds=30) == "found"


def test_what_the_look_up_raises_comes_through() -> None:
    def fail() -> None:
        raise OSError("no such name")

    with pytest.raises(OSError, match="no such name"):
        in_time(fail, "nowhere.example.com", timeout_seconds=30)
