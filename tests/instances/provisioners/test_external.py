"""Servers of somebody else's: held and let go, told the truth about, and otherwise left alone."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import redis

from instances.acl import Scope
from instances.provisioners import external_check
from instances.provisioners.base import Observation, Presence, ProvisionError
from instances.provisioners.external import ExternalProvisioner
from instances.remote import Remote, Tls
from instances.spec import DriverState, InstanceSpec
from redisgate.lib.outward import Guard
from tests import somebody_elses
from tests.instances.provisioners.contract import Bench, Faithful, key_user, make_spec
from tests.somebody_elses import Theirs, certificate, with_tls


class _Remembering(ExternalProvisioner):
    """Keep the driver's state between calls, as the instance's row does."""

    def __init__(self, rows: dict[object, DriverState]) -> None:
        self._rows = rows

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self._rows[spec.id] = super().start(spec, state)
        return self._rows[spec.id]

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self._rows[spec.id] = super().stop(spec, self._rows.get(spec.id, {}))
        return self._rows[spec.id]

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        return super().observe(spec, self._rows.get(spec.id, {}))

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        super().destroy(spec, state)
        self._rows.pop(spec.id, None)


class TheirBench(Bench):
    """What we keep of an instance is on their server: our mark among its users."""

    def __init__(self, theirs: Theirs) -> None:
        self.theirs = theirs
        self._rows: dict[object, DriverState] = {}

    def provisioner(self) -> ExternalProvisioner:
        return _Remembering(self._rows)

    def crash(self, spec: InstanceSpec) -> None:
        self.theirs.kill()

    def identity(self, spec: InstanceSpec) -> object:
        return self.theirs.run_id()

    def take_port(self, port: int) -> None:
        raise AssertionError("the port is theirs")

    def has_data(self, spec: InstanceSpec) -> bool:
        return any(spec.id.hex in name for name in self.theirs.users())


@pytest.fixture(scope="module")
def server() -> Iterator[Theirs]:
    with somebody_elses.running() as theirs:
        yield theirs


@pytest.fixture
def theirs(server: Theirs) -> Iterator[Theirs]:
    """Give the server as its owner has it, alive and with no user of ours."""
    if not server.answers():
        server.start()
    with server.client() as client:
        client.set("their key", "their value")
    before = server.users()
    yield server
    if server.answers():
        with server.client() as client:
            assert client.get("their key") == "their value"
            for name in server.users() - before:
                client.acl_deluser(name)


@pytest.fixture
def bench(theirs: Theirs) -> TheirBench:
    return TheirBench(theirs)


@pytest.fixture
def spec(theirs: Theirs) -> InstanceSpec:
    return spec_of(theirs.remote(manages_users=True))


def spec_of(remote: Remote) -> InstanceSpec:
    return replace(make_spec(), port=remote.port, acl_users=(), remote=remote)


class TestExternal(Faithful):
    @pytest.fixture
    def spec(self, theirs: Theirs) -> InstanceSpec:
        return spec_of(theirs.remote(manages_users=True))


def test_server_that_is_away_is_silent_and_says_why(bench: TheirBench, spec: InstanceSpec) -> None:
    driver = bench.provisioner()
    driver.start(spec, {})
    bench.crash(spec)
    seen = bench.observe(spec)
    assert seen.presence is Presence.SILENT
    assert seen.detail == f"Nothing listens at 127.0.0.1:{spec.port}."
    with pytest.raises(ProvisionError, match="Nothing listens"):
        driver.start(spec, {})


def test_users_come_back_after_their_server_has_forgotten_them(
    bench: TheirBench, spec: InstanceSpec
) -> None:
    driver = bench.provisioner()
    users = (key_user("rg_a", "a", Scope.READ),)
    state = driver.start(replace(spec, acl_users=users), {})
    bench.theirs.kill()
    bench.theirs.start()
    assert bench.observe(spec).acl_digest == "missing"
    driver.apply_acl(replace(spec, acl_users=users), state)
    with bench.theirs.client("rg_a", "a") as client:
        assert client.get("their key") == "their value"


def test_letting_go_takes_the_keys_of_everybody(bench: TheirBench, spec: InstanceSpec) -> None:
    driver = bench.provisioner()
    driver.start(replace(spec, acl_users=(key_user("rg_a", "a", Scope.WRITE),)), {})
    with bench.theirs.client("rg_a", "a") as client:
        assert client.ping()
        driver.stop(spec, {})
        with pytest.raises(redis.RedisError):
            client.ping()
    assert "rg_a" not in bench.theirs.users()


def test_only_our_own_users_are_ever_touched(bench: TheirBench, spec: InstanceSpec) -> None:
    driver = bench.provisioner()
    before = bench.theirs.users()
    driver.start(replace(spec, acl_users=(key_user("rg_a", "a", Scope.READ),)), {})
    with bench.theirs.client() as client:
        lines = [line for line in client.acl_list() if "default" in line or "boss" in line]
    driver.destroy(spec, {})
    assert bench.theirs.users() == before
    with bench.theirs.client() as client:
        assert set(lines) <= set(client.acl_list())
    with pytest.raises(ProvisionError, match="boss"):
        driver.start(replace(spec, acl_users=(key_user("boss", "a", Scope.READ),)), {})


def test_two_that_manage_users_do_not_undo_each_other(
    bench: TheirBench, spec: InstanceSpec
) -> None:
    bench.provisioner().start(spec, {})
    other = spec_of(bench.theirs.remote(manages_users=True))
    with pytest.raises(ProvisionError, match="Another instance"):
        bench.provisioner().start(other, {})
    bench.provisioner().destroy(spec, {})
    bench.provisioner().start(other, {})


def test_users_with_our_names_that_we_did_not_make_stay(
    bench: TheirBench, spec: InstanceSpec
) -> None:
    with bench.theirs.client() as client:
        client.execute_command("ACL", "SETUSER", "rg_theirs", "on")
    with pytest.raises(ProvisionError, match="didn't make them"):
        bench.provisioner().start(spec, {})
    bench.provisioner().destroy(spec, {})
    assert "rg_theirs" in bench.theirs.users()


def test_server_is_left_as_it_is_where_users_are_not_ours_to_make(bench: TheirBench) -> None:
    spec = spec_of(bench.theirs.remote("worker"))
    spec = replace(spec, acl_users=(key_user("rg_a", "a", Scope.READ),))
    before = bench.theirs.users()
    driver = bench.provisioner()
    state = driver.start(spec, {})
    driver.apply_acl(spec, state)
    seen = bench.observe(spec)
    assert (seen.presence, seen.acl_digest) == (Presence.RUNNING, "")
    driver.stop(spec, state)
    driver.destroy(spec, {})
    assert bench.theirs.users() == before


def test_server_gone_for_good_can_be_forgotten(bench: TheirBench, spec: InstanceSpec) -> None:
    driver = bench.provisioner()
    driver.start(spec, {})
    bench.theirs.kill()
    driver.destroy(spec, {"is_held": True})
    assert bench.presence(spec) is Presence.ABSENT


@pytest.mark.parametrize(
    ("user", "password", "words"),
    [("boss", "wrong", "user or the password"), ("nobody", "theirs", "user or the password")],
)
def test_refused_log_in_is_said_without_the_password(
    theirs: Theirs, user: str, password: str, words: str
) -> None:
    spec = spec_of(theirs.remote(user, password))
    with pytest.raises(ProvisionError, match=words) as caught:
        ExternalProvisioner().start(spec, {})
    seen = ExternalProvisioner().observe(spec, {"is_held": True})
    assert seen.presence is Presence.SILENT
    assert password not in (caught.value.message + seen.detail) or password == "theirs"


def test_missing_database_is_said(theirs: Theirs) -> None:
    with pytest.raises(ProvisionError, match="no such database"):
        ExternalProvisioner().start(spec_of(theirs.remote(database=9999)), {})


def test_name_that_leads_nowhere_is_said(theirs: Theirs) -> None:
    spec = spec_of(theirs.remote(host="nowhere.invalid"))
    with pytest.raises(ProvisionError, match="can't be resolved"):
        ExternalProvisioner().start(spec, {})


def test_forbidden_address_is_not_connected_to(theirs: Theirs) -> None:
    spec = spec_of(theirs.remote(guard=Guard()))
    with pytest.raises(ProvisionError, match="EXTERNAL_NETWORKS"):
        ExternalProvisioner().start(spec, {})


def test_server_with_tls_is_held(theirs: Theirs) -> None:
    shown = certificate("127.0.0.1")
    with with_tls(theirs.port, shown) as port:
        spec = spec_of(theirs.remote(port=port, tls=Tls(ca_pem=shown.pem)))
        state = ExternalProvisioner().start(spec, {})
        assert ExternalProvisioner().observe(spec, state).presence is Presence.RUNNING


def test_server_with_tls_that_wants_our_certificate_is_held(theirs: Theirs) -> None:
    shown, ours = certificate("127.0.0.1"), certificate("redisgate")
    with with_tls(theirs.port, shown, client_ca=ours.pem) as port:
        pair = Tls(ca_pem=shown.pem, certificate_pem=ours.pem, key_pem=ours.key_pem)
        ExternalProvisioner().start(spec_of(theirs.remote(port=port, tls=pair)), {})
        alone = spec_of(theirs.remote(port=port, tls=Tls(ca_pem=shown.pem)))
        with pytest.raises(ProvisionError):
            ExternalProvisioner().start(alone, {})


def test_server_name_may_differ_from_the_host(theirs: Theirs) -> None:
    shown = certificate("redis.example.com")
    with with_tls(theirs.port, shown) as port:
        named = Tls(ca_pem=shown.pem, server_name="redis.example.com")
        ExternalProvisioner().start(spec_of(theirs.remote(port=port, tls=named)), {})
        unnamed = spec_of(theirs.remote(port=port, tls=Tls(ca_pem=shown.pem)))
        with pytest.raises(ProvisionError, match="another name"):
            ExternalProvisioner().start(unnamed, {})


@pytest.mark.parametrize(
    ("age_days", "days", "words"), [(3, -1, "has expired"), (-1, 2, "isn't valid yet")]
)
def test_certificate_out_of_its_time_is_said(
    theirs: Theirs, age_days: int, days: int, words: str
) -> None:
    shown = certificate(days=days, age_days=age_days)
    with with_tls(theirs.port, shown) as port:
        spec = spec_of(theirs.remote(port=port, tls=Tls(ca_pem=shown.pem)))
        with pytest.raises(ProvisionError, match=words):
            ExternalProvisioner().start(spec, {})


def test_unknown_authority_is_said(theirs: Theirs) -> None:
    with with_tls(theirs.port, certificate()) as port:
        for how in (Tls(), Tls(ca_pem=certificate("other").pem)):
            with pytest.raises(ProvisionError, match="CA certificate"):
                ExternalProvisioner().start(spec_of(theirs.remote(port=port, tls=how)), {})


def test_tls_towards_a_plain_server_is_said(theirs: Theirs) -> None:
    with pytest.raises(ProvisionError, match="TLS"):
        ExternalProvisioner().start(spec_of(theirs.remote(tls=Tls())), {})


def test_plain_words_towards_tls_end_in_words(theirs: Theirs) -> None:
    with with_tls(theirs.port, certificate()) as port, pytest.raises(ProvisionError):
        ExternalProvisioner().start(spec_of(theirs.remote(port=port)), {})


def test_user_of_the_how_to_is_enough(bench: TheirBench) -> None:
    least = "on >theirs ~* &* +@all -@admin -@dangerous +info +command +acl +client|kill"
    with bench.theirs.client() as client:
        client.execute_command("ACL", "SETUSER", "redisgate", *least.split())
    remote = bench.theirs.remote("redisgate", manages_users=True)
    findings = external_check.check(remote)
    assert (findings.may_manage_users, findings.may_administer) == (True, False)
    driver, spec = bench.provisioner(), spec_of(remote)
    spec = replace(spec, acl_users=(key_user("rg_a", "a", Scope.WRITE, patterns=("mine:*",)),))
    state = driver.start(spec, {})
    rotated = replace(spec, acl_users=(key_user("rg_a", "b", Scope.READ),))
    driver.apply_acl(rotated, state)
    with bench.theirs.client("rg_a", "b") as client:
        assert client.get("their key") == "their value"
    driver.destroy(spec, state)
