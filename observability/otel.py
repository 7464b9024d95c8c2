"""Spans by OpenTelemetry, sent over OTLP. Import it only where tracing is on: it is an extra.

Where they go and how they travel is said by the standard variables (``OTEL_EXPORTER_OTLP_…``,
``OTEL_BSP_…``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_SERVICE_NAME``), which the SDK reads itself;
address and headers come from the settings, because they may stand in a file.
"""

from functools import cached_property

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
)
from opentelemetry.trace import Span as TheirSpan
from opentelemetry.util.re import parse_env_headers
from opentelemetry.util.types import AttributeValue

from observability import otlp
from observability.tracing import Attributes, Kind, Span, Tracer
from redisgate.lib.trace_context import TraceContext

KINDS = {
    Kind.SERVER: SpanKind.SERVER,
    Kind.INTERNAL: SpanKind.INTERNAL,
    Kind.CLIENT: SpanKind.CLIENT,
}


class OtelSpan(Span):
    """A span of the SDK's."""

    def __init__(self, theirs: TheirSpan) -> None:
        self.theirs = theirs
        context = theirs.get_span_context()
        self.place = TraceContext(
            trace.format_trace_id(context.trace_id),
            trace.format_span_id(context.span_id),
            is_sampled=True,
        )

    def note(self, attributes: Attributes) -> None:
        self.theirs.set_attributes(attributes)

    def rename(self, name: str) -> None:
        self.theirs.update_name(name)

    def fail(self, reason: str) -> None:
        self.theirs.set_attribute("error.type", reason)
        self.theirs.set_status(Status(StatusCode.ERROR))

    def end(self) -> None:
        self.theirs.end()


class OtelTracer(Tracer):
    """Makes spans of the SDK's, which a thread of its own sends."""

    def __init__(self, *, version: str, environment: str) -> None:
        self._version = version
        self._environment = environment

    @cached_property
    def _theirs(self) -> trace.Tracer:
        # Late: made before the workers are forked, its thread would be in none of them.
        about: dict[str, AttributeValue] = {
            "service.name": "redisgate",
            "service.version": self._version,
            "deployment.environment.name": self._environment,
        }
        about |= OTELResourceDetector().detect().attributes  # what operators say counts more
        # Whether a request is traced was decided before any span is made.
        provider = TracerProvider(resource=Resource.create(about), sampler=ALWAYS_ON)
        headers = parse_env_headers(otlp.headers(), liberal=True)
        exporter = OTLPSpanExporter(endpoint=otlp.endpoint(), headers=headers)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return provider.get_tracer("redisgate", self._version)

    def begin(
        self, name: str, kind: Kind, parent: Span | TraceContext | None, attributes: Attributes
    ) -> OtelSpan:
        above = None if parent is None else trace.set_span_in_context(_theirs_of(parent))
        return OtelSpan(
            self._theirs.start_span(
                name, context=above, kind=KINDS[kind], attributes=dict(attributes)
            )
        )


def _theirs_of(parent: Span | TraceContext) -> TheirSpan:
    if isinstance(parent, OtelSpan):
        return parent.theirs
    assert isinstance(parent, TraceContext)
    return NonRecordingSpan(
        SpanContext(
            int(parent.trace_id, 16),
            int(parent.span_id, 16),
            is_remote=True,
            trace_flags=TraceFlags(TraceFlags.SAMPLED),
        )
    )
