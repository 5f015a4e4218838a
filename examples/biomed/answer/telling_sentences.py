"""Which sentences of a source tell what was found: those first that answer what the question asks. Without I/O.

An abstract goes from what is known over what was asked, done, and in whom, to what was found. Only the last is an
answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ..records import Record
from ..sentences import sentences
from .asked_kinds import has_asked_kind
from .findings import AMOUNT, finding, has_figures
from .no_findings import KNOWN_BEFORE, is_told
from .speaking import Concept, coverage
from .zones import Part, concludes, parts_of

LIKE_AN_ABSTRACT = 6
"""Sentences of a document that is read as an abstract: what is known and what is asked stand first."""
SHORTEST, LONGEST = 30, 420
"""Characters of a sentence that is quoted; a longer one is no sentence to read."""
SHORTEST_RESULT = 18
"""The same of one that its abstract has among its results and that says what was found: "Falls did not differ."."""
LONGEST_ALONE = 1000
"""The same of one that is quoted where no other tells of the harm that is asked for: to list each group is no reason to say that nothing was found."""
ASKED_FOR = 0.25
"""How much a sentence gains by having what the question asks for, and by each general word of it ("improve", "predict") that it takes up."""

_CONCLUDED = 1.5
"""How much a sentence gains by being a conclusion that names nearly as much of the question as any other, :data:`_AS_MUCH` of it: it comes before all results."""
_AS_MUCH = 0.7

_CONCLUDES = re.compile(
    r"^(conclusions?|interpretation|in conclusion|in summary|to conclude|we conclude|our (results|findings|"
    r"data|study)|these (results|findings|data)|this study|the (results|findings|present)|overall|thus|"
    r"therefore|taken together)\b|\b(suggests?|concludes?|demonstrates?|indicates?|confirms?|supports?|"
    r"appears?|should|may be|is associated|are associated|was associated|were associated)\b",
    re.IGNORECASE,
)

DANGLING = re.compile(
    r"^(this|these|that|those|such|it|they|both|the (latter|former|corresponding|other|same|remaining)|another|others?|no other|all (?:were|of)|most of (?:these|them)|the differences?|in the other|the results of the other)\b"
    r"(?! (stud|trial|review|analys|meta|result|finding|data))|\bgroups? (\d|[A-C]\b|I+\b)",
    re.IGNORECASE,
)
"""What needs the sentence before it to be understood."""
OF_CONTROLS = re.compile(
    r"^(?!.*\b(?:than|versus|vs|compared)\b).*\b(?:in|of|for) (?:the )?controls?(?: (?:group|subjects|animals|arm))?\b",
    re.IGNORECASE,
)
"""What was found where nothing was tried."""
_HOW_MUCH = re.compile(r"^\W*(?:by )?how (?:much|many)\b|\bby how much\b", re.IGNORECASE)
"""Asks for a figure: a conclusion without one comes after the result."""


def telling_sentences(
    record: Record,
    wanted: Sequence[Concept],
    question: str = "",
    as_read: Callable[[str], str] = str,
    *,
    longest: int = LONGEST,
) -> list[str]:
    """A record's sentences that state its findings, the most telling first; none from aims or methods.

    ``as_read``: a sentence as it is read for what it names. ``longest``: characters of the longest sentence that is taken.
    """
    if outcome := record.get("outcome"):
        return [f"{record['title']}: {outcome}"]
    if record["type"] == "trial":
        # A registry's summary says what is planned, not what was found.
        return []
    parts = [one for one in parts_of(sentences(record.get("text", ""))) if one.zone != "beside"]
    is_article = record["type"] == "article" or len(parts) >= LIKE_AN_ABSTRACT
    turn = _turn(parts) if is_article else 0
    named = [coverage({"title": as_read(one.text), "id": ""}, wanted) for one in parts]
    asks_amount = _HOW_MUCH.search(question) is not None
    scored = []
    for place, (bare, zone, _) in enumerate(parts):
        is_result = zone == "found" or (not zone and has_figures(bare))
        shortest = SHORTEST_RESULT if is_result and finding(bare) else SHORTEST
        if not shortest <= len(bare) <= longest or not is_told(bare):
            continue
        if zone == "before":
            continue
        is_labelled = zone in ("found", "concluded")
        if not is_labelled and (
            KNOWN_BEFORE.search(bare)
            or (is_article and (place < len(parts) // 4 or place < turn) and not has_figures(bare))
        ):
            continue
        is_last = place >= len(parts) - 2
        if is_article and not (
            is_last or is_labelled or place > turn or finding(bare) or _CONCLUDES.search(bare)
        ):
            continue
        value = named[place] + _asked_for(bare, wanted, question)
        value += finding(bare) - 0.35 * bool(DANGLING.search(bare))
        value -= 0.5 * bool(OF_CONTROLS.search(bare))
        value -= 2 * _CONCLUDED * bool(asks_amount and not AMOUNT.search(bare))
        if zone == "concluded" or (not zone and place > turn and concludes(bare)):
            value += _CONCLUDED if named[place] >= _AS_MUCH * max(named) else 0.6
        value += 0.3 * bool(_CONCLUDES.search(bare)) + 0.25 * is_last
        value -= 0.5 * (place < turn and not is_labelled)
        scored.append((round(value, 3), place, bare))
    return [text for _, _, text in sorted(scored, key=lambda one: (-one[0], -one[1]))]


def _asked_for(sentence: str, wanted: Sequence[Concept], question: str) -> float:
    alone = {"title": sentence, "id": ""}
    general = sum(coverage(alone, [one]) > 0 for one in wanted if one[0] < 1)  # type: ignore[arg-type]
    kind = has_asked_kind(sentence, question)
    return ASKED_FOR * (min(general, 2) + kind)


def _turn(parts: Sequence[Part]) -> int:
    """The place of the last sentence that tells an aim or what was done: what is found comes after it.

    Looked for in the first three quarters, since results tell of treatments too.
    """
    before = parts[: max(1, len(parts) * 3 // 4)]
    return max(
        (
            place
            for place, one in enumerate(before)
            if one.zone == "before" or (not one.zone and not is_told(one.text))
        ),
        default=0,
    )
