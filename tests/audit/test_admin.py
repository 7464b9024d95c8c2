import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit import admin
from audit.models import AuditEvent
from tests.audit.test_chain import write
from tests.clients import browser
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db

LIST = "/admin/audit/auditevent/"


@pytest.fixture
def operator() -> Client:
    return browser(User.objects.create_superuser("root", "root@example.com", PASSWORD))


def test_operator_sees_what_belongs_to_no_organization(operator: Client) -> None:
    write(note="seen")
    page = operator.get(LIST).text
    assert "instance.rename" in page
    event = AuditEvent.objects.get()
    assert "seen" in operator.get(f"{LIST}{event.pk}/change/").text


def test_nothing_can_be_changed(operator: Client) -> None:
    write()
    event = AuditEvent.objects.get()
    assert operator.get(f"{LIST}add/").status_code == 403
    assert operator.post(f"{LIST}{event.pk}/change/", {"action": "x"}).status_code == 403
    assert operator.post(f"{LIST}{event.pk}/delete/", {"post": "yes"}).status_code == 403
    assert "Delete" not in operator.get(LIST).text


def test_search_finds_ids_and_words(operator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin, "LOOKED_THROUGH", 2)
    events = [write(number=number) for number in range(4)]
    for query in (events[0].pk, events[0].object_id):
        assert operator.get(f"{LIST}?q={query}").context["cl"].result_count == 1
    assert operator.get(f"{LIST}?q=cache").context["cl"].result_count == 3
    assert operator.get(f"{LIST}?q=never-was").context["cl"].result_count == 0


def test_month_narrows_and_a_strange_one_does_not(operator: Client) -> None:
    event = write()
    for query, count in ((f"{event.at:%Y-%m}", 1), ("2001-01", 1)):
        assert operator.get(f"{LIST}?month={query}").context["cl"].result_count == count


def test_no_query_looks_at_the_whole_table(
    operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin, "COUNTED", 3)
    monkeypatch.setattr(admin.AuditEventAdmin, "list_per_page", 2)
    for _ in range(5):
        write()
    with CaptureQueriesContext(connection) as asked:
        assert operator.get(LIST).context["cl"].result_count == 3
    ours = [each["sql"] for each in asked if "audit_auditevent" in each["sql"]]
    assert all("LIMIT" in sql for sql in ours)
