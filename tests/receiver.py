"""Small HTTP servers on this machine: one that answers as told, one that keeps what it is sent."""

import gzip
import importlib
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def _of_brotli(body: bytes) -> bytes:
    # Clients use it where it is installed.
    unpacked: bytes = importlib.import_module("brotli").decompress(body)
    return unpacked


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gzip": gzip.decompress,
    "br": _of_brotli,
}


@dataclass
class Receiver:
    """``taken`` holds path and body of each POST, unpacked, and ``headers`` what came with them."""

    url: str
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Take reports until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = UNPACK[self.headers.get("Content-Encoding", "")]
            receiver.taken.append((self.path, unpack(body)))
            receiver.headers.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    receiver = Receiver("")
    with serving(Handler) as port:
        receiver.url = f"http://127.0.0.1:{port}"
        yield receiver


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler],
    certificate: Path | None = None,
    key: Path | None = None,
    *,
    host: str = "127.0.0.1",
) -> Iterator[int]:
    """Serve on a port until the context ends; over TLS with a certificate."""
    server = ThreadingHTTPServer((host, 0), handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
