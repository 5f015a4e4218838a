"""Which tasks need not be entered, and what rests inside them: decisions over places, without I/O."""

from collections.abc import Collection, Iterable

from rpc.engine.langgraph.place import Place


def holds(
    task: Place, resting: Iterable[Place], going: Iterable[Place], entered: Iterable[Place]
) -> bool:
    """Whether all that is left to do inside a task stands or asks.

    `resting`: what stands or asks. `going`: what was let go. `entered`: what went before and has not ended;
    where nothing rests inside, it was cut off and has to go on.
    """
    inside = [one for one in resting if one.is_inside(task)]
    if not inside or any(one.is_inside(task) for one in going):
        return False
    return not any(
        one.is_inside(task) and not any(inner.is_inside(one) for inner in inside) for one in entered
    )


def stopped_inside(
    task: Place, held: Iterable[Place], resting: Iterable[Place], stands: Collection[Place]
) -> list[Place]:
    """The tasks inside this one that were stopped, or rest in tasks that were not entered (`held`)."""
    closed = [one for one in held if one.is_within(task)]
    inner = [one for one in resting if any(one.is_inside(outer) for outer in closed)]
    return inner + [one for one in stands if one.is_inside(task)]
