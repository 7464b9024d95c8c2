"""Servers as processes: they outlive us, are found again, and never run twice on their data."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from instances.provisioners import (
    ProcessSettings,
    file_lock,
    process,
    server_binary,
    server_probe,
    server_process,
)
from instances.provisioners.base import Presence, ProvisionError
from instances.provisioners.process import ProcessProvisioner
from instances.spec import InstanceSpec, Persistence
from redisgate.lib.resp import pack
from tests.instances.provisioners.contract import DEFAULT_PASSWORD, Bench, FaithfulOwner, make_spec
from tests.instances.provisioners.machine import Machine
from tests.waiting import in_time, wait_until

GET_A = pack([["GET", "a"]])
START_ELSEWHERE = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from instances import acl
from instances.provisioners import ProcessSettings, get
from instances.spec import EvictionPolicy, InstanceSpec, Persistence

data, run, id, port, admin, default, then = sys.argv[1:]
driver = get("process")(ProcessSettings(data_dir=Path(data), run_dir=Path(run)))
spec = InstanceSpec(
    id=UUID(id), port=int(port), memory_bytes=32 * 1024 * 1024,
    eviction_policy=EvictionPolicy.NOEVICTION, persistence=Persistence.AOF,
    admin_password=admin, acl_users=(acl.default_user(default),),
)
print(driver.start(spec, {})["pid"], flush=True)
if then == "die":
    os.kill(os.getpid(), signal.SIGKILL)
"""


class TestProcess(FaithfulOwner):
    @pytest.fixture
    def bench(self, machine: Machine) -> Bench:
        return machine


class TestProcessOnAnOldKernel(FaithfulOwner):
    @pytest.fixture
    def bench(self, machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Bench:
        monkeypatch.setattr(server_process, "_has_pidfd", lambda: False)
        return machine


@pytest.fixture
def spec() -> InstanceSpec:
    return make_spec()


@pytest.fixture
def bystander() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is none of ours."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def start_elsewhere(machine: Machine, spec: InstanceSpec, then: str) -> "subprocess.Popen[str]":
    """Start the instance from another process of ours, which then ends or is killed."""
    settings = machine.settings
    arguments = [settings.data_dir, settings.run_dir, spec.id, spec.port]
    return subprocess.Popen(
        [
            *(sys.executable, "-c", START_ELSEWHERE, *map(str, arguments)),
            *("the platform's own", "everybody's", then),
        ],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )


def test_killed_server_comes_back_with_every_acknowledged_write(
    machine: Machine, spec: InstanceSpec
) -> None:
    driver = machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec) as client:
        for _ in range(100):
            client.incr("written")
    machine.crash(spec)
    driver.start(spec, {})
    with machine.client(spec) as client:
        assert client.get("written") == "100"


def test_server_killed_while_saving_is_back_in_time(machine: Machine, spec: InstanceSpec) -> None:
    driver = machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.eval("for i = 1, 5000 do redis.call('SET', 'k' .. i, i) end", 0)
        client.config_set("rdb-key-save-delay", "10000")
        client.bgsave()
        # The child has reported to its parent, and won't miss it for a while.
        wait_until(lambda: client.info("persistence")["current_cow_peak"] > 0)
    machine.crash(spec)
    assert file_lock.is_held(machine.paths(spec).alive_lock)
    assert machine.presence(spec) is Presence.ABSENT
    began_at = time.monotonic()
    driver.start(spec, {})
    assert in_time(began_at, 2)
    with machine.client(spec) as client:
        assert client.dbsize() == 5000


@pytest.mark.parametrize("persistence", [Persistence.AOF, Persistence.SNAPSHOT])
def test_stopped_server_comes_back_with_its_data(
    machine: Machine, persistence: Persistence
) -> None:
    spec, driver = make_spec(persistence), machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec) as client:
        client.set("kept", "yes")
    driver.stop(spec, {})
    driver.start(spec, {})
    with machine.client(spec) as client:
        assert client.get("kept") == "yes"


