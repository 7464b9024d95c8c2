"""One instance's server as a worker sees it: its connections, and whether to try for one at all.

Keys of one scope without patterns share a connection, because their rights are the same; the
others have one each. A key whose replies ended a shared connection goes alone for a while.
"""

import asyncio
import logging
from uuid import UUID

from gateway.dialing import Recheck
from gateway.errors import TooManyConnections
from gateway.exchange import Exchange
from gateway.lane import Lane
from gateway.limits import Limits
from gateway.link import Link
from gateway.principals import Principal, Target
from gateway.roster import Roster
from redisgate.lib.breaker import Breaker, State, Terms
from redisgate.lib.errors import RedisGateError

ALONE_SECONDS = 60.0
DEMAND_SECONDS = 10.0
"""How long after the last refusal a server that is away is still asked."""

log = logging.getLogger("redisgate.gateway")


class Gate:
    """Where the commands for one instance come by."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        roster: Roster,
        recheck: Recheck,
        target: Target,
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._roster = roster
        self._recheck = recheck
        self._target = target
        self._shares = bool(target.shared_passwords)
        self.endpoint = target.endpoint
        self.links: set[Link] = set()
        self._lanes: dict[tuple[str, bool], Lane] = {}
        self._alone: dict[str, float] = {}
        self._breaker = Breaker(_terms(limits))
        self._probe_timer: asyncio.TimerHandle | None = None
        self._asked_by: Lane | None = None
        self._asked_at = 0.0
        self._first_again: Lane | None = None

    @property
    def instance_id(self) -> UUID:
        return self._target.instance_id

    @property
    def state(self) -> State:
        return self._breaker.state

    @property
    def links_at_work(self) -> int:
        """Count those that can't be given up for another one."""
        return sum(not link.is_at_rest for link in self.links)

    @property
    def is_closed_circuit(self) -> bool:
        return self._breaker.is_closed

    def submit(
        self, exchange: Exchange, principal: Principal, target: Target, *, is_raw: bool
    ) -> None:
        """Send the exchange over the principal's connection, or the one that its scope shares."""
        if target is not self._target:
            self.follow(target)
        user = self._user_of(principal)
        lane = self._lanes.get((user, is_raw))
        if lane is not None and (link := lane.link) is not None and link.takes(exchange.size):
            link.send(exchange)
            return
        self._submit_slowly(exchange, principal, user, is_raw=is_raw)

    def lane_of(self, principal: Principal, target: Target) -> Lane | None:
        """Give the lane that ``submit`` would take, if there is one."""
        if target is not self._target:
            return None
        return self._lanes.get((self._user_of(principal), False))

    def _user_of(self, principal: Principal) -> str:
        if not self._shares or (self._alone and self._is_alone(principal)):
            return principal.acl_user
        return principal.shared_user

    def _submit_slowly(
        self, exchange: Exchange, principal: Principal, user: str, *, is_raw: bool
    ) -> None:
        """Make the lane that is missing, wait, or go alone where the shared one is full."""
        lane = self._lane(user, is_raw=is_raw)
        if user != principal.acl_user and not lane.has_room(exchange.size):
            user = principal.acl_user
            lane = self._lane(user, is_raw=is_raw)
        lane.submit(exchange, self._target.shared_passwords.get(user, ""))
        self.settled(lane)

    def _lane(self, user: str, *, is_raw: bool) -> Lane:
        lane = self._lanes.get((user, is_raw))
        if lane is None:
            is_shared = user in self._target.shared_passwords
            lane = Lane(
                self._loop,
                self._limits,
                self._roster,
                self,
                self._recheck,
                user,
                is_raw=is_raw,
                outcasts=self._alone if is_shared else frozenset(),
            )
            self._lanes[lane.name] = lane
        return lane

    def follow(self, target: Target) -> None:
        """Use the other server from now on, where the instance has moved."""
        self._target = target
        self._shares = bool(target.shared_passwords)
        if target.endpoint != self.endpoint:
            self.endpoint = target.endpoint
            self._breaker = Breaker(_terms(self._limits))
            for lane in self._lanes.values():
                lane.retire()

    def _is_alone(self, principal: Principal) -> bool:
        until = self._alone.get(principal.acl_user)
        if until is None:
            return False
        if until <= self._loop.time():
            del self._alone[principal.acl_user]
            return False
        return True

    # What lanes ask and tell

    def lets_in(self, lane: Lane) -> bool:
        """Tell whether commands may wait for a connection; if not, one soon tries for all."""
        if self._breaker.is_closed:
            return True
        now = self._loop.time()
        self._asked_by, self._asked_at = lane, now
        if self._probe_timer is None and self._breaker.may_ask(now):
            # Nobody has asked for a while, so who comes now may well find the server back.
            self._first_again = lane
            return True
        if lane is self._first_again and lane.is_dialing:
            return True
        self._plan_probe()
        self._roster.counts.refused_by_circuit += 1
        return False

    def lets_lease_in(self) -> bool:
        """Tell whether a connection of its own may be tried.

        Nobody tries on a lease's behalf: it is the probe itself where one is due.
        """
        is_due = self._probe_timer is None and self._breaker.may_ask(self._loop.time())
        if self._breaker.is_closed or is_due:
            return True
        self._roster.counts.refused_by_circuit += 1
        return False

    @property
    def may_grow(self) -> bool:
        return len(self.links) < self._limits.connections

    def make_room(self) -> None:
        if self.may_grow:
            return
        link = self._roster.rested_longest(self.links)
        if link is None:
            raise TooManyConnections(self._limits.connections)
        self.links.discard(link)
        link.retire()

    def answered(self) -> None:
        if self._breaker.succeeded(self._loop.time()):
            self._roster.counts.circuits_closed += 1
            about = {"instance": str(self.instance_id)}
            log.info("instance %s answers again", self.instance_id, extra=about)

    def failed(self, reason: RedisGateError) -> None:
        if self._breaker.failed(self._loop.time()):
            self._roster.counts.circuits_opened += 1
            log.warning(
                "instance %s can't be reached, its commands are refused until it answers: %s",
                self.instance_id,
                reason.log,
                extra={"instance": str(self.instance_id)},
            )
        if not self._breaker.is_closed:
            self._plan_probe()

    def spoilt(self, owner: Principal) -> None:
        self._alone[owner.acl_user] = self._loop.time() + ALONE_SECONDS

    def settled(self, lane: Lane) -> None:
        if lane.is_empty and self._lanes.get(lane.name) is lane:
            del self._lanes[lane.name]

    # Asking a server that is away

    def _plan_probe(self) -> None:
        if self._probe_timer is None:
            pause = self._breaker.seconds_until_probe(self._loop.time())
            self._probe_timer = self._loop.call_later(pause, self._probe)

    def _probe(self) -> None:
        """Let the lane that was refused last try once, if anybody still asks."""
        self._probe_timer = None
        now = self._loop.time()
        lane = self._asked_by
        if lane is None or now - self._asked_at > DEMAND_SECONDS or self._breaker.is_closed:
            return
        if self._breaker.may_ask(now):
            self._first_again = None
            self._lanes.setdefault(lane.name, lane).dial()
        else:
            self._plan_probe()

    # The end

    @property
    def is_empty(self) -> bool:
        return not self._lanes

    def is_forgettable(self, now: float) -> bool:
        """Tell whether nothing is left here, and nothing worth remembering."""
        if self._lanes or self._probe_timer is not None:
            return False
        return self._breaker.is_forgettable(now)

    def close(self) -> None:
        if self._probe_timer is not None:
            self._probe_timer.cancel()
            self._probe_timer = None
        for lane in list(self._lanes.values()):
            lane.close()


def _terms(limits: Limits) -> Terms:
    """Open only when a server stays away for longer than commands wait for one."""
    return Terms(
        failures=3,
        seconds=limits.connect_patience_seconds,
        pause_seconds=0.5,
        probe_seconds=2 * limits.connect_seconds + 1,
        forget_seconds=2 * limits.connect_seconds + 30,
    )
