"""Whether a server of ours could listen where it should."""

import errno
import ipaddress
import socket

from instances.provisioners.base import PortTaken, ProvisionError


def check_free(host: str, port: int) -> None:
    """Raise PortTaken when somebody listens there, ProvisionError when nobody could.

    It is a look, not a promise: the server itself binds the port a moment later.
    """
    with socket.socket(_family(host), socket.SOCK_STREAM) as probe:
        # As servers do: connections in TIME_WAIT don't count, listeners do.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise port_taken(port) from error
            raise ProvisionError(
                f"A server can't listen on {host}, port {port}: {error.strerror or error}. "
                "Check the bind address in the settings."
            ) from error


def port_taken(port: int) -> PortTaken:
    return PortTaken(f"Another program already listens on port {port}.")


def _family(host: str) -> socket.AddressFamily:
    try:
        is_version_6 = ipaddress.ip_address(host).version == 6
    except ValueError:
        is_version_6 = False
    return socket.AF_INET6 if is_version_6 else socket.AF_INET