def test_instance_without_persistence_starts_empty(machine: Machine) -> None:
    spec, driver = make_spec(Persistence.NONE), machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec) as client:
        client.set("gone", "yes")
    driver.stop(spec, {})
    driver.start(spec, {})
    with machine.client(spec) as client:
        assert client.get("gone") is None


def test_data_of_an_earlier_persistence_is_not_lost(machine: Machine) -> None:
    spec, driver = make_spec(Persistence.SNAPSHOT), machine.provisioner()
    for persistence in (Persistence.AOF, Persistence.SNAPSHOT, Persistence.AOF):
        driver.start(spec, {})
        with machine.client(spec) as client:
            client.incr("lives")
        driver.stop(spec, {})
        spec = replace(spec, persistence=persistence)
    driver.start(spec, {})
    with machine.client(spec) as client:
        assert client.get("lives") == "3"
    machine.crash(spec)
    driver.start(spec, {})
    with machine.client(spec) as client:
        assert client.get("lives") == "3"


def test_server_outlives_a_killed_controller_and_is_adopted(
    machine: Machine, spec: InstanceSpec
) -> None:
    with start_elsewhere(machine, spec, "die") as controller:
        pid = int(controller.communicate(timeout=60)[0])
    assert controller.returncode == -signal.SIGKILL
    assert machine.presence(spec) is Presence.RUNNING
    assert machine.provisioner().start(spec, {}) == {"pid": pid}
    assert machine.servers(spec) == [pid]


def test_two_controllers_at_once_start_one_server(machine: Machine, spec: InstanceSpec) -> None:
    with (
        start_elsewhere(machine, spec, "end") as one,
        start_elsewhere(machine, spec, "end") as other,
    ):
        pids = {one.communicate(timeout=60)[0], other.communicate(timeout=60)[0]}
    assert len(pids) == 1
    assert machine.servers(spec) == [int(pids.pop())]


def test_many_threads_at_once_start_one_server(machine: Machine, spec: InstanceSpec) -> None:
    with ThreadPoolExecutor(8) as threads:
        states = list(threads.map(lambda _: machine.provisioner().start(spec, {}), range(8)))
    assert machine.servers(spec) == [states[0]["pid"]]
    assert all(state == states[0] for state in states)


@pytest.mark.parametrize("content", ["", "rubbish", "-1 -1 -1", "1 2", "99999999999 1 x", None])
def test_running_server_is_found_without_a_usable_pid_file(
    machine: Machine, spec: InstanceSpec, content: str | None
) -> None:
    state = machine.provisioner().start(spec, {})
    pid_file = machine.paths(spec).pid_file
    if content is None:
        pid_file.unlink()
    else:
        pid_file.write_text(content)
    assert machine.presence(spec) is Presence.RUNNING
    assert machine.provisioner().start(spec, {}) == state


@pytest.mark.parametrize("call", ["stop", "destroy", "start"])
def test_foreign_process_under_a_reused_pid_is_left_alone(
    machine: Machine, spec: InstanceSpec, bystander: subprocess.Popen[bytes], call: str
) -> None:
    machine.provisioner().start(spec, {})
    machine.crash(spec)
    foreign = server_process.look(bystander.pid)
    assert foreign
    server_process.note(machine.paths(spec), foreign)
    assert machine.presence(spec) is Presence.ABSENT
    getattr(machine.provisioner(), call)(spec, {})
    assert bystander.poll() is None


def test_earlier_life_of_a_pid_is_never_signalled(bystander: subprocess.Popen[bytes]) -> None:
    process = server_process.look(bystander.pid)
    assert process
    earlier = replace(process, start_ticks=process.start_ticks - 1)
    earlier.signal(signal.SIGKILL)
    assert earlier.wait(0)
    assert bystander.poll() is None


