"""Between what is stored and what is on the wire, where both say the same in types of their own."""

from msgspec import UnsetType

from protocol import debugging, events, sessions, values
from rpc.events.encoding import timestamp
from rpc.masking import masked
from rpc.storage import records
from rpc.storage.records import Breakpoint, Failure, Question, RunRecord, StoppedTask

RUN = "run-"
"""How references begin that are to a run."""


def shown_status(status: records.Status) -> sessions.Status:
    """A status as clients see it."""
    return status


def shown_task(task: StoppedTask) -> events.StoppedTask:
    """A stopped task as events tell of it."""
    return events.StoppedTask(
        task.node,
        task.path,
        task.task_id,
        task.reason,
        task.input,
        task.detail,
        task.parent_task_id,
    )


def shown_question(question: Question) -> values.Interrupt:
    """A question as clients see it."""
    return values.Interrupt(question.interrupt_id, question.value, question.node, question.task_id)


def shown_failure(failure: Failure | None) -> values.Failure | None:
    """A failure as clients see it."""
    if failure is None:
        return None
    return values.Failure(failure.type, failure.message, failure.node, failure.file, failure.line)


def shown_usage(usage: dict[str, int] | None) -> values.Usage | None:
    """Tokens as clients see them."""
    return None if usage is None else values.Usage(**usage)


def shown_run(run: RunRecord) -> sessions.Run:
    """A run as clients see it."""
    over = run.ended_at if run.status in sessions.ENDED else None
    took = None if over is None or run.started_at is None else float(over - run.started_at)
    return sessions.Run(
        run_id=run.id,
        status=shown_status(run.status),
        query=run.input if run.query is None else run.query,
        config=masked(run.config or {}),
        after=run.after,
        created_at=timestamp(run.created_at),
        started_at=None if run.started_at is None else timestamp(run.started_at),
        completed_at=None if over is None else timestamp(over),
        duration_ms=took,
        error=shown_failure(run.error) if run.status == "failed" else None,
        result_ref=f"{RUN}{run.id}/result" if run.status == "completed" else None,
        usage=shown_usage(run.usage),
    )


def stored_failure(failure: values.Failure) -> Failure:
    """A failure as it is stored."""
    return Failure(failure.type, failure.message, failure.node, failure.file, failure.line)


def shown_breakpoint(
    one: Breakpoint, hits: int, verified: bool, place: tuple[str, int] | None
) -> debugging.BreakpointState:
    """A breakpoint as clients see it.

    `hits`: how often its place was reached. `verified`: its node is known. `place`: the file and line of that.
    """
    return debugging.BreakpointState(
        one.node_name,
        one.enabled,
        one.when,
        one.condition,
        one.hit_count,
        one.log,
        hits,
        verified,
        file=None if place is None else place[0],
        line=None if place is None else place[1],
        channel=one.channel,
    )


def changed_breakpoint(
    name: str, given: debugging.SetBreakpointParams, earlier: Breakpoint | None
) -> Breakpoint:
    """A breakpoint as it is stored: `given`, with what that leaves out of the `earlier` one. `name`: of its node."""
    before = earlier or Breakpoint(name)
    return Breakpoint(
        name,
        given.enabled,
        "after" if given.channel is not None else given.when,
        before.condition if isinstance(given.condition, UnsetType) else given.condition,
        before.hit_count if isinstance(given.hit_count, UnsetType) else given.hit_count,
        before.log if isinstance(given.log, UnsetType) else given.log,
        given.channel,
    )


def stored_breakpoint(name: str, given: debugging.Breakpoint) -> Breakpoint:
    """A breakpoint as it is stored. `name`: of its node."""
    when = "after" if given.channel is not None else given.when
    return Breakpoint(
        name, given.enabled, when, given.condition, given.hit_count, given.log, given.channel
    )
