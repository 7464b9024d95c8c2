import json
import typing

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import AsyncClient
from django.test.utils import CaptureQueriesContext

from audit.actions import Action
from audit.actors import Means
from instances.states import Wish
from tests.activity.conftest import Write
from tests.clients import browser
from tests.conftest import Cast
from tests.rows import add_instance

LOG = "/orgs/acme/audit/"


def test_event_is_told_in_words(cast: Cast, write: Write) -> None:
    write(label="sessions", means=Means.COMMAND)
    page = browser(cast.admin).get(LOG).text
    for words in ("olivia@example.com", "renamed the instance", "sessions", "Command line"):
        assert words in page
    assert "203.0.113.7" in page


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("SADD", "ran SADD on"),
        ("CLIENT LIST", "ran CLIENT LIST on"),
        ("(unknown)", "ran a command"),
    ],
)
def test_command_of_a_console_is_named(cast: Cast, write: Write, command: str, words: str) -> None:
    event = write(Action.CONSOLE_COMMAND, arguments=2, command=command, keys=["a"])
    for page in (LOG, f"{LOG}{event.id}/"):
        assert words in browser(cast.admin).get(page).text


def test_facts_of_a_command_begin_with_the_command(cast: Cast, write: Write) -> None:
    event = write(Action.CONSOLE_COMMAND, arguments=2, command="SADD", keys=["a"])
    page = browser(cast.admin).get(f"{LOG}{event.id}/").text
    places = [
        page.index(f">{each}<") for each in ("When", "Command", "Keys", "Number of arguments")
    ]
    assert places == sorted(places)


def test_operator_is_not_named_to_the_organization(cast: Cast, write: Write) -> None:
    cast.owner.memberships.all().delete()
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_staff=True)
    event = write(Action.QUOTA_UPDATE, "Acme")
    for page in (LOG, f"{LOG}{event.id}/"):
        shown = browser(cast.admin).get(page).text
        assert "The operator" in shown
        assert "203.0.113.7" not in shown
        assert cast.owner.email not in shown


def test_operator_is_not_found_by_name_or_address(cast: Cast, write: Write) -> None:
    cast.owner.memberships.all().delete()
    type(cast.owner).objects.filter(pk=cast.owner.pk).update(is_staff=True)
    write(Action.QUOTA_UPDATE, "Acme")
    asked = (f"search={cast.owner.email[:4]}", "search=203.0", f"search={cast.owner.pk}")
    for query in (*asked, f"actor={cast.owner.pk}"):
        shown = browser(cast.admin).get(f"{LOG}?{query}").text
        assert "Nothing like that happened" in shown, query
        assert cast.owner.email not in shown
    assert "The operator" in browser(cast.admin).get(f"{LOG}?search=quota").text


def test_actions_are_offered_by_their_objects(cast: Cast) -> None:
    page = browser(cast.admin).get(LOG).text
    assert '<optgroup label="API key">' in page
    for elsewhere in ("account.sign_in", "person.suspend", "plan.create"):
        assert f'value="{elsewhere}"' not in page


def test_log_of_a_fresh_organization_teaches(cast: Cast) -> None:
    page = browser(cast.owner).get(f"{LOG}?means=key").text
    assert "Nothing like that happened" in page


def test_opened_event_shows_before_and_after(cast: Cast, write: Write) -> None:
    event = write(before={"name": "<old>", "memory_mb": 64}, after={"name": "new", "memory_mb": 64})
    for headers in ({}, {"HX-Request": "true"}):
        page = browser(cast.owner).get(f"{LOG}{event.id}/", headers=headers).text
        assert "<del>&lt;old&gt;</del>" in page
        assert "<ins>new</ins>" in page
        assert event.request_id in page


def test_label_leads_to_what_still_exists(cast: Cast, write: Write) -> None:
    there, deleted = add_instance(cast.acme, "there"), add_instance(cast.acme, "deleted")
    deleted.wish = Wish.DELETED
    deleted.save(update_fields=["wish"])
    pages = {
        each.name: browser(cast.owner)
        .get(f"{LOG}{write(label=each.name, object_id=each.pk).id}/")
        .text
        for each in (there, deleted)
    }
    assert 'href="/orgs/acme/instances/there/">there</a>' in pages["there"]
    assert 'href="/orgs/acme/instances/deleted/"' not in pages["deleted"]


