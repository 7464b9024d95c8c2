"""Reading W3C `traceparent`, strictly."""

import pytest

from redisgate.lib import trace_context
from redisgate.lib.trace_context import TraceContext

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(
    ("header", "is_sampled"),
    [
        (f"00-{TRACE}-{SPAN}-01", True),
        (f"00-{TRACE}-{SPAN}-00", False),
        (f"00-{TRACE}-{SPAN}-03", True),
        (f"01-{TRACE}-{SPAN}-01-later", True),
        (f"cc-{TRACE}-{SPAN}-01", True),
    ],
)
def test_valid_header_is_read(header: str, is_sampled: bool) -> None:
    assert trace_context.parse(header) == TraceContext(TRACE, SPAN, is_sampled)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"01-{TRACE}-{SPAN}-01more",
        f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01",
        f"00-{TRACE[:-1]}٣-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01-{'x' * 600}",
    ],
)
def test_invalid_header_begins_a_trace(header: str | None) -> None:
    assert trace_context.parse(header) is None
    with trace_context.continued(header) as here:
        assert here.trace_id != TRACE
        assert len(here.trace_id) == 32
    assert trace_context.current() is None


def test_request_has_a_place_of_its_own_in_the_trace_of_its_sender() -> None:
    with trace_context.continued(f"00-{TRACE}-{SPAN}-01") as here:
        assert here.trace_id == TRACE
        assert here.span_id != SPAN
        with trace_context.continued(None) as same:
            assert same is here
