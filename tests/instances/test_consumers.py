"""What open pages receive, and when their sockets end."""

import re
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.db import OperationalError

from instances import glances, live, lookout, pages
from instances.consumers import WATCH
from instances.glances import Figure
from instances.listing import Asked
from instances.lookout import Answer, Page
from instances.models import Instance
from instances.states import Health, Status
from orgs.access import Access
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib.release import release
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.instances.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)

QUIET_SECONDS = 1.5


async def change(act: Callable[[], object]) -> None:
    await sync_to_async(act)()


def update(instance: Instance, **facts: object) -> Callable[[], object]:
    return partial(Instance.objects.filter(pk=instance.pk).update, **facts)


def list_path(organization: Organization, seen: str = "", **query: str) -> str:
    return f"/ws/orgs/{organization.id}/?{urlencode({'seen': seen, **query})}"


def detail_path(instance: Instance, **query: str) -> str:
    return f"/ws/orgs/{instance.organization_id}/instances/{instance.id}/?{urlencode(query)}"


async def test_page_without_a_version_gets_the_whole_list_first(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        html = await socket.next_html()
    assert html.lstrip().startswith("<section")
    assert f'id="instance-{instance.id}"' in html


async def test_current_page_is_left_alone(cast: Cast) -> None:
    await sync_to_async(make_instance)(cast.acme)
    access = Access(cast.acme, cast.viewer, Role.VIEWER)
    seen = (await sync_to_async(pages.leaf)(access, Asked())).version
    async with Socket(list_path(cast.acme, seen), cast.viewer) as socket:
        assert await socket.is_quiet(QUIET_SECONDS)


async def test_changed_instance_is_one_row_even_without_an_announcement(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    await sync_to_async(make_instance)(cast.acme, "Other")
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(update(instance, status=Status.ERROR, health=Health.UNHEALTHY))
        html = await socket.next_html()
    assert html.lstrip().startswith(f'<tr id="instance-{instance.id}"')
    assert "Error" in html
    assert "Other" not in html
    assert 'id="live-words"' in html


async def test_announced_change_arrives_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("instances.sockets.LOOK_SECONDS", 60.0)
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(update(instance, status=Status.STOPPING))
        await change(partial(live.announce, instance))
        assert "Stopping" in await socket.next_html()


async def test_instance_made_elsewhere_brings_the_whole_list(cast: Cast) -> None:
    async with Socket(list_path(cast.acme), cast.developer) as socket:
        assert "No instances yet" in await socket.next_html()
        await change(partial(make_instance, cast.acme, "Newcomer"))
        assert "Newcomer" in await socket.next_html()


async def test_page_hears_of_its_own_rows_alone(cast: Cast, short_pages: None) -> None:
    names = ("a", "b", "c")
    _, b, c = [await sync_to_async(make_instance)(cast.acme, name) for name in names]
    async with Socket(list_path(cast.acme, page="2"), cast.viewer) as socket:
        html = await socket.next_html()
        assert f'id="instance-{c.id}"' in html
        assert f'id="instance-{b.id}"' not in html
        await change(update(b, status=Status.ERROR))
        await change(update(c, status=Status.STOPPING))
        assert f'<tr id="instance-{c.id}"' in await socket.next_html()
        await change(b.delete)
        html = await socket.next_html()
    assert "page=2" not in html
    assert f'id="instance-{c.id}"' in html


async def test_row_that_no_longer_fits_the_filters_leaves(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    path = list_path(cast.acme, state="running", q="sess")
    async with Socket(path, cast.viewer) as socket:
        assert f'id="instance-{instance.id}"' in await socket.next_html()
        await change(update(instance, status=Status.ERROR))
        assert "No instance fits" in await socket.next_html()


async def test_deleted_instance_leaves_the_list(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(instance.delete)
        assert "No instances yet" in await socket.next_html()


async def test_rows_have_the_buttons_of_the_persons_own_role(cast: Cast) -> None:
    await sync_to_async(make_instance)(cast.acme)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        assert "/stop/" not in await socket.next_html()
    async with Socket(list_path(cast.acme), cast.developer) as socket:
        assert "/stop/" in await socket.next_html()


async def test_page_drawn_for_another_role_is_told_to_draw_itself_anew(cast: Cast) -> None:
    async with Socket(list_path(cast.acme, role="owner"), cast.viewer) as socket:
        html = await socket.next_html()
    assert 'data-drawn-anew="You are a viewer of Acme now."' in html


async def test_raised_role_shows_its_buttons_without_a_reload(cast: Cast) -> None:
    await sync_to_async(make_instance)(cast.acme)
    members = Membership.objects.filter(user=cast.viewer)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(partial(members.update, role=Role.DEVELOPER))
        assert "/stop/" in await socket.next_html()


async def test_detail_follows_its_instance(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(detail_path(instance, tab="overview"), cast.viewer) as socket:
        assert 'id="instance-live"' in await socket.next_html()
        await change(update(instance, status=Status.ERROR, status_detail="Out of memory"))
        html = await socket.next_html()
    assert "Out of memory" in html
    assert re.search(r'id="instance-facts"\s+hx-swap-oob="innerHTML"', html)


async def test_other_tab_gets_no_parts_that_it_lacks(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(detail_path(instance, tab="metrics"), cast.viewer) as socket:
        html = await socket.next_html()
    assert 'id="instance-live"' in html
    assert "instance-facts" not in html
    assert "instance-glance" not in html


async def test_new_figures_arrive_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    told = {instance.id: (Figure(label="Clients", value="1"),)}
    monkeypatch.setattr(glances, "_sources", [lambda asked: {id: told[id] for id in asked}])
    async with Socket(detail_path(instance, tab="overview"), cast.viewer) as socket:
        await socket.next_html()
        told[instance.id] = (Figure(label="Clients", value="2 of them"),)
        html = await socket.next_html()
    assert "2 of them" in html
    assert 'id="instance-live"' not in html


async def test_older_page_is_told_of_the_update(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(detail_path(instance, release="older"), cast.viewer) as socket:
        assert "RedisGate was updated" in await socket.next_html()
    async with Socket(detail_path(instance, release=release()), cast.viewer) as socket:
        assert "RedisGate was updated" not in await socket.next_html()


async def test_many_pages_share_one_look(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instances.sockets.LOOK_SECONDS", 60.0)
    instance = await sync_to_async(make_instance)(cast.acme)
    people = [cast.viewer, cast.developer, cast.admin, cast.owner] * 3
    async with AsyncExitStack() as stack:
        path = list_path(cast.acme)
        sockets = [await stack.enter_async_context(Socket(path, one)) for one in people]
        for socket in sockets:
            await socket.next_html()
        looks = noted_looks(monkeypatch)
        await change(update(instance, status=Status.ERROR))
        await change(partial(live.announce, instance))
        for socket in sockets:
            assert "Error" in await socket.next_html()
    assert sum(looks) == len(people)
    assert len(looks) <= 3


def noted_looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many pages each look answers."""
    looks: list[int] = []
    answer = lookout._answers

    def noted(pages_asking: Sequence[Page]) -> list[Answer]:
        looks.append(len(pages_asking))
        return answer(pages_asking)

    monkeypatch.setattr(lookout, "_answers", noted)
    return looks


async def test_detail_says_that_its_instance_was_deleted_and_only_once(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(detail_path(instance), cast.viewer) as socket:
        await socket.next_html()
        await change(instance.delete)
        assert "This instance was deleted" in await socket.next_html()
        assert await socket.is_quiet(QUIET_SECONDS)


async def test_foreign_instance_looks_like_a_deleted_one(cast: Cast) -> None:
    foreign = await sync_to_async(make_instance)(cast.globex, "Hidden")
    path = f"/ws/orgs/{cast.acme.id}/instances/{foreign.id}/"
    async with Socket(path, cast.viewer) as socket:
        html = await socket.next_html()
    assert "This instance was deleted" in html
    assert "Hidden" not in html


async def test_anonymous_is_closed_with_4401(cast: Cast) -> None:
    async with Socket(list_path(cast.acme), None) as socket:
        assert await socket.close_code() == 4401


@pytest.mark.parametrize("exists", [True, False])
async def test_outsider_and_unknown_organization_are_closed_alike(cast: Cast, exists: bool) -> None:
    organization = cast.acme.id if exists else uuid4()
    async with Socket(f"/ws/orgs/{organization}/", cast.outsider) as socket:
        assert await socket.close_code() == 4404


async def test_ended_membership_ends_the_socket(cast: Cast) -> None:
    members = Membership.objects.filter(user=cast.viewer)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(members.delete)
        assert await socket.close_code() == 4404


async def test_ended_session_ends_the_socket(cast: Cast) -> None:
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(Session.objects.all().delete)
        assert await socket.close_code() == 4401


async def test_changed_password_ends_the_sockets_of_before(cast: Cast) -> None:
    def change_password() -> None:
        cast.viewer.set_password("another long secret")
        cast.viewer.save()

    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await change(change_password)
        assert await socket.close_code() == 4401


@pytest.mark.parametrize("words", ["", "{", '{"type": "instance.changed"}', "<script>", "x" * 9999])
async def test_words_from_the_browser_are_ignored(cast: Cast, words: str) -> None:
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        await socket.send({"type": "websocket.receive", "text": words})
        await socket.send({"type": "websocket.receive", "bytes": b"\x00\xff"})
        assert await socket.is_quiet(0.3)
        await change(partial(make_instance, cast.acme, "Still alive"))
        assert "Still alive" in await socket.next_html()


async def test_quiet_socket_beats(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("instances.consumers.HEARTBEAT_SECONDS", 0.0)
    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        socket.hears_heartbeats = True
        await socket.next_html()
        assert await socket.next_html() == "<!-- alive -->"


async def test_lost_database_lets_the_browser_try_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> str:
        raise OperationalError("database is locked")

    async with Socket(list_path(cast.acme), cast.viewer) as socket:
        await socket.next_html()
        monkeypatch.setattr("instances.consumers.InstanceList.draw", lose)
        assert await socket.close_code() == 1011


async def test_page_that_asks_to_watch_at_once_is_heard(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme, status=Status.STOPPED)
    async with Socket(detail_path(instance, tab="overview"), cast.developer) as socket:
        await socket.send({"type": "websocket.receive", "text": WATCH})
        said = [await socket.next_html() for _ in range(3)]
    assert 'data-phase="watching"' in said[1]
    assert "so nobody can connect" in said[2]


async def test_who_may_not_see_the_password_watches_nobody(cast: Cast) -> None:
    instance = await sync_to_async(make_instance)(cast.acme)
    async with Socket(detail_path(instance, tab="overview"), cast.viewer) as socket:
        await socket.next_html()
        await socket.send({"type": "websocket.receive", "text": WATCH})
        assert await socket.is_quiet(QUIET_SECONDS)
