"""A new password for the user `default`, at once or with time to change over."""

from datetime import timedelta

import pytest
import redis
from django.db import connection
from django.utils import timezone

from audit.actions import Action
from audit.actors import SYSTEM
from audit.models import AuditEvent
from instances import passwords, services
from instances.models import Instance
from instances.states import Status
from redisgate.lib.errors import Conflict, InvalidInput
from tests.conftest import Cast, actor
from tests.instances.harness import ControlPlane, client, fresh
from tests.instances.test_services import make
from tests.instances.test_users import running
from tests.waiting import wait_until

AT_ONCE, HOUR, DAY = timedelta(0), timedelta(hours=1), timedelta(hours=24)


def opens(instance: Instance, password: str) -> bool:
    try:
        with client(instance, password=password) as link:
            return bool(link.ping())
    except redis.AuthenticationError:
        return False
    except redis.ConnectionError as error:
        # A user who loses a password between AUTH and PING finds the connection closed.
        if "refused" in str(error):
            raise
        return opens(instance, password)


def test_rotated_at_once_the_old_password_is_dead(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    old = instance.password
    with client(instance) as early:
        assert early.ping()
        assert passwords.rotate(SYSTEM, fresh(instance), grace=AT_ONCE)
        assert services.wait_for_acl([instance.pk], timeout_seconds=20)
        with pytest.raises(redis.RedisError):
            early.ping()
    assert opens(instance, fresh(instance).password)
    assert not opens(instance, old)


def test_with_a_grace_both_work_and_the_old_one_ends_by_itself(control_plane: ControlPlane) -> None:
    instance = running(control_plane)
    old = instance.password
    with client(instance) as early:
        assert early.ping()
        passwords.rotate(SYSTEM, fresh(instance), grace=HOUR)
        assert services.wait_for_acl([instance.pk], timeout_seconds=20)
        assert early.ping(), "nobody is cut off by one more password"
    assert opens(instance, fresh(instance).password)
    assert opens(instance, old)
    # The hour passes in a moment.
    soon = timezone.now() + timedelta(seconds=0.5)
    Instance.objects.filter(pk=instance.pk).update(former_password_until=soon)
    services.acl_changed([instance.pk])
    wait_until(lambda: not opens(instance, old), "the end of the grace", seconds=8)
    assert opens(instance, fresh(instance).password)
    wait_until(lambda: fresh(instance).former_password == "", "it is forgotten")
    assert fresh(instance).former_password_until is None


def test_former_password_survives_a_restart_and_can_be_ended_early(
    control_plane: ControlPlane,
) -> None:
    instance = running(control_plane)
    old = instance.password
    passwords.rotate(SYSTEM, fresh(instance), grace=DAY)
    services.restart(SYSTEM, instance)
    wait_until(lambda: fresh(instance).restart_done == 1, "restarted")
    wait_until(lambda: fresh(instance).status == Status.RUNNING, "running")
    assert opens(instance, old)
    passwords.end_former(SYSTEM, fresh(instance))
    assert services.wait_for_acl([instance.pk], timeout_seconds=20)
    assert not opens(instance, old)
    assert opens(instance, fresh(instance).password)


def test_second_press_makes_no_third_password(cast: Cast) -> None:
    instance, dora = make(cast), actor(cast.developer)
    seen = instance.password_version
    assert passwords.rotate(dora, fresh(instance), grace=DAY, seen_version=seen)
    made = fresh(instance)
    assert not passwords.rotate(dora, fresh(instance), grace=DAY, seen_version=seen)
    assert not passwords.rotate(dora, instance, grace=AT_ONCE), "a row read before the first press"
    now = fresh(instance)
    assert (now.password, now.former_password) == (made.password, instance.password)
    assert AuditEvent.objects.filter(action=Action.INSTANCE_ROTATE_PASSWORD).count() == 1


def test_one_more_grace_is_refused_while_a_former_password_works(cast: Cast) -> None:
    instance, dora = make(cast), actor(cast.developer)
    passwords.rotate(dora, instance, grace=DAY)
    with pytest.raises(Conflict, match=r"still works\. End it first"):
        passwords.rotate(dora, fresh(instance), grace=HOUR)
    assert passwords.rotate(dora, fresh(instance), grace=AT_ONCE)
    assert fresh(instance).former_password_until is None


def test_only_some_graces_are_offered(cast: Cast) -> None:
    instance = make(cast)
    with pytest.raises(InvalidInput, match="0, 3600, 86400, 604800 seconds"):
        passwords.rotate(actor(cast.developer), instance, grace=timedelta(days=30))


def test_deleted_one_gets_no_new_password(cast: Cast) -> None:
    instance, dora = make(cast), actor(cast.developer)
    services.delete(dora, instance)
    with pytest.raises(Conflict, match="is being deleted"):
        passwords.rotate(dora, instance, grace=DAY)
    with pytest.raises(Conflict, match="is being deleted"):
        passwords.end_former(dora, instance)


def test_neither_password_stands_in_the_database_or_the_audit_log(cast: Cast) -> None:
    instance = make(cast)
    passwords.rotate(actor(cast.developer), instance, grace=DAY)
    secrets = {instance.password, fresh(instance).password}
    with connection.cursor() as cursor:
        cursor.execute("SELECT password, former_password FROM instances_instance")
        stored = cursor.fetchone()
    assert secrets.isdisjoint(stored)
    assert all(stored)
    changes = str(AuditEvent.objects.get(action=Action.INSTANCE_ROTATE_PASSWORD).changes)
    assert changes == "{'grace_seconds': 86400}"
