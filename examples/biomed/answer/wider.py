"""What a wider search than was asked for left out: said at the top of an answer. Without I/O."""

from __future__ import annotations

from collections.abc import Sequence

from ..pubmed_steps import APART
from ..records import Search


def left_out(searches: Sequence[Search], source: str) -> tuple[str, int] | None:
    """What the search that a source's results are of no longer asked for, and how many results are of all the question.

    None where it was as wide as the question: words of a phrase that stand apart are still all there.
    """
    own = [one for one in searches if one.get("source") == source and one.get("returned")]
    wider = [one for one in own if one.get("widened") and not _is_whole(one)]
    if not wider:
        return None
    whole = sum(one["returned"] for one in own if one not in wider)
    return wider[-1]["widened"], whole


def _is_whole(one: Search) -> bool:
    return one.get("widened", "").startswith(APART)


def notice(found: tuple[str, int], name: str) -> str:
    """The same in a sentence.

    Args:
        found: What :func:`left_out` gave.
        name: The source's, as Markdown.
    """
    what, whole = found
    if not whole:
        return (
            f"**{name} has nothing for all of the question.** Its results below are of a wider search, "
            f"without {what}."
        )
    only = "1 result" if whole == 1 else f"{whole} results"
    return f"**{name} has only {only} for all of the question.** The others below are of a wider search, without {what}."
