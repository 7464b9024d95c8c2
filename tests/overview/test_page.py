"""The overview as people get it."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from apikeys.models import ApiKey, KeyUsage
from audit.models import AuditEvent
from instances.models import Instance, Lease
from orgs.models import Organization
from overview import putting_off
from overview.hints import Hint
from tests.clients import browser
from tests.conftest import Cast
from tests.figures.rows import write_last
from tests.quotas.rows import add_key, limit
from tests.rows import add_instance

pytestmark = pytest.mark.django_db

RUNNING = {"status": "running", "health": "healthy", "acl_done": 1}
PAGE, NOW, HINTS = "/orgs/acme/", "/orgs/acme/overview/now/", "/orgs/acme/overview/hints/"


@pytest.fixture(autouse=True)
def controlled(cast: Cast) -> None:
    """Let the platform be well: a controller holds its lease."""
    later = timezone.now() + timedelta(hours=1)
    Lease.objects.create(name="controller", holder="a test", expires_at=later)


def text_of(user: User, address: str = PAGE) -> str:
    response = browser(user).get(address)
    assert response.status_code == 200
    return " ".join(response.text.split())


def run(organization: Organization, name: str = "", **columns: object) -> Instance:
    instance = add_instance(organization, name, **{**RUNNING, **columns})
    write_last(instance, time.time())
    return instance


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("address", [PAGE, NOW, "/orgs/"])
def test_thirty_instances_cost_no_more_queries_than_three(cast: Cast, address: str) -> None:
    limit(cast.acme, instances_limit=100, memory_mb_limit=4096)
    add_key(cast.acme)
    client = browser(cast.owner)
    for _ in range(3):
        run(cast.acme)
    few = queries(client, address)
    for _ in range(27):
        run(cast.acme)
    assert queries(client, address) == few


def test_headline_adds_up_all_instances(cast: Cast) -> None:
    run(cast.acme, "one", memory_mb=4)
    run(cast.acme, "two", memory_mb=4)
    add_instance(cast.acme, "off", status="stopped", wish="stopped")
    text = text_of(cast.viewer)
    for part in ("2 of 3", "1 stopped", "1.91 MB", "20/s", "75 %"):
        assert part in text


def test_share_of_errors_is_that_of_the_last_day(cast: Cast) -> None:
    instance, key = run(cast.acme), add_key(cast.acme)
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    for ago, errors in ((0, 10), (5, 10), (30, 500)):
        KeyUsage.objects.create(
            key=key,
            instance_id=instance.pk,
            hour=hour - timedelta(hours=ago),
            requests=50,
            commands=100,
            errors=errors,
        )
    text = text_of(cast.viewer)
    assert "10 %" in text
    assert "20 errors of the command API in 24 hours" in text


def test_all_well_is_said_quietly(cast: Cast) -> None:
    run(cast.acme)
    add_key(cast.acme)
    assert "Everything is well." in text_of(cast.viewer)


def test_failed_instance_is_told_with_the_way_to_it(cast: Cast) -> None:
    failed = add_instance(cast.acme, "broken", status="error", status_detail="It ended 5 times.")
    text = text_of(cast.viewer)
    assert "Everything is well." not in text
    assert "broken has failed" in text
    assert f"/orgs/acme/instances/{failed.pk}/" in text


def test_without_a_controller_the_page_says_so(cast: Cast) -> None:
    add_instance(cast.acme)
    Lease.objects.all().delete()
    assert "No controller runs" in text_of(cast.viewer)


def test_suspended_organization_is_not_called_well(cast: Cast) -> None:
    add_instance(cast.acme, status="stopped", wish="stopped")
    Organization.objects.filter(pk=cast.acme.pk).update(suspended_at=timezone.now())
    assert "Everything is well." not in text_of(cast.viewer)


def test_hint_is_put_off_for_a_week_in_this_browser_alone(cast: Cast) -> None:
    add_instance(cast.acme, "broken", status="error")
    client = browser(cast.viewer)
    (hint,) = client.get(PAGE).context["now"].told.shown
    assert client.post(HINTS, {"hint": hint.key}).status_code == 302
    cookie = client.cookies[putting_off.COOKIE]
    assert (cookie["httponly"], cookie["max-age"]) == (True, 7 * 24 * 3600)
    assert "broken has failed" not in client.get(PAGE).text
    assert "Show 1 hidden hint" in client.get(NOW).text
    assert "broken has failed" in text_of(cast.owner)
    client.post(HINTS)
    assert "broken has failed" in client.get(PAGE).text


def test_hint_that_two_organizations_share_is_put_off_in_each_by_itself(cast: Cast) -> None:
    cast.globex.memberships.create(user=cast.owner, role="viewer")
    pages = PAGE, "/orgs/globex/"
    for organization in (cast.acme, cast.globex):
        limit(organization, instances_limit=1)
        add_instance(organization)
    client = browser(cast.owner)
    for page in pages:
        (hint,) = full(client, page)
        client.post(f"{page}overview/hints/", {"hint": hint.key})
        assert full(client, page) == []
    client.post(f"{pages[1]}overview/hints/")
    assert [len(full(client, page)) for page in pages] == [0, 1]


def full(client: Client, page: str) -> list[Hint]:
    shown = client.get(page).context["now"].told.shown
    return [each for each in shown if each.title == "1 of 1 instance is used"]


@pytest.mark.parametrize("cookie", ["nonsense", "0123456789ab-1", "0123456789ab-" + "9" * 5000])
def test_damaged_cookie_hides_nothing(cast: Cast, cookie: str) -> None:
    add_instance(cast.acme, "broken", status="error")
    client = browser(cast.viewer)
    client.cookies[putting_off.COOKIE] = cookie
    assert "broken has failed" in client.get(PAGE).text


@pytest.mark.parametrize("hint", ["0123456789AB", "0123456789ab\n", "a" * 9000, "; Path=/"])
def test_what_is_no_hint_is_refused(cast: Cast, hint: str) -> None:
    answer = browser(cast.viewer).post(HINTS, {"hint": hint})
    assert answer.status_code == 400
    assert putting_off.COOKIE not in answer.cookies


def test_cookie_keeps_only_so_many_hints(cast: Cast) -> None:
    client = browser(cast.viewer)
    for number in range(putting_off.KEPT + 5):
        client.post(HINTS, {"hint": f"{number:012x}"})
    assert client.cookies[putting_off.COOKIE].value.count(".") == putting_off.KEPT - 1


def test_keys_that_end_or_lie_idle_are_told(cast: Cast) -> None:
    add_instance(cast.acme)
    ending = add_key(cast.acme, expires_at=timezone.now() + timedelta(days=5, hours=1))
    idle, quiet = add_key(cast.acme), add_key(cast.acme)
    ago = timezone.now() - timedelta(days=100)
    ApiKey.objects.filter(pk=idle.pk).update(created_at=ago)
    soon = timezone.now() + timedelta(days=1)
    ApiKey.objects.filter(pk=quiet.pk).update(expires_at=soon, is_quiet=True)
    text = text_of(cast.developer)
    assert f"API key “{ending.name}” expires in 5 days" in text
    assert f"API key “{idle.name}” was not used over HTTP for 100 days" in text
    assert f"“{quiet.name}”" not in text


def test_many_keys_that_end_are_counted_in_one_sentence(cast: Cast) -> None:
    add_instance(cast.acme)
    soon = timezone.now() + timedelta(days=5)
    for _ in range(3):
        add_key(cast.acme, expires_at=soon)
    client = browser(cast.developer)
    few = queries(client, NOW)
    for _ in range(3):
        add_key(cast.acme, expires_at=soon)
    assert queries(client, NOW) == few
    (told,) = client.get(NOW).context["now"].told.shown
    assert (told.title, told.url) == ("6 API keys expire within a week", "/orgs/acme/api-keys/")


def test_owner_reads_everybodys_events_and_a_developer_their_own(cast: Cast) -> None:
    add_instance(cast.acme)
    assert "olivia@example.com" in text_of(cast.owner)
    text = text_of(cast.developer)
    assert "You have changed nothing here yet." in text
    assert "/orgs/acme/audit/" not in text
    event = AuditEvent.objects.filter(organization_id=cast.acme.pk).latest("sequence")
    assert event.actor_label not in text


def test_page_of_many_shows_ten_and_leads_to_all(cast: Cast) -> None:
    limit(cast.acme, instances_limit=100)
    for number in range(12):
        run(cast.acme, f"shard {number}")
    text = text_of(cast.viewer)
    assert text.count('data-need="') == 10
    assert "All 12 instances" in text
