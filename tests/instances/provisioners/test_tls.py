"""TLS of a server that has it: Debian's Redis, which its package for the tools brings along.

That file is the server when it is called so. It is older than what instances run on, but speaks
of TLS as later ones do.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ConnectionError

from instances import acl
from instances.probe import Aim, probe
from instances.provisioners import server_binary
from instances.provisioners.base import ProvisionError
from instances.provisioners.process import ProcessProvisioner
from instances.provisioners.server_config import ServerTls
from instances.spec import InstanceSpec
from tests.certificates import Pair, self_signed
from tests.instances.provisioners.contract import DEFAULT_PASSWORD, make_spec
from tests.instances.provisioners.machine import Machine

YOUNGER_RULES = {"+client|setinfo", "+client|no-touch"}


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    return self_signed(tmp_path)


@pytest.fixture
def spec(machine: Machine, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[InstanceSpec]:
    """An instance that runs with TLS."""
    monkeypatch.setattr(server_binary, "_OLDEST", (7, 0))
    known = tuple(rule for rule in acl._CONNECTION if rule not in YOUNGER_RULES)
    monkeypatch.setattr(acl, "_CONNECTION", known)
    tools = shutil.which("redis-check-rdb")
    assert tools is not None
    machine.settings.data_dir.mkdir(parents=True)
    binary = machine.settings.data_dir / "redis-server"
    binary.symlink_to(tools)
    tls = ServerTls(pair.certificate, pair.key)
    machine.settings = replace(machine.settings, binary=binary, tls=tls)
    spec = make_spec()
    driver = machine.provisioner()
    state = driver.start(spec, {})
    yield spec
    driver.stop(spec, state)


def test_server_speaks_tls_and_nothing_else(spec: InstanceSpec, pair: Pair) -> None:
    url = f"rediss://default:{DEFAULT_PASSWORD}@127.0.0.1:{spec.port}/0"
    with Redis.from_url(url, ssl_ca_certs=str(pair.certificate), protocol=2) as client:
        assert client.ping()
    with Redis(port=spec.port, password=DEFAULT_PASSWORD) as client, pytest.raises(ConnectionError):
        client.ping()


def test_probe_goes_through_tls_by_address_and_by_name(spec: InstanceSpec, pair: Pair) -> None:
    aim = Aim(
        host="127.0.0.1",
        port=spec.port,
        password=DEFAULT_PASSWORD,
        is_tls=True,
        ca_file=pair.certificate,
    )
    result = probe(aim)
    assert (result.problem, result.advice) == ("", "")
    assert [step.name for step in result.steps] == ["Connect", "TLS", "Authenticate", "PING"]
    assert probe(replace(aim, host="localhost")).problem == ""
    untrusted = probe(replace(aim, ca_file=None))
    assert untrusted.steps[-1].name == "TLS"
    assert "can't be trusted: self-signed certificate" in untrusted.problem
    assert "INSTANCE_TLS_CA" in untrusted.advice


def test_bundled_server_has_no_tls_and_says_so(machine: Machine, pair: Pair) -> None:
    bundled = server_binary.resolve(None)
    tls = ServerTls(pair.certificate, pair.key)
    driver = ProcessProvisioner(replace(machine.settings, binary=bundled, tls=tls))
    with pytest.raises(ProvisionError, match="has no TLS"):
        driver.start(make_spec(), {})
