"""Where an instance may go next.

The web writes wishes and the control loop moves instances, and neither may assume it is
alone. So a move always names the state it starts from, and loses quietly when that is gone.
"""

from django.db import models


class Wish(models.TextChoices):
    """What people want of an instance."""

    RUNNING = "running"
    STOPPED = "stopped"
    DELETED = "deleted"


class Status(models.TextChoices):
    """What an instance is, as far as the control loop knows."""

    PENDING = "pending", "Pending"
    CREATING = "creating", "Creating"
    RUNNING = "running", "Running"
    STOPPING = "stopping", "Stopping"
    STOPPED = "stopped", "Stopped"
    ERROR = "error", "Error"
    DELETING = "deleting", "Deleting"


class Health(models.TextChoices):
    HEALTHY = "healthy", "Healthy"
    UNHEALTHY = "unhealthy", "Unhealthy"
    UNKNOWN = "unknown", "Unknown"


MOVES: dict[Status, frozenset[Status]] = {
    Status.PENDING: frozenset({Status.CREATING, Status.STOPPED, Status.DELETING}),
    Status.CREATING: frozenset(
        {Status.RUNNING, Status.STOPPING, Status.ERROR, Status.PENDING, Status.DELETING}
    ),
    Status.RUNNING: frozenset(
        {Status.CREATING, Status.STOPPING, Status.ERROR, Status.DELETING, Status.STOPPED}
    ),
    Status.STOPPING: frozenset({Status.STOPPED, Status.CREATING, Status.ERROR, Status.DELETING}),
    Status.STOPPED: frozenset({Status.CREATING, Status.RUNNING, Status.DELETING}),
    Status.ERROR: frozenset(
        {Status.CREATING, Status.RUNNING, Status.STOPPING, Status.STOPPED, Status.DELETING}
    ),
    Status.DELETING: frozenset({Status.ERROR}),
}
