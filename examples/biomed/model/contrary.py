"""Whether a source says the contrary of a model's sentence: another direction, nothing changed, the arms the other way round. Without I/O.

A sentence is held, clause by clause, against those clauses of its source that share most of its words. What cannot be told is no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..answer.significance import is_significant
from ..records import Record
from .arms import are_swapped, tells_change, way_of
from .subjects import groups, is_denied_there, is_of_another_group, is_of_another_subject
from .wording import (
    AIM,
    CITED,
    CONTRARY_TO,
    CURES,
    THAN,
    about,
    are_of_others,
    clauses,
    compared,
    goes_on,
    in_full,
    meets,
    subject_of,
    told_by,
    ways,
)

_RATIO = re.compile(r"\b(?:hazard|odds|risk|rate) ratios?\b|\b[HOR]R\b|(?<![\w.])[-−–]\d", re.IGNORECASE)  # fmt: skip
"""Tells a direction by a number."""


_BETWEEN = re.compile(
    r"\b(?:between|among|in (?:both|either|all)|with|than|compared)\b.*$", re.IGNORECASE
)
"""After what did not differ come those between whom."""


def is_contrary(sentence: str, record: Record) -> bool:
    """Whether a record says the contrary of a sentence: another direction, nothing changed, the arms the other way round, no cure."""
    said = CITED.sub("", sentence)
    source = told_by(record)
    if CURES.search(said) and not any(CURES.search(one) for one in source):
        return True
    told = [one for one in source if not AIM.search(one)]
    study = " ".join(source)
    return any(are_swapped(said, one, study) for one in told) or any(
        _is_against(clause, said, told, study)
        or is_of_another_group(clause, told)
        or is_denied_there(clause, told)
        or is_of_another_subject(clause, told)
        for clause in _parted(said)
    )


def _parted(said: str) -> Iterator[str]:
    """The clauses of a sentence, each with its subject."""
    before = ""
    for one in clauses(said):
        yield (whole := goes_on(one, before))
        before = whole


def _is_against(clause: str, sentence: str, told: list[str], study: str) -> bool:
    """Whether, of the source's clauses nearest to a clause, one says the contrary and none says the same."""
    own = ways(clause)
    words, whole = about(clause), about(sentence)
    if not own or not words:
        return False
    # "Survival did not differ between A and B" is on survival, "A improved survival" too.
    parts = _BETWEEN.sub("", clause) if "unchanged" in own else _after_its_verb(clause)
    outcome = about(parts)
    words = outcome or words if "unchanged" in own else words
    outcome = outcome or about(subject_of(clause))
    is_named = any(outcome and outcome <= about(part) for one in told for part in clauses(one))
    near: list[tuple[int, frozenset[str], str]] = []
    for one in told:
        shared = len(whole & about(one))
        before: frozenset[str] = frozenset()
        last = ""
        for plain in clauses(one):
            part = last = in_full(plain, last)
            # "…, but none was found in trials" is on what the clause before it is on.
            on = about(part) | before if _GOES_ON.match(part) else about(part)
            before = on
            here = len(words & on)
            if is_named and not outcome & on:
                continue
            if are_of_others(clause, part):
                continue
            if here and (
                ways(part)
                or _RATIO.search(part)
                or is_significant(part) is not None
                or way_of(clause, part, study)
            ):
                score = 2 * here + shared + 3 * len(outcome & on)
                near.append((score, whole & on, part))
    most = max((score for score, _, _ in near), default=0)
    verdicts = [
        (_held(clause, own, part, study), named)
        for score, named, part in near
        if score >= 0.75 * most
    ]
    against = [named for verdict, named in verdicts if verdict == "against"]
    # A clause that names more of what is said counts before one that names a part of that.
    return bool(against) and not any(
        verdict == "with" and not any(named < other for other in against)
        for verdict, named in verdicts
    )


_GOES_ON = re.compile(
    r"\W*(?:no|none|not|nor|it|this|these|they)\b|.*\b(?:no such|the same|the reverse)\b",
    re.IGNORECASE,
)
"""Begins a clause that is on what the one before it is on."""


def _after_its_verb(clause: str) -> str:
    """What stands after a clause's verb of change, up to what it is compared with: of "A improved survival more than B" the survival."""
    words = clause.split()
    at = next(
        (place for place, one in enumerate(words) if one.endswith(("ed", "es", "s")) and ways(one)),
        -1,
    )
    if at < 0:
        return ""
    rest = " ".join(words[at + 1 :])
    mark = THAN.search(rest)
    return rest[: mark.start()] if mark else rest


def _held(clause: str, own: frozenset[str], part: str, study: str) -> str:
    """``with``, ``against``, or empty where it cannot be told."""
    theirs = ways(part)
    group = groups(part)
    # Whom it is held against is no group that a clause is on: "did not fall compared with placebo".
    own_group = groups(THAN.split(clause)[0]) if group and not THAN.search(part) else frozenset()
    if own_group and not meets(group, about(clause)) and not meets(own_group, about(part)):
        # Each is on an arm of its own.
        return ""
    is_compared = THAN.search(clause) is not None or "unchanged" in own or "significant" in clause
    way = way_of(clause, part, study)
    is_sure = is_significant(part)
    if is_sure is False and (is_compared or not tells_change(part)):
        theirs = frozenset(("unchanged",))
    elif way == "same":
        theirs = frozenset(("unchanged",)) if is_compared or not tells_change(part) else theirs
    elif way and (not theirs or (tells_change(part) and is_compared)):
        if "unchanged" in own and is_sure is None:
            return ""
        theirs = _by_numbers(way, part, theirs)
        return "against" if "unchanged" in own else _verdict(own, theirs)
    if not theirs:
        return ""
    if ("unchanged" in own) != ("unchanged" in theirs):
        return "against"
    if "unchanged" in own:
        return "with"
    if _are_swapped(clause, part):
        theirs = frozenset(CONTRARY_TO[one] for one in theirs)
    return _verdict(own, theirs)


def _by_numbers(way: str, part: str, theirs: frozenset[str]) -> frozenset[str]:
    """Which way an arm goes of which the numbers are higher or lower than the other's; of a change it is that change, or the contrary."""
    if tells_change(part) and theirs:
        return theirs if way == "up" else frozenset(CONTRARY_TO[one] for one in theirs)
    counted = re.sub(r"[^\W\d_]+", lambda match: "" if ways(match[0]) else match[0], part)
    return ways(f"{'higher' if way == 'up' else 'lower'} {counted}")


def _verdict(own: frozenset[str], theirs: frozenset[str]) -> str:
    values = frozenset(("better", "worse"))
    if own & values and theirs & values:
        # A longer survival and a higher mortality are both up.
        own, theirs = own & values, theirs & values
    if own & theirs:
        return "with"
    return "against" if any(CONTRARY_TO.get(one) in theirs for one in own) else ""


def _are_swapped(clause: str, part: str) -> bool:
    """Whether both compare the same two things, each with the other, or a part says of one alone what a clause says of the other against it."""
    one, other = compared(clause), compared(part)
    if one is None:
        # Of a clause that names the reference alone.
        on = about(clause)
        return other is not None and meets(on, other[1]) and not other[0] <= on
    if other is None:
        group = groups(part)
        if group and meets(group, one[1]) and not meets(group, one[0]):
            return True
        subject = one[0] & _CONTROLS
        return bool(subject and meets(one[1], about(part))) and not subject & about(part)
    if meets(one[1], other[1]):
        return False
    return meets(one[1], other[0]) and meets(other[1], one[0])


_CONTROLS = about(
    "usual care placebo controls control sham watchful waiting standard conventional untreated"
)