def test_next_page_comes_alone_for_htmx(cast: Cast, write: Write) -> None:
    for number in range(60):
        write(label=f"number{number}")
    client = browser(cast.owner)
    page = client.get(LOG)
    assert "number59" in page.text
    assert "number9<" not in page.text
    older = page.context["page"].older
    more = client.get(
        f"{LOG}?cursor={older}", headers={"HX-Request": "true", "HX-Target": "more"}
    ).text
    assert more.lstrip().startswith("<li>")
    assert "number9<" in more
    assert "Show older events" not in more


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("since=yesterday", "Give a day such as"),
        ("means=magic", "There is no magic here."),
        ("actor=me", "valid UUID"),
        ("search=a+b+c+d+e+f", "5 words at most"),
    ],
)
def test_filter_that_is_not_understood_says_so(cast: Cast, query: str, words: str) -> None:
    response = browser(cast.owner).get(f"{LOG}?{query}")
    assert response.status_code == 422
    assert words in response.text


def test_number_of_queries_does_not_grow(cast: Cast, write: Write) -> None:
    client = browser(cast.owner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{LOG}?search=olivia").status_code == 200
        return len(queries)

    instance = add_instance(cast.acme)
    write(object_id=instance.pk)
    write(Action.API_KEY_CREATE)
    few = asked()
    for _ in range(45):
        write(object_id=instance.pk)
        write(Action.API_KEY_CREATE)
    assert asked() == few <= 10


def test_sidebar_leads_those_who_may_look(cast: Cast) -> None:
    link = f'href="{LOG}"'
    assert link in browser(cast.admin).get("/orgs/acme/").text
    assert link not in browser(cast.developer).get("/orgs/acme/").text


def test_person_who_left_can_still_be_chosen(cast: Cast, write: Write) -> None:
    write()
    cast.acme.memberships.filter(user=cast.owner).delete()
    page = browser(cast.admin).get(f"{LOG}?actor={cast.owner.id}").text
    assert f'<option value="{cast.owner.id}" selected>olivia@example.com' in page


def test_export_holds_what_is_filtered(cast: Cast, write: Write) -> None:
    write(label="one", note="a,b")
    write(Action.INSTANCE_STOP, label="two")
    client = browser(cast.owner)
    answer = client.get(f"{LOG}export/?format=json&action=instance.rename")
    (event,) = json.loads(b"".join(answer))
    assert event["object_label"] == "one"
    assert event["changes"] == {"note": "a,b"}
    assert answer["Content-Disposition"] == 'attachment; filename="audit-acme.json"'
    lines = b"".join(client.get(f"{LOG}export/")).decode().splitlines()
    assert lines[0].startswith("sequence,id,at,actor_id,actor_label")
    assert len(lines) == 4
    assert json.loads(b"".join(client.get(f"{LOG}export/?format=json&means=key"))) == []


def test_export_over_many_portions_is_whole(
    cast: Cast, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("activity.exports.AT_ONCE", 2)
    for number in range(5):
        write(label=str(number))
    answer = browser(cast.owner).get(f"{LOG}export/?format=json&object_type=instance")
    assert [each["object_label"] for each in json.loads(b"".join(answer))] == list("43210")


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(cast: Cast, write: Write, label: str) -> None:
    write(label=label)
    lines = b"".join(browser(cast.owner).get(f"{LOG}export/")).decode()
    quoted = f"'{label}".replace('"', '""')
    assert quoted in lines


@pytest.mark.django_db(transaction=True)
async def test_export_streams_from_an_asynchronous_server(cast: Cast) -> None:
    client = AsyncClient()
    await client.aforce_login(cast.owner)
    answer = typing.cast("StreamingHttpResponse", await client.get(f"{LOG}export/"))
    assert answer.is_async
    lines = b"".join([part async for part in aiter(answer)])
    assert b"organization.create" in lines


def test_change_of_a_role_says_from_what_to_what(cast: Cast, write: Write) -> None:
    write(Action.MEMBER_CHANGE_ROLE, "bob@example.com", before="viewer", after="admin")
    event = write(Action.MEMBER_ADD, cast.owner.email, role="viewer")
    client = browser(cast.admin)
    page = " ".join(client.get(LOG).text.split())
    assert "viewer → admin" in page
    assert '</strong> joined <span class="rg-event-note">as viewer</span>' in page
    title = client.get(f"{LOG}{event.id}/").text
    assert f"{cast.owner.email} joined" in title
    assert "added the member" not in title[title.index("<h1") : title.index("</h1>")]


def test_instance_leads_to_its_own_events_those_who_may_see_them(cast: Cast) -> None:
    instance = add_instance(cast.acme, "sessions")
    path = f"/orgs/acme/instances/{instance.pk}/"
    assert f"{LOG}?object={instance.pk}" in browser(cast.admin).get(path).text
    assert f"{LOG}?object=" not in browser(cast.viewer).get(path).text
