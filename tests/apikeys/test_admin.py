from django.test import Client

from accounts.models import User
from apikeys.models import ApiKey
from audit.models import AuditEvent
from tests.apikeys.rows import make_key
from tests.conftest import Cast

LIST = "/admin/apikeys/apikey/"


def operator(username: str = "opal") -> Client:
    user = User.objects.create_superuser(username, f"{username}@example.com", "a long passphrase")
    client = Client()
    client.force_login(user)
    return client


def test_operator_sees_keys_without_a_secret(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, name="Web shop")
    client = operator()
    for path in (LIST, f"{LIST}{key.pk}/change/"):
        page = client.get(path).content.decode()
        assert "Web shop" in page
        assert key.fingerprint not in page
        assert token not in page


def test_operator_revokes_and_changes_nothing_else(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    client = operator()
    client.post(LIST, {"action": "revoke", "confirmed": "yes", "_selected_action": [str(key.pk)]})
    assert not ApiKey.objects.get().is_active
    assert AuditEvent.objects.get(action="api_key.revoke").actor_label == "opal@example.com"
    assert client.post(f"{LIST}{key.pk}/change/", {"name": "x"}).status_code == 403
    assert client.post(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{key.pk}/delete/").status_code == 403


def test_member_of_an_organization_is_no_operator(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner)
    assert client.get(LIST).status_code == 302
