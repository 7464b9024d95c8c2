import pytest
from django.conf import settings
from django.test import Client

from instances import ports
from redisgate import quickstart
from redisgate.quickstart import Kit
from tests.conftest import Cast
from tests.rows import add_instance


def test_kit_shows_no_secret_in_a_trace() -> None:
    kit = Kit(password="secret-1", token="secret-2", redis_url="redis://x:secret-2@host")
    assert "secret" not in repr(kit)


@pytest.mark.django_db
def test_kit_names_the_port_that_the_server_got_in_the_end(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    kit = Kit(token="rg_token")
    quickstart.note_address(kit, instance, "rg_user")
    former = kit.redis_url
    ports.reassign(type(instance).objects.get(pk=instance.pk))
    quickstart.note_address(kit, instance, "rg_user")
    assert kit.redis_url.startswith("redis://rg_user:rg_token@")
    assert kit.redis_url != former


@pytest.mark.django_db
def test_its_person_can_log_in_where_addresses_must_be_confirmed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ACCOUNT_EMAIL_VERIFICATION", "mandatory")
    kit = Kit()
    quickstart.person(kit)
    login = {"email": kit.email, "password": kit.password}
    answer = client.post("/auth/login", login, content_type="application/json")
    assert answer.status_code == 200
