"""Spans by OpenTelemetry's SDK, sent by OTLP over HTTP. Loaded by `tracing.py` where traces are asked for.

Errors are told by their type alone: a message may hold what a trace's readers must not see.
"""

import functools
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_INSTANCE_ID, SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from rpc.telemetry import ids
from rpc.telemetry.tracing import traces
from rpc.version import VERSION

FLUSH_MS = 3000
"""How long a server that stops waits for its last spans to be taken."""

_w3c = TraceContextTextMapPropagator()


@functools.cache
def _provider() -> TracerProvider:
    """The process's: one that was set before, or ours, which user code that makes spans then finds too."""
    there = trace.get_tracer_provider()
    if isinstance(there, TracerProvider):
        return there
    # What the variables say wins.
    given = Resource.create()
    ours = {SERVICE_VERSION: VERSION, SERVICE_INSTANCE_ID: secrets.token_hex(8)}
    if given.attributes.get(SERVICE_NAME, "").startswith("unknown_service"):  # type: ignore[union-attr]
        ours[SERVICE_NAME] = "stepwire"
    resource = given.merge(Resource({name: ours[name] for name in ours}))
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


class Traces:
    """Makes spans."""

    def __init__(self) -> None:
        self.provider = _provider()
        self.tracer = self.provider.get_tracer("stepwire", VERSION)

    def flush(self) -> None:
        """Wait until all spans that ended were sent, but not for long. Blocks."""
        self.provider.force_flush(FLUSH_MS)

    @contextmanager
    def request(self, name: str, wire: str, parent: str | None) -> Iterator[None]:
        """A client's request. `parent`: the `traceparent` it came with."""
        span = self.tracer.start_span(
            name,
            _parent(parent),
            SpanKind.SERVER,
            {
                "rpc.system": "jsonrpc",
                "rpc.service": "stepwire",
                "rpc.method": name,
                "rpc.jsonrpc.version": "2.0",
                "stepwire.wire": wire,
                "stepwire.request_id": ids.current().request or "",
            },
        )
        with self._within(span, lambda error: False):
            yield

    @contextmanager
    def run(self, reason: str | None) -> Iterator[None]:
        """A run's advance, from where it begins or goes on to where it ends or rests; whose ids are the context's.

        Its parent is the request that started the run, whoever runs it by now; its link is the one that set it going.
        `reason`: why it is set going again, where nobody asked for that.
        """
        now = ids.current()
        links = [
            Link(trace.get_current_span(_parent(moved)).get_span_context())
            for moved in (now.moved_by,)
            if moved is not None and moved != now.trace
        ]
        attributes: dict[str, Any] = {
            "stepwire.session_id": now.session or "",
            "stepwire.run_id": now.run or "",
            "stepwire.graph": now.graph or "",
        }
        if reason is not None:
            attributes["stepwire.recovery"] = reason
        span = self.tracer.start_span(
            f"run {now.graph}", _parent(now.trace), SpanKind.INTERNAL, attributes, links
        )
        token = traces.set(self)
        try:
            with self._within(span, lambda error: False):
                yield
        finally:
            traces.reset(token)

    @contextmanager
    def node(
        self,
        name: str,
        path: str,
        task_id: str,
        step: int | None,
        rests: Callable[[BaseException], bool],
    ) -> Iterator[None]:
        """A task of a run."""
        attributes: dict[str, Any] = {"stepwire.node": path, "stepwire.task_id": task_id}
        if step is not None:
            attributes["stepwire.step"] = step
        span = self.tracer.start_span(name, None, SpanKind.INTERNAL, attributes)
        with self._within(span, rests):
            yield

    @contextmanager
    def _within(self, span: Span, rests: Callable[[BaseException], bool]) -> Iterator[None]:
        token = context.attach(trace.set_span_in_context(span))
        before = ids.current()
        ids.add(trace=_traceparent(span))
        try:
            yield
        except BaseException as error:
            if rests(error):
                span.set_attribute("stepwire.rests", True)
            else:
                kind = getattr(getattr(error, "error", None), "type", None)
                span.set_attribute("error.type", kind or type(error).__qualname__)
                span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            now = ids.current()
            for key, value in (("session_id", now.session), ("run_id", now.run)):
                if value is not None:
                    span.set_attribute(f"stepwire.{key}", value)
            ids.add(trace=before.trace)
            context.detach(token)
            span.end()


def _parent(traceparent: str | None) -> Context:
    """The context of a span that is elsewhere; none where there is none, or it is not one."""
    carrier = {} if traceparent is None else {"traceparent": traceparent}
    return _w3c.extract(carrier, Context())


def _traceparent(span: Span) -> str | None:
    carrier: dict[str, str] = {}
    _w3c.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier.get("traceparent")