def test_server_of_another_instance_is_left_alone(machine: Machine, spec: InstanceSpec) -> None:
    neighbour = make_spec()
    machine.provisioner().start(spec, {})
    machine.provisioner().start(neighbour, {})
    machine.crash(spec)
    server_process.note(machine.paths(spec), machine.process(neighbour))
    machine.provisioner().destroy(spec, {})
    assert machine.presence(neighbour) is Presence.RUNNING


def test_killed_child_is_no_zombie_after_a_look(machine: Machine, spec: InstanceSpec) -> None:
    machine.provisioner().start(spec, {})
    pid = machine.process(spec).pid
    machine.crash(spec)
    assert machine.presence(spec) is Presence.ABSENT
    assert not Path(f"/proc/{pid}").exists()


def test_socket_file_left_behind_is_no_obstacle(machine: Machine, spec: InstanceSpec) -> None:
    driver = machine.provisioner()
    driver.start(spec, {})
    machine.crash(spec)
    assert machine.paths(spec).socket.exists()
    driver.start(spec, {})
    assert machine.presence(spec) is Presence.RUNNING


def test_frozen_server_is_silent_and_can_still_be_stopped(
    machine: Machine, spec: InstanceSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("instances.provisioners.server_lifecycle.SHUTDOWN_SECONDS", 0.2)
    monkeypatch.setattr("instances.provisioners.server_lifecycle.TERMINATE_SECONDS", 0.2)
    machine.provisioner().start(spec, {})
    machine.process(spec).signal(signal.SIGSTOP)
    assert machine.presence(spec) is Presence.SILENT
    machine.provisioner().stop(spec, {})
    assert machine.presence(spec) is Presence.ABSENT


@pytest.mark.parametrize("persistence", [Persistence.AOF, Persistence.SNAPSHOT])
def test_server_whose_socket_is_gone_starts_anew_with_its_data(
    machine: Machine, persistence: Persistence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_probe, "_START_SECONDS", 0.0)
    spec, driver = make_spec(persistence), machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec) as client:
        client.set("greeting", "hello")
    before = machine.process(spec)
    machine.paths(spec).socket.unlink()
    seen = machine.observe(spec)
    assert (seen.presence, seen.is_cut_off) == (Presence.SILENT, True)

    driver.start(spec, {})
    assert machine.process(spec) != before
    assert machine.presence(spec) is Presence.RUNNING
    with machine.client(spec) as client:
        assert client.get("greeting") == "hello"


def test_server_whose_socket_is_gone_is_left_alone_where_its_data_would_go(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_probe, "_START_SECONDS", 0.0)
    spec = make_spec(Persistence.NONE)
    machine.provisioner().start(spec, {})
    machine.paths(spec).socket.unlink()
    seen = machine.observe(spec)
    assert (seen.presence, seen.is_cut_off) == (Presence.SILENT, False)
    assert "Restart it when you like" in seen.detail


def test_server_that_cannot_save_is_not_ended_because_its_socket_is_gone(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_probe, "_START_SECONDS", 0.0)
    monkeypatch.setattr(process, "SAVING_SECONDS", 0.3)
    spec, driver = make_spec(Persistence.SNAPSHOT), machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec) as client:
        client.set("greeting", "hello")
        (machine.paths(spec).data / "dump.rdb").mkdir()
        machine.paths(spec).socket.unlink()
        with pytest.raises(ProvisionError, match="It is left running"):
            driver.start(spec, {})
        assert client.get("greeting") == "hello"


def test_server_busy_with_a_script_runs_degraded_and_stops(
    machine: Machine, spec: InstanceSpec
) -> None:
    machine.provisioner().start(spec, {})
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.config_set("busy-reply-threshold", "1")
    with (
        machine.client(spec, timeout_seconds=0.2) as client,
        pytest.raises(redis.TimeoutError),
    ):
        client.eval("while true do end", 0)
    seen = machine.observe(spec)
    assert seen.presence is Presence.RUNNING
    assert seen.detail.startswith("BUSY")
    assert machine.provisioner().start(spec, {}) == {"pid": machine.process(spec).pid}
    machine.provisioner().stop(spec, {})
    assert machine.presence(spec) is Presence.ABSENT


