"""The fast door where requests are traced: those that are chosen take the complete one.

Spans of the fast door's own would cost each of its requests more than all else it does, and be a
second truth about them. So it stays as it is for the others, and pays for choosing alone.
"""

from gateway.fastlane import FastLane
from observability import tracing
from observability.counted_protocol import CountedProtocol
from observability.tracing import CHOSEN
from redisgate.lib import trace_context

TRACEPARENT = trace_context.HEADER.encode()
# As clients write it; in another spelling chance alone decides. To look for these takes a tenth of
# a microsecond, and to look for any spelling takes ten.
SPELLINGS = (b"raceparent:", b"RACEPARENT:")


class TracedLane(FastLane):
    """A fast lane that hands on what is to be traced."""

    _is_drawn: bool | None = None
    """Whether chance has chosen the request that begins."""

    def data_received(self, data: bytes) -> None:
        if not self._is_between:
            super().data_received(data)
            return
        self._is_drawn = tracing.draw()
        if self._is_drawn or SPELLINGS[0] in data or SPELLINGS[1] in data:
            # Past what is known of equal heads, so that this one is looked at.
            self._just_read = None
            if not self._is_ending:
                CountedProtocol.data_received(self, data)
        else:
            super().data_received(data)

    def take_head(self) -> None:
        if self._is_wanted():
            if not self._is_ending:
                self._hand_on()
                self.scope[CHOSEN] = True  # type: ignore[literal-required]
        else:
            super().take_head()

    def _is_wanted(self) -> bool:
        named = [value for name, value in self.headers if name == TRACEPARENT]
        sender = trace_context.parse(b",".join(named).decode("latin-1"))
        is_drawn, self._is_drawn = self._is_drawn, None
        if sender is not None:
            return sender.is_sampled
        return tracing.draw() if is_drawn is None else is_drawn
