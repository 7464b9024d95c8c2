from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.gateway.parts import Client, Server, running_server


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
async def client(server: Server) -> AsyncIterator[Client]:
    client = Client(server)
    yield client
    await client.upstreams.close()
