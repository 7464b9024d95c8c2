"""The ways to run a server, by name. A driver is one module and one line here."""

from collections.abc import Callable

from instances.provisioners.base import Provisioner
from instances.provisioners.external import ExternalProvisioner
from instances.provisioners.process import ProcessProvisioner, ProcessSettings
from instances.provisioners.simulated import SimulatedProvisioner

__all__ = ["DRIVERS", "ProcessSettings", "get"]

DRIVERS: dict[str, Callable[[ProcessSettings], Provisioner]] = {
    ProcessProvisioner.name: ProcessProvisioner,
    # What it needs to know is about one server, and comes with each spec.
    ExternalProvisioner.name: lambda _settings: ExternalProvisioner(),
    SimulatedProvisioner.name: SimulatedProvisioner,
}


def get(name: str) -> Callable[[ProcessSettings], Provisioner]:
    """Return what makes the named driver from its settings; LookupError where there is none."""
    try:
        return DRIVERS[name]
    except KeyError:
        raise LookupError(
            f"There is no provisioner {name!r}; choose one of {', '.join(sorted(DRIVERS))}."
        ) from None
