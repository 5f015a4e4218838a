"""On what a question and a sentence hold: an age, a time, a dose, a level, a subgroup. Without I/O.

A finding on another of them, however near, is no answer to the one that is asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from ..terms.everyday import PEOPLE
from ..words import words_of
from .speaking import LEVEL, roots
from .ways import telling

Kind = Literal["age", "time", "dose", "level"]
Held = Literal["", "same", "other"]
"""Whether a text holds on what is asked for, or on another; empty where it does not say."""


class Bounds(NamedTuple):
    """A range of ages in years, of times in hours, of doses in milligrams, or of levels in their unit, both ends included."""

    kind: Kind
    least: float
    most: float
    text: str
    """As it is written: ``after 3 hours``."""
    unit: str = ""
    """Of a level: ``µg/g``; levels in two units do not meet."""


_N = r"(\d+(?:\.\d+)?)"
_TO = r"(?:\s*[-–]\s*|\s+(?:to|and|through)\s+)"
_OF_YEARS = r"(?:[- ]?years?(?:[- ]olds?| of age)?)?(?!\s*(?:%|mg\b|weeks?\b|months?\b|days?\b|hours?\b|minutes?\b|\d|[.,]\d))"
_WHO = r"(?:adults?|children|people|patients|women|men|those|persons|participants|infants|adolescents|boys|girls|individuals|subjects|aged?|ages)"
_AGED = rf"\b{_WHO}(?: aged| ages| who (?:are|were))?"
_OVER, _UNDER = r"(?:older than|over(?: the age of)?|above(?: the age of)?|≥|>)", r"(?:younger than|under(?: the age of)?|below(?: the age of)?|<)"  # fmt: skip
_YEARS_OLD = r"[- ]years?(?: of age|[- ]olds?)\b"
_AGES: Final = (
    (re.compile(rf"(?:{_AGED} (?:of |between |from )?{_N}{_TO}{_N}{_OF_YEARS}|\b{_N}{_TO}{_N}[- ]years?[- ](?:olds?|of age)\b)", re.IGNORECASE), "between"),
    (re.compile(rf"(?:{_AGED} {_OVER} ?{_N}\b{_OF_YEARS}|\b{_OVER} {_N}{_YEARS_OLD}|\b(?:over|above) the age of {_N}\b|\b(?:aged? )?{_N}(?:[- ]years?(?: of age)?)? (?:and|or) (?:older|over|above)\b)", re.IGNORECASE), "over"),
    (re.compile(rf"(?:{_AGED} {_UNDER} ?{_N}\b{_OF_YEARS}|\b{_UNDER} {_N}{_YEARS_OLD}|\b(?:under|below) the age of {_N}\b|\b(?:aged? )?{_N}(?:[- ]years?(?: of age)?)? (?:and|or) (?:younger|under|below)\b)", re.IGNORECASE), "under"),
)  # fmt: skip
_HOURS: Final = {"mi": 1 / 60, "ho": 1.0, "da": 24.0, "we": 168.0, "mo": 730.0, "ye": 8760.0}
_TIME = re.compile(
    rf"\b(?P<how>after|beyond|later than|more than|within|before|at|by|for|first)?\s?(?:the first )?(?<![\d.,-]){_N}(?:{_TO}{_N})?[- ](?P<unit>minutes?|hours?|days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_LATER = frozenset(["after", "beyond", "later than", "more than"])
_EARLIER = frozenset(["within", "before", "first"])
_MG: Final = {"g": 1000.0, "mg": 1.0, "mcg": 0.001, "µg": 0.001, "μg": 0.001}
_DOSE = re.compile(
    rf"(?P<how>(?:more|greater|higher) than |over |above |exceeding |>\s?|≥\s?|at least |less than |lower than |below |under |<\s?|≤\s?|up to |at most )?"
    rf"(?<![\d.,-]){_N}(?:{_TO}{_N})?[- ]?(?P<unit>mg|mcg|µg|μg|g)\b(?!/(?:d?l|g|ml)\b)"
    r"(?P<then>(?: ?(?:/|per|a|each) ?d(?:ay)?| daily)? or (?:less|lower|below|under|more|higher|above|over)\b)?",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    rf"(?P<how>(?:more|greater|higher) than |over |above |exceeding |>\s?|≥\s?|at least |less than |lower than |below |under |<\s?|≤\s?|up to |at most )?"
    rf"(?<![\d.,-]){_N}(?:{LEVEL.pattern})(?:(?: \w+)? (?:or|and|versus|vs\.?|than|to)(?: at)? {_N}\b(?! ?[\w%/]))?",
    re.IGNORECASE,
)
"""A cut-off or what is measured, "at 150 µg/g than at 10": an amount in an amount."""
_AND_LESS = re.compile(r"\b(?:less|lower|below|under|up to|at most)\b|[<≤]", re.IGNORECASE)


def bounds_of(text: str) -> tuple[Bounds, ...]:
    """The ages, times and doses that a text names."""
    found: list[Bounds] = []
    left = text
    for rule, way in _AGES:
        for match in rule.finditer(left):
            numbers = [float(one) for one in match.groups() if one]
            least, most = (
                (numbers[0], numbers[-1])
                if way == "between"
                else (numbers[0], math.inf)
                if way == "over"
                else (0.0, numbers[0])
            )
            found.append(Bounds("age", least, most, match[0]))
        left = rule.sub(lambda match: " " * len(match[0]), left)
    left = re.sub(rf"{_N}[- ]years?[- ](?:olds?|of age)", " ", left)
    for match in _TIME.finditer(left):
        found.append(_time(match))
    for match in _DOSE.finditer(left):
        found.append(_dose(match))
    for match in _LEVEL.finditer(left):
        found += _levels(match)
    return tuple(found)


def _levels(match: re.Match[str]) -> list[Bounds]:
    unit = match[3].lower().replace("μ", "µ").replace("mcg", "µg")
    level, how = float(match[2]), match["how"] or ""
    least, most = (
        (0.0, level) if how and _AND_LESS.search(how) else (level, math.inf if how else level)
    )
    text = f"{how}{match[2]} {match[3]}"
    found = [Bounds("level", least, most, text, unit)]
    if other := match[4]:
        found.append(Bounds("level", float(other), float(other), f"{other} {match[3]}", unit))
    return found


def _dose(match: re.Match[str]) -> Bounds:
    unit = _MG[match["unit"].lower()]
    least, most = float(match[2]) * unit, float(match[3] or match[2]) * unit
    how = f"{match['how'] or ''}{match['then'] or ''}"
    if how and not match[3]:
        least, most = (0.0, most) if _AND_LESS.search(how) else (least, math.inf)
    return Bounds("dose", least, most, match[0].strip())


def _time(match: re.Match[str]) -> Bounds:
    unit = _HOURS[match["unit"][:2].lower()]
    least, most = float(match[2]) * unit, float(match[3] or match[2]) * unit
    how = (match["how"] or "").lower()
    if how in _LATER and not match[3]:
        most = math.inf
    if how in _EARLIER and not match[3]:
        least = 0.0
    return Bounds("time", least, most, match[0].strip())


def held(text: str, wanted: Bounds) -> Held:
    """Whether a text holds on a range: it names that or a part of it, or only others that do not meet it."""
    own = [one for one in bounds_of(text) if (one.kind, one.unit) == (wanted.kind, wanted.unit)]
    if any(_is_within(one, wanted) for one in own):
        return "same"
    return "other" if own and not any(_meets(one, wanted) for one in own) else ""


def is_of_others(text: str, wanted: Sequence[Bounds]) -> bool:
    """Whether a text holds on other ages, times, doses or levels than those asked for; of two of a kind, "at 10 than at 150", one is enough."""
    return any(rank > 0 for rank in _ranks_of(text, wanted))


def _ranks_of(text: str, wanted: Sequence[Bounds]) -> list[int]:
    """How a text stands to each kind of range that is asked for, by the one that it is nearest to."""
    kinds = dict.fromkeys(one.kind for one in wanted)
    return [min(_RANK[held(text, one)] for one in wanted if one.kind == kind) for kind in kinds]


def _is_within(one: Bounds, wanted: Bounds) -> bool:
    if wanted.kind == "time" and math.isinf(one.most) != math.isinf(wanted.most):
        # "At 5 years" is what "after 5 years" asks, too; "at 6" is not.
        return wanted.least == one.least
    return wanted.least <= one.least * 1.02 and one.most <= wanted.most * 1.02


def _meets(one: Bounds, wanted: Bounds) -> bool:
    return one.least <= wanted.most and wanted.least <= one.most


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
    r"(?:(?:randomi[sz]ed|assigned|allocated)(?: \w+)? (?:to|to receive|between)|compar(?:ed|ing)|^) ?(?:either )?(?P<a>[\w-]+(?: [\w-]+)?)(?: \([^)]*\))? (?:or|versus|vs\.?|and|with|compared with|compared to) (?P<b>[\w-]+)",
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
    return [*_ranks_of(text, wanted), _RANK[fits(text, question, title, names)]]


def _bounds(ranks: Sequence[int]) -> int:
    return sum(ranks[:-1])


_RANK: Final[dict[str, int]] = {"same": -1, "": 0, "other": 1}


def told_of_other_bounds(
    quoted: Sequence[str], texts: Sequence[str], wanted: Sequence[Bounds]
) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and on which ranges that were asked for they are not.

    Args:
        quoted: The sentences.
        texts: The whole texts that they are of.
        wanted: What was asked for.
    """
    notes, lost = [], []
    for one in wanted:
        ways = [held(text, one) for text in quoted]
        if ways and all(way == "other" for way in ways):
            lost.append(one.text)
            notes.append(
                f"**Nothing was found for {_quoted(one)}.** What is quoted is on another {one.kind}."
            )
        elif ways and "same" not in ways and all(held(text, one) == "other" for text in texts):
            notes.append(f"**The sources do not report {_quoted(one)} apart.**")
    return " ".join(notes), lost


def _quoted(one: Bounds) -> str:
    """As Markdown."""
    return '"' + re.sub(r"[<>_*]", lambda match: f"\\{match[0]}", one.text) + '"'
