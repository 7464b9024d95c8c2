"""All streams of one worker: how many a key may hold, who may go on, who comes back."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

from gateway import sse
from gateway.admission import admit, admit_from
from gateway.core import Stream
from gateway.errors import Restarting, TooManyWaiting
from gateway.feeds import Feed, Reader, Subscription
from gateway.handover import Handover
from gateway.leases import Leases
from gateway.limits import Limits
from gateway.principals import Principal, Target
from gateway.resp import Command
from redisgate.lib.errors import RedisGateError

# With the age of a cached answer, less than a second from a revocation to the end of a stream.
WATCH_SECONDS = 0.1
RESTARTING = "the platform is restarting, please connect again"
EVENT_ID = re.compile(r"(([0-9a-f]{8})\.[0-9a-f]{12})-(\d{1,15})")
"""The feed's name, which begins with its worker's, and the number of the event."""

log = logging.getLogger("redisgate.gateway")

LookUp = Callable[[str, UUID], Awaitable[tuple[Principal, Target]]]
"""Looks a token and an instance up. Raises RedisGateError."""


class Streams:
    """Opens streams and watches over them. Belongs to one event loop."""

    def __init__(
        self,
        limits: Limits,
        leases: Leases,
        look_up: LookUp,
        look_up_anew: LookUp,
        neighbours: Path | None = None,
    ) -> None:
        """``neighbours`` is where the workers of this machine find each other."""
        self._limits = limits
        self._leases = leases
        self._look_up = look_up
        self._look_up_anew = look_up_anew
        self._explaining: set[asyncio.Task[None]] = set()
        self._feeds: dict[str, Feed] = {}
        self._watching: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._name = secrets.token_hex(4)
        self._handover = Handover(neighbours, self._name, self.resume) if neighbours else None

    @property
    def feeds(self) -> list[Feed]:
        """Give all that goes on, with a reader or without."""
        return list(self._feeds.values())

    async def open(
        self,
        principal: Principal,
        target: Target,
        words: Command,
        *,
        client: str = "",
        last_event_id: str = "",
        can_resume: bool = False,
    ) -> Stream:
        """Begin a stream for the client at this address, or go on with an earlier one.

        ``last_event_id`` names that one.
        Raises RedisGateError: the server's refusal, too many streams, a server that is away.
        """
        if self._is_stopping:
            raise Restarting
        subscription = Subscription(target.instance_id, principal.acl_user, tuple(words))
        resumed = await self._resume_anywhere(subscription, last_event_id, client)
        if resumed is not None:
            return resumed
        feed = await self._begin(
            principal, target, subscription, can_resume=can_resume and not subscription.is_monitor
        )
        feed.client = client
        return feed.attach(0, sse.gap(last_event_id) if last_event_id else b"")

    async def _resume_anywhere(
        self, subscription: Subscription, last_event_id: str, client: str
    ) -> Stream | None:
        found = EVENT_ID.fullmatch(last_event_id)
        if found is None or found[2] == self._name or self._handover is None:
            return self.resume(subscription, last_event_id, client)
        return await self._handover.ask(found[2], subscription, last_event_id, client)

    def resume(self, subscription: Subscription, last_event_id: str, client: str) -> Reader | None:
        """Go on with a feed of this worker, or return None when there is no such."""
        found = EVENT_ID.fullmatch(last_event_id)
        feed = self._feeds.get(found[1]) if found else None
        if not found or feed is None or feed.subscription != subscription:
            return None
        after = int(found[3])
        if after > feed.last:
            return None
        feed.client = client
        missed = feed.first - after - 1
        if missed > 0:
            return feed.attach(feed.first - 1, sse.gap(last_event_id, missed))
        return feed.attach(after, sse.comment("resumed"))

    async def _begin(
        self, principal: Principal, target: Target, subscription: Subscription, *, can_resume: bool
    ) -> Feed:
        self._make_room(principal.acl_user)
        name = f"{self._name}.{secrets.token_hex(6)}"
        feed = Feed(name, subscription, principal, self._limits, self, can_resume=can_resume)
        self._feeds[feed.id] = feed
        try:
            if self._handover is not None and can_resume:
                await self._handover.listen()
            await feed.begin(await self._leases.take(principal, target))
        except BaseException:
            feed.end()
            raise
        if self._watching is None:
            self._watching = asyncio.create_task(self._watch())
        return feed

    def _make_room(self, acl_user: str) -> None:
        feeds = [feed for feed in self.feeds if feed.subscription.acl_user == acl_user]
        if len(feeds) < self._limits.streams_per_key:
            return
        for feed in feeds:
            if feed.is_lingering:
                feed.end()
                return
        raise TooManyWaiting("streams", self._limits.streams_per_key)

    def forget(self, feed: Feed) -> None:
        """Give the place of a feed that is over to others."""
        self._feeds.pop(feed.id, None)

    def lost(self, feed: Feed, failure: RedisGateError) -> None:
        """End a feed without its connection, and say why: mostly the server was stopped."""
        task = asyncio.create_task(self._explain(feed, failure))
        self._explaining.add(task)
        task.add_done_callback(self._explaining.discard)

    async def _explain(self, feed: Feed, failure: RedisGateError) -> None:
        await self._end_refused([feed], self._look_up_anew)
        feed.end(sse.failed(failure.message))

    async def _end_refused(self, feeds: list[Feed], look_up: LookUp) -> None:
        """End these feeds of one key on one instance, if it may not listen any more."""
        try:
            found = await look_up(feeds[0].principal.token, feeds[0].subscription.instance_id)
            admit(*found)
        except RedisGateError as error:
            words = error.message
        except Exception:
            # Without this the watch would end, and nobody would be shut out any more.
            log.exception("a stream's key could not be looked up")
            words = "ERR internal error"
        else:
            self._end_elsewhere(feeds, found[0])
            return
        for feed in feeds:
            feed.end(sse.failed(words))

    def _end_elsewhere(self, feeds: list[Feed], principal: Principal) -> None:
        """End those that are read from where the key may not be used."""
        for feed in feeds:
            try:
                admit_from(principal, feed.client)
            except RedisGateError as error:
                feed.end(sse.failed(error.message))

    async def _watch(self) -> None:
        """End what may not go on: the key revoked or expired, the instance stopped."""
        while self._feeds:
            await asyncio.sleep(WATCH_SECONDS)
            by_key: dict[tuple[str, UUID], list[Feed]] = {}
            for feed in self.feeds:
                key = feed.principal.token, feed.subscription.instance_id
                by_key.setdefault(key, []).append(feed)
            # All at once, so that one slow answer holds up no other.
            await asyncio.gather(*(self._end_refused(it, self._look_up) for it in by_key.values()))
        self._watching = None

    def stop(self) -> None:
        """End all streams in a way that lets their readers come back at once."""
        self._is_stopping = True
        for feed in self.feeds:
            feed.end(sse.goodbye(RESTARTING))
        if self._handover is not None:
            self._handover.stop()

    async def close(self) -> None:
        """Stop, and wait until nothing of it runs."""
        self.stop()
        if self._handover is not None:
            await self._handover.close()
        if self._watching is not None:
            await self._watching
        await asyncio.gather(*self._explaining)
