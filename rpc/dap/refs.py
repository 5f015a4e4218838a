"""What an editor refers to by numbers: frames, and values in them."""

from typing import Any

from msgspec import Struct

from rpc.dap.threads import Task


class Frame(Struct):
    """One level of a task's call stack. `task_id`: None for the graph itself, and where the task is not known.

    `place`: the path of the graph whose state it shows, '' for the top one; `of_place`: a task of that graph, by which it is found,
    None where none is known. `stands`: the task that stands below.
    """

    number: int
    path: str
    name: str
    task_id: str | None
    place: str
    stands: Task
    turn: int
    of_place: str | None

    @property
    def is_there(self) -> bool:
        """Whether its task stands as it did."""
        return self.stands.stop is not None and self.stands.stands == self.turn


class Ref(Struct):
    """What a variables reference means: a value, or where the server has it.

    `pointer`: into the state of the frame's graph where `kind` is `state`, into the task's input where it is `input`, into the run's
    context where it is `context`; `None` where it cannot be fetched. `given`: whether `value` is here. `type`: what Python calls its type, where the server said so. `fixed`:
    it cannot be edited. `indexed`: what is inside has numbers, not names.
    """

    kind: str
    frame: Frame
    pointer: str | None
    value: Any = None
    given: bool = False
    expression: str | None = None
    type: str | None = None
    fixed: bool = False
    indexed: bool = False

    @property
    def fetched(self) -> bool:
        """Whether the server is asked what is inside."""
        return self.kind in ("state", "input", "context") and self.pointer is not None
