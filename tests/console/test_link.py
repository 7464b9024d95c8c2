"""Where a console connects, and where it doesn't."""

import socket

import pytest

from console.link import Link, Server
from instances.remote import Remote
from instances.spec import Endpoint
from redisgate.lib.errors import Unavailable
from tests.console.servers import RealServer


async def test_server_of_somebody_else_sees_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0)
        port = listener.getsockname()[1]
        theirs = Endpoint(None, "127.0.0.1", port, Remote(host="127.0.0.1", port=port))
        with pytest.raises(Unavailable, match="somebody else runs"):
            await Link.dial(Server(theirs, "rg-scope-read", "secret"))
        with pytest.raises(BlockingIOError):
            listener.accept()


async def test_wrong_password_is_told_in_the_servers_words(server: RealServer) -> None:
    with pytest.raises(Unavailable, match="WRONGPASS"):
        await Link.dial(Server(server.endpoint, "rg-scope-read", "wrong"))


async def test_absent_server_is_told_in_words() -> None:
    nowhere = Endpoint("/tmp/rg-there-is-no-such.sock", "", 0)
    with pytest.raises(Unavailable, match="doesn't answer right now"):
        await Link.dial(Server(nowhere, "rg-scope-read", "secret"))
