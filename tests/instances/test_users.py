"""Who may log in to a running server: the loop follows keys that come, go and expire."""

from datetime import timedelta

import pytest
import redis
from django.utils import timezone

from apikeys import services as api_keys
from apikeys.models import ApiKey
from audit.actors import SYSTEM
from instances import acl, acl_sources, services
from instances.models import Instance
from instances.spec_of_row import spec_of
from instances.states import Status
from tests.instances.harness import ControlPlane, client, fresh, pid_of
from tests.instances.test_lifecycle import make
from tests.waiting import wait_until


def running(control_plane: ControlPlane) -> Instance:
    """Make an instance under a loop of its own process: services wait until it has applied."""
    instance = make()
    control_plane.controller()
    wait_until(lambda: fresh(instance).status == Status.RUNNING, "running")
    return instance


def knows(instance: Instance, key: ApiKey, token: str) -> bool:
    try:
        with client(instance, user=key.prefix, password=token) as connection:
            return bool(connection.ping())
    except redis.AuthenticationError:
        return False
    except redis.ConnectionError as error:
        # A user who is deleted between AUTH and PING finds the connection closed, and a server
        # that is down refuses one: only the first may be asked again.
        if str(error) != "Connection closed by server.":
            raise
        return knows(instance, key, token)


def test_key_works_when_it_is_shown_and_not_once_it_is_revoked(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    pid = pid_of(instance)
    key, token = api_keys.create(SYSTEM, instance.organization, name="web", scopes=["read"])
    assert knows(instance, key, token)
    assert services.wait_for_acl([instance.pk], timeout_seconds=0)
    api_keys.revoke(SYSTEM, key)
    assert not knows(instance, key, token)
    assert pid_of(instance) == pid


def test_key_that_expires_is_taken_away_without_anybody_asking(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    soon = timezone.now() + timedelta(seconds=5)
    key, token = api_keys.create(
        SYSTEM, instance.organization, name="web", scopes=["read"], expires_at=soon
    )
    assert knows(instance, key, token)
    wait_until(lambda: not knows(instance, key, token), "expired", seconds=8)
    wait_until(lambda: fresh(instance).acl_valid_until is None, "noted")


def test_users_survive_a_restart(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    key, token = api_keys.create(SYSTEM, instance.organization, name="web", scopes=["read"])
    services.restart(SYSTEM, instance)
    wait_until(lambda: fresh(instance).restart_done == 1, "restarted")
    wait_until(lambda: fresh(instance).status == Status.RUNNING, "running")
    assert knows(instance, key, token)


def test_server_with_other_users_than_ours_is_corrected(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    key, token = api_keys.create(SYSTEM, instance.organization, name="web", scopes=["read"])
    with client(instance, user="rg-admin", password=fresh(instance).admin_password) as connection:
        marks = [f"rg-acl-{acl.digest(users_of(instance))}", key.prefix]
        assert connection.acl_deluser(*marks) == len(marks)
        connection.acl_setuser("rg-acl-somebodys-list")
    wait_until(lambda: knows(instance, key, token), "corrected", seconds=8)


def users_of(instance: Instance) -> tuple[acl.AclUser, ...]:
    return spec_of(fresh(instance), acl_sources.collect(instance).users).acl_users


@pytest.mark.parametrize("is_running", [True, False])
def test_instance_past_its_time_is_deleted(control_plane: ControlPlane, is_running: bool) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    if not is_running:
        services.stop(SYSTEM, instance)
        loop.until_status(instance, Status.STOPPED)
    Instance.objects.filter(pk=instance.pk).update(expires_at=timezone.now())
    loop.until(lambda: not Instance.objects.filter(pk=instance.pk).exists(), "gone")
    assert control_plane.server_pids() == []
