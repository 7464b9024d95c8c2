from collections.abc import Iterator

import pytest

from tests.console.servers import RealServer, real_server


@pytest.fixture(scope="session")
def shared_server() -> Iterator[RealServer]:
    with real_server() as server:
        yield server


@pytest.fixture
def server(shared_server: RealServer) -> RealServer:
    """A clean server that the test may fill, but must leave alive."""
    shared_server.tell("FLUSHALL")
    return shared_server


@pytest.fixture
def own_server() -> Iterator[RealServer]:
    """A server that the test may stop."""
    with real_server() as server:
        yield server
