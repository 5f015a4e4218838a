"""What a saver needs of others: somebody who commits, and somebody who makes events of what is saved."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from langgraph.checkpoint.base import Checkpoint, CheckpointMetadata

from rpc.engine.checkpoints.encoding import UnserializableError
from rpc.storage.units import Draft, Unit, Written


class Pending(Protocol):
    """A unit in line."""

    @property
    def decided(self) -> bool:
        """Whether it was committed, refused or given up."""

    def result(self) -> Written:
        """What was written, once something that was put behind it is. Raises `RefusedError`."""


class Commits(Protocol):
    """Makes units durable; the line, and the event log before it. Who waits is raised `RefusedError`."""

    async def commit(self, unit: Unit) -> Written:
        """Wait, on the event loop, until the unit is durable."""

    def soon(self, unit: Unit) -> Pending:
        """Put a unit in line that nobody waits for."""

    async def settled(self, pending: Any) -> None:
        """Wait, on the event loop, until a unit that this one put in line is decided on."""

    def later(self, unit: Unit) -> Pending:
        """Put a unit in line that can wait until the next one comes, which is about to."""

    def commit_in_thread(self, unit: Unit) -> Written:
        """Wait, in a thread that is not the loop's, until the unit is durable."""


class Facts(Protocol):
    """What the events of a run are made of. Called from any thread, before the rows are put in line.

    `namespace`: LangGraph's, '' for the top graph.
    """

    def checkpoint_saved(
        self,
        namespace: str,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        parent_id: str | None,
    ) -> list[Draft]:
        """The events of a checkpoint, committed with it."""

    def task_wrote(
        self, namespace: str, task_id: str, task_path: str, writes: Sequence[tuple[str, Any]]
    ) -> list[Draft]:
        """The events of a task's writes, (channel, value) each, committed with them."""

    def refused(self, task_id: str, error: UnserializableError) -> UnserializableError:
        """What a task wrote cannot be stored: the error that says whose it is."""

    def seen(self, namespace: str, values: Mapping[str, Any]) -> None:
        """The values of a checkpoint that was read or is being saved: told before anything that follows from it."""