def test_server_that_cannot_save_runs_degraded(machine: Machine) -> None:
    spec = make_spec(Persistence.SNAPSHOT)
    machine.provisioner().start(spec, {})
    data = machine.paths(spec).data
    # A directory in the way of the snapshot fails it even for root.
    (data / "dump.rdb").mkdir()
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.set("a", "b")
        client.bgsave()
        wait_until(lambda: client.info("persistence")["rdb_last_bgsave_status"] == "err")
    seen = machine.observe(spec)
    assert seen.is_degraded
    assert seen.detail.startswith("MISCONF")


def test_loading_server_is_starting(machine: Machine, spec: InstanceSpec) -> None:
    driver = machine.provisioner()
    driver.start(spec, {})
    with machine.client(spec, "rg-admin", spec.admin_password) as client:
        client.eval("for i = 1, 20000 do redis.call('SET', 'k' .. i, i) end", 0)
        client.bgrewriteaof()
        wait_until(lambda: client.info("persistence")["aof_rewrite_in_progress"] == 0)
    driver.stop(spec, {})
    # Each key then takes a millisecond, which makes the loading last.
    slow = "key-load-delay 1000\nloading-process-events-interval-bytes 1024\n"
    paths = machine.paths(spec)
    paths.config.write_text(paths.config.read_text() + slow)
    with server_process.claimed(paths, timeout_seconds=1) as alive_lock:
        binary = server_binary.resolve(machine.settings.binary)
        server_process.launch(binary, paths, alive_lock)
    wait_until(lambda: machine.observe(spec).detail.startswith("LOADING"))
    assert machine.presence(spec) is Presence.STARTING


def test_connection_that_is_always_owed_large_replies_is_kept(
    machine: Machine, spec: InstanceSpec
) -> None:
    machine.provisioner().start(spec, {})
    value, in_flight, replies = "x" * 102_400, 64, 2_000
    reply_bytes = len(value) + len("$102400\r\n\r\n")
    with machine.client(spec) as native, socket.socket(socket.AF_UNIX) as client:
        native.set("a", value)
        client.connect(str(machine.paths(spec).socket))
        client.sendall(pack([["AUTH", "default", DEFAULT_PASSWORD]]) + GET_A * in_flight)
        came = -len("+OK\r\n")
        for answered in range(1, replies):
            while came < answered * reply_bytes:
                chunk = client.recv(1024 * 1024)
                assert chunk, f"closed after {answered} replies"
                came += len(chunk)
            client.sendall(GET_A)
        assert native.info("stats")["evicted_clients"] == 0


def test_files_and_directories_are_closed_to_others(machine: Machine, spec: InstanceSpec) -> None:
    machine.provisioner().start(spec, {})
    with machine.client(spec) as client:
        client.set("a", "b")
    paths = machine.paths(spec)
    everything = [paths.root, machine.settings.run_dir, *paths.root.rglob("*"), paths.socket]
    assert [str(path) for path in everything if path.stat().st_mode & 0o077] == []


def test_secrets_of_ours_are_not_in_the_servers_environment(
    machine: Machine, spec: InstanceSpec, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "canary")
    machine.provisioner().start(spec, {})
    environment = Path(f"/proc/{machine.process(spec).pid}/environ").read_bytes()
    assert b"canary" not in environment


def test_passwords_are_in_no_file_and_no_command_line(machine: Machine, spec: InstanceSpec) -> None:
    machine.provisioner().start(spec, {})
    root = machine.paths(spec).root
    texts = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
    texts.append(Path(f"/proc/{machine.process(spec).pid}/cmdline").read_bytes())
    assert not any(spec.admin_password.encode() in text for text in texts)


def test_info_shows_neither_program_nor_configuration_path(
    machine: Machine, spec: InstanceSpec
) -> None:
    machine.provisioner().start(spec, {})
    with machine.client(spec) as client:
        info = client.info("server")
    assert info["executable"] in {"/valkey-server", "/redis-server"}
    assert info["config_file"] == ""


