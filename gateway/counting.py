"""What was asked and answered, in plain integers, on the request's way. Pure.

Everything of one request lands in one `Tally`, found by one look into a dictionary: labelled
counters would cost a third of the gateway's speed. `gateway.publishing` takes the tallies away
once a second and adds them up into usage and metrics.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from time import monotonic
from typing import NamedTuple, Protocol

from gateway.call import Admitted, Call, Head, TalliedAs
from gateway.command_names import OTHER, SPELLINGS
from gateway.core import Response
from gateway.parsing import SINGLE
from gateway.principals import Principal, Target
from observability.buckets import HTTP_SECONDS
from observability.methods import label_of

PATH = "/redis/<instance>"
"""What is said of an address instead of what was asked."""
TALLIES_MAX = 50_000


class Counted(Protocol):
    """What is looked at of a call."""

    @property
    def head(self) -> Head: ...

    @property
    def body(self) -> bytes: ...

    @property
    def client(self) -> str: ...


class PlainCall(Counted, Protocol):
    """A call of one ordinary command that was let in."""

    admitted: Admitted
    name: str
    tallied_as: TalliedAs
    """Its name, and where that isn't POST its method before it."""
    began_at: float


class Answered(NamedTuple):
    """A call with its answer; principal and target are what was found of them."""

    call: Counted
    principal: Principal | None
    target: Target | None
    response: Response


class Tally:
    """Requests that are alike: same key, instance, command, method and status.

    ``what`` is a command's name, ``pipeline`` or ``transaction``, or the code of a refusal.
    """

    __slots__ = (
        "address",
        "buckets",
        "bytes_in",
        "bytes_out",
        "commands",
        "errors",
        "head",
        "is_batch",
        "is_refusal",
        "method",
        "principal",
        "seconds",
        "status",
        "target",
        "what",
    )

    def __init__(self, what: str, answered: Answered, *, is_batch: bool) -> None:
        call, principal, target, response = answered
        self.what = what
        self.method = label_of(call.head.method)
        self.status = response.status
        self.is_refusal = bool(response.code)
        self.is_batch = is_batch
        self.principal = principal
        self.target = target
        self.head = call.head
        self.address = call.client
        self.buckets = [0] * (len(HTTP_SECONDS) + 1)
        self.seconds = 0.0
        self.bytes_in = 0
        self.bytes_out = 0
        self.commands = 0
        """Of pipelines and transactions; a single request has one."""
        self.errors = 0

    @property
    def requests(self) -> int:
        return sum(self.buckets)


@dataclass(slots=True)
class Taken:
    """What was counted since the last time."""

    tallies: list[Tally] = field(default_factory=list)
    batched: Counter[str] = field(default_factory=Counter)
    """Commands of pipelines and transactions, by name."""
    batched_errors: Counter[str] = field(default_factory=Counter)


