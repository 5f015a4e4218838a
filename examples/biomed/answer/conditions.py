"""On whom a sentence is: a subgroup, an arm of a trial, all; and of what :mod:`.bounds` it holds. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..terms.everyday import PEOPLE
from ..words import words_of
from .bounds import RANK, Bounds, Held, ranks_of
from .speaking import roots
from .ways import telling

_SCOPE = re.compile(
    r"^(?:however, |conversely, |by contrast, |in contrast, )?(?:in|among|amongst|for|of) (?P<first>[^,]{3,90}),"
    r"|\b(?:in|among|amongst) (?P<later>(?:the )?(?:[\w-]+ )?(?:those|patients|participants|women|men|adults|children|people|individuals|subjects|persons) (?:with|without|who|aged|given|receiving|taking|on|in) [^,;.()]{3,80}|the [\w-]+(?: [\w-]+)? (?:group|arm|subgroup))",
    re.IGNORECASE,
)
"""Whom a sentence is of: "In participants without diabetes, …", "… in the placebo group"."""
_NOT = re.compile(r"\b(?:without|no|not|never|non|did not|do not|does not)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:both|all|either|each|overall|total|conclusion|summary|addition|general|particular|contrast|fact|study|trial|analys[ie]s|review|meta-analysis|multivaria\w+|years?|model)\b",
    re.IGNORECASE,
)
_ONE_OF_SOME = re.compile(
    r"^(?:this|that|the (?:first|second|third|other|latter|former|remaining|last)) (?:sub)?groups?\b",
    re.IGNORECASE,
)
"""A group that a text made of its people: "in the second group, where other complications occurred, …"."""
_VERSUS = re.compile(
    r"\b(?:than|versus|vs|compared|both|between|as (?:with|in)|and \d[\d.]*%)\b", re.IGNORECASE
)
_CONTROL = frozenset(["placebo", "control", "controls", "usual", "standard"])


def scope_of(text: str) -> str:
    """Whom a sentence restricts itself to; empty where to nobody."""
    match = _SCOPE.search(text)
    scope = (match["first"] or match["later"]) if match else ""
    return "" if _ALL.search(scope) else scope


_ARMS = re.compile(
    r"(?:(?:randomi[sz]ed|assigned|allocated)(?: \w+)? (?:to|to receive|between)|compar(?:ed|ing)|^(?!(?:why|how|what|when|where|whether|which|who|do|does|did|is|are|can|should)\b)) ?(?:either )?(?P<a>[\w-]+(?: [\w-]+)?)(?: \([^)]*\))? (?:or|versus|vs\.?|and|with|compared with|compared to) (?P<b>[\w-]+)",
    re.IGNORECASE | re.MULTILINE,
)
"""What a trial compares, one with the other."""


def other_arms(title: str, text: str, question: str) -> frozenset[str]:
    """The roots of what a study holds against what is asked about, and the question, with every name of what it names, does not."""
    asked = roots(question)
    found: set[str] = set()
    for match in _ARMS.finditer(f"{title}\n{text}"):
        arms = [roots(" ".join(telling(match[one]))) for one in ("a", "b")]
        if arms[0] & asked and arms[1] and not arms[1] & asked:
            found |= arms[1]
        elif arms[1] & asked and arms[0] and not arms[0] & asked:
            found |= arms[0]
    return frozenset(found)


def is_of_other_arm(text: str, title: str, arms: frozenset[str], question: str) -> bool:
    """Whether a sentence tells of what a study compares with alone: it names that, or a control group, and nothing that the title and the question name first."""
    if _VERSUS.search(text):
        return False
    control = _CONTROL & {*words_of(scope_of(text))}
    if control and not control & {*words_of(question)}:
        return True
    own = roots(text)
    return bool(arms & own) and not own & _compared(title, question, arms)


def _compared(title: str, question: str, arms: frozenset[str]) -> frozenset[str]:
    """The roots of the arm that is asked about."""
    return (
        frozenset().union(
            *(
                roots(match[one])
                for match in _ARMS.finditer(f"{title}")
                for one in ("a", "b")
                if roots(match[one]) & roots(question) and not roots(match[one]) & arms
            )
        )
        or (roots(title) & roots(question)) - arms
    )


def fits(text: str, question: str, title: str, names: str = "") -> Held:
    """Whether a sentence is of whom a question asks about: "same" where it restricts itself to them, "other" where to somebody else.

    Args:
        text: The sentence.
        question: As it was asked.
        title: Its source's: whom all of that is of.
        names: What else that is known by which the question names.
    """
    scope = scope_of(text)
    if _ONE_OF_SOME.search(scope) and not _ONE_OF_SOME.search(question):
        return "other"
    compares = _VERSUS.search(re.sub(r"\([^)]*\)", "", text)) is not None
    words = [one for one in telling(scope) if not one[0].isdigit() and one not in PEOPLE]
    if not words:
        return ""
    asked = roots(f"{question} {names}")
    own = [one for one in words if roots(one) & asked]
    if own and len(words) < 2 * len(own):
        is_contrary = bool(_NOT.search(scope)) != _is_denied(question, own)
        return "same" if not is_contrary else "" if compares else "other"
    strange = own or any(not roots(one) & roots(title) for one in words)
    return "other" if strange and not compares else ""


_DENIED_WORDS = 3
"""After a "without"."""


def _is_denied(question: str, words: Sequence[str]) -> bool:
    """Whether a question has one of some words after a "without"."""
    match = _NOT.search(question)
    denied = " ".join(question[match.end() :].split()[:_DENIED_WORDS]) if match else ""
    return bool(roots(denied) & roots(" ".join(words)))


def fitting_first(
    told: Sequence[str], question: str, title: str, wanted: Sequence[Bounds], names: str = ""
) -> list[str]:
    """Sentences in their order, but first those that are of what is asked for, where some are of others, and last those.

    Beside a sentence on the people asked for those on others are left out.
    """
    held_on = {text: _ranks(text, question, title, wanted, names) for text in told}
    if not any(1 in ranks or -1 in ranks for ranks in held_on.values()):
        return list(told)
    contrasts = any(1 in ranks or ranks[-1] == -1 for ranks in held_on.values())
    if any(ranks[-1] == -1 for ranks in held_on.values()):
        held_on = {text: ranks for text, ranks in held_on.items() if ranks[-1] != 1}
    return sorted(
        held_on, key=lambda text: sum(held_on[text]) if contrasts else _bounds(held_on[text])
    )


def _ranks(text: str, question: str, title: str, wanted: Sequence[Bounds], names: str) -> list[int]:
    return [*ranks_of(text, wanted), RANK[fits(text, question, title, names)]]


def _bounds(ranks: Sequence[int]) -> int:
    return sum(ranks[:-1])
