"""Clients that ask again and again over connections that they keep, and bear no failed request."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import httpx

from tests.waiting import until

CLIENTS = 50
PAUSE_SECONDS = 0.05
"""Leaves the machine to those who start meanwhile."""


@asynccontextmanager
async def steady_clients(
    url: str, headers: Mapping[str, str], *, clients: int = CLIENTS
) -> AsyncIterator[Callable[[], int]]:
    """Ask an instance for an echo all the time; give how many answers there were so far."""
    is_over, answered = asyncio.Event(), 0

    async def client(number: int) -> None:
        nonlocal answered
        async with httpx.AsyncClient(headers=headers, timeout=20, verify=False) as http:  # noqa: S501
            while not is_over.is_set():
                word = f"{number}-{answered}"
                response = await http.post(url, json=["ECHO", word])
                assert response.json() == {"result": word}
                answered += 1
                await asyncio.sleep(PAUSE_SECONDS)

    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(client(number))
        try:
            await some_more(lambda: answered)
            yield lambda: answered
            await some_more(lambda: answered)
        finally:
            is_over.set()


async def some_more(answered: Callable[[], int], each: int = 10) -> None:
    """Wait until each client had so many answers more, on average."""
    since = answered()
    await until(lambda: answered() > since + each * CLIENTS)
