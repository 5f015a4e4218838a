"""How figures are taken and printed: two things in turn, the ratio pair by pair."""

import statistics
from collections.abc import Awaitable, Callable

from msgspec import Struct

Measure = Callable[[], Awaitable[float]]


class Pairs(Struct, frozen=True):
    """Medians of what was measured in turn.

    `ratio`: of the second to the first, the median of the pairs'. `above`: of what the second had more.
    """

    first: float
    second: float
    ratio: float
    above: float


async def in_turn(first: Measure, second: Measure, rounds: int) -> Pairs:
    """Measure both in turn, so that a machine whose speed drifts slows both; each goes first as often.

    One pair more is taken and not counted: it warms up.
    """
    pairs: list[tuple[float, float]] = []
    for index in range(rounds + 1):
        if index % 2:
            one, two = await first(), await second()
        else:
            two, one = await second(), await first()
        if index:
            pairs.append((one, two))
    return Pairs(
        statistics.median(one for one, _ in pairs),
        statistics.median(two for _, two in pairs),
        statistics.median(two / one for one, two in pairs),
        statistics.median(two - one for one, two in pairs),
    )


def show(what: str, value: float, unit: str = "", target: str = "") -> None:
    """One line: `value` in its unit, and what is to be reached, where there is something."""
    digits = 0 if abs(value) >= 1000 else 2
    print(f"{what:58} {value:>12,.{digits}f} {unit:9} {f'[{target}]' if target else ''}".rstrip())
