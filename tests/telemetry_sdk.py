"""An OpenTelemetry SDK that keeps in memory what it is given; a process can have one only."""

from __future__ import annotations

from functools import cache
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

Attributes = dict[str, Any]


class Recorded:
    """What was traced and measured since `forget`."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self._reader = InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self._exporter))
        trace.set_tracer_provider(tracers)
        metrics.set_meter_provider(MeterProvider([self._reader]))
        self._before: dict[tuple[str, str], tuple[int, float]] = {}

    @property
    def spans(self) -> list[ReadableSpan]:
        """The spans that have ended, inner ones first."""
        return list(self._exporter.get_finished_spans())

    def measured(self, name: str) -> list[tuple[Attributes, int, float]]:
        """Return attributes, count and sum of each series of a histogram."""
        found: list[tuple[Attributes, int, float]] = []
        for point in self._points(name):
            attributes = dict(point.attributes)
            count, total = self._before.get((name, repr(sorted(attributes.items()))), (0, 0.0))
            if point.count > count:
                found.append((attributes, point.count - count, point.sum - total))
        return found

    def boundaries(self, name: str) -> tuple[float, ...]:
        return tuple(self._points(name)[0].explicit_bounds)

    def text(self) -> str:
        """Return all of it as JSON: what would leave the process."""
        data: Any = self._reader.get_metrics_data()
        return "\n".join([*(str(span.to_json()) for span in self.spans), data.to_json()])

    def forget(self) -> None:
        self._exporter.clear()
        for name in ("gen_ai.client.operation.duration", "gen_ai.client.token.usage"):
            for point in self._points(name):
                key = (name, repr(sorted(dict(point.attributes).items())))
                self._before[key] = (point.count, point.sum)

    def _points(self, name: str) -> list[Any]:
        data: Any = self._reader.get_metrics_data()
        return [
            point
            for resource in (data.resource_metrics if data else ())
            for scope in resource.scope_metrics
            for metric in scope.metrics
            if metric.name == name
            for point in metric.data.data_points
        ]


@cache
def recorded() -> Recorded:
    """Return the process's one SDK, set up on first use."""
    return Recorded()
