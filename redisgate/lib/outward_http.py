"""Fetch what people name by its web address, without being led astray or held up by it."""

import functools
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from redisgate.lib.outward import ASK_OPERATOR, Guard, OutwardRefused
from redisgate.lib.outward_dialing import destination_in_time

STEP_SECONDS = 5
"""How long each step may take: finding the name, connecting, the next bytes."""
WHOLE_SECONDS = 15
LARGEST_BYTES = 512 * 1024


class FetchRefused(requests.RequestException):
    """The address isn't fetched from, or its answer isn't read. The text is for people."""


def session(guard: Guard) -> requests.Session:
    """Open a session whose every request goes to a judged address and ends in time.

    It follows no redirect, looks at no proxy setting, and speaks plain HTTP only within the
    guard's own networks.
    """
    opened = requests.Session()
    opened.trust_env = False
    opened.max_redirects = 0  # the first is one too many
    adapter = _Judged(guard)
    opened.mount("https://", adapter)
    opened.mount("http://", adapter)
    opened.request = functools.partial(  # type: ignore[method-assign]
        opened.request, timeout=STEP_SECONDS
    )
    return opened


class _Judged(HTTPAdapter):
    """Connects to the judged address itself; the name is what the certificate must be for."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _SealedPool}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = str(host["host"]).strip("[]")
        port = host["port"] or (443 if host["scheme"] == "https" else 80)
        try:
            address = destination_in_time(name, port, self._guard, timeout_seconds=STEP_SECONDS)
        except OutwardRefused as refusal:
            raise FetchRefused(str(refusal)) from refusal
        except OSError as error:
            raise FetchRefused(f"The name {name} leads nowhere. Check its spelling.") from error
        if host["scheme"] == "https":
            pool |= {"server_hostname": name, "assert_hostname": name}
        elif not self._guard.is_own_network(address):
            raise FetchRefused(f"Use an address that begins with https://. {ASK_OPERATOR}")
        return {**host, "host": address}, pool

    def send(
        self, request: requests.PreparedRequest, *args: Any, **kwargs: Any
    ) -> requests.Response:
        request.headers["Host"] = urlsplit(str(request.url)).netloc.rpartition("@")[2]
        request.headers["Connection"] = "close"  # each request has a socket, and a deadline
        with _deadline():
            response = super().send(request, *args, **{**kwargs, "stream": True})
            # What requests itself keeps once a body is read.
            response._content = _read(response)
        return response


def _read(response: requests.Response) -> bytes:
    content = bytearray()
    for part in response.iter_content(16 * 1024):
        content += part
        if len(content) > LARGEST_BYTES:
            response.close()
            raise FetchRefused("The answer is far larger than it should be.")
    return bytes(content)


_opened = threading.local()
"""The sockets of the request that runs in this thread."""


@contextmanager
def _deadline() -> Iterator[None]:
    """Hang up at the deadline: a server may send a byte now and then, and never end."""
    _opened.sockets = sockets = list[socket.socket]()
    is_over = threading.Event()
    watchdog = threading.Timer(WHOLE_SECONDS, _hang_up, (sockets, is_over))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    except requests.RequestException as error:
        if is_over.is_set():
            raise _too_slow() from error
        raise
    finally:
        watchdog.cancel()
    if is_over.is_set():
        raise _too_slow()  # half an answer may look like a whole one


def _too_slow() -> FetchRefused:
    return FetchRefused("The answer takes too long.")


def _hang_up(sockets: list[socket.socket], is_over: threading.Event) -> None:
    is_over.set()
    for opened in sockets:
        with suppress(OSError):  # it may have ended just now
            opened.shutdown(socket.SHUT_RDWR)


class _InTime:
    """Tells the watchdog of its socket."""

    sock: socket.socket

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]  # of the connection this is mixed into
        _opened.sockets.append(self.sock)


class _Plain(_InTime, HTTPConnection):
    pass


class _Sealed(_InTime, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SealedPool(HTTPSConnectionPool):
    ConnectionCls = _Sealed
