"""A short conversation with a server that somebody else runs."""

import socket
import ssl

from instances import tls
from instances.provisioners.admin_connection import NotListening, ServerConnection, Unreachable
from instances.remote import Remote
from redisgate.lib.outward import OutwardRefused
from redisgate.lib.outward_dialing import NameUnknown, check_peer, destination_in_time


class RemoteConnection(ServerConnection):
    """Connected to the very address that was judged, and to nobody else.

    What keeps it from connecting is a sentence for people, and holds no password.
    """

    def __init__(self, remote: Remote, *, timeout_seconds: float) -> None:
        super().__init__(f"{remote.host}:{remote.port}", timeout_seconds=timeout_seconds)
        self._remote = remote

    @property
    def credentials(self) -> tuple[str, ...]:
        return ("AUTH", self._remote.user, self._remote.password)

    def log_in(self) -> None:
        super().log_in()
        if self._remote.database:
            self.call("SELECT", str(self._remote.database))

    def _dial(self) -> socket.socket:
        remote = self._remote
        try:
            address = destination_in_time(
                remote.host, remote.port, remote.guard, timeout_seconds=self._left()
            )
            link = socket.create_connection((address, remote.port), timeout=self._left())
        except OutwardRefused as error:
            raise Unreachable(str(error)) from error
        except NameUnknown as error:
            raise Unreachable(
                f"The name {remote.host} can't be resolved. Check its spelling and the DNS."
            ) from error
        except ConnectionRefusedError as error:
            raise NotListening(f"Nothing listens at {self._where}.") from error
        except TimeoutError as error:
            raise Unreachable(
                f"Nothing answered at {self._where} in time. Check the address and firewalls."
            ) from error
        except OSError as error:
            raise Unreachable(
                f"{self._where} can't be reached: {error.strerror or error}."
            ) from error
        return self._secured(link, address)

    def _secured(self, link: socket.socket, address: str) -> socket.socket:
        try:
            check_peer(link.getpeername()[0], address)
            how = self._remote.tls
            if how is None:
                return link
            link.settimeout(self._left())
            name = how.server_name or self._remote.host
            return tls.context_of(how).wrap_socket(link, server_hostname=name)
        except ssl.SSLError as error:
            link.close()
            raise Unreachable(tls.words(error)) from error
        except (OSError, OutwardRefused) as error:
            link.close()
            raise Unreachable(f"{self._where} ended the connection during TLS: {error}") from error
        except Unreachable:
            link.close()
            raise

    @property
    def _where(self) -> str:
        host = f"[{self._remote.host}]" if ":" in self._remote.host else self._remote.host
        return f"{host}:{self._remote.port}"
