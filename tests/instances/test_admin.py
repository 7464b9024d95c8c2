"""Instances as operators see them."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from audit.models import AuditEvent
from instances import passwords, services
from instances.models import Instance
from instances.states import Status
from tests.conftest import PASSWORD, Cast, actor
from tests.instances.test_services import make

LIST = "/admin/instances/instance/"


@pytest.fixture
def operator(cast: Cast) -> Client:
    User.objects.create_superuser("root", "root@example.com", PASSWORD)
    client = Client()
    assert client.login(email="root@example.com", password=PASSWORD)
    return client


def choose(operator: Client, action: str, *instances: Instance) -> str:
    chosen = {
        "action": action,
        "confirmed": "yes",
        "_selected_action": [str(each.pk) for each in instances],
    }
    response = operator.post(LIST, chosen, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def test_operators_see_everything_but_secrets(cast: Cast, operator: Client) -> None:
    instance = make(cast)
    passwords.rotate(actor(cast.developer), instance, grace=timedelta(hours=1))
    now = Instance.objects.get()
    for path in (LIST, f"{LIST}{instance.pk}/change/"):
        text = operator.get(path).content.decode()
        assert instance.name in text
        for secret in (now.password, now.former_password, now.admin_password):
            assert secret not in text


@pytest.mark.parametrize(
    ("action", "wish", "audited", "words"),
    [
        ("force_stop", "stopped", "instance.stop", "1 instance is being stopped."),
        ("restart", "running", "instance.restart", "1 instance is being restarted."),
    ],
)
def test_operators_stop_and_restart(
    cast: Cast, operator: Client, action: str, wish: str, audited: str, words: str
) -> None:
    instance = make(cast)
    assert words in choose(operator, action, instance)
    assert Instance.objects.get().wish == wish
    assert AuditEvent.objects.get(action=audited).actor_label == "root@example.com"


def test_operators_start_what_failed(cast: Cast, operator: Client) -> None:
    instance = make(cast)
    Instance.objects.filter(pk=instance.pk).update(status=Status.ERROR, crashes=5)
    choose(operator, "start", instance)
    assert Instance.objects.get().crashes == 0


def test_one_that_is_being_deleted_is_named_and_the_others_are_done(
    cast: Cast, operator: Client
) -> None:
    going, staying = make(cast, "Going"), make(cast, "Staying")
    services.delete(actor(cast.developer), going)
    text = choose(operator, "force_stop", going, staying)
    assert "Going is being deleted" in text
    assert "1 instance is being stopped." in text
