"""Stands in for the server's ACL where a server that somebody else runs has no user for a key.

All commands go there as the user that its owner gave us, so the key's scope is checked before.
Keys with patterns are refused altogether: which words of a command are keys the server alone
knows for sure. So is what lasts, because nobody there would end it when the key ends.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from gateway import policy, scopes
from gateway.errors import CommandRefused, TransactionRefused
from gateway.leases import Leases
from gateway.parsing import Kind, Request
from gateway.principals import Principal, Target
from gateway.scopes import Table
from instances.spec import Endpoint
from redisgate.lib.resp import pack

FRESH_SECONDS = 60.0
LIST_SECONDS = 5.0
MANAGE_USERS = "Let RedisGate manage users on that server, on the instance's page."
PATTERNS = (
    "NOPERM this API key is limited to key patterns, which can't be enforced on this server. "
    f"{MANAGE_USERS} Or use a key without patterns"
)
LASTING = f"ERR streams and commands that wait need a user of the key's own. {MANAGE_USERS}"
NO_LIST = "NOPERM the server doesn't say what its commands may do, so none can be checked"


@dataclass(slots=True)
class _Known:
    endpoint: Endpoint
    table: Table
    until: float


class Warden:
    """Knows the commands of such servers. Belongs to one loop."""

    def __init__(self, leases: Leases) -> None:
        self._leases = leases
        self._known: dict[UUID, _Known] = {}
        self._asking: dict[UUID, asyncio.Lock] = {}

    async def check(self, principal: Principal, target: Target, request: Request) -> None:
        """Note in the request what the key may not run. Raises RedisGateError."""
        if principal.has_key_patterns:
            raise CommandRefused(PATTERNS)
        if request.kind is Kind.STREAM or any(map(policy.may_wait, request.commands)):
            raise CommandRefused(LASTING)
        table = await self._table(principal, target)
        refused = {
            place: words
            for place, command in enumerate(request.commands)
            if (words := table.refusal(principal.scopes, command))
        }
        if refused and request.kind is Kind.TRANSACTION:
            raise TransactionRefused(next(iter(refused.values())))
        if refused and request.kind is Kind.SINGLE:
            raise CommandRefused(refused[0])
        request.refused = refused

    async def _table(self, principal: Principal, target: Target) -> Table:
        """Give the server's commands, asked for at most once a minute."""
        lock = self._asking.setdefault(target.instance_id, asyncio.Lock())
        async with lock:
            known = self._known.get(target.instance_id)
            now = asyncio.get_running_loop().time()
            if known is None or known.endpoint != target.endpoint or known.until <= now:
                table = await self._ask(principal, target)
                known = _Known(target.endpoint, table, now + FRESH_SECONDS)
                self._known[target.instance_id] = known
            return known.table

    async def _ask(self, principal: Principal, target: Target) -> Table:
        lease = await self._leases.take(principal, target)
        try:
            async with asyncio.timeout(LIST_SECONDS):
                [reply] = await lease.ask(pack([[b"COMMAND"]]))
            return scopes.read(reply)
        except (TimeoutError, scopes.NotListed) as error:
            raise CommandRefused(NO_LIST) from error
        finally:
            lease.close()
