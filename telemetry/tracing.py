"""Configure traces with FastAPI's OpenTelemetry support.

Tracing is off, and its packages are not loaded, unless OTEL_EXPORTER_OTLP_ENDPOINT is set.
"""

from typing import Any

from fastapi.telemetry import TelemetryConfig

from settings.loading import settings

SENSITIVE_ATTRIBUTES = ("url.path", "url.query")  # of a span; its http.route is the template
_provider: Any = None


def begin() -> TelemetryConfig:
    """Return FastAPI's telemetry configuration. Queries and exception messages are never exported."""
    global _provider
    config: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    if not settings.otel_exporter_otlp_endpoint:
        return config
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider

    class ScrubbingProcessor(SpanProcessor):
        def on_start(self, span: Span, parent_context: Any = None) -> None:
            for name in SENSITIVE_ATTRIBUTES:
                if name in (span.attributes or {}):
                    span.set_attribute(name, "")

    name = Resource({"service.name": "credential-service"})
    _provider = TracerProvider(resource=name.merge(OTELResourceDetector().detect()))
    _provider.add_span_processor(ScrubbingProcessor())
    return {**config, "tracing": True, "operation_spans": False, "tracer_provider": _provider}


def start() -> None:
    """Export spans from now on, in a thread of this process: at the start of a worker, not when its code is loaded."""
    if _provider:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        exporter = OTLPSpanExporter(endpoint=f"{settings.otel_exporter_otlp_endpoint}/v1/traces")
        _provider.add_span_processor(BatchSpanProcessor(exporter))


def end() -> None:
    """Export pending spans."""
    if _provider:
        _provider.shutdown()
