"""What every session's event stream must keep to, whatever its graph: checked after each test of a graph."""

from typing import Any

from protocol.sessions import TRANSITIONS

Event = dict[str, Any]

TASK_ENDS = ("node.finished", "node.failed", "node.cancelled")
OVER = ("completed", "failed", "cancelled")


def check_stream(events: list[Event], *, one_node: bool = True) -> None:
    """The whole stream of a session that has settled: order, numbers, pairs, nothing told twice.

    `one_node`: whether one node at a time has made its events.
    """
    check_numbers(events, one_node=one_node)
    check_statuses(events)
    check_tasks(events)
    check_checkpoints(events)
    assert events[-1]["method"] == "session.status", "the last event must tell what became of it"


def check_numbers(events: list[Event], first: int = 1, *, one_node: bool = True) -> None:
    """`seq` is first, first + 1 …; one session; time does not run backwards, where it is one node's."""
    numbers = [event["params"]["seq"] for event in events]
    assert numbers == list(range(first, first + len(events)))
    assert len({event["params"]["session_id"] for event in events}) == 1
    times = [event["params"]["at"] for event in events]
    assert times == sorted(times) or not one_node


def check_statuses(events: list[Event]) -> None:
    """Each status follows from the one before by the table, and says which that was."""
    previous = None
    for event in events:
        if event["method"] != "session.status":
            continue
        status, told = event["params"]["status"], event["params"]["previous"]
        assert told == previous, f"{status} after {previous} says it came after {told}"
        assert previous is None or status in TRANSITIONS[previous], f"{previous} to {status}"
        previous = status


def check_tasks(events: list[Event]) -> None:
    """A task starts before it ends, each start has one end, and a task belongs to one path."""
    running: set[str] = set()
    # Those that asked or stood, or held one that did: they may start again before they end.
    resting: set[str] = set()
    finished: set[str] = set()
    paths: dict[str, str] = {}
    recovered = False
    for event in events:
        kind, params = event["method"], event["params"]
        if kind == "session.recovered":
            # The process that ran them is gone, and what had started may start again.
            assert not running, f"not ended when it was cut off: {named(running, paths)}"
            recovered = True
        elif kind == "debug.changed":
            # What had finished may run again, by the same id where the state was edited in place.
            recovered = True
        elif kind == "session.status" and params["status"] in OVER:
            left = running | resting
            assert not left, f"never ended: {named(left, paths)}"
        elif kind == "session.status" and params["status"] in ("waiting", "paused"):
            resting |= running
            running.clear()
        elif kind == "node.started":
            task_id = params["task_id"]
            assert task_id not in running, f"{params['path']} started twice without an end"
            assert recovered or task_id not in finished, f"{params['path']} ran again"
            running.add(task_id)
            resting.discard(task_id)
        elif kind in TASK_ENDS:
            task_id = params["task_id"]
            assert task_id in running | resting, f"{params['path']} ended without a start"
            running.discard(task_id)
            resting.discard(task_id)
            if kind == "node.finished":
                finished.add(task_id)
        if "node" in params and params.get("task_id"):
            known = paths.setdefault(params["task_id"], params["path"])
            assert params["path"] == known
            assert params["path"].endswith(params["node"])


def named(tasks: set[str], paths: dict[str, str]) -> list[str]:
    """The paths of tasks."""
    return sorted(paths[task_id] for task_id in tasks)


def check_checkpoints(events: list[Event]) -> None:
    """A checkpoint is announced once."""
    seen = [e["params"]["checkpoint_id"] for e in events if e["method"] == "state.checkpoint"]
    assert len(seen) == len(set(seen)), "a checkpoint was announced twice"
