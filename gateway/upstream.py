"""All connections to servers that one event loop has."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from gateway.dialing import Recheck
from gateway.exchange import Exchange, Outcome, settler
from gateway.gate import Gate
from gateway.lane import Lane
from gateway.limits import Limits
from gateway.principals import Principal, Target
from gateway.resp import Reply
from gateway.roster import Roster
from redisgate.lib.breaker import State
from redisgate.lib.spare_memory import SpareMemory

SWEEP_SECONDS_MAX = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Connections and circuit breakers of one loop: two states now, the rest since the start."""

    connections_active: int
    connections_in_use: int
    """Those of them that have had something to do in the last moment."""
    instances_connected: int
    connections_of_fullest: int
    """How many are at work of the instance that has most."""
    connections_opened: int
    connections_lost: int
    circuits_open: int
    """How many instances are refused at once now, those that are just being asked among them."""
    circuits_opened: int
    circuits_closed: int
    refused_by_circuit: int


class Upstreams:
    """All connections of one event loop. Make it, use it and close it on that loop."""

    def __init__(self, limits: Limits, recheck: Recheck) -> None:
        self.limits = limits
        self._recheck = recheck
        self._loop = asyncio.get_running_loop()
        self._time = self._loop.time
        self._command_seconds = limits.command_seconds
        self._roster = Roster(limits)
        # By the id's number: hashing and comparing UUIDs is Python code, and this is done for
        # every command.
        self._gates: dict[int, Gate] = {}
        self._spare_memory = SpareMemory(self._loop)
        self._sweeper: asyncio.TimerHandle | None = None
        self._sweep_seconds = min(SWEEP_SECONDS_MAX, limits.command_seconds / 4)

    def submit(
        self,
        target: Target,
        principal: Principal,
        payload: bytes,
        expected: int,
        on_done: Callable[[Outcome], None],
        *,
        is_transaction: bool = False,
        is_raw: bool = False,
    ) -> None:
        """Send commands that are packed already and get ``expected`` replies, or an error.

        Replies that are wanted raw come as the server wrote them, over a link of their own.
        ``on_done`` is called exactly once, from the loop, and possibly before this returns.
        """
        deadline = self._time() + self._command_seconds
        exchange = Exchange(payload, expected, on_done, deadline, principal, is_transaction)
        gate = self._gates.get(target.instance_id.int)
        if gate is None:
            gate = self._open_gate(target)
        gate.submit(exchange, principal, target, is_raw=is_raw)

    async def request(
        self,
        target: Target,
        principal: Principal,
        payload: bytes,
        expected: int,
        *,
        is_transaction: bool = False,
        is_raw: bool = False,
    ) -> list[Reply]:
        """Do what ``submit`` does and wait for the replies."""
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        self.submit(
            target,
            principal,
            payload,
            expected,
            settler(future),
            is_transaction=is_transaction,
            is_raw=is_raw,
        )
        return await future

    def lane_of(self, principal: Principal, target: Target) -> Lane | None:
        """Give where the commands of this key go, if there is a way already."""
        gate = self._gates.get(target.instance_id.int)
        return None if gate is None else gate.lane_of(principal, target)

    def gate_of(self, target: Target) -> Gate:
        """Give what stands in front of the instance's server, for connections of one's own."""
        gate = self._gates.get(target.instance_id.int)
        if gate is None:
            return self._open_gate(target)
        gate.follow(target)
        return gate

    def statistics(self) -> Statistics:
        """Count what there is and what there was."""
        counts, gates = self._roster.counts, self._gates.values()
        return Statistics(
            connections_active=len(self._roster),
            connections_in_use=self._roster.in_use,
            instances_connected=sum(1 for gate in gates if gate.links),
            connections_of_fullest=max((gate.links_at_work for gate in gates), default=0),
            connections_opened=counts.opened,
            connections_lost=counts.lost,
            circuits_open=len(self.circuits()),
            circuits_opened=counts.circuits_opened,
            circuits_closed=counts.circuits_closed,
            refused_by_circuit=counts.refused_by_circuit,
        )

    def circuits(self) -> dict[UUID, State]:
        """Give the circuit breakers that aren't closed, by instance."""
        gates = self._gates.values()
        return {gate.instance_id: gate.state for gate in gates if not gate.is_closed_circuit}

    def _open_gate(self, target: Target) -> Gate:
        gate = Gate(self._loop, self.limits, self._roster, self._recheck, target)
        self._gates[target.instance_id.int] = gate
        self._keep_sweeping()
        return gate

    def _keep_sweeping(self) -> None:
        if self._sweeper is None and self._gates:
            self._sweeper = self._loop.call_later(self._sweep_seconds, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = self._time()
        self._spare_memory.note(is_busy=bool(self._roster.in_use))
        self._roster.sweep(now)
        self._forget(now)
        self._keep_sweeping()

    def _forget(self, now: float) -> None:
        for number, gate in list(self._gates.items()):
            if gate.is_forgettable(now):
                del self._gates[number]

    async def close(self) -> None:
        """Close every connection and wait until they are gone."""
        while self._gates:
            for gate in self._gates.values():
                gate.close()
            self._gates = {n: gate for n, gate in self._gates.items() if not gate.is_empty}
            await asyncio.sleep(0)
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
