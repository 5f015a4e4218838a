"""What a sentence says, held against what was asked: as asked, the contrary, or that nothing changes. Without I/O.

Told only where it is said plainly; a sentence with two directions, on those without what is asked to change something, or on more than what is
asked about, says nothing here.
"""

from __future__ import annotations

import re
from typing import Final, Literal, cast

from . import families
from .directions import (
    EACH,
    NO_WAY,
    OPPOSITE,
    TURNED,
    UNCHANGED,
    UNCHANGED_TOO,
    Direction,
    asked_direction,
    is_good,
)
from .outcomes import Asked, is_of_exposure, is_of_outcome, names_exposure, names_outcome
from .significance import is_significant, ratio_goes

Against = Literal["", "as asked", "contrary", "unchanged"]
"""What a sentence says, held against what was asked; empty where it cannot be told."""


_AS_COMMON = re.compile(
    r"(?<!twice )(?<!times )(?<!half )(?<!fold )(?<!not )\bas (?:common|frequent|often|likely|high|low|severe)\b(?! as \d)(?=.*\bas\b| in (?:both|each|either|all)\b)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:in|among|for|with|than)\b(?:(?!\bthan\b).)*\b(?:controls?|placebo|without|non-?\w+|untreated|usual care|never|no)\b(?=.*\bthan\b)",
    re.IGNORECASE,
)
_LESS_OF_IT = re.compile(
    r"(?<!p)(?<!p )[<≤]\s?\d|"
    r"\b(?:low(?!-dose)|lower|less|little|few|fewer|lack of|absence of|without|no|non-?|short|shorter|delayed|late|stopping|avoiding|withdrawal of|reduc\w+|decreas\w+)"
    r"[ -](?:(?!(?:by|with|in|on|after|during|under|among|following|from|than|for|to)\b)\w+[ -])?$",
    re.IGNORECASE,
)
"""What makes little of what is asked to change something, or compares it with itself."""
_DOSE = re.compile(r"\b(low|lower|high|higher|full|standard|regular)[- ]dose")
"""Of two doses each has its own way."""
COMPARED_WITH = re.compile(
    r"\b(?:(?:when )?compared (?:with|to)|than|versus|vs\.?)\s[^,;()]*", re.IGNORECASE
)
"""What it is compared with: the sentence is on the other."""
_KIND = re.compile(
    r"\b(?:low|lower|high|higher|early|late|later|delayed|accelerated|expedited|immediate|prolonged|extended|short|long|old|older|young|younger|less|more|intensive|reduced|increased|deficien\w*|lack|"
    r"without|poor|good|strict|small|large)\b",
    re.IGNORECASE,
)
"""Makes two of what is asked to change something: a sentence on early treatment says nothing straight of late treatment."""
_CLAUSE = re.compile(r"[;,:]\s|\b(?:but|while|whereas|although|however|and)\b", re.IGNORECASE)


_COMPOSITE = re.compile(r"\bcomposite\b|\b(?:primary|secondary|combined) (?:\w+ )?(?:outcomes?|end ?-?points?)\b", re.IGNORECASE)  # fmt: skip


def _is_of_more(sentence: str, clause: str, question: str, asked: Asked) -> bool:
    """Whether what a clause tells is of more than what is asked about, or of a part of it: its direction is not that one's.

    A composite, "death or dialysis", deaths from one cause.
    """
    for one in families.asked(question, asked.outcome):
        if one.is_outcome and families.how(clause, one) in ("narrower", "wider"):
            return True
    if (composite := _COMPOSITE.search(sentence)) and not _COMPOSITE.search(asked.outcome):
        at = sentence.find(clause)
        inside = sentence[composite.start() :]
        if composite.start() <= at or names_outcome(inside, asked):
            return True
    return not _EITHER.search(clause) and any(
        names_outcome(one["left"], asked) != names_outcome(one["right"], asked)
        for one in _EITHER_OF.finditer(clause)
    )


_EITHER_OF = re.compile(r"(?P<left>(?:[\w-]+ ){1,3})or (?P<right>[\w-]+(?: [\w-]+){0,2})")
"""What stands on the two sides of "or", "death or acute kidney injury"; the odds ratio is in capitals."""
_EITHER = re.compile(r"\b(?:not|no|nor|neither|without|never)\b(?=.*(?-i:\bor\b))", re.IGNORECASE)
"""Of "it did not reduce pain or fever" each is denied."""


