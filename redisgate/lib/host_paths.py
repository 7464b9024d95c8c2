"""What servers tell of the file system they live in, which is nothing for tenants."""

import re

_INFO = re.compile(rb"^(executable:|config_file:|listener\d+:[^\r\n]*?bind=(?=/))[^\r\n]*", re.M)
# A client on the unix socket: "addr=/path/of.sock:0 laddr=/path/of.sock:0 fd=8", or in brackets.
_CLIENT = re.compile(rb"( l?addr=)\[?/[^\r\n]*?(?= (?:laddr|fd)=)")


def blanked(text: bytes) -> bytes:
    """Blank the paths in what INFO or CLIENT LIST answers."""
    return _CLIENT.sub(rb"\1", _INFO.sub(rb"\1", text))


def blanked_address(address: bytes) -> bytes:
    """Blank the address of a client where it is a path."""
    return b"" if address.startswith((b"/", b"[/", b"unix:")) else address
