"""A test of the connection to an instance, whoever runs its server."""

from instances import adoption, connection
from instances.models import SIMULATED, Instance
from instances.probe import Probe, Step, probe
from instances.simulation import PROBLEM, WAY_OUT
from instances.their_server import is_adopted


def trial(instance: Instance) -> Probe:
    """Connect as its people do, or as the user that its owner gave us; say how it went."""
    if instance.provisioner == SIMULATED:
        return Probe((Step("Connect", 0.0, PROBLEM, WAY_OUT),))
    return adoption.probe(instance) if is_adopted(instance) else probe(connection.aim_at(instance))
