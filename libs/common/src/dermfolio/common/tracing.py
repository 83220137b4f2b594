"""W3C traces over OTLP, when an endpoint is configured; without one, tracing costs nothing."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

from opentelemetry import propagate, trace

_tracer = trace.get_tracer(__name__)


def configure(service: str, otlp_endpoint: str | None) -> None:
    """Export spans of this process to `otlp_endpoint` (OTLP over HTTP)."""
    if otlp_endpoint is None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=otlp_endpoint)))
    trace.set_tracer_provider(provider)


def span(
    name: str, kind: trace.SpanKind, headers: Mapping[str, str] | None = None
) -> AbstractContextManager[trace.Span | None]:
    """Make a block a span: of the trace that a message's headers carry, or else of the current one."""
    if "traceparent" not in (headers or {}) and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return nullcontext()  # there is no trace to be part of, and none begins here
    context = None if headers is None else propagate.extract(headers)
    return _tracer.start_as_current_span(name, context=context, kind=kind)
