"""The metrics as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/), by prometheus-client."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from msgspec import Struct
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from rpc.telemetry.metrics import Histogram, Metrics

OTHER = "(other)"
"""The graph of what is of graphs that the server does not have any more."""


class Gauge(Struct, frozen=True):
    """What is read when it is asked for. `read`: values, by the label's where there is a `label`, else by ""."""

    name: str
    help: str
    read: Callable[[], Mapping[str, float]]
    label: str | None = None


class Exposition:
    """Of one core, in a registry of its own. `graphs`: names of those there are now; others are one label."""

    def __init__(
        self,
        metrics: Metrics,
        version: str,
        graphs: Callable[[], Collection[str]],
        gauges: Iterable[Gauge],
    ) -> None:
        self.metrics = metrics
        self.version = version
        self.graphs = graphs
        self.gauges = list(gauges)
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(self)

    def text(self, accept: str) -> tuple[bytes, str]:
        """All metrics, in the format that `accept`, of the request, asks for; and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type

    def describe(self) -> Iterable[Metric]:
        """What the registry would check for names that are there twice: nothing need be read for that."""
        return []

    def collect(self) -> Iterator[Metric]:
        """By the registry."""
        found = self.metrics
        yield InfoMetricFamily(
            "stepwire", "The server that answers.", value={"version": self.version}
        )
        requests = CounterMetricFamily(
            "stepwire_requests",
            "Requests, by method and by what became of them: ok, or an error's type.",
            labels=["method", "outcome"],
        )
        for (method, outcome), count in sorted(found.requests.items()):
            requests.add_metric([method, outcome], count)
        yield requests
        yield _counter(
            "stepwire_rejected",
            "Requests and connections that went over a limit.",
            {**found.rejected},
            "limit",
        )
        yield _histogram(
            "stepwire_request_seconds",
            "What requests took, from their params to their encoded result.",
            found.request_seconds,
            "method",
        )
        yield _counter("stepwire_connections", "WebSockets opened.", {"": found.connections})
        yield _counter("stepwire_streams", "SSE streams opened.", {"": found.streams})
        yield from self._runs()
        yield _counter(
            "stepwire_recoveries", "Runs set going again.", {**found.recoveries}, "reason"
        )
        yield _counter("stepwire_events", "Events committed.", {"": found.events})
        yield _counter(
            "stepwire_event_bytes", "Bytes of events committed.", {"": found.event_bytes}
        )
        for name, text, histogram in (
            ("commit_seconds", "What transactions took.", found.commit_seconds),
            ("commit_units", "Units committed in one transaction.", found.commit_units),
            ("commit_bytes", "About how large transactions were.", found.commit_bytes),
        ):
            yield _histogram(f"stepwire_{name}", text, {"": histogram})
        yield _counter(
            "stepwire_commit_failures", "Transactions that failed.", {"": found.commit_failures}
        )
        for gauge in self.gauges:
            labels = None if gauge.label is None else [gauge.label]
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=labels)
            for key, value in gauge.read().items():
                family.add_metric([] if labels is None else [key], value)
            yield family

    def _runs(self) -> Iterator[Metric]:
        known = self.graphs()
        counts: dict[tuple[str, str], int] = {}
        for (graph, status), count in self.metrics.runs.items():
            key = (graph if graph in known else OTHER, status)
            counts[key] = counts.get(key, 0) + count
        runs = CounterMetricFamily(
            "stepwire_runs",
            "How often a run came to a status, by graph.",
            labels=["graph", "status"],
        )
        for labels, count in sorted(counts.items()):
            runs.add_metric(labels, count)
        yield runs
        times = {name: one for name, one in self.metrics.run_seconds.items() if name in known}
        yield _histogram("stepwire_run_seconds", "What runs took that are over.", times, "graph")


def _counter(
    name: str, text: str, values: Mapping[str, float], label: str | None = None
) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[] if label is None else [label])
    for key, value in values.items():
        family.add_metric([] if label is None else [key], value)
    return family


def _histogram(
    name: str, text: str, values: Mapping[str, Histogram], label: str | None = None
) -> HistogramMetricFamily:
    family = HistogramMetricFamily(name, text, labels=[] if label is None else [label])
    for key, one in sorted(values.items()):
        total = 0
        buckets: list[tuple[str, float]] = []
        for bound, count in zip((*one.bounds, "+Inf"), list(one.counts), strict=True):
            total += count
            buckets.append((str(bound), total))
        family.add_metric([] if label is None else [key], buckets, one.total)
    return family
