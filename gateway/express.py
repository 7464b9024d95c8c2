"""The shortest way of the commonest call: one ordinary command with a head that is known.

The steps are those of ``gateway.flow``, in one piece and without what such a call has no need of.
Whatever turns out otherwise goes on there, so that there is one truth about it.
"""

from time import monotonic
from typing import TYPE_CHECKING, Protocol

import orjson

from gateway.allowance import Allowance
from gateway.call import TalliedAs
from gateway.core import Response
from gateway.exchange import Exchange, Outcome
from gateway.flow import Run
from gateway.known_bodies import KnownBodies
from gateway.parsing import SINGLE, Request

if TYPE_CHECKING:
    from gateway.fast_heads import FastHead
    from gateway.runtime import Runtime

PLAIN_TYPES = frozenset({bytes, int, type(None)})


class Door(Protocol):
    """Who brought the call and takes the answer."""

    runtime: "Runtime"

    def address(self, head: "FastHead") -> str:
        """Say where the call came from."""

    def replace(self) -> None:
        """Use another one from now on: somebody may still hold this."""

    def answer_plainly(self, call: "Express", allowance: Allowance, body: bytes) -> None:
        """Take the body of an answer whose status is 200."""

    def answer(self, call: "Express | Run", response: Response) -> None:
        """Take any other answer."""


class Express(Exchange):
    """Such a call on its way, and its own exchange with the server."""

    __slots__ = (
        "_allowance",
        "_bodies",
        "_door",
        "_known",
        "_on_settled",
        "admitted",
        "began_at",
        "body",
        "head",
        "name",
        "response",
        "tallied_as",
    )

    def __init__(self, door: Door, bodies: KnownBodies) -> None:
        self._door = door
        self._bodies = bodies
        self._known = bodies.young
        self._on_settled = self._settle
        self.is_transaction = False
        self.replies = []
        self.response: Response | None = None
        """For the door, where the response must wait for those of earlier calls."""

    @property
    def client(self) -> str:
        return self._door.address(self.head)

    def start(self, head: "FastHead", body: bytes) -> bool:
        """Send the command and return True, or return False and change nothing."""
        admitted = head.admitted
        now = monotonic()
        if admitted is None or now > admitted.fresh_until:
            return False
        lane, bucket = admitted.lane, admitted.bucket
        if lane is None or bucket is None or (link := lane.link) is None or not bucket.is_used:
            return False
        if lane.outcasts and admitted.principal.acl_user in lane.outcasts:
            return False
        ready = head.ready
        if ready is None:
            packed = self._known.get(body) or self._bodies.find_or_read(body)
            if packed is None:
                return False
            name, payload = packed
            tallied_as: TalliedAs = name
        else:
            name, payload, tallied_as = ready.name, ready.payload, ready.tallied_as
        size = len(payload)
        if not link.takes(size):
            return False
        allowance = bucket.take_known(1)
        if allowance is None:
            return False
        self.head = head
        self.body = body
        self._allowance = allowance
        self.admitted = admitted
        self.began_at = now
        self.name = name
        self.tallied_as = tallied_as
        # What Exchange.__init__ would do, without the price of calling it.
        self.payload = payload
        self.size = size
        self.missing = 1
        self.on_done = self._on_settled
        self.deadline = now + admitted.command_seconds
        self.owner = admitted.principal
        link.send(self)
        return True

    def _settle(self, outcome: Outcome) -> None:
        if type(outcome) is not list or type(reply := outcome[0]) not in PLAIN_TYPES:
            self._door.replace()
            self._settle_elsewhere(outcome)
            return
        outcome.clear()
        body = self.head.encode(reply)
        door = self._door
        door.runtime.counting.note_plain(self, len(body))
        self.body = b""  # it may be large, and the next one may be long in coming
        door.answer_plainly(self, self._allowance, body)

    def _settle_elsewhere(self, outcome: Outcome) -> None:
        """Let the flow find the words for an error, and write what takes more than a line."""
        door = self._door
        run = Run(self.head, self.body, self.client, door.runtime, self._answer)
        ready = self.head.ready
        if ready is not None:
            request = ready.request
        else:
            is_base64 = self.head.form().is_base64
            request = Request(SINGLE, None, is_base64, words=[orjson.loads(self.body)])
        run.go_on_from(self.admitted, request, self._allowance, self.began_at, outcome)

    def _answer(self, _run: Run, response: Response) -> None:
        self._door.answer(self, response)
