"""What nodes say while they run, as events: what they write to their stream, models' messages, callbacks.

A node that says more than is taken waits, or where it cannot wait, is ended by it.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from langchain_core.messages import AIMessageChunk, BaseMessage

from protocol.events import Callback, EventBody, Progress
from rpc.engine.langgraph.callbacks import message_source
from rpc.engine.langgraph.place import Place
from rpc.engine.running.callback_pieces import Pieces
from rpc.engine.running.deltas import Deltas
from rpc.engine.running.limits import EventTooLarge, WroteTooFastError
from rpc.engine.running.message_events import message_delta, with_text
from rpc.engine.values.to_json import encode, to_json
from rpc.storage.units import Draft

MANY = 256
"""Of how many tasks that write it is kept what is told of each."""


class Writer(Protocol):
    """Where an advance's events go."""

    def emit(self, draft: Draft, *, patient: bool = False) -> None:
        """Put one event in line. `patient`: it can wait a moment for what may follow at once."""

    def wait_for_room(self) -> int:
        """Where a node runs: wait while too much is in line; how many bytes of its are, where it cannot wait and that is too much.

        Raises `RefusedError` where the run is over.
        """


class Drafting(Protocol):
    """What makes an event of a body. `text`: the body encoded, where somebody has done so already."""

    def __call__(self, body: EventBody, *, text: bytes | None = None) -> Draft:
        """Raises `EventTooLarge`."""


class Streamed:
    """The part of an advance's translator that takes streams. Thread-safe by its `lock`, which the whole of it shares.

    `draft`: makes an event of a body. `secrets`: texts that no event may have.
    """

    def __init__(self, writer: Writer, draft: Drafting, secrets: Sequence[str]) -> None:
        self.writer = writer
        self.draft = draft
        self.lock = threading.RLock()
        self.deltas = Deltas(secrets)
        self.pieces = Pieces(secrets)
        # What is told with all that a task writes to its stream.
        self.written: dict[Place, tuple[Progress, bytes]] = {}
        # What went wrong where nobody sees an exception: it ends the run.
        self.fault: Exception | None = None

    def emit(self, body: EventBody, *, patient: bool = False) -> None:
        """Tell it; one that is too large ends the run. `patient`: more may follow at once."""
        try:
            self.writer.emit(self.draft(body), patient=patient)
        except EventTooLarge as error:
            # It is told by nothing, so the run must not go on as if it were.
            self.lost(error)

    def lost(self, error: Exception) -> None:
        """Something could not be told or saved, where nobody sees an exception."""
        self.fault = self.fault or error

    def wrote(self, task: Place, data: Any) -> None:
        """A node wrote to its stream writer."""
        if pending := self.writer.wait_for_room():
            error = WroteTooFastError(task.path, pending)
            # A node that goes on all the same has failed too.
            self.lost(error)
            raise error
        written = self.written.get(task)
        if written is None:
            if len(self.written) >= MANY:
                self.written.clear()
            written = self.written[task] = _about(task)
        body, rest = written
        text = b'{"data":%b%b' % (encode(to_json(data)), rest)
        with self.lock:
            try:
                self.writer.emit(self.draft(body, text=text))
            except EventTooLarge as error:
                self.lost(error)
                raise

    def message(self, message: BaseMessage, metadata: Mapping[str, Any]) -> None:
        """A chat model's message, or a piece of one."""
        node, own = message_source(metadata)
        if pending := self.writer.wait_for_room():
            # What a callback raises is heard by nobody.
            self.lost(WroteTooFastError(own.path, pending))
            return
        piece = isinstance(message, AIMessageChunk)
        body = message_delta(message, node, own, piece=piece, tags=metadata.get("tags"))
        with self.lock:
            if piece:
                last = getattr(message, "chunk_position", None) == "last"
                told = self.deltas.told(own.task_id, body, last=last)
                if not told and body.message is None:
                    return
                if told is not body.delta:
                    body = with_text(body, told)
            self.emit(body)

    def called_back(self, event: dict[str, Any]) -> None:
        """A callback of LangChain's."""
        if pending := self.writer.wait_for_room():
            self.lost(WroteTooFastError(event["name"], pending))
            return
        with self.lock:
            for one in self.pieces.told(event):
                self.emit(Callback(to_json(one)))

    def messages_over(self, task_id: str | None = None) -> None:
        """Tell what was held back of the messages of a task that ends, or of all."""
        with self.lock:
            for rest in self.deltas.over(task_id):
                self.emit(rest)


def _about(task: Place) -> tuple[Progress, bytes]:
    """What is told of the task that writes: as an event's body, and encoded as what stands behind the value."""
    body = Progress(None, task.node, task.path, task.task_id)
    return body, encode(body).removeprefix(b'{"data":null')
