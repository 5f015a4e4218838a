"""How many took part in a study, as its text says: who was randomised, included or treated, and not who was screened or invited. Without I/O.

Each number is read by the words beside it: what was done with them comes after it, "1,204 were randomised", or before it, "we screened 4,812 women".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Role = Literal["random", "joined", "took", "might", "not", "arm", "cases"]
"""What those are that a number counts: who was given to a group by chance, who came to take part, who is only numbered, who could have taken part, who did not, one of the groups, and whom a disease befell."""

_WHO = (
    r"(?:patients|participants|adults|adolescents|children|women|men|subjects|people|persons|individuals|infants|neonates|newborns|preterms|boys|girls|"
    r"volunteers|residents|respondents|pregnancies|mothers|veterans|smokers|students|nurses|physicians|members|providers|workers|trainees|controls|twins|siblings|recipients|donors|survivors|carriers|athletes|drivers|inpatients|outpatients|centenarians|toddlers|bab(?:ies)|teenagers|pensioners|farmers|teachers|soldiers|prisoners)"
)
_NUMBER = re.compile(
    r"(?<![\w.,/-])(?:(?P<millions>\d{1,3}(?:\.\d+)?) million|(?P<digits>\d{1,3}(?:[,\u202f\u2009\u00a0 ]\d{3})+|\d{2,7}))(?![\d%/]|[.,]\d| ?(?:million|%))"
)
_NO_GAP = r"(?!(?:years?|months?|weeks?|days?|hours?|minutes?|trials?|studies|centers?|centres?|hospitals|sites|countries|records|articles|events|deaths|births|patient-years?|person-years?|"
_NO_GAP += (
    r"percent|mg|kg|g|ml|cm|mm|in|of|to|and|or|than|per|from|at|by|for|were|was|had|who|with)\b)"
)
_PEOPLE = re.compile(rf" (?:{_NO_GAP}[A-Za-z][\w-]*,? ){{0,4}}?{_WHO}\b", re.IGNORECASE)
_CASES = re.compile(rf" (?:{_NO_GAP}[A-Za-z][\w-]*,? ){{0,2}}?cases\b", re.IGNORECASE)
_BEFELL = re.compile(
    r"^[^.;,]*?\b(?:occurred|developed|arose|(?:were|was) (?:\w+ )?(?:confirmed|diagnosed|identified|ascertained|recorded|documented|found|detected|notified|registered|observed))\b",
    re.IGNORECASE,
)
_HAD_IT = re.compile(
    r"^[^.;,]*?(?<!who )(?<!that )(?<!had )\b(?:(?:were|was) (?:newly )?diagnosed with|(?:had )?developed|(?:had )?died|had an? (?:event|relapse|recurrence)|experienced|suffered)\b"
    r"(?![^.;]*\b(?:included|enrolled|recruited|randomi[sz]ed|underwent|treated)\b)",
    re.IGNORECASE,
)
_BY_CHANCE = re.compile(
    r"\brandomi[sz]|\brandomly (?:assigned|allocated)\b|\b(?:assigned|allocated|divided) at random\b",
    re.IGNORECASE,
)
_AMONG = re.compile(r"\b(?:of|among) (?:these |the |those )?$", re.IGNORECASE)
_FOLLOWED = re.compile(r"\b(?:follow(?:ed|ing)?|studied|cohort|included)\b", re.IGNORECASE)
_SAMPLE = re.compile(r"\bn ?= ?$", re.IGNORECASE)
_IS_SHARE = re.compile(r"^[,;]? ?\(?\d+(?:\.\d+)? ?%")

_JOINED = (
    r"randomi[sz]ed|enrol\w*|included|recruited|took part|participated|attended|responded|consented|agreed|"
    r"met (?:the |all )?(?:\w+ )?criteria"
)
_TOOK = r"(?:randomly )?assigned|allocated|analy[sz]ed|completed|treated|underwent|received|followed|cohort of"
_DONE_BEHIND = re.compile(
    rf"^ (?:\([^)]*\) )?(?:\w+ly |gave consent and )?(?:(?:were|was) (?:\w+ly )?)?(?:{_JOINED}|{_TOOK})\b",
    re.IGNORECASE,
)
_DONE_BEFORE = re.compile(
    r"\b(?:randomi[sz]ed|enrolled|recruited|assigned|allocated|included|treated) $", re.IGNORECASE
)
_OF_NOTHING = re.compile(r"^(?:\s*(?:[,.;:()]|$)| (?:to|in|into|and|or|at|from|with|by|on)\b)")
"""Behind a number that no noun has."""
_NOT_DONE = (
    r"screen(?:ed|ing)|invit(?:ed|ing)|approached|contacted|mailed|assess(?:ed|ing) for (?:eligibility|inclusion)|excluded|declined|refused|withdrew|lost to follow-?up|"
    r"did not (?:respond|attend|consent|agree|participate|return)"
)
_PERHAPS = r"eligible|potential(?:ly)? (?:participants|candidates|eligible)|candidates|identified|(?<!were )(?<!was )assessed(?! (?:with|by|using|in|at|on))|surveyed|reviewed|examined"
_OUT_BEHIND = re.compile(rf"^ (?:(?:were|was) )?(?:{_NOT_DONE})\b", re.IGNORECASE)
_WHAT = re.compile(
    rf"\b(?:(?P<joined>{_JOINED})|(?P<took>{_TOOK})|(?P<out>{_NOT_DONE})|(?P<might>{_PERHAPS}))\b",
    re.IGNORECASE,
)
_JUST_BEFORE = re.compile(
    rf"\b(?:(?P<joined>{_JOINED})|(?P<took>{_TOOK})|(?P<out>{_NOT_DONE}|database of|population of|registers? of|registry of|covering|births in)|(?P<might>{_PERHAPS}))"
    r"(?: [A-Za-z-]+){0,4} $",
    re.IGNORECASE,
)
_A_RATE = re.compile(r"\bper (?:year )?[\d,]+|\bin every\b", re.IGNORECASE)
_OF_A_GROUP = re.compile(
    r"^(?: \w+){0,3}? (?:received|(?:were|was) (?:\w+ )?(?:assigned|allocated|given)|assigned|allocated) to?\b|^(?: \w+){0,3}? received\b",
    re.IGNORECASE,
)
_OF_GROUPS = re.compile(r"\b(?:random\w*|assigned|allocated|received|groups?)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_END = re.compile(r",\s+(?:of|and|but|with|who|which|while)\b|\s+of (?:whom|which|these|them)\b", re.IGNORECASE)  # fmt: skip
"""Where the words end that say what was done with those before them."""
_OF_THESE = re.compile(r" of (?:these|them|whom|those)\b", re.IGNORECASE)
_OF_MORE = re.compile(
    r" (?:\([^)]*\) )?of (?:the |all )?(?:\w+ )?\d[\d,\u202f\u2009\u00a0]*", re.IGNORECASE
)
"""Behind a number that is part of another: "1,204 of the 4,812"."""
_PER = re.compile(
    r"(?:\bper|/|\bin every|\b1 in|\baged?|\bages|\bover|\bunder|[<>≥≤])\s*$", re.IGNORECASE
)
"""What stands before a number that is a rate's or an age."""
_YEAR = re.compile(
    r"(?:^|[.;:] )(?:in|since|by|until|during|before|after) $|\b(?:from|between|since|until|through|during|to|january|february|march|april|may|june|july|august|september|october|"
    r"november|december|(?:19|20)\d\d ?(?:to|and|-|–)) $",
    re.IGNORECASE,
)
"""What stands before a number that is a year: "In 2019 adults were asked"."""
_OF_WHOM = re.compile(
    r"(?:(?!\b(?:were|was|had|are|is|did|have|has|received|underwent)\b)[^,.;:])*,", re.IGNORECASE
)
"""What stands after a number of people, up to a comma, "In 2000 patients with sepsis, …"; after a year comes what they did."""
_ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_IN_WORDS = re.compile(
    rf"\b(?P<ten>{'|'.join(_TENS)})(?:[- ](?P<one>{'|'.join(_ONES)}))?\b(?= (?:[\w-]+ ){{0,3}}?{_WHO}\b)",
    re.IGNORECASE,
)


