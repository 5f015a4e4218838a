"""Server-Sent Events, read by hand: what is checked is what stands on the wire."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from msgspec import Struct


class Frame(Struct):
    """One event of a stream. `id`: None where it has none. `comment`: a line that is no event."""

    id: str | None = None
    event: str | None = None
    data: str | None = None
    retry: str | None = None
    comment: str | None = None

    @property
    def json(self) -> Any:
        """The data."""
        assert self.data is not None
        return json.loads(self.data)


def frames(lines: Iterable[str]) -> Iterator[Frame]:
    """The frames that end with an empty line, comments as frames of their own."""
    frame = Frame()
    empty = True
    for line in lines:
        if not line:
            if not empty:
                yield frame
            frame, empty = Frame(), True
            continue
        empty = False
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        setattr(frame, name or "comment", value)


@contextmanager
def stream(
    http: httpx.Client, session_id: str, last_id: int | None = None, **query: Any
) -> Iterator[Iterator[Frame]]:
    """The frames of a session's stream as they come. Raises for an answer that is no stream."""
    headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
    path = f"/v1/orchestrator/stream/{session_id}"
    with http.stream("GET", path, params=query, headers=headers) as response:
        if response.status_code != 200:
            response.read()
        response.raise_for_status()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield frames(response.iter_lines())


def whole(
    http: httpx.Client, session_id: str, last_id: int | None = None, **query: Any
) -> list[Frame]:
    """All frames of a stream that ends, without what is not an event."""
    with stream(http, session_id, last_id, **query) as found:
        return [frame for frame in found if frame.event is not None]


def until(found: Iterator[Frame], event: str) -> list[Frame]:
    """The events up to the first of a name."""
    seen = []
    for frame in found:
        if frame.event is None:
            continue
        seen.append(frame)
        if frame.event == event:
            return seen
    raise AssertionError(f"the stream ended before {event}")