def is_of_its_kind(text: str, asked: Asked) -> bool:
    """Whether a text says of what is asked to change something which kind it is of, where the question does: early surgery, a high dose."""
    return {one.lower() for one in _KIND.findall(asked.exposure)} <= {
        one.lower() for one in _KIND.findall(text)
    }


_GRADE = re.compile(r"\b(low|high)(?:er)?[- ]dos(?:e|es|age)\b", re.IGNORECASE)


def is_of_other_dose(text: str, question: str) -> bool:
    """Whether a text is of high doses alone, where low ones are asked about, or the other way round."""
    asked = {one.lower() for one in _GRADE.findall(question)}
    own = {one.lower() for one in _GRADE.findall(text)}
    return len(asked) == 1 and bool(own) and not asked & own


_RELATED_TO = re.compile(
    r"\b(?:associat|correlat|relat|link)\w* (?:\w+ly )?(?:with|to) (?P<what>[^,;.()]+)",
    re.IGNORECASE,
)
"""What is related to something that nobody asked about tells nothing: "it was not correlated with age"."""


def is_of_the_others(sentence: str) -> bool:
    """Whether a sentence tells the way of those that others are compared with: of "lower in controls than in users" the users have more."""
    return _OTHERS.search(sentence) is not None


def is_stopped(text: str) -> bool:
    """Whether a text is of the end of a treatment or a habit: what that does, it does not do itself."""
    return _STOPPED.search(text) is not None


_STOPPED = re.compile(
    r"\b(?:stop(?:s|ped|ping)?|discontinu\w+|withdr[ae]w\w*|cessation|ceas(?:e[sd]?|ing)|quit(?:s|ting|ters?)?|deprescri\w+|taper(?:ed|ing|s)?|com(?:e|ing) off)\b",
    re.IGNORECASE,
)


_IN_BOTH = re.compile(
    r"\b(?:improv|increas|decreas|declin|worsen|fell|rose|reduc|dropp|lower|rais)\w*\b[^,;]{0,40}\b(?:in|for|with) (?:both|each|all|either) (?:of the )?(?:\w+ )?(?:groups|group|arms|arm|treatments|cohorts)\b",
    re.IGNORECASE,
)
_NOTHING: Final[tuple[Against, Direction]] = ("", "")


def told_against(sentence: str, question: str, asked: Asked, wanted: Direction = "") -> Against:
    """What a sentence says, held against what was asked, or against a way that is wanted instead."""
    return told_and_leaning(sentence, question, asked, wanted)[0]


def told_and_leaning(
    sentence: str, question: str, asked: Asked, wanted: Direction = ""
) -> tuple[Against, Direction]:
    """The same, and of a difference that is not significant which way it goes: up of "more frequent (OR 1.31; 0.85-2.00)"."""
    wanted = wanted or asked_direction(question, asked)
    if not wanted or not names_exposure(sentence, asked):
        return _NOTHING
    if is_of_the_others(sentence) or len(set(_DOSE.findall(sentence.lower()))) > 1:
        return _NOTHING
    sentence = COMPARED_WITH.sub(" ", sentence)
    if not names_exposure(sentence, asked) or not is_of_its_kind(sentence, asked):
        return _NOTHING
    if _is_little(sentence, asked) or is_stopped(sentence) != is_stopped(asked.exposure):
        return _NOTHING
    clauses = [one for one in _CLAUSE.split(sentence) if names_outcome(one, asked)]
    if len(clauses) != 1:
        return _NOTHING
    clause = clauses[0]
    if _IN_BOTH.search(clause):
        # What both have is not what makes them differ.
        return _NOTHING
    if _is_of_lack(clause, asked) and not _LACK.search(asked.outcome):
        # "Low B12 was more common" says the contrary of more B12.
        return _NOTHING
    other = _RELATED_TO.search(clause)
    if other and not any(is_of_outcome(one, asked) or is_of_exposure(one, asked) for one in re.findall(r"[\w-]+", other["what"])):  # fmt: skip
        return _NOTHING
    if _is_of_more(sentence, clause, question, asked):
        return _NOTHING
    figures = _with_figures(sentence, clause)
    if any(one.search(clause) for one in (UNCHANGED, _AS_COMMON)):
        return "unchanged", ""
    ways = _ways_beside(NO_WAY.sub(" ", clause), asked)
    if is_significant(figures) is False:
        is_one = len(ways) == 1 and not UNCHANGED_TOO.search(clause) and not TURNED.search(clause)
        return "unchanged", ways.pop() if is_one else ""
    if UNCHANGED_TOO.search(clause):
        return _NOTHING
    if not ways and (by_ratio := ratio_goes(figures)):
        ways = {cast(Direction, by_ratio)}
    if len(ways) != 1:
        return _NOTHING
    told = ways.pop()
    if TURNED.search(clause):
        told = OPPOSITE[told]
    written = families.as_written(clause, families.asked(question, asked.outcome))
    asked_way, told_way = _valued(wanted, question, asked), _valued(told, written, asked)
    if not asked_way or not told_way or {asked_way, told_way} in _NEVER_MEET:
        return _NOTHING
    return ("as asked" if asked_way == told_way else "contrary"), ""


