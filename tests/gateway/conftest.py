from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from gateway import runtime
from gateway.limits import Limits
from tests.gateway.caller import Caller
from tests.gateway.parts import Client, Connect, Server, running_server


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture
def server(shared_server: Server) -> Server:
    """A clean server that the test may fill, but must leave alive and unpaused."""
    shared_server.admin().flushall()
    return shared_server


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that the test may kill."""
    with running_server() as server:
        yield server


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Make clients that are closed when the test ends."""
    clients: list[Client] = []

    def connect(server: Server, **bounds: float) -> Client:
        clients.append(Client(server, Limits(**bounds)))  # type: ignore[arg-type]
        return clients[-1]

    yield connect
    for client in clients:
        await client.upstreams.close()


@pytest_asyncio.fixture
async def caller(server: Server) -> AsyncIterator[Caller]:
    """Make a program whose runtime is the loop's own."""
    caller = Caller(server)
    runtime.install(caller.runtime)
    yield caller
    await caller.close()


@pytest_asyncio.fixture
async def client(server: Server, connect: Connect) -> Client:
    return connect(server)
