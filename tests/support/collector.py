"""A small OTLP collector: takes spans over HTTP, as a real one does, and shows them."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)


class Span(Struct):
    """A span as it came; ids in hex."""

    name: str
    trace: str
    id: str
    parent: str
    links: list[str]
    attributes: dict[str, Any]
    failed: bool
    service: str


class Collector:
    """Listens on a port of its own. Use as a context manager."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.raw = b""
        self.came = threading.Condition()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    import gzip

                    body = gzip.decompress(body)
                outer.take(body)
                self.send_response(200)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_header("content-type", "application/x-protobuf")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    @property
    def env(self) -> dict[str, str]:
        """Variables of a server that sends its spans here."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.server.server_port}",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            # What is not taken in this time, in seconds, is lost; on a busy machine the collector has no turn for long.
            "OTEL_EXPORTER_OTLP_TIMEOUT": "60",
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def take(self, body: bytes) -> None:
        """What was posted."""
        request = ExportTraceServiceRequest.FromString(body)
        with self.came:
            self.raw += body
            for resource in request.resource_spans:
                of = {one.key: one.value.string_value for one in resource.resource.attributes}
                for scope in resource.scope_spans:
                    for span in scope.spans:
                        self.spans.append(
                            Span(
                                span.name,
                                span.trace_id.hex(),
                                span.span_id.hex(),
                                span.parent_span_id.hex(),
                                [link.span_id.hex() for link in span.links],
                                {
                                    one.key: getattr(one.value, one.value.WhichOneof("value"))
                                    for one in span.attributes
                                },
                                span.status.code == 2,
                                of["service.name"],
                            )
                        )
            self.came.notify_all()

    def wait(self, name: str, count: int = 1) -> list[Span]:
        """The spans of a name, once there are so many. Raises `TimeoutError`."""
        with self.came:
            if not self.came.wait_for(
                lambda: sum(span.name == name for span in self.spans) >= count, 60
            ):
                raise TimeoutError(f"no {count} spans {name!r}: {[one.name for one in self.spans]}")
            return [span for span in self.spans if span.name == name]

    def __enter__(self) -> "Collector":
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
