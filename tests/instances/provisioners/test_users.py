"""Users of a running server come, change and go; the others notice nothing."""

import json
from dataclasses import replace

import pytest
import redis

from instances import acl
from instances.acl import AclUser, Scope
from instances.provisioners.admin_connection import AdminConnection
from instances.provisioners.base import ProvisionError
from instances.spec import InstanceSpec, Persistence
from tests.instances.provisioners.contract import key_user, make_spec
from tests.instances.provisioners.machine import Machine

ANNA = key_user("rg_anna", "anna", Scope.WRITE)
BEN = key_user("rg_ben", "ben", Scope.WRITE)


@pytest.fixture
def spec(machine: Machine) -> InstanceSpec:
    """A running instance that Anna and Ben may use."""
    spec = make_spec(Persistence.AOF, ANNA, BEN)
    machine.provisioner().start(spec, {})
    return spec


def with_users(spec: InstanceSpec, *users: AclUser) -> InstanceSpec:
    return replace(spec, acl_users=(spec.acl_users[0], *users))


def may_log_in(machine: Machine, spec: InstanceSpec, name: str, password: str) -> bool:
    try:
        with machine.client(spec, name, password) as client:
            return bool(client.ping())
    except redis.AuthenticationError:
        return False


def test_added_user_logs_in(machine: Machine, spec: InstanceSpec) -> None:
    cleo = key_user("rg_cleo", "cleo", Scope.READ)
    assert not may_log_in(machine, spec, "rg_cleo", "cleo")
    machine.provisioner().apply_acl(with_users(spec, ANNA, BEN, cleo), {})
    assert may_log_in(machine, spec, "rg_cleo", "cleo")


def test_removed_user_loses_connection_and_access_while_others_keep_theirs(
    machine: Machine, spec: InstanceSpec
) -> None:
    with (
        machine.client(spec, "rg_anna", "anna") as anna,
        machine.client(spec, "rg_ben", "ben") as ben,
        machine.client(spec) as default,
        machine.client(spec, "rg-admin", spec.admin_password) as admin,
    ):
        others = {client: client.client_id() for client in (ben, default, admin)}
        assert anna.ping()
        machine.provisioner().apply_acl(with_users(spec, BEN), {})
        with pytest.raises(redis.ConnectionError):
            anna.ping()
        assert {client: client.client_id() for client in others} == others
    assert not may_log_in(machine, spec, "rg_anna", "anna")


@pytest.mark.parametrize(
    "changed",
    [key_user("rg_anna", "new", Scope.WRITE), key_user("rg_anna", "anna", Scope.READ)],
    ids=["password", "scope"],
)
def test_changed_user_loses_connection_while_others_keep_theirs(
    machine: Machine, spec: InstanceSpec, changed: AclUser
) -> None:
    with (
        machine.client(spec, "rg_anna", "anna") as anna,
        machine.client(spec, "rg_ben", "ben") as ben,
    ):
        number = ben.client_id()
        assert anna.ping()
        machine.provisioner().apply_acl(with_users(spec, changed, BEN), {})
        with pytest.raises(redis.ConnectionError):
            anna.ping()
        assert ben.client_id() == number


def test_subscriber_that_is_revoked_is_cut_off(machine: Machine, spec: InstanceSpec) -> None:
    with machine.client(spec, "rg_anna", "anna") as anna, anna.pubsub() as listener:  # type: ignore[no-untyped-call]
        listener.subscribe("news")
        assert listener.get_message(timeout=60)
        machine.provisioner().apply_acl(with_users(spec, BEN), {})
        with pytest.raises(redis.ConnectionError):
            listener.get_message(timeout=60)


def test_applying_the_same_users_disturbs_nobody(machine: Machine, spec: InstanceSpec) -> None:
    with machine.client(spec, "rg_anna", "anna") as anna:
        number = anna.client_id()
        machine.provisioner().apply_acl(spec, {})
        assert anna.client_id() == number


def test_new_default_password_replaces_the_old_one(machine: Machine, spec: InstanceSpec) -> None:
    rotated = replace(spec, acl_users=(acl.default_user("rotated"), ANNA))
    machine.provisioner().apply_acl(rotated, {})
    assert may_log_in(machine, spec, "default", "rotated")
    assert not may_log_in(machine, spec, "default", "everybody's")


def test_default_that_is_left_out_is_no_open_door(machine: Machine, spec: InstanceSpec) -> None:
    machine.provisioner().apply_acl(replace(spec, acl_users=(ANNA,)), {})
    assert not may_log_in(machine, spec, "default", "everybody's")
    with AdminConnection(machine.paths(spec).socket, "", timeout_seconds=5) as anonymous:
        assert str(anonymous.pipeline(("PING",))[0]).startswith("NOAUTH")


