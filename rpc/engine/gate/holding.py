"""Which tasks need not be entered, and what rests inside them: decisions over namespaces, without I/O."""

from collections.abc import Collection, Iterable

from rpc.engine.langgraph.namespaces import SEPARATOR


def is_below(inner: str, outer: str) -> bool:
    """Whether a task is inside another one."""
    return inner.startswith(outer + SEPARATOR)


def holds(
    namespace: str, resting: Iterable[str], going: Iterable[str], entered: Iterable[str]
) -> bool:
    """Whether all that is left to do inside a task stands or asks.

    `resting`: what stands or asks. `going`: what was let go. `entered`: what went before and has not ended;
    where nothing rests inside, it was cut off and has to go on.
    """
    inside = [ns for ns in resting if is_below(ns, namespace)]
    if not inside or any(is_below(ns, namespace) for ns in going):
        return False
    return not any(
        is_below(ns, namespace) and not any(is_below(one, ns) for one in inside) for ns in entered
    )


def stopped_inside(
    namespace: str, held: Iterable[str], resting: Iterable[str], stands: Collection[str]
) -> list[str]:
    """The tasks inside this one that were stopped, or rest in tasks that were not entered (`held`)."""
    closed = [ns for ns in held if ns == namespace or is_below(ns, namespace)]
    inner = [ns for ns in resting if any(is_below(ns, one) for one in closed)]
    return inner + [ns for ns in stands if is_below(ns, namespace)]
