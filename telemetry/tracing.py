"""Traces by FastAPI's own OpenTelemetry support.

Off, and their packages not loaded, until OTEL_EXPORTER_OTLP_ENDPOINT says where to.
"""

from typing import Any

from fastapi.telemetry import TelemetryConfig

from settings.loading import settings

MAY_HOLD_SECRETS = ("url.path", "url.query")  # of a span; its http.route is the template
_provider: Any = None


def begin() -> TelemetryConfig:
    """What FastAPI is to trace. Whatever else the environment says, no query and no exception's words ever go out."""
    global _provider
    config: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
    if not settings.otel_exporter_otlp_endpoint:
        return config
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource
    from opentelemetry.sdk.trace import Span, SpanProcessor, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    class Discreet(SpanProcessor):
        def on_start(self, span: Span, parent_context: Any = None) -> None:
            for name in MAY_HOLD_SECRETS:
                if name in (span.attributes or {}):
                    span.set_attribute(name, "")

    name = Resource({"service.name": "credential-service"})
    _provider = TracerProvider(resource=name.merge(OTELResourceDetector().detect()))
    _provider.add_span_processor(Discreet())
    exporter = OTLPSpanExporter(endpoint=f"{settings.otel_exporter_otlp_endpoint}/v1/traces")
    _provider.add_span_processor(BatchSpanProcessor(exporter))
    return {**config, "tracing": True, "operation_spans": False, "tracer_provider": _provider}


def end() -> None:
    """Send what is still to be sent."""
    if _provider:
        _provider.shutdown()
