"""May this key use this instance, now?"""

from datetime import UTC, datetime

from apikeys import networks, verification
from gateway.errors import (
    AddressNotAllowed,
    InstanceNotRunning,
    MissingOrInvalidToken,
    UnknownInstance,
)
from gateway.principals import Principal, Target


def admit(principal: Principal, target: Target) -> None:
    """Let the key use the instance, or raise what is in the way.

    Both may have been looked up a while ago, so what ends by itself is judged here.
    """
    if principal.expires_at is not None and principal.expires_at <= datetime.now(UTC):
        raise MissingOrInvalidToken(log="key refused: expired")
    if not verification.may_use(
        principal, instance_id=target.instance_id, organization_id=target.organization_id
    ):
        raise UnknownInstance
    if target.not_running:
        raise InstanceNotRunning(target.not_running)


def admit_from(principal: Principal, address: str) -> None:
    """Let the key be used from this address, or raise AddressNotAllowed."""
    if principal.networks and not networks.admits(principal.networks, address):
        raise AddressNotAllowed(address)
