"""What a source that speaks to a question says to it, in short: an effect or none, and which way. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from .directions import Direction, asked_direction, ways_of
from .held_against import Against, told_and_leaning
from .outcomes import Asked, names_outcome
from .significance import is_significant

_NEGATIVE = re.compile(
    r"\b(no (significant |statistically |clinically )?(difference|effect|association|benefit|evidence|"
    r"relationship|correlation|improvement|increase|advantage)|(did|do|does|was|were|is|are|could|can) not|"
    r"not (significantly )?(associated|different|superior|affect|improve|reduce|effective|predict)|"
    r"ineffective|failed to|unlikely|without (a )?(significant|benefit)|neither)\b",
    re.IGNORECASE,
)


class Reading(msgspec.Struct, frozen=True):
    """What one source says to a question, as far as its sentences tell."""

    n: int
    negative: bool
    """Whether it says that there is no effect or no difference."""
    against: Against = ""
    """Which way it says that something goes, held against the way that was asked about, or against up where none was."""
    leans: Direction = ""
    """Which way it goes where that is unchanged by its figures alone: more frequent, and not significantly so."""


_CONTRAST = re.compile(
    r"(?:;|,?\s(?:but|while|whereas|although|though|yet))\s(?!(?:this|these|that|it|they|not? significan\w*|the differences?|without|none)\b)",
    re.IGNORECASE,
)
"""Before a part of a sentence that tells of something else; "but this was not significant" is of the same."""
_FIGURES = re.compile(
    r"(?:\d+\s?% )?(?:CI|confidence|(?:[as]?HR|a?OR|a?RR|IRR)\b)|p\s?[<=>≤]|(?:odds|hazard|risk|rate) ratio|\d",
    re.IGNORECASE,
)
_COMPOSITE = re.compile(
    r"\bcomposites?\b[^.;()]*(?:\([^()]*\))?|\([^()]*,[^()]* or [^()]*\)", re.IGNORECASE
)


_SEVERAL = re.compile(
    r"(?P<list>(?:\b[\w' -]{3,60}, )+[\w' -]{3,60}?,? or [\w' -]{3,60}?)(?=\)| (?:occurred|was|were|happened|developed|befell)\b)"
)
"""Several outcomes of which any counts."""


def parts_of_sentence(sentence: str) -> list[str]:
    """A sentence in the parts that tell of different things; figures, "; P=0.37", and what stands in brackets are of the part before."""
    found, start = [], 0
    for one in _CONTRAST.finditer(sentence):
        before = sentence[: one.start()]
        if before.count("(") <= before.count(")") and not _FIGURES.match(sentence, one.end()):
            found.append(sentence[start : one.start()])
            start = one.end()
    return [*found, sentence[start:]]


def is_negative(sentence: str, asked: Asked | None = None) -> bool:
    """Whether a sentence says that there is no effect or no difference, in words or in figures; where one part of it alone names what is asked about, whether that does."""
    if asked is not None and asked.ways:
        parts = [one for one in parts_of_sentence(sentence) if names_outcome(one, asked)]
        sentence = parts[0] if len(parts) == 1 else sentence
    return _NEGATIVE.search(sentence) is not None or is_significant(sentence) is False


def is_of_composite(sentence: str, question: str, asked: Asked) -> bool:
    """Whether what is asked about is named only as a part of a composite: what that did, its part need not have done."""
    if not asked.ways or "composite" in question.lower():
        return False
    for listed in _SEVERAL.finditer(sentence):
        # "Death, infarction, stroke or revascularisation occurred in 9%" says nothing of the stroke alone.
        members = re.split(r", (?:or )?| or ", listed["list"])
        own = [one for one in members if names_outcome(one, asked)]
        rest = sentence.replace(listed[0], " ")
        if len(members) > 2 and len(own) == 1 and not names_outcome(rest, asked):
            return True
    if "composite" not in sentence.lower():
        return False
    return names_outcome(sentence, asked) and not names_outcome(
        _COMPOSITE.sub(" ", sentence), asked
    )


def reading(n: int, told: Sequence[str], question: str, asked: Asked) -> Reading | None:
    """What a source says, by the first of its sentences that tells which way, else by its first; None where it has none.

    Args:
        n: The source's number.
        told: Its sentences that answer, best first, with its abbreviations written out.
        question: As it was asked.
        asked: What it asks about.
    """
    told = [one for one in told if not is_of_composite(one, question, asked)]
    if not told:
        return None
    wanted = asked_direction(question, asked) or ("up" if asked.ways and asked.exposures else "")
    for one in told:
        against, leans = told_and_leaning(one, question, asked, wanted)
        if against or _tells(one, asked):
            return Reading(n, is_negative(one, asked), against, leans)
    return Reading(n, is_negative(told[0], asked), "")


def _tells(sentence: str, asked: Asked) -> bool:
    """Whether a sentence tells a way of what is asked about, if not plainly: one further down that tells it more plainly is of something else."""
    return asked.ways != () and names_outcome(sentence, asked) and ways_of(sentence) != frozenset()
