"""Memory limit and eviction policy of a running server."""

from instances.provisioners.admin_connection import AdminConnection
from instances.provisioners.server_config import memory_directives
from instances.spec import InstanceSpec


def apply(spec: InstanceSpec, connection: AdminConnection) -> None:
    """Set them all, or none where the server refuses one."""
    words = [word for directive in memory_directives(spec) for word in directive]
    connection.call("CONFIG", "SET", *words)


def memory_used(connection: AdminConnection) -> int:
    """Read what the server compares with its limit: not all that it has allocated."""
    memory = connection.info("memory")
    return int(memory["used_memory"]) - int(memory["mem_not_counted_for_evict"])
