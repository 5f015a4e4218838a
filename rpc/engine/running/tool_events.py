"""The events of tools' calls."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from protocol.events import (
    EventBody,
    MessageDelta,
    ToolEvent,
    ToolFailed,
    ToolFinished,
    ToolOutput,
    ToolStarted,
)
from protocol.values import Failure
from rpc.engine.langgraph.tool_calls import ToolCall
from rpc.engine.running.deltas import Deltas
from rpc.engine.running.limits import EventTooLarge, WroteTooFastError
from rpc.engine.values.to_json import to_json


class ToolEvents:
    """Tells of the calls of one advance, as the listener of its run. Thread-safe.

    `emit`: puts an event in line; raises `EventTooLarge`. `wait_for_room`: as a writer's. `lost`: ends the run with an error.
    `failure`: an error as clients see it, of the node at a path. `secrets`: texts that no piece of an output may have.
    """

    def __init__(
        self,
        emit: Callable[[EventBody], None],
        wait_for_room: Callable[[], int],
        lost: Callable[[Exception], None],
        failure: Callable[[BaseException, str | None], Failure],
        lock: threading.RLock,
        secrets: Sequence[str],
    ) -> None:
        self.emit = emit
        self.wait_for_room = wait_for_room
        self.lost = lost
        self.failure = failure
        self.lock = lock
        self.deltas = Deltas(secrets)

    def starts(self, call: ToolCall, given: Any) -> None:
        self._tell(call, ToolStarted(*_of(call), to_json(given)))

    def says(self, call: ToolCall, delta: Any) -> None:
        if not self._room(call):
            return
        with self.lock:
            if isinstance(delta, str):
                # A secret may be cut over several pieces.
                piece = MessageDelta(call.id, delta)
                delta = self.deltas.told(call.place.task_id, piece, last=False)
                if not delta and piece.delta:
                    return
            try:
                self.emit(ToolOutput(*_of(call), to_json(delta)))
            except EventTooLarge as error:
                # As with what a node writes: it is told by nothing, and who wrote it hears that.
                self.lost(error)
                raise

    def returned(self, call: ToolCall, output: Any) -> None:
        self._tell(call, ToolFinished(*_of(call), to_json(output)))

    def raised(self, call: ToolCall, error: BaseException) -> None:
        self._tell(call, ToolFailed(*_of(call), self.failure(error, call.place.path)))

    def _room(self, call: ToolCall) -> bool:
        """Whether there is; else the run ends: what a callback raises is heard by nobody."""
        if pending := self.wait_for_room():
            self.lost(WroteTooFastError(call.place.path, pending))
            return False
        return True

    def _tell(self, call: ToolCall, body: ToolEvent) -> None:
        if not self._room(call):
            return
        with self.lock:
            for held in self.deltas.over(call.place.task_id, call.id):
                self.emit(ToolOutput(*_of(call), held.delta))
            try:
                self.emit(body)
            except EventTooLarge as error:
                # No reason to end a run: what counts is in what the node writes.
                if isinstance(body, ToolStarted):
                    self.emit(msgspec.structs.replace(body, input=None, too_large=True))
                elif isinstance(body, ToolFinished):
                    self.emit(msgspec.structs.replace(body, output=None, too_large=True))
                else:
                    self.lost(error)


def _of(call: ToolCall) -> tuple[str, str, str, str, str]:
    place = call.place
    return call.id, call.tool, place.node, place.path, place.task_id
