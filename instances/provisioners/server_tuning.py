"""What is set on a running server, because other servers wouldn't start with it."""

from instances.provisioners.admin_connection import AdminConnection

_NEVER = str(2**31 - 1)

# Valkey 9 answers strings of 16 KB and more by reference, and counts what it has sent already
# until nothing more is owed. A connection that is always owed something, as the command API's
# under load, would grow to ``maxmemory-clients`` by the count alone and be closed.
_OPTIONAL = (("min-string-size-avoid-copy-reply", _NEVER),)


def tune(connection: AdminConnection) -> None:
    """Set what this server knows of; its refusal means that it needs none of it."""
    connection.pipeline(*(("CONFIG", "SET", name, value) for name, value in _OPTIONAL))
