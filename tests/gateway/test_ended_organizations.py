"""A key that ends together with its instance is refused for its own end, not for the instance's."""

from uuid import UUID, uuid4

import pytest

from gateway import flow
from gateway.call import Call, Head
from gateway.errors import MissingOrInvalidToken, OrganizationSuspended, UnknownInstance
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from gateway.runtime import Runtime
from instances.spec import Endpoint
from redisgate.lib.errors import RedisGateError, Unavailable
from tests.gateway.parts import Key, Place

ORGANIZATION = uuid4()
NOWHERE = Endpoint("/tmp/rg-no-such-socket", "127.0.0.1", 0)


class Tenant:
    """A key that is remembered as good, and an instance that the worker sees stopping first."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.ended: RedisGateError | None = None
        self.is_gone = False
        self.now = 1000.0
        self.asked = 0
        keys = LookupCache(self.key, clock=lambda: self.now)
        instances = LookupCache(self.instance, fresh_seconds=0)
        self.runtime = Runtime(Limits(connect_patience_seconds=0), keys, instances)

    async def key(self, token: str) -> Principal:
        self.asked += 1
        if self.ended is not None:
            raise self.ended
        return Key(ORGANIZATION, token=token)

    async def instance(self, instance_id: UUID) -> Target:
        if self.is_gone:
            raise UnknownInstance
        return self.place

    async def status(self) -> int:
        path = f"/redis/{self.place.instance_id}".encode()
        head = Head("POST", path, b"", {b"authorization": b"Bearer writer-token"})
        return (await flow.respond(Call(head, b'["PING"]'), self.runtime)).status


@pytest.mark.parametrize("words", ["the instance is stopped.", ""], ids=["stopped", "unreachable"])
@pytest.mark.parametrize(
    ("ended", "status"),
    [
        (OrganizationSuspended(), 403),
        (MissingOrInvalidToken(), 401),
        (Unavailable("away"), 503),
        (None, 503),
    ],
    ids=["suspended", "revoked", "not known", "good"],
)
async def test_refusal_names_the_end_of_the_key(
    words: str, ended: RedisGateError | None, status: int
) -> None:
    tenant = Tenant(Place(ORGANIZATION, NOWHERE, not_running=words))
    await tenant.runtime.keys.get("writer-token")
    tenant.ended = ended
    tenant.now += 0.2
    assert await tenant.status() == status
    await tenant.runtime.close()


async def test_key_of_a_deleted_organization_is_invalid_and_not_its_instance_unknown() -> None:
    tenant = Tenant(Place(ORGANIZATION, NOWHERE))
    await tenant.runtime.keys.get("writer-token")
    tenant.ended, tenant.is_gone = MissingOrInvalidToken(), True
    tenant.now += 0.2
    assert await tenant.status() == 401
    await tenant.runtime.close()


async def test_storm_on_a_stopped_instance_asks_about_its_key_ten_times_a_second_at_most() -> None:
    tenant = Tenant(Place(ORGANIZATION, NOWHERE, not_running="the instance is stopped."))
    assert {await tenant.status() for _ in range(20)} == {503}
    assert tenant.asked == 1
    await tenant.runtime.close()
