"""The port that the platform is reached at."""

import errno
import socket
from collections.abc import Callable

from redisgate.supervisor.refusal import CannotStart

BACKLOG = 2048


Elsewhere = Callable[[int], str]
"""Says how this process is started on another port."""


def listen(host: str, port: int, elsewhere: Elsewhere) -> socket.socket:
    """Open the port before anything else starts.

    The supervisor keeps it, and web inherits it: while web is started again callers wait in
    line instead of being refused, and nobody else can take the port.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotStart(_reason(host, port, elsewhere, error)) from None
    return listener


def _reason(host: str, port: int, elsewhere: Elsewhere, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"Port {port} on {host} is used by another program. "
                f"Stop that one, or choose another port: {elsewhere(_free_port(host))}"
            )
        case errno.EACCES:
            return f"Port {port} needs special rights. Choose one above 1023: {elsewhere(8000)}"
        case errno.EADDRNOTAVAIL:
            return (
                f"HOST {host} is not an address of this machine. Use 127.0.0.1 for this machine "
                "alone, or 0.0.0.0 for everybody who can reach it."
            )
    return f"Can't listen on {host} port {port} ({error.strerror}). Choose another HOST or PORT."


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