def test_server_that_cannot_start_says_why_without_host_paths(
    machine: Machine, spec: InstanceSpec
) -> None:
    driver = machine.provisioner()
    driver.start(spec, {})
    driver.stop(spec, {})
    manifest = machine.paths(spec).data / "appendonlydir" / "appendonly.aof.manifest"
    manifest.write_text("file ../../../etc/passwd seq 1 type x\n")
    with pytest.raises(ProvisionError, match="ended while it was starting") as caught:
        driver.start(spec, {})
    assert "manifest" in caught.value.log_tail
    assert str(machine.settings.data_dir) not in caught.value.log_tail
    assert machine.presence(spec) is Presence.ABSENT


def test_too_long_a_socket_path_is_refused(machine: Machine, spec: InstanceSpec) -> None:
    run_dir = machine.settings.run_dir / ("x" * 100)
    driver = ProcessProvisioner(replace(machine.settings, run_dir=run_dir))
    with pytest.raises(ProvisionError, match="107 are possible"):
        driver.start(spec, {})


def test_missing_program_is_named_with_the_way_out(machine: Machine, spec: InstanceSpec) -> None:
    driver = ProcessProvisioner(replace(machine.settings, binary=Path("/nowhere/valkey-server")))
    with pytest.raises(ProvisionError, match=r"was not found. Point the setting at"):
        driver.start(spec, {})


def test_program_that_may_not_be_executed_is_refused(
    machine: Machine, spec: InstanceSpec, tmp_path: Path
) -> None:
    binary = tmp_path / "valkey-server"
    binary.write_text("not a program")
    driver = ProcessProvisioner(replace(machine.settings, binary=binary))
    with pytest.raises(ProvisionError, match="may not be executed"):
        driver.start(spec, {})


def test_program_that_is_no_server_is_refused(machine: Machine, spec: InstanceSpec) -> None:
    true = shutil.which("true")
    assert true
    driver = ProcessProvisioner(replace(machine.settings, binary=Path(true)))
    with pytest.raises(ProvisionError, match="no Valkey or Redis server"):
        driver.start(spec, {})


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("#!/bin/sh\necho Redis server v=7.0.15 sha=0", r"has version 7\.0; .* needs 7\.2"),
        ("not a program", "can't be run"),
        (
            "#!/bin/sh\necho Redis server v=7.2.0; echo gone wrong >&2",
            "ended while it was starting",
        ),
    ],
)
def test_program_that_cannot_serve_is_refused(
    machine: Machine, spec: InstanceSpec, tmp_path: Path, script: str, words: str
) -> None:
    binary = tmp_path / "redis-server"
    binary.write_text(script)
    binary.chmod(0o700)
    driver = ProcessProvisioner(replace(machine.settings, binary=binary))
    with pytest.raises(ProvisionError, match=words):
        driver.start(spec, {})
    assert machine.presence(spec) is Presence.ABSENT


def test_named_program_serves_like_the_bundled_one(machine: Machine, spec: InstanceSpec) -> None:
    bundled = server_binary.resolve(None)
    driver = ProcessProvisioner(replace(machine.settings, binary=bundled))
    driver.start(spec, {})
    assert machine.presence(spec) is Presence.RUNNING


def test_unusable_bind_address_is_refused(machine: Machine, spec: InstanceSpec) -> None:
    driver = ProcessProvisioner(replace(machine.settings, bind_host="192.0.2.1"))
    with pytest.raises(ProvisionError, match="bind address"):
        driver.start(spec, {})


def test_data_directory_that_cannot_be_made_is_refused(
    machine: Machine, spec: InstanceSpec, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    driver = ProcessProvisioner(
        ProcessSettings(data_dir=tmp_path / "file", run_dir=machine.settings.run_dir)
    )
    with pytest.raises(ProvisionError, match=r"Not a directory. Check the data directory"):
        driver.start(spec, {})