class Counting:
    """Count for one event loop."""

    def __init__(self) -> None:
        self.wake: Callable[[], None] = _nobody_waits
        """Called when there is something to take."""
        self.slow_seconds = inf
        self.on_slow: Callable[[Answered, str, float], object] = _nobody_asks
        """Told of each request that took longer, with what it is counted as."""
        self._tallies: dict[tuple[object, ...], Tally] = {}
        self._batched: Counter[str] = Counter()
        self._batched_errors: Counter[str] = Counter()

    def note(
        self,
        call: Call,
        principal: Principal | None,
        target: Target | None,
        response: Response,
        seconds: float,
    ) -> None:
        """Count one answered call, a refused one included. Never raises, never waits.

        Principal and target are what was found of them, whether or not they belong together.
        """
        what: bytes | str = response.code
        if not what:
            request = call.request
            what = request.first_name if request.kind is SINGLE else request.kind.value
        head = call.head
        # The tally holds both objects, so their ids stay theirs as long as it is here.
        key = (id(principal), id(target), what, head.method, response.status)
        try:
            tally = self._tallies[key]
        except KeyError:
            tally = self._begin(key, what, Answered(call, principal, target, response))
        tally.buckets[bisect_left(HTTP_SECONDS, seconds)] += 1
        tally.seconds += seconds
        tally.bytes_in += len(call.body) + len(head.path)
        tally.bytes_out += len(response.body)
        if tally.is_batch:
            self._count_batch(tally, call, response)
        if seconds > self.slow_seconds:
            self.on_slow(Answered(call, principal, target, response), tally.what, seconds)

    def note_plain(self, call: PlainCall, bytes_out: int) -> None:
        """Do what ``note`` does for one ordinary command that was answered with 200."""
        admitted = call.admitted
        if admitted.tallied_in is not self._tallies:
            admitted.tallied_in, admitted.tallies = self._tallies, {}
        tally = admitted.tallies.get(call.tallied_as)
        if tally is None:
            tally = self._begin_plain(call)
        seconds = monotonic() - call.began_at
        tally.buckets[bisect_left(HTTP_SECONDS, seconds)] += 1
        tally.seconds += seconds
        tally.bytes_in += len(call.body) + len(call.head.path)
        tally.bytes_out += bytes_out
        if seconds > self.slow_seconds:
            answered = Answered(call, admitted.principal, admitted.target, Response(200, b""))
            self.on_slow(answered, tally.what, seconds)

    def _begin_plain(self, call: PlainCall) -> Tally:
        admitted, name = call.admitted, call.name.encode()
        principal, target = admitted.principal, admitted.target
        key = (id(principal), id(target), name, call.head.method, 200)
        tally = self._tallies.get(key)
        if tally is None:
            tally = self._begin(key, name, Answered(call, principal, target, Response(200, b"")))
        if tally.what is not OTHER:
            admitted.tallies[call.tallied_as] = tally
        return tally

    def take(self) -> Taken:
        """Give what was counted, and begin anew."""
        taken = Taken(list(self._tallies.values()), self._batched, self._batched_errors)
        self._tallies = {}
        self._batched, self._batched_errors = Counter(), Counter()
        return taken

    def _begin(self, key: tuple[object, ...], what: bytes | str, first: Answered) -> Tally:
        """Make the tally for the first request of its kind.

        Names that only this client knows share one tally for each key, and when there are too
        many kinds at once, usage is given up for the sake of metrics.
        """
        is_batch = type(what) is str and not first.response.code
        if type(what) is bytes:
            what = name_of(what)
        if what is OTHER:
            key = (*key[:2], OTHER, *key[3:])
        if len(self._tallies) >= TALLIES_MAX:
            first = first._replace(principal=None, target=None)
            key = (id(None), id(None), what, *key[3:])
        tally = self._tallies.get(key)
        if tally is not None:
            return tally
        if not self._tallies:
            self.wake()
        tally = Tally(str(what), first, is_batch=is_batch)
        self._tallies[key] = tally
        return tally

    def _count_batch(self, tally: Tally, call: Call, response: Response) -> None:
        names = call.request.names()
        tally.commands += len(names)
        first = names[0]
        if names.count(first) == len(names):  # sooner found out than counted
            self._batched[name_of(first)] += len(names)
        else:
            for spelling, number in Counter(names).items():
                self._batched[name_of(spelling)] += number
        if response.errors:
            tally.errors += len(response.errors)
            for place in response.errors:
                self._batched_errors[name_of(names[place])] += 1


def name_of(spelling: bytes | str) -> str:
    """Give the name under which a command is counted, out of a set that clients can't extend."""
    if isinstance(spelling, str):
        spelling = spelling.encode()
    name = SPELLINGS.get(spelling)
    return SPELLINGS.get(spelling[:64].upper(), OTHER) if name is None else name


def _nobody_asks(_answered: Answered, _what: str, _seconds: float) -> None:
    """Let slow ones be."""


def _nobody_waits() -> None:
    """Leave the counts where they are."""
