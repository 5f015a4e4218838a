"""Traces: a request, the runs that it sets going, and their nodes. Nothing of OpenTelemetry is loaded unless it is asked for."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rpc.telemetry.otel import Traces

log = logging.getLogger("stepwire.telemetry")

SAID_BY = (
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_TRACES_EXPORTER",
)
"""Variables that say that traces are wanted (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/)."""


class TracingError(Exception):
    """Traces are asked for and cannot be made; the message says what would help."""


traces: ContextVar["Traces | None"] = ContextVar("stepwire_traces", default=None)
"""What makes spans of what runs here; set while a run does."""

_NOTHING: AbstractContextManager[Any] = nullcontext()


def opened(setting: str, environ: Mapping[str, str]) -> "Traces | None":
    """What makes spans, or None. `setting`: `auto` leaves it to the variables. Raises `TracingError`."""
    if setting == "off" or environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return None
    exporter = environ.get("OTEL_TRACES_EXPORTER", "otlp")
    if exporter == "none" or (setting == "auto" and not any(environ.get(one) for one in SAID_BY)):
        return None
    problem = None
    protocol = environ.get(
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "")
    )
    if exporter != "otlp":
        problem = f"OTEL_TRACES_EXPORTER is {exporter!r}; otlp and none can be"
    elif protocol not in ("", "http/protobuf"):
        problem = f"the protocol of OTLP is {protocol!r}; http/protobuf can be"
    else:
        try:
            from rpc.telemetry.otel import Traces

            return Traces()
        except ImportError as error:
            problem = f"{error.name} is not installed: pip install 'stepwire[otel]'"
    if setting == "on":
        raise TracingError(f"no traces can be made: {problem}")
    log.warning("no traces are made: %s", problem)
    return None


def node(
    name: str, path: str, task_id: str, step: int | None, rests: Callable[[BaseException], bool]
) -> AbstractContextManager[Any]:
    """A node's span, where its run is traced. `rests`: whether an error only says that the task asks or stands."""
    found = traces.get()
    return _NOTHING if found is None else found.node(name, path, task_id, step, rests)
