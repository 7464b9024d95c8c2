"""What every provisioner promises, as tests; a subclass says which provisioner.

``Repeatable`` holds for anything that doesn't refuse work, ``Faithful`` for drivers that tell the
truth about servers. ``Owning`` and ``FaithfulOwner`` add what only they promise whose servers are
their own: a port to listen on, settings, and a server that comes back.
"""

import random
import socket
from abc import ABC, abstractmethod
from dataclasses import replace
from uuid import uuid4

import pytest

from instances import acl
from instances.acl import AclUser, Scope
from instances.provisioners.base import Observation, PortTaken, Presence, Provisioner
from instances.spec import EvictionPolicy, InstanceSpec, Persistence
from tests.waiting import wait_until

ADMIN_PASSWORD = "the platform's own"
DEFAULT_PASSWORD = "everybody's"


def free_port() -> int:
    """Pick a port below the range from which the kernel serves outgoing connections."""
    while True:
        port = random.randint(15000, 32000)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


def make_spec(persistence: Persistence = Persistence.AOF, *users: AclUser) -> InstanceSpec:
    return InstanceSpec(
        id=uuid4(),
        port=free_port(),
        memory_bytes=32 * 1024 * 1024,
        eviction_policy=EvictionPolicy.NOEVICTION,
        persistence=persistence,
        admin_password=ADMIN_PASSWORD,
        acl_users=(acl.default_user(DEFAULT_PASSWORD), *users),
    )


def key_user(name: str, token: str, *scopes: Scope, patterns: tuple[str, ...] = ()) -> AclUser:
    return AclUser(name, acl.sha256(token), acl.rules_for(scopes, patterns))


class Bench(ABC):
    """A place where one kind of provisioner can be tried."""

    @abstractmethod
    def provisioner(self) -> Provisioner:
        """Make a new provisioner that sees the same machine as the ones before."""

    @abstractmethod
    def crash(self, spec: InstanceSpec) -> None:
        """End the running server as ``kill -9`` does."""

    @abstractmethod
    def identity(self, spec: InstanceSpec) -> object:
        """Say which server runs, so that a second one would show."""

    @abstractmethod
    def take_port(self, port: int) -> None:
        """Let a foreign program listen there."""

    @abstractmethod
    def has_data(self, spec: InstanceSpec) -> bool:
        """Say whether anything of the instance is kept."""

    def observe(self, spec: InstanceSpec) -> Observation:
        return self.provisioner().observe(spec, {})

    def presence(self, spec: InstanceSpec) -> Presence:
        return self.observe(spec).presence


class Repeatable:
    """Every call may be repeated, in any order, by anybody."""

    @pytest.fixture
    def spec(self) -> InstanceSpec:
        return make_spec()

    def test_instance_never_started_is_absent(self, bench: Bench, spec: InstanceSpec) -> None:
        assert bench.observe(spec) == Observation.absent()

    def test_starting_twice_leaves_one_server(self, bench: Bench, spec: InstanceSpec) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        first = bench.identity(spec)
        assert driver.start(spec, state) == state
        assert bench.identity(spec) == first

    def test_start_without_remembered_state_adopts(self, bench: Bench, spec: InstanceSpec) -> None:
        bench.provisioner().start(spec, {})
        first = bench.identity(spec)
        bench.provisioner().start(spec, {})
        assert bench.identity(spec) == first

    def test_stopped_instance_is_absent(self, bench: Bench, spec: InstanceSpec) -> None:
        driver = bench.provisioner()
        driver.stop(spec, driver.start(spec, {}))
        assert bench.presence(spec) is Presence.ABSENT
        assert bench.has_data(spec)

    def test_stopping_twice_is_fine(self, bench: Bench, spec: InstanceSpec) -> None:
        driver = bench.provisioner()
        state = driver.stop(spec, driver.start(spec, {}))
        driver.stop(spec, state)
        assert bench.presence(spec) is Presence.ABSENT

    def test_stopping_what_never_was_is_fine(self, bench: Bench, spec: InstanceSpec) -> None:
        bench.provisioner().stop(spec, {})
        assert not bench.has_data(spec)

    def test_destroying_what_never_was_is_fine(self, bench: Bench, spec: InstanceSpec) -> None:
        bench.provisioner().destroy(spec, {})
        assert not bench.has_data(spec)

    def test_destroying_a_running_instance_leaves_nothing(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        driver.destroy(spec, state)
        driver.destroy(spec, state)
        assert bench.presence(spec) is Presence.ABSENT
        assert not bench.has_data(spec)

    def test_applying_users_to_an_absent_server_is_fine(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        bench.provisioner().apply_acl(spec, {})
        assert bench.presence(spec) is Presence.ABSENT

    def test_applying_settings_to_an_absent_server_is_fine(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        assert bench.provisioner().apply_settings(spec, {}) == ""
        assert bench.provisioner().memory_used(spec, {}) is None
        assert bench.presence(spec) is Presence.ABSENT

    def test_applying_settings_twice_leaves_the_server(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        first = bench.identity(spec)
        larger = replace(spec, memory_bytes=2 * spec.memory_bytes)
        assert [driver.apply_settings(larger, state) for _ in range(2)] == ["", ""]
        assert bench.identity(spec) == first
        assert driver.memory_used(spec, state) is not None

    def test_endpoint_names_the_port(self, bench: Bench, spec: InstanceSpec) -> None:
        assert bench.provisioner().endpoint(spec).port == spec.port


class Owning(Repeatable):
    """The server is the driver's own, to be started again and to be given a port."""

    def test_crashed_server_is_absent_and_starts_again(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        first = bench.identity(spec)
        bench.crash(spec)
        assert bench.presence(spec) is Presence.ABSENT
        driver.start(spec, state)
        assert bench.identity(spec) != first

    def test_taken_port_is_refused_and_another_one_works(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        driver = bench.provisioner()
        bench.take_port(spec.port)
        with pytest.raises(PortTaken, match=f"port {spec.port}"):
            driver.start(spec, {})
        assert bench.presence(spec) is Presence.ABSENT
        driver.start(replace(spec, port=free_port()), {})
        assert bench.identity(spec)


class Faithful(Repeatable):
    """What a driver says about a server is so."""

    def wait_until_running(self, bench: Bench, spec: InstanceSpec) -> Observation:
        wait_until(lambda: bench.presence(spec) is Presence.RUNNING)
        return bench.observe(spec)

    def test_started_instance_runs_with_its_users(self, bench: Bench, spec: InstanceSpec) -> None:
        bench.provisioner().start(spec, {})
        seen = self.wait_until_running(bench, spec)
        assert seen.acl_digest == acl.digest(spec.acl_users)
        assert seen.ping_seconds
        assert not seen.is_degraded

    def test_applied_users_show_in_the_digest(self, bench: Bench, spec: InstanceSpec) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        more = replace(spec, acl_users=(*spec.acl_users, key_user("rg_a", "a", Scope.READ)))
        driver.apply_acl(more, state)
        assert self.wait_until_running(bench, spec).acl_digest == acl.digest(more.acl_users)


class FaithfulOwner(Owning, Faithful):
    """Both, for servers that are the driver's own."""

    def test_restarted_server_knows_the_users_of_the_wish(
        self, bench: Bench, spec: InstanceSpec
    ) -> None:
        driver = bench.provisioner()
        state = driver.start(spec, {})
        more = replace(spec, acl_users=(*spec.acl_users, key_user("rg_a", "a", Scope.READ)))
        driver.apply_acl(more, state)
        bench.crash(spec)
        driver.start(more, state)
        assert self.wait_until_running(bench, spec).acl_digest == acl.digest(more.acl_users)
