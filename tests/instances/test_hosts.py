"""A machine without room gets no new instance, and says what to do."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from audit.actors import SYSTEM
from instances import host_readings, hosts, services
from instances.hosts import HostFull
from instances.models import Host, Instance
from tests.clients import browser, program
from tests.conftest import Cast

pytestmark = pytest.mark.django_db

ROOM = {"disk_free_mb": 50_000, "disk_total_mb": 100_000}
MEMORY = {"memory_free_mb": 8_000, "memory_total_mb": 16_000}


def add_host(**facts: Any) -> Host:
    known = {**ROOM, **MEMORY, "may_overcommit": True, "seen_at": timezone.now(), **facts}
    return Host.objects.create(name="machine", **known)


def create(cast: Cast, memory_mb: int = 64) -> Instance:
    return services.create(SYSTEM, cast.acme, name="Sessions", memory_mb=memory_mb, purpose="cache")


def test_a_machine_with_room_takes_an_instance(cast: Cast) -> None:
    add_host()
    assert create(cast).pk


def test_a_disk_that_is_nearly_full_takes_none(cast: Cast) -> None:
    add_host(disk_free_mb=9_999)
    with pytest.raises(HostFull) as refusal:
        create(cast)
    assert refusal.value.message == (
        "The machine has 9 % of its disk free, and new instances are made only above 10 %. "
        "Delete unused instances, or ask your operator for more room."
    )
    assert not Instance.objects.exists()


def test_memory_must_hold_the_instance_and_a_reserve(cast: Cast) -> None:
    add_host(memory_free_mb=863)
    with pytest.raises(HostFull, match=r"has 863 MB of memory free and keeps 800 MB of it"):
        create(cast, memory_mb=64)
    assert create(cast, memory_mb=63).pk


def test_a_server_must_be_able_to_save(cast: Cast) -> None:
    add_host(memory_free_mb=190, memory_total_mb=200, may_overcommit=False)
    with pytest.raises(HostFull, match=r"Choose at most 100 MB.*vm\.overcommit_memory=1"):
        create(cast, memory_mb=101)
    assert create(cast, memory_mb=100).pk


def test_a_server_may_be_larger_where_the_kernel_lends_memory(cast: Cast) -> None:
    add_host(memory_free_mb=190, memory_total_mb=200)
    assert create(cast, memory_mb=101).pk


def test_form_and_api_say_what_to_do(cast: Cast) -> None:
    add_host(disk_free_mb=0)
    wanted = {"name": "Sessions", "memory_mb": 64, "purpose": "cache"}
    words = "The machine has 0 % of its disk free, and new instances are made only above 10 %."

    page = browser(cast.developer).post("/orgs/acme/instances/new/", wanted)
    assert page.status_code == 422
    assert words in page.content.decode()

    answer = program(cast.developer).post(f"/api/organizations/{cast.acme.id}/instances", wanted)
    assert (answer.status_code, answer.json()["code"]) == (503, "host_full")
    assert words in str(answer.json())


def test_the_bounds_are_settings(cast: Cast, settings: Settings) -> None:
    settings.HOST_DISK_FREE_PERCENT = settings.HOST_MEMORY_FREE_PERCENT = 0
    add_host(disk_free_mb=0, memory_free_mb=64)
    assert create(cast).pk


def test_an_old_report_is_not_believed(cast: Cast) -> None:
    add_host(disk_free_mb=0, seen_at=timezone.now() - timedelta(minutes=2))
    assert create(cast).pk


def test_a_report_is_written_over_the_last_one() -> None:
    hosts.report()
    readings = hosts.report()
    host = Host.objects.get()
    assert (host.disk_total_mb, host.may_overcommit) == (
        readings.disk_total_mb,
        readings.may_overcommit,
    )


def test_readings_are_of_this_machine(tmp_path: Path) -> None:
    readings = host_readings.read(tmp_path)
    assert 0 < readings.disk_free_mb <= readings.disk_total_mb
    assert 0 < readings.memory_free_mb <= readings.memory_total_mb


def test_the_bound_of_a_container_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text(f"{256 * 1024 * 1024}\n")
    (tmp_path / "memory.current").write_text(f"{100 * 1024 * 1024}\n")
    monkeypatch.setattr(host_readings, "_CGROUP", tmp_path)
    readings = host_readings.read(tmp_path)
    assert (readings.memory_free_mb, readings.memory_total_mb) == (156, 256)
