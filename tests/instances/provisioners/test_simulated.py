"""Instances that are no servers come and go like others, and nothing is there."""

from pathlib import Path

import pytest

from instances.provisioners import ProcessSettings, get
from instances.provisioners.base import Provisioner
from instances.spec import InstanceSpec
from tests.instances.provisioners.contract import Bench, Faithful


class SimulatedBench(Bench):
    def __init__(self, place: Path) -> None:
        self.place = place

    def provisioner(self) -> Provisioner:
        return get("simulated")(ProcessSettings(data_dir=self.place, run_dir=self.place / "run"))

    def crash(self, spec: InstanceSpec) -> None:
        self.file_of(spec).unlink()

    def identity(self, spec: InstanceSpec) -> object:
        return self.file_of(spec).stat().st_ino

    def take_port(self, port: int) -> None:
        """Nothing listens, so nobody is in the way."""

    def has_data(self, spec: InstanceSpec) -> bool:
        return self.file_of(spec).exists()

    def file_of(self, spec: InstanceSpec) -> Path:
        return self.place / "simulated" / f"{spec.id.hex}.json"


class TestSimulated(Faithful):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> Bench:
        return SimulatedBench(tmp_path)

    def test_nobody_is_sent_anywhere(self, bench: Bench, spec: InstanceSpec) -> None:
        endpoint = bench.provisioner().endpoint(spec)
        assert endpoint.is_simulated
        assert endpoint.socket_path is None
        assert endpoint.host.endswith(".invalid")

    def test_only_our_own_account_reads_what_is_kept(
        self, bench: SimulatedBench, spec: InstanceSpec
    ) -> None:
        bench.provisioner().start(spec, {})
        assert bench.file_of(spec).stat().st_mode & 0o077 == 0
        assert bench.place.joinpath("simulated").stat().st_mode & 0o077 == 0
