"""Copies of sessions in the platform's Redis, so that pages read them without the database.

The database is the truth, and nothing that Redis says may bring an ended session back:

- Only who reads makes a copy, from what the database said a moment ago. Who changes a session marks
  it as changed first, and nobody makes a copy beside that mark.
- A copy counts only in the life of the server that it was made in (its run id), because a server
  that returns may have forgotten its last minutes; and only under the epoch of the database, which
  moves on with each change that could not be marked.
- A copy is sealed together with whose it is. Redis sees neither sessions nor their keys.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from redis import Redis

from accounts import session_epoch
from redisgate.lib import crypto, platform_redis, tokens
from redisgate.lib.platform_redis import Away

PREFIX = "redisgate:session:"
CHANGED = b"changed"
CHANGING_SECONDS, CHANGED_SECONDS = 60.0, 6.0
COPY_WITHIN_SECONDS = 5.0
"""So old may be what a copy is made from; the mark of a change stays longer."""

# The server's own clock decides: a request that hung on its way comes too late.
KEEP = """
local time = redis.call('TIME')
local is_late = time[1] + time[2] / 1000000 - ARGV[2] > tonumber(ARGV[3])
if is_late or (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return 1
"""


@dataclass(frozen=True, slots=True)
class Look:
    """What Redis said of one session, and which server said so when."""

    session_key: str = field(repr=False)
    server: str
    at: float
    epoch: int
    found: bytes = field(repr=False)

    @property
    def data(self) -> str | None:
        """Give the session as the database would, where there is a copy that counts."""
        if self.found in {b"", CHANGED}:
            return None
        try:
            whose, epoch, server, until, data = json.loads(crypto.decrypt_once(self.found.decode()))
        except (InvalidToken, ValueError):
            return None
        made_for = tokens.fingerprint(self.session_key), self.epoch, self.server
        if (whose, epoch, server) != made_for or until <= time.time():
            return None
        return str(data)

    @property
    def may_be_kept(self) -> bool:
        return self.found != CHANGED


def look(session_key: str) -> Look | None:
    """Ask for a copy; None where the database is to be asked alone.

    Inside of a transaction it is, because that one may see what nobody else does yet.
    """
    if not settings.SESSION_STORE_REDIS or transaction.get_connection().in_atomic_block:
        return None
    epoch = session_epoch.current()

    def ask(client: "Redis") -> Look | None:
        pipeline = client.pipeline(transaction=False)
        pipeline.info("server")
        pipeline.time()
        pipeline.get(_name(session_key))
        server, (seconds, micros), found = pipeline.execute()
        # What only looks like Redis may not tell its lives apart.
        if not (run_id := server.get("run_id")):
            return None
        return Look(session_key, run_id, seconds + micros / 1_000_000, epoch, found or b"")

    try:
        return platform_redis.blocking().run("session", ask)
    except Away:
        return None


def keep(seen: Look, data: str, until: datetime) -> None:
    """Make a copy of what the database said after that look."""
    if not seen.may_be_kept:
        return
    milliseconds = int((until.timestamp() - time.time()) * 1000)
    whose = tokens.fingerprint(seen.session_key)
    sealed = crypto.encrypt(
        json.dumps([whose, seen.epoch, seen.server, until.timestamp(), data])
    ).encode()
    arguments = (seen.found, seen.at, COPY_WITHIN_SECONDS, sealed, max(1, milliseconds))
    with suppress(Away):  # the next look finds none, and the database has it
        platform_redis.blocking().run(
            "session", lambda client: client.eval(KEEP, 1, _name(seen.session_key), *arguments)
        )


@contextmanager
def changing(session_key: str) -> Iterator[None]:
    """Change or delete a session in the database inside of this, and no copy outlives it."""
    with transaction.atomic():
        # First of all: whoever is killed after the commit has told it already.
        is_told = _mark(session_key, CHANGING_SECONDS)
        if not is_told:
            _end_all_copies()
        yield
        transaction.on_commit(lambda: _mark_again(session_key, is_told))


def _mark_again(session_key: str, is_told: bool) -> None:
    """A copy may have been made meanwhile, where the transaction took very long."""
    if not _mark(session_key, CHANGED_SECONDS) and is_told:
        _end_all_copies()


def _end_all_copies() -> None:
    session_epoch.move_on()
    transaction.on_commit(session_epoch.look_again)


def _mark(session_key: str, seconds: float) -> bool:
    """Say in Redis that the database knows better; False where that could not be said."""
    if not settings.SESSION_STORE_REDIS:
        return False
    name, milliseconds = _name(session_key), int(seconds * 1000)
    try:
        platform_redis.blocking().run(
            "session", lambda client: client.set(name, CHANGED, px=milliseconds)
        )
    except Away:
        return False
    return True


def _name(session_key: str) -> str:
    return PREFIX + tokens.fingerprint(session_key)
