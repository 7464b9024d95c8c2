"""Instances of a test's control plane, brought up by its own loop."""

from instances import services
from instances.models import Instance
from instances.states import Status
from tests.conftest import Cast, actor
from tests.instances.harness import Loop


def start(loop: Loop, cast: Cast, *names: str) -> list[Instance]:
    """Make instances and wait until their servers run."""
    made = [
        services.create(actor(cast.owner), cast.acme, name=name, memory_mb=16, purpose="store")
        for name in names
    ]
    for each in made:
        loop.until_status(each, Status.RUNNING)
        each.refresh_from_db()
    return made
