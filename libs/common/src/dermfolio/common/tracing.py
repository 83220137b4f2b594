"""W3C traces over OTLP, when an endpoint is configured; without one, tracing costs nothing."""

from opentelemetry import trace


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
