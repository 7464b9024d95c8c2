"""What the open overview hears."""

from functools import partial
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async

from instances.listing import COLUMNS
from instances.lookout import Sight
from instances.models import Instance
from orgs.access import Access
from orgs.models import Organization
from overview import states
from overview.consumers import LiveOverview
from tests.conftest import Cast
from tests.instances.sockets import Socket
from tests.rows import add_instance
from tests.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

FETCHES = 'hx-get="/orgs/acme/overview/now/"'


def path(organization: Organization, seen: str) -> str:
    return f"/ws/orgs/{organization.pk}/overview/?{urlencode({'seen': seen})}"


def version(organization: Organization) -> str:
    lines = Instance.objects.filter(organization=organization).values_list(*COLUMNS, named=True)
    return states.version(states.states(lines))


async def test_page_that_is_behind_fetches_at_once(cast: Cast) -> None:
    await sync_to_async(add_instance)(cast.acme)
    async with Socket(path(cast.acme, "long ago"), cast.viewer) as socket:
        assert FETCHES in await socket.next_html()


async def test_page_hears_of_a_change_on_any_instance(cast: Cast) -> None:
    instance = await sync_to_async(add_instance)(cast.acme, "jobs", status="running")
    async with Socket(path(cast.acme, "long ago"), cast.viewer) as socket:
        await socket.next_html()
        failed = partial(Instance.objects.filter(pk=instance.pk).update, status="error")
        await sync_to_async(failed)()
        html = await socket.next_html()
    assert FETCHES in html
    assert "jobs: Error" in html


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What each look of an open page has found to say."""
    found: list[str] = []
    real = LiveOverview.changes

    def noted(page: LiveOverview, access: Access, sight: Sight) -> str:
        found.append(real(page, access, sight))
        return found[-1]

    monkeypatch.setattr(LiveOverview, "changes", noted)
    return found


async def test_current_page_first_hears_of_the_next_change(cast: Cast, looks: list[str]) -> None:
    instance = await sync_to_async(add_instance)(cast.acme, "jobs", status="running")
    seen = await sync_to_async(version)(cast.acme)
    async with Socket(path(cast.acme, seen), cast.viewer) as socket:
        await until(lambda: bool(looks), "the page looks")
        assert looks[0] == ""
        failed = partial(Instance.objects.filter(pk=instance.pk).update, status="error")
        await sync_to_async(failed)()
        assert "jobs: Error" in await socket.next_html()


async def test_outsider_hears_nothing(cast: Cast) -> None:
    async with Socket(path(cast.acme, ""), cast.outsider) as socket:
        assert await socket.close_code() == 4404
