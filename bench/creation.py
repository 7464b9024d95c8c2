"""How long it takes from the wish for an instance to its first PONG over HTTP.

Import it once Django is set up, in an environment that names a running platform.
"""

import time

from apikeys import services as keys
from audit.actors import SYSTEM
from instances import services
from instances.models import Instance
from orgs.models import Organization
from redisgate.supervisor.readiness import answers_ping


def measure(rounds: int) -> list[float]:
    """Return seconds for each round."""
    organization = Organization.objects.get()
    _, token = keys.create(SYSTEM, organization, name="bench", scopes=["read"])
    times = []
    for number in range(rounds):
        begin = time.perf_counter()
        instance = services.create(
            SYSTEM, organization, name=f"bench {number}", memory_mb=16, purpose="store"
        )
        while not answers_ping(instance.pk, token):
            time.sleep(0.005)
        times.append(time.perf_counter() - begin)
        services.delete(SYSTEM, instance)
        while Instance.objects.filter(pk=instance.pk).exists():
            time.sleep(0.02)
    return times