class _Counted(NamedTuple):
    number: int
    role: Role


def took_part(text: str) -> int:
    """How many took part, the largest number that a text gives of them; 0 where it gives none.

    Where only its groups are numbered, or cases and controls, it is their sum.
    """
    counted: list[_Counted] = []
    groups: list[int] = []
    for sentence in _SENTENCE.split(_IN_WORDS.sub(_as_digits, text)):
        here = list(_counted(sentence))
        counted += here
        kind: Role = "cases" if "controls" in sentence else "arm"
        parts = [one.number for one in here if one.role == kind]
        if 1 < len(parts) <= _MOST_GROUPS and (kind == "cases" or _OF_GROUPS.search(sentence)):
            groups.append(sum(parts))
    by_chance = [one.number for one in counted if one.role == "random"]
    if by_chance:
        return max([*by_chance, *groups])
    joined = any(one.role == "joined" for one in counted)
    took = [
        one.number for one in counted if one.role != "not" and not (joined and one.role == "might")
    ]
    # A text that numbers all of them beside its groups has nearly as many as these are together, or more.
    parts = [one.number for one in counted if one.role in ("arm", "cases")]
    together = max(groups, default=0)
    is_total = any(one >= 0.9 * together for one in took)
    return together if parts and not is_total else max(took, default=0)


_MOST_GROUPS = 4


