"""What is bound in a request is said by its lines, and by no other's."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from redisgate.lib import log_context


def test_outside_of_any_scope_nothing_is_kept() -> None:
    log_context.bind(person=1)
    assert log_context.current() == {}


def test_an_inner_scope_knows_the_outer_one_and_keeps_its_own() -> None:
    with log_context.scope(job=1):
        with log_context.scope(instance="a"):
            log_context.bind(key="rg_1")
            assert log_context.current() == {"job": "1", "instance": "a", "key": "rg_1"}
        assert log_context.current() == {"job": "1"}


async def test_what_a_thread_binds_is_known_to_its_request_alone() -> None:
    met = threading.Barrier(3)

    def work(number: int) -> dict[str, str]:
        met.wait(60)  # all are inside before anyone binds
        log_context.bind(person=number)
        return dict(log_context.current())

    async def request(number: int) -> None:
        with log_context.scope(instance=number):
            threaded = sync_to_async(work, thread_sensitive=False)
            assert await threaded(number) == {"instance": str(number), "person": str(number)}
            assert log_context.current()["person"] == str(number)

    await asyncio.gather(*(asyncio.create_task(request(number)) for number in range(3)))
    assert log_context.current() == {}


def test_a_thread_that_serves_two_after_another_tells_nothing_of_the_first() -> None:
    seen: list[dict[str, str]] = []

    def serve() -> None:
        with log_context.scope():
            log_context.bind(person=1)
        with log_context.scope():
            seen.append(dict(log_context.current()))

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
    assert seen == [{}]
