"""Outcomes by their other names, and which of them is a part of which: MACE and heart attacks, ESKD and dialysis. Without I/O.

A text that calls an outcome otherwise than the question speaks of it all the same. One that tells of a wider outcome answers with a
note; one that tells of a narrower alone does not answer. MeSH has what is a disease (its entry terms, its tree); what is counted in
trials, composites and what patients call it, is here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from .outcome_names import LINES

How = Literal["", "same", "wider", "narrower"]
"""How a text's outcome stands to the one that is asked about; empty where it names none of the family."""


class Family(NamedTuple):
    """One outcome."""

    name: str
    said: re.Pattern[str]
    wider: tuple[str, ...]
    """The names of what it is a part of, the nearest first."""


def _families() -> Iterator[Family]:
    for line in LINES.strip().splitlines():
        name, said, wider = (one.strip() for one in re.split(r" \|(?: |$)", line, maxsplit=2))
        either = "|".join(one.strip() for one in said.split("; "))
        yield Family(
            name,
            re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE),
            tuple(one.strip() for one in wider.split(";") if one.strip()),
        )


FAMILIES: Final = {one.name: one for one in _families()}


_DEATH: Final = FAMILIES["death"]
_OF_A_CAUSE: Final = tuple(one for one in FAMILIES.values() if _DEATH.name in one.wider)
_COUNTED = re.compile(r"\(\s*\d[\d,]* deaths?\b")
"""A count beside a share says nothing of which deaths: "cancer mortality was lower (112 deaths)"."""
_FREE = re.compile(r"\b[\w-]+[ -]free survival\b", re.IGNORECASE)
"""It ends by death or by something else, mostly the latter."""


def apart(text: str, outcome: str) -> str:
    """A text without what has the words of an outcome and is another thing.

    Deaths from a disease are not how many get it, nor the other way round; deaths from one cause are not those from another;
    disability-free survival is no survival; what is not cardiovascular is not cardiovascular.

    Args:
        text: One or more sentences.
        outcome: What is asked about, as the question has it.
    """
    if not _FREE.search(outcome):
        text = _FREE.sub(" ", text)
    for word in re.findall(r"\w{4,}", outcome):
        if not re.search(rf"\bnon-?{word}", outcome, re.IGNORECASE):
            text = re.sub(rf"\bnon[ -]?{word}\w*", " ", text, flags=re.IGNORECASE)
    asked_of = [family for _, _, family in spans(outcome)]
    causes = [one for one in asked_of if one in _OF_A_CAUSE]
    if not causes and _DEATH not in asked_of:
        for one in _OF_A_CAUSE:
            text = one.said.sub("mortality", text)
    elif causes and not any(family in (_DEATH, *causes) for _, _, family in spans(text)):
        return ""
    return text


class Named(NamedTuple):
    """An outcome that a question names."""

    family: Family
    words: str
    """As the question has it: ``heart attacks``."""
    is_outcome: bool
    """Whether it is what is asked about, and not whom or what it is asked of."""


_ASKED = re.compile(
    r"\b(?:risks?|rates?|incidence|prevalence|frequency|chances?) of (?P<a>.+)|\bhow (?:common|frequent|often|prevalent|rare) (?:is|are) (?P<b>.+)|"
    r"\bhow (?P<c>much weight .*\blose)\b",
    re.IGNORECASE,
)
_COUNTED_OF = re.compile(
    r"^\W*(?:and |but )?how (?:many|long|often)\b(?! (?:trials|studies|years|months|weeks|days|hours))",
    re.IGNORECASE,
)
"""What is counted or timed is what is asked about: "how many died?", "how long did they stay in hospital?"."""
_UNTIL = re.compile(
    r"\s(?:in|after|during|among|with|at|following|by|on|from|when|for)\b|[?;:,]", re.IGNORECASE
)


def asked(question: str, outcome: str) -> tuple[Named, ...]:
    """The outcomes that a question names.

    Args:
        question: As it was asked.
        outcome: What it plainly asks about, where it does.
    """
    if match := _ASKED.search(question):
        rest = match["a"] or match["b"] or match["c"]
        outcome += f" {rest if match['c'] else _UNTIL.split(rest, 1)[0]}"
    found = []
    counted = _COUNTED_OF.match(question)
    until = _UNTIL.search(question, counted.end()) if counted else None
    last = (until.start() if until else len(question)) if counted else 0
    for start, end, family in spans(question):
        words = question[start:end]
        found.append(Named(family, words, start < last or words.lower() in outcome.lower()))
    return tuple(found)


def beside(text: str, named: tuple[Named, ...]) -> str:
    """A text of several sentences or one, with the question's own words beside each other name of what it asks about, and beside what that is a part of."""
    if not named:
        return text
    added = text
    for start, end, family in reversed(spans(text)):
        others = [one for one in named if one.words.lower() != text[start:end].lower()]
        names = [one.words for one in others if family is one.family]
        parts = [one.words for one in others if one.is_outcome and family.name in one.family.wider]
        if names or parts:
            words = ", ".join(dict.fromkeys(names or parts))
            added = f"{added[:end]} ({'' if names else _PART}{words}){added[end:]}"
    return added


