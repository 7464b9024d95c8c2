"""Streams of the running platform, whose workers are several."""

from urllib.parse import urlsplit

import httpx
import pytest

from tests.e2e.conftest import Ready
from tests.gateway.events import opened

pytestmark = pytest.mark.e2e

ROUNDS = 12
"""So many connections hardly all reach the same of two workers."""


async def test_a_reader_that_comes_back_misses_nothing_whatever_worker_answers(
    ready: Ready,
) -> None:
    url = urlsplit(ready.url)
    assert url.port is not None
    path = f"{url.path}/subscribe/e2e:news?_token={ready.token}"
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ready.token}"}) as http:
        async with opened(url.port, path) as events:
            last_id = (await events.next()).id
        for n in range(ROUNDS):
            published = await http.post(ready.url, json=["PUBLISH", "e2e:news", str(n)])
            assert published.json() == {"result": 1}
            async with opened(url.port, path, **{"Last-Event-ID": last_id}) as events:
                event = await events.next()
            assert (event.name, event.data) == ("message", f"message,e2e:news,{n}")
            last_id = event.id


async def test_a_wait_gets_what_another_worker_pushes(ready: Ready) -> None:
    headers = {"Authorization": f"Bearer {ready.token}", "Redisgate-Block": "20000"}
    async with httpx.AsyncClient(headers=headers, timeout=30) as http:
        for n in range(4):
            await http.post(ready.url, json=["RPUSH", "e2e:list", str(n)])
            popped = await http.post(ready.url, json=["BLPOP", "e2e:list", "0"])
            assert popped.json() == {"result": ["e2e:list", str(n)]}