def _ways_beside(clause: str, asked: Asked) -> set[Direction]:
    """The ways that a clause tells; the words of what is asked about, "reduced weight gain", and of what is asked to change it, "hearing loss", only
    where there are no others.
    """
    found = [
        (match.start(), match[0], way) for way, words in EACH for match in words.finditer(clause)
    ]
    own = [
        one
        for one in re.findall(r"\w+", asked.exposure.lower())
        if is_of_exposure(one, asked) or _KIND.fullmatch(one)
    ]
    said: list[tuple[str, Direction]] = []
    for _, word, way in sorted(found):
        if word.lower() in own:
            # Once: of "lower salt lowered it" the second tells.
            own.remove(word.lower())
        else:
            said.append((word, way))
    return {way for word, way in said if not is_of_outcome(word, asked)} or {way for _, way in said}


def _with_figures(sentence: str, clause: str) -> str:
    """A clause with the figures that stand behind it: "mortality rose, HR 1.05, 95% CI 0.93-1.18"; the next clause with a word of change has its own."""
    parts = _CLAUSE.split(sentence)
    at = parts.index(clause)
    own = [clause]
    for one in parts[at + 1 :]:
        if not _OF_THE_SAME.match(one) and (
            any(words.search(one) for _, words in EACH) or UNCHANGED.search(one)
        ):
            break
        own.append(one)
    return ", ".join(own)


_OF_THE_SAME = re.compile(
    r"\W*(?:(?:this|these|that|it|(?:this|the|these) (?:\w+ )?(?:differences?|effects?|trends?|reductions?|increases?|changes?))\b[^,;]{0,30}?)?\b(?:not|n['’]t|nor|without)\b[^,;]{0,30}?significan",
    re.IGNORECASE,
)
"""What is said on of the figures before it: "but the difference was not significant"."""


def _is_little(sentence: str, asked: Asked) -> bool:
    """Whether a sentence tells of little of it: "a low intake of salt"."""
    if _LESS_OF_IT.search(sentence):
        return True
    words = re.split(r"(?<=[\s-])", sentence)
    return any(
        names_exposure(word, asked) and _LESS_OF_IT.search("".join(words[max(0, at - 3) : at]))
        for at, word in enumerate(words)
        if not asked.exposure or len(asked.exposure.split()) == 1
    )


_LACK = re.compile(
    r"\b(?:low|deficien\w*|insufficien\w*|inadequate|lack|absence|loss|depletion|poor|impair\w+)\b",
    re.IGNORECASE,
)


def _is_of_lack(clause: str, asked: Asked) -> bool:
    """Whether a clause tells of too little of what is asked about: "low B12", "B12 deficiency"."""
    words = re.findall(r"[\w-]+", clause)
    return any(
        _LACK.fullmatch(word)
        and any(is_of_outcome(one, asked) for one in words[max(0, at - 1) : at + 2] if one != word)
        for at, word in enumerate(words)
    )


_NEVER_MEET = ({"up", "better"}, {"up", "worse"}, {"down", "better"}, {"down", "worse"})
"""Whether more of it is better is not known."""


def _valued(way: Direction, text: str, asked: Asked) -> Direction:
    """Up and down as better and worse, where it is known which: a higher mortality is worse, a higher survival better."""
    if way not in ("up", "down"):
        return way
    good = is_good(text, asked)
    if good is None:
        good = is_good(asked.outcome, asked)
    if good is None:
        return way
    return "better" if (way == "up") == good else "worse"