def as_written(text: str, named: Sequence[Named]) -> str:
    """A text without what :func:`beside` has added: who wrote of a lower mortality has not written of a lower survival."""
    words = "|".join(re.escape(one.words) for one in named)
    added = rf" \((?:{_PART})?(?:{words})(?:, (?:{words}))*\)"
    return re.sub(added, "", text) if words else text


_PART: Final = "among them "
_PARTS = re.compile(rf" \({_PART}[^()]*\)")
"""What stands beside a wider outcome is not told of there."""


_LISTED = re.compile(r"\b[a-z-]+(?:al|ic|ar|ous|or),? (?:and|or) $", re.IGNORECASE)
"""Before "hip fractures" of "vertebral, nonvertebral and hip fractures": of several kinds it is all."""


def how(text: str, one: Named) -> How:
    """How what a text tells of stands to an outcome."""
    text = _PARTS.sub("", text)
    if one.family is _DEATH:
        text = _COUNTED.sub("(", text)
    names = [family for _, _, family in spans(text)]
    if any(family is one.family for family in names):
        return "same"
    parts = [start for start, _, family in spans(text) if one.family.name in family.wider]
    if any(_LISTED.search(text[:start]) for start in parts):
        return "same"
    if parts:
        return "narrower"
    return "wider" if any(family.name in one.family.wider for family in names) else ""


def exact_first(told: Sequence[str], named: Sequence[Named]) -> list[str]:
    """Sentences in their order, but those that tell of a wider outcome than is asked about after the others, and of a narrower one last."""
    for one in named:
        if one.is_outcome:
            told = sorted(told, key=lambda text: _rank(text, one))
    return list(told)


def without_parts(told: Sequence[str], named: Sequence[Named]) -> list[str]:
    """Sentences without those on deaths of one cause, where others are on all deaths that were asked about."""
    if not any(one.is_outcome and one.family is _DEATH for one in named):
        return list(told)
    all_deaths = next(one for one in named if one.is_outcome and one.family is _DEATH)
    ways = [how(text, all_deaths) for text in told]
    if "same" not in ways:
        return list(told)
    return [text for text, way in zip(told, ways, strict=True) if way != "narrower"]


def told_otherwise(quoted: Sequence[str], named: Sequence[Named]) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and which outcomes they are not on.

    A part of what is asked about is not that; what it is a part of, a composite, is that and more.
    """
    notes, lost = [], []
    for one in named:
        ways = {how(text, one) for text in quoted}
        if not one.is_outcome or not ways or not ways <= {"wider", "narrower"}:
            continue
        instead = " and ".join(_called(quoted, one)[:2])
        if "wider" not in ways and any(_PRIMARY.search(text) for text in quoted):
            # That may be the whole.
            continue
        if "wider" in ways:
            notes.append(
                f"**What is quoted is on {instead}, of which {one.words} is a part, and does not report it apart.**"
            )
        else:
            notes.append(
                f"**Nothing was found on {one.words} as a whole.** What is quoted is on {instead}, a part of it."
            )
            lost.append(one.words)
    return " ".join(notes), lost


_PRIMARY = re.compile(
    r"\b(?:primary|composite|combined) (?:\w+ )?(?:outcomes?|end ?-?points?)\b", re.IGNORECASE
)


def names_any(text: str, named: Sequence[Named]) -> bool:
    """Whether a text names an outcome that is asked about, a part of it, or what it is a part of."""
    return any(one.is_outcome and how(text, one) for one in named)


def _rank(text: str, one: Named) -> tuple[int, bool]:
    """Of two composites the one that names its part comes first."""
    last = _LAST.get(how(text, one), 0)
    return last, last > 0 and one.family.said.search(text) is None


_LAST: Final[dict[str, int]] = {"wider": 1, "narrower": 2}


def _called(quoted: Sequence[str], one: Named) -> list[str]:
    """What sentences call the outcome that they tell of instead."""
    found = [
        text[start:end]
        for text in quoted
        for start, end, family in spans(text)
        if family.name in one.family.wider or one.family.name in family.wider
    ]
    return list(
        dict.fromkeys(
            word[:1].lower() + word[1:] if word[1:2].islower() else word for word in found
        )
    )


@functools.lru_cache(maxsize=2048)
def spans(text: str) -> tuple[tuple[int, int, Family], ...]:
    """Each outcome that a text names, and where; of two at one place the longer."""
    found = [
        (match.start(), match.end(), one)
        for one in FAMILIES.values()
        for match in one.said.finditer(text)
    ]
    kept: list[tuple[int, int, Family]] = []
    for start, end, one in sorted(found, key=lambda each: (each[0] - each[1], each[0])):
        if all(end <= left or start >= right for left, right, _ in kept):
            kept.append((start, end, one))
    return tuple(sorted(kept, key=lambda each: each[0]))