def test_users_survive_a_crash_of_the_server(machine: Machine, spec: InstanceSpec) -> None:
    changed = with_users(spec, BEN)
    machine.provisioner().apply_acl(changed, {})
    machine.crash(spec)
    machine.provisioner().start(changed, {})
    assert not may_log_in(machine, spec, "rg_anna", "anna")
    assert may_log_in(machine, spec, "rg_ben", "ben")


def test_digest_is_what_the_server_loaded_and_not_what_the_file_says(
    machine: Machine, spec: InstanceSpec
) -> None:
    machine.paths(spec).acl.write_text(acl.server_file(spec.admin_password, ()))
    assert machine.observe(spec).acl_digest == acl.digest(spec.acl_users)


def test_change_that_was_cut_short_is_finished_by_the_next_call(
    machine: Machine, spec: InstanceSpec
) -> None:
    changed = with_users(spec, key_user("rg_anna", "new", Scope.WRITE), BEN)
    paths, driver = machine.paths(spec), machine.provisioner()
    with (
        machine.client(spec, "rg_anna", "anna") as anna,
        machine.client(spec, "rg_ben", "ben") as ben,
        machine.client(spec, "rg-admin", spec.admin_password) as admin,
    ):
        number = ben.client_id()
        before = {line.split(" ")[1]: line for line in map(str, admin.acl_list())}
        paths.acl_before.write_text(json.dumps(before))
        paths.acl.write_text(acl.server_file(spec.admin_password, changed.acl_users))
        admin.acl_load()
        assert anna.ping()

        assert machine.observe(spec).acl_digest not in {acl.digest(changed.acl_users), ""}
        driver.apply_acl(changed, {})
        with pytest.raises(redis.ConnectionError):
            anna.ping()
        assert ben.client_id() == number
    assert machine.observe(spec).acl_digest == acl.digest(changed.acl_users)


def test_users_that_cannot_be_written_change_nothing(machine: Machine, spec: InstanceSpec) -> None:
    bad = AclUser("rg_evil", "a" * 64, ("~*\nuser evil on nopass +@all",))
    with pytest.raises(ProvisionError, match="settings can't be used"):
        machine.provisioner().apply_acl(with_users(spec, bad), {})
    assert machine.observe(spec).acl_digest == acl.digest(spec.acl_users)


def test_rule_that_the_server_does_not_know_changes_nothing(
    machine: Machine, spec: InstanceSpec
) -> None:
    bad = AclUser("rg_odd", "a" * 64, ("+no-such-command",))
    with pytest.raises(ProvisionError, match="The server refused"):
        machine.provisioner().apply_acl(with_users(spec, bad), {})
    assert machine.observe(spec).acl_digest != acl.digest(with_users(spec, bad).acl_users)
    assert may_log_in(machine, spec, "rg_anna", "anna")


@pytest.mark.parametrize("scope", list(Scope))
def test_every_pattern_that_is_accepted_means_itself(
    machine: Machine, spec: InstanceSpec, scope: Scope
) -> None:
    patterns = (
        "~", "(", ")", "~*", "%R~", "&*", "+@all", "#", ">x", "nopass", "\\", "\\x41", "\\n",
        "[a-z]?", "**", "{tag}:*", "é:*", "キー", "a;b", "$HOME", "`id`", "%s", "x" * 512,
    )  # fmt: skip
    odd = key_user("rg_odd", "odd", scope, patterns=patterns)
    machine.provisioner().apply_acl(with_users(spec, odd), {})
    with machine.client(spec, "rg-admin", spec.admin_password) as admin:
        known = admin.acl_getuser("rg_odd")
    prefix = "%R~" if scope is Scope.READ else "~"
    assert known
    assert known["keys"] == [prefix + pattern for pattern in patterns]
    assert "nopass" not in str(known["flags"])


def test_second_password_disturbs_nobody_and_ends_with_all_who_may_have_used_it(
    machine: Machine, spec: InstanceSpec
) -> None:
    both = acl.default_user("rotated", former_password="everybody's")
    with machine.client(spec) as early:
        number = early.client_id()
        machine.provisioner().apply_acl(replace(spec, acl_users=(both, ANNA)), {})
        assert early.client_id() == number
        assert may_log_in(machine, spec, "default", "rotated")
        assert may_log_in(machine, spec, "default", "everybody's")
        rotated = replace(spec, acl_users=(acl.default_user("rotated"), ANNA))
        machine.provisioner().apply_acl(rotated, {})
        with pytest.raises(redis.ConnectionError):
            early.ping()
    assert not may_log_in(machine, spec, "default", "everybody's")
