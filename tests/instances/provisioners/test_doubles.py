"""The doubles keep the contract as far as they claim to, and break it as they say."""

from collections.abc import Callable

import pytest

from instances.provisioners.base import Presence, Provisioner, ProvisionError
from instances.spec import InstanceSpec
from tests.instances.provisioners.contract import Bench, FaithfulOwner, Owning, make_spec
from tests.instances.provisioners.doubles import (
    BrokenProvisioner,
    ForgetfulProvisioner,
    MemoryProvisioner,
    NeverReadyProvisioner,
    SlowProvisioner,
    World,
)


class MemoryBench(Bench):
    def __init__(self, make: Callable[[World], Provisioner]) -> None:
        self.world = World()
        self._make = make

    def provisioner(self) -> Provisioner:
        return self._make(self.world)

    def crash(self, spec: InstanceSpec) -> None:
        self.world.crash(spec.id)

    def identity(self, spec: InstanceSpec) -> object:
        return self.world.servers[spec.id].number

    def take_port(self, port: int) -> None:
        self.world.taken_ports.add(port)

    def has_data(self, spec: InstanceSpec) -> bool:
        return spec.id in self.world.data


class TestMemory(FaithfulOwner):
    @pytest.fixture
    def bench(self) -> Bench:
        return MemoryBench(MemoryProvisioner)


class TestSlow(FaithfulOwner):
    @pytest.fixture
    def bench(self) -> Bench:
        return MemoryBench(SlowProvisioner)


class TestNeverReady(Owning):
    @pytest.fixture
    def bench(self) -> Bench:
        return MemoryBench(NeverReadyProvisioner)

    def test_server_stays_as_it_is(self, bench: Bench, spec: InstanceSpec) -> None:
        bench.provisioner().start(spec, {})
        assert {bench.presence(spec) for _ in range(20)} == {Presence.STARTING}


class TestForgetful(Owning):
    @pytest.fixture
    def bench(self) -> Bench:
        return MemoryBench(ForgetfulProvisioner)

    def test_users_are_never_known(self, bench: Bench, spec: InstanceSpec) -> None:
        assert bench.provisioner().start(spec, {}) == {}
        assert bench.observe(spec).acl_digest == ""


def test_server_of_a_forgetful_one_is_gone_after_some_looks() -> None:
    driver, spec = ForgetfulProvisioner(looks=2), make_spec()
    driver.start(spec, {})
    seen = [driver.observe(spec, {}).presence for _ in range(3)]
    assert seen == [Presence.RUNNING, Presence.RUNNING, Presence.ABSENT]


@pytest.mark.parametrize("call", sorted(BrokenProvisioner.CALLS))
def test_broken_one_fails_where_it_is_told_to(call: str) -> None:
    driver, spec = BrokenProvisioner(calls={call}), make_spec()
    for name in sorted(BrokenProvisioner.CALLS - {call}):
        getattr(driver, name)(spec, {})
    with pytest.raises(ProvisionError) as caught:
        getattr(driver, call)(spec, {})
    assert caught.value.log_tail
    assert driver.world.count(call) == 1
