"""The words for what an instance shall be and is, and where it may go next."""

from enum import StrEnum


class Wish(StrEnum):
    """What people want of an instance."""

    RUNNING = "running"
    STOPPED = "stopped"
    DELETED = "deleted"


class Status(StrEnum):
    """What an instance is, as far as the control loop knows."""

    PENDING = "pending"
    CREATING = "creating"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ERROR = "error"
    DELETING = "deleting"


class Health(StrEnum):
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset(
        {Status.CREATING, Status.RUNNING, Status.STOPPING, Status.STOPPED, Status.DELETING}
    ),
    Status.CREATING: frozenset(
        {Status.RUNNING, Status.STOPPING, Status.STOPPED, Status.ERROR, Status.DELETING}
    ),
    Status.RUNNING: frozenset(
        {Status.CREATING, Status.STOPPING, Status.STOPPED, Status.ERROR, Status.DELETING}
    ),
    Status.STOPPING: frozenset({Status.CREATING, Status.RUNNING, Status.STOPPED, Status.DELETING}),
    Status.STOPPED: frozenset({Status.CREATING, Status.RUNNING, Status.STOPPING, Status.DELETING}),
    Status.ERROR: frozenset(
        {Status.CREATING, Status.RUNNING, Status.STOPPING, Status.STOPPED, Status.DELETING}
    ),
    Status.DELETING: frozenset(),
}
