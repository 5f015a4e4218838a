"""Between what is stored and what is on the wire, where both say the same in types of their own."""

from protocol import debugging, events, sessions, values
from rpc.storage import records
from rpc.storage.records import Breakpoint, Failure, Question, StoppedTask


def shown_status(status: records.Status) -> sessions.Status:
    """A status as clients see it. Raises `LookupError` for a session without a run, of which they know none."""
    if status == "idle":
        raise LookupError("a session without a run is not on the wire")
    return status


def shown_task(task: StoppedTask) -> events.StoppedTask:
    """A stopped task as events tell of it."""
    return events.StoppedTask(
        task.node, task.path, task.task_id, task.reason, task.input, task.detail
    )


def shown_question(question: Question) -> values.Interrupt:
    """A question as clients see it."""
    return values.Interrupt(question.interrupt_id, question.value, question.node, question.task_id)


def shown_failure(failure: Failure | None) -> values.Failure | None:
    """A failure as clients see it."""
    return None if failure is None else values.Failure(failure.type, failure.message, failure.node)


def stored_failure(failure: values.Failure) -> Failure:
    """A failure as it is stored."""
    return Failure(failure.type, failure.message, failure.node)


def shown_breakpoint(one: Breakpoint, hits: int) -> debugging.BreakpointState:
    """A breakpoint as clients see it. `hits`: how often its place was reached."""
    return debugging.BreakpointState(
        one.node_name, one.enabled, one.when, one.condition, one.hit_count, one.log, hits
    )


def stored_breakpoint(given: debugging.Breakpoint | debugging.SetBreakpointParams) -> Breakpoint:
    """A breakpoint as it is stored."""
    return Breakpoint(
        given.node_name, given.enabled, given.when, given.condition, given.hit_count, given.log
    )
