"""An application behind uvicorn, served from a thread with a loop of its own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import uvicorn

from tests.waiting import wait_until


@contextmanager
def served(
    app: Any, *, http: Any = "auto", lifespan: Literal["auto", "on", "off"] = "auto"
) -> Iterator[int]:
    """Serve until the context ends; give the port."""
    config = uvicorn.Config(app, http=http, lifespan=lifespan, log_config=None, ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        wait_until(lambda: server.started)
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()
