"""What the guided page hears over its socket."""

import asyncio
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from instances.first_seen import is_first_command
from instances.states import Status
from instances.witness import Visitor
from orgs import first_command
from orgs.access import enter
from orgs.roles import Permission
from tests.apikeys.rows import make_key
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.instances.sockets import Socket
from welcome.consumers import FirstCommand
from welcome.way import Way

pytestmark = pytest.mark.django_db(transaction=True)


async def test_page_hears_of_the_server_and_of_the_first_command(cast: Cast) -> None:
    await sync_to_async(make_instance)(cast.acme, status=Status.CREATING)
    await sync_to_async(make_key)(cast.owner, cast.acme)
    async with Socket(f"/ws/orgs/{cast.acme.pk}/start/", cast.developer) as socket:
        assert "is starting" in await socket.next_html()
        await sync_to_async(first_command.note)({cast.acme.pk: timezone.now()})
        said = await socket.next_html()
    assert "It works." in said
    assert "Your first command has come." in said


async def test_outsider_hears_nothing(cast: Cast) -> None:
    async with Socket(f"/ws/orgs/{cast.acme.pk}/start/", cast.outsider) as socket:
        assert await socket.close_code() == 4404


@pytest.mark.parametrize(
    ("command", "is_http", "counts"),
    [
        ("SET", False, True),
        ("CONFIG GET", False, True),
        ("CLIENT SETINFO", False, False),
        ("COMMAND DOCS", False, False),
        ("HELLO", False, False),
        ("", False, False),
        ("SET", True, False),
    ],
)
def test_getting_ready_is_no_first_command(command: str, is_http: bool, counts: bool) -> None:
    visitor = Visitor(place="192.0.2.1:5", command=command, is_http=is_http)
    assert is_first_command(visitor) is counts


class Listener(FirstCommand):
    """A page whose servers never say anything."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[UUID] = []

    async def _until_somebody_comes(self, instance_id: UUID) -> None:
        self.heard.append(instance_id)
        await asyncio.Event().wait()


async def test_page_listens_to_the_instance_that_it_is_about_now(cast: Cast) -> None:
    first = await sync_to_async(make_instance)(cast.acme)
    newer = await sync_to_async(make_instance)(cast.acme, "newer")
    access = await sync_to_async(enter)(cast.owner, "acme", Permission.INSTANCE_VIEW)
    page = Listener()
    for instance in (first, first, newer):
        page._listen(Way(access, instance, None))
        await asyncio.sleep(0)
    page._stop_listening()
    assert page.heard == [first.pk, newer.pk]
