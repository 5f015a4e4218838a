"""Whether a model's sentence is surer than its source: for all, for certain, as found, as caused. Without I/O."""

from __future__ import annotations

import re

from ..records import Record
from .wording import AIM, CITED, about, clauses, told_by, ways

_ABSOLUTE = re.compile(
    r"\b(?:always|never|definite(?:ly)?|certain(?:ly)?|undoubtedly|prove[sn]?|proved|guarantee\w*|completely|entirely|in (?:all|every)|(?:all|every) (?:of )?(?:the )?(?:\w+ )?(?:patients?|women|men|"
    r"children|people|adults|persons?|infants|participants)|100 ?%|eliminat\w*|no risk|cures?|cured)\b",
    re.IGNORECASE,
)


_UNKNOWN = re.compile(
    r"\b(?:uncertain|unclear|unknown|not known|undetermined|remains? to be|could not be determined|not (?:been )?(?:established|studied|assessed|measured|examined|tested|evaluated))\b",
    re.IGNORECASE,
)


def is_surer(sentence: str, record: Record) -> bool:
    """Whether a sentence says for all, or for certain, what its source does not, or tells as found what the source calls unknown."""
    said = CITED.sub("", sentence)
    source = told_by(record)
    absolute = {one.lower() for one in _ABSOLUTE.findall(said)}
    if absolute and not absolute <= {
        one.lower() for part in source for one in _ABSOLUTE.findall(part)
    }:
        return True
    if _is_without_doubt(said, source) or _is_causal(said, source):
        return True
    if _UNKNOWN.search(said) or not ways(said):
        return False
    known = frozenset().union(*(about(one) for one in source if not _UNKNOWN.search(one)))
    unknown = frozenset().union(*(about(one) for one in source if _UNKNOWN.search(one)))
    return bool(about(said) & (unknown - known))


def _is_without_doubt(said: str, source: list[str]) -> bool:
    """Whether a sentence says plainly what its source says only with a "may"."""
    if _MAY.search(said):
        return False
    on = about(said)
    told = [part for one in source if not AIM.search(one) for part in clauses(one)]
    near = {part: len(on & about(part)) for part in told}
    most = max(near.values(), default=0)
    best = [part for part in told if near[part] >= max(_FEW, 0.75 * most)]
    return bool(best) and all(_MAY.search(one) for one in best)


_FEW = 2
"""Words of a clause that tell what it is about."""


_MAY = re.compile(
    r"\b(?:may|might|could|possib\w+|perhaps|appear(?:s|ed)? to|seem(?:s|ed)? to|tend(?:s|ed|ency)?|trend|potential\w*|suggest\w*|likely|hypothesi\w+)\b",
    re.IGNORECASE,
)


def _is_causal(said: str, source: list[str]) -> bool:
    """Whether a sentence says that one thing causes or prevents another, of which its source says only that they go together."""
    if not _CAUSES.search(said):
        return False
    on = about(said)
    whole = " ".join(source)
    near = [one for one in source if len(on & about(one)) >= min(_FEW, len(on))]
    return (
        not _TRIED.search(whole)
        and any(_ASSOCIATION.search(one) for one in near)
        and not any(_CAUSES.search(one) for one in near)
    )


_CAUSES = re.compile(r"\b(?:caus(?:e[sd]?|ing)|prevent(?:s|ed|ing)?)\b(?! of)", re.IGNORECASE)


_ASSOCIATION = re.compile(r"\b(?:associat|correlat|relat(?:ed|ion))\w*", re.IGNORECASE)


_TRIED = re.compile(r"\b(?:random|placebo|trial|assigned)\w*", re.IGNORECASE)
