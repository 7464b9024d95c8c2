"""Memory, eviction policy and persistence of a server that runs, and of the one after it."""

from dataclasses import replace
from itertools import permutations

import pytest
from redis import Redis

from instances.provisioners.base import ProvisionError
from instances.spec import EvictionPolicy, InstanceSpec, Persistence
from redisgate.lib.units import MEGABYTE
from tests.instances.provisioners.contract import make_spec
from tests.instances.provisioners.machine import Machine
from tests.waiting import wait_until

KEYS = 200
CHANGES = list(permutations(Persistence, 2))


def config(client: "Redis", name: str) -> str:
    return str(client.config_get(name)[name])


def fill(machine: Machine, spec: InstanceSpec, keys: int = KEYS) -> None:
    with machine.client(spec) as client:
        client.mset({f"key:{number}": "x" * 1000 for number in range(keys)})


def size(machine: Machine, spec: InstanceSpec) -> int:
    with machine.client(spec) as client:
        return int(client.dbsize())


def apply(machine: Machine, spec: InstanceSpec) -> None:
    """Ask until it is done, as the loop does."""
    wait_until(lambda: machine.provisioner().apply_settings(spec, {}) == "", "applied")


def slow_down(machine: Machine, spec: InstanceSpec, microseconds: int = 20_000) -> None:
    """Let the server write each key to its disk slowly."""
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.config_set("rdb-key-save-delay", microseconds)


def test_limit_and_policy_are_applied_at_once_and_stand_in_the_file(machine: Machine) -> None:
    spec = make_spec(Persistence.NONE)
    machine.provisioner().start(spec, {})
    for memory_bytes in (64 * MEGABYTE, 16 * MEGABYTE):
        spec = replace(spec, memory_bytes=memory_bytes, eviction_policy=EvictionPolicy.VOLATILE_TTL)
        assert machine.provisioner().apply_settings(spec, {}) == ""
        with machine.client(spec, "rg-admin", spec.admin_password) as client:
            assert config(client, "maxmemory") == str(memory_bytes)
            assert config(client, "maxmemory-policy") == "volatile-ttl"
        assert f'maxmemory "{memory_bytes}"' in machine.paths(spec).config.read_text()


def test_used_memory_grows_with_the_data(machine: Machine) -> None:
    spec = make_spec(Persistence.NONE)
    machine.provisioner().start(spec, {})
    before = machine.provisioner().memory_used(spec, {})
    fill(machine, spec)
    after = machine.provisioner().memory_used(spec, {})
    assert before is not None
    assert after is not None
    assert after - before > KEYS * 1000


@pytest.mark.parametrize(("was", "becomes"), CHANGES)
def test_changed_persistence_keeps_its_promise_from_then_on(
    machine: Machine, was: Persistence, becomes: Persistence
) -> None:
    spec = make_spec(was)
    machine.provisioner().start(spec, {})
    fill(machine, spec)
    spec = replace(spec, persistence=becomes)
    apply(machine, spec)
    assert size(machine, spec) == KEYS
    machine.crash(spec)
    machine.provisioner().start(spec, {})
    assert size(machine, spec) == (0 if becomes is Persistence.NONE else KEYS)


@pytest.mark.parametrize(("was", "becomes"), CHANGES)
def test_stop_after_a_change_of_persistence_keeps_what_it_promises(
    machine: Machine, was: Persistence, becomes: Persistence
) -> None:
    spec = make_spec(was)
    machine.provisioner().start(spec, {})
    spec = replace(spec, persistence=becomes)
    apply(machine, spec)
    fill(machine, spec)
    machine.provisioner().stop(spec, {})
    machine.provisioner().start(spec, {})
    assert size(machine, spec) == (0 if becomes is Persistence.NONE else KEYS)


@pytest.mark.parametrize("was", [Persistence.NONE, Persistence.SNAPSHOT])
def test_append_only_file_that_takes_its_time_tells_how_far_it_is(
    machine: Machine, was: Persistence
) -> None:
    spec = make_spec(was)
    machine.provisioner().start(spec, {})
    fill(machine, spec)
    slow_down(machine, spec)
    spec = replace(spec, persistence=Persistence.AOF)
    words = machine.provisioner().apply_settings(spec, {})
    assert words.startswith("The append-only file is being written")
    assert f"of {KEYS} keys" in words
    slow_down(machine, spec, 0)
    with machine.client(spec) as client:
        assert client.get("key:7")


@pytest.mark.parametrize("was", [Persistence.NONE, Persistence.SNAPSHOT])
def test_server_stopped_while_it_writes_its_first_append_only_file_loses_nothing(
    machine: Machine, was: Persistence
) -> None:
    spec = make_spec(was)
    machine.provisioner().start(spec, {})
    fill(machine, spec)
    slow_down(machine, spec)
    spec = replace(spec, persistence=Persistence.AOF)
    assert machine.provisioner().apply_settings(spec, {})
    slow_down(machine, spec, 0)
    machine.provisioner().stop(spec, {})
    machine.provisioner().start(spec, {})
    assert size(machine, spec) == KEYS
    apply(machine, spec)
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        assert config(client, "appendonly") == "yes"


def test_server_killed_on_its_way_to_snapshots_loses_nothing(machine: Machine) -> None:
    spec = make_spec(Persistence.AOF)
    machine.provisioner().start(spec, {})
    fill(machine, spec)
    slow_down(machine, spec)
    spec = replace(spec, persistence=Persistence.SNAPSHOT)
    assert "A snapshot is being written" in machine.provisioner().apply_settings(spec, {})
    machine.crash(spec)
    machine.provisioner().start(spec, {})
    assert size(machine, spec) == KEYS


def test_busy_server_refuses_in_its_own_words(machine: Machine) -> None:
    spec = make_spec(Persistence.NONE)
    machine.provisioner().start(spec, {})
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.config_set("busy-reply-threshold", 50)
        assert client.connection
        client.connection.send_command("EVAL", "while true do end", "0")  # type: ignore[no-untyped-call]
        with pytest.raises(ProvisionError, match="The server refused: BUSY"):
            machine.provisioner().apply_settings(spec, {})
