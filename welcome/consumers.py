"""The guided page, kept true until the first command has come."""

import asyncio
import contextlib
import time
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async
from django.template.loader import render_to_string

from instances import connections, first_seen
from instances.consumers import HEARTBEAT, HEARTBEAT_SECONDS
from instances.models import Instance
from instances.sockets import MemberSocket
from instances.witnessing import Away
from orgs.access import Access
from redisgate.lib.errors import RedisGateError
from welcome import pages, way
from welcome.way import Stage, Way

PAUSE_SECONDS = 1.0


class FirstCommand(MemberSocket[Way]):
    """One open page.

    Commands over HTTP are seen in the organization's row, where the flush of usage notes the
    first. What comes over the Redis protocol is counted by nobody, so the server itself is
    listened to for as long as somebody waits in front of this page.
    """

    _version = ""
    _listening: asyncio.Task[None] | None = None
    _heard: UUID | None = None
    """The instance that is listened to."""

    async def connect(self) -> None:
        self._sent_at = time.monotonic()
        await super().connect()

    def look(self, access: Access) -> Way:
        return way.find(access)

    async def seen(self, found: Way) -> None:
        await self._tell(found)
        if found.stage is Stage.RUN and found.is_running:
            self._listen(found)
        else:
            self._stop_listening()

    async def disconnect(self, code: int) -> None:
        self._stop_listening()
        await super().disconnect(code)

    async def close(self, code: Any = None, reason: Any = None) -> None:
        self._stop_listening()
        await super().close(code, reason)

    async def _tell(self, found: Way) -> None:
        if found.version != self._version:
            self._version = found.version
            await self._send(render_to_string("welcome/_news.html", pages.context(found)))
        elif time.monotonic() - self._sent_at > HEARTBEAT_SECONDS:
            await self._send(HEARTBEAT)

    async def _send(self, text: str) -> None:
        await self.send(text_data=text)
        self._sent_at = time.monotonic()

    def _listen(self, found: Way) -> None:
        """Listen to the instance that the page is about now, and to no other."""
        if found.instance is None:
            return
        if self._heard != found.instance.pk:
            self._stop_listening()
        if self._listening is None or self._listening.done():
            self._heard = found.instance.pk
            self._listening = asyncio.create_task(self._until_somebody_comes(self._heard))

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
            self._listening = None

    async def _until_somebody_comes(self, instance_id: UUID) -> None:
        """Note the first command over the Redis protocol; the next look then shows it."""
        # A server that is away is listened to again by a later look.
        with contextlib.suppress(Away, RedisGateError, Instance.DoesNotExist):
            instance = await database_sync_to_async(_readable)(instance_id)
            async for seen in connections.watch(instance):
                if first_seen.has_command(seen):
                    await database_sync_to_async(first_seen.note_command)(instance.organization_id)
                    self._changed.set()
                    return
        await asyncio.sleep(PAUSE_SECONDS)


def _readable(instance_id: UUID) -> Instance:
    """Read the instance with the secrets that a look leaves out."""
    return Instance.objects.select_related("their_server").get(pk=instance_id)