def _counted(sentence: str) -> Iterator[_Counted]:
    """The numbers of people in a sentence, each with what was done with them."""
    if _A_RATE.search(sentence):
        return
    found = [
        one
        for one in _NUMBER.finditer(sentence)
        if not _is_other(sentence, one)
        and _is_of_people(sentence[: one.start()], sentence[one.end() :])
    ]
    for place, match in enumerate(found):
        before = sentence[found[place - 1].end() if place else 0 : match.start()]
        after = sentence[match.end() : _end(sentence, found, place)]
        role = _role(before, after)
        if role and (match["digits"] or role == "joined" or _COHORT.search(before)):
            yield _Counted(_value(match), role)


_COHORT = re.compile(r"\b(?:cohort of|followed|studied|all) $", re.IGNORECASE)
"""Before millions that were studied: others are reckoned."""


def _end(sentence: str, found: list[re.Match[str]], place: int) -> int:
    """Where the words end that belong to a number: before the next, but of "1,204 of the 4,812 invited took part" all is said of both."""
    start = found[place].end()
    following = found[place + 1] if place + 1 < len(found) else None
    if following is not None and not _OF_MORE.match(sentence, start):
        return following.start()
    these = _OF_THESE.match(sentence, start)
    match = _END.search(sentence, these.end() if these else start)
    return match.start() if match else len(sentence)


def _is_of_people(before: str, after: str) -> bool:
    """Whether a number between these words counts people."""
    more = _OF_MORE.match(after)
    return bool(
        _PEOPLE.match(after, more.end() if more else 0)
        or _CASES.match(after)
        or _OF_THESE.match(after)
        or _DONE_BEHIND.match(after)
        or _OUT_BEHIND.match(after)
        or (_DONE_BEFORE.search(before) and _OF_NOTHING.match(after))
        or (_SAMPLE.search(before) and not _IS_SHARE.match(after))
    )


def _role(before: str, after: str) -> Role | None:
    """What those are that stand between these words; None where nothing is said of how they came to be in it."""
    if _CASES.match(after):
        return None if _BEFELL.match(after) else "cases"
    more = _OF_MORE.match(after)
    is_sample = _SAMPLE.search(before) is not None and not _IS_SHARE.match(after)
    if _HAD_IT.match(after) and not _AMONG.search(before):
        return "not"
    if _IN_EACH.search(after):
        return "arm"
    words = _DONE_BEFORE.sub("", after)
    behind = [*_WHAT.finditer(words)]
    is_by_chance = _BY_CHANCE.search(words) is not None and not is_sample
    if more or _OF_THESE.match(after):
        return (
            "random" if is_by_chance else "joined" if any(one["joined"] for one in behind) else None
        )
    first = next(iter([] if is_sample else behind), None) or _JUST_BEFORE.search(before)
    if (
        is_by_chance
        and (first is None or first["joined"] or first["took"])
        and not _OF_A_GROUP.match(after)
    ):
        return "random"
    if first is not None and first["out"] and _FOLLOWED.search(before):
        return "took"
    if first is None or first["took"]:
        is_group = is_sample or (first is not None and _OF_A_GROUP.match(after))
        return "cases" if _CONTROLS.match(after) else "arm" if is_group else "took"
    if first["joined"]:
        return "arm" if is_sample else "joined"
    return "might" if first["might"] else "not"


_IN_EACH = re.compile(
    r"^[^.;]{0,60}? (?:to|in|into) (?:each|either) (?:\w+ )?(?:group|arm)\b", re.IGNORECASE
)
"""As many are in every group: together they are more."""
_CONTROLS = re.compile(r"^ (?:[\w-]+ ){0,2}controls\b", re.IGNORECASE)


def _is_other(sentence: str, match: re.Match[str]) -> bool:
    """Whether a number is a year, a rate's or an age."""
    before = sentence[: match.start()]
    number = _value(match)
    is_like_year = match["digits"] is not None and len(match[0]) == 4 and 1900 <= number < 2100
    is_year = is_like_year and _YEAR.search(before) and not _is_of_whom(sentence, match)
    return bool(is_year or _PER.search(before))


def _value(match: re.Match[str]) -> int:
    if millions := match["millions"]:
        return round(float(millions) * 1_000_000)
    return int(re.sub(r"\D", "", match["digits"]))


def _is_of_whom(sentence: str, match: re.Match[str]) -> bool:
    """Whether a sentence begins with whom it is of: their number stands after "in", and a comma after them."""
    is_first = sentence[: match.start()].lower() == "in "
    return is_first and _OF_WHOM.match(sentence, match.end()) is not None


def _as_digits(match: re.Match[str]) -> str:
    one = (match["one"] or "").lower()
    ones = _ONES.index(one) + 1 if one else 0
    return str(10 * (_TENS.index(match["ten"].lower()) + 2) + ones)
