"""What a question about trials narrows by: place, phase, status and results. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..terms.find import find
from ..terms.names import key_of, load
from ..words import unique
from .places import CITIES, PLACES
from .regions import regions, without_regions
from .sizes import without_sizes
from .trial_people import AGES_IN_YEARS

_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
}
_PHASE = re.compile(
    r"\bphases?[ -]?((?:[1-4]|iv|i{1,3}|one|two|three|four)(?:[ab])?(?:(?:\s*[/,&-]\s*|\s+(?:and|or|to)\s+)"
    r"(?:phase[ -]?)?(?:[1-4]|iv|i{1,3}|one|two|three|four)(?:[ab])?)*)\b",
    re.IGNORECASE,
)
_EARLY = r"\bearly phase (?:1|i)\b"
_NOT = r"(?:\b(?:have|has|had|are|is|were|was|do|does|did)(?: not|n['’]t)|\bnot)"
_NOT_YET = (
    rf"{_NOT}(?: been)? yet (?:been )?(?:recruiting|recruited|enrol+ing|enrolled|open(?:ed)?)\b|{_NOT} (?:recruiting|enrol+ing|open) yet\b"
    r"|\byet to (?:recruit|enrol+|open|start recruiting)\b"
    rf"|{_NOT}(?: yet)? (?:started|begun|opened|start|begin)(?: (?:recruiting|enrol+ing|recruitment|enrol+ment)| to (?:recruit|enrol+)| for (?:recruitment|enrol+ment))(?: yet)?\b"
)
_STATUSES = {
    _NOT_YET: ["NOT_YET_RECRUITING"],
    r"\bactive,? (?:but )?(?:not|no longer) recruiting\b|\bno longer recruiting\b": [
        "ACTIVE_NOT_RECRUITING"
    ],
    r"\b(?:ongoing|underway|under way)\b": ["ACTIVE_NOT_RECRUITING", "RECRUITING"],
    r"\b(?:(?:enrol+ing|recruiting|enrol+ment|recruitment) )?by invitation(?: only)?\b": [
        "ENROLLING_BY_INVITATION"
    ],
    r"\bno longer available\b": ["NO_LONGER_AVAILABLE"],
    r"\btemporarily (?:not available|unavailable)\b": ["TEMPORARILY_NOT_AVAILABLE"],
    r"\bapproved for marketing\b": ["APPROVED_FOR_MARKETING"],
    r"\bwithheld\b": ["WITHHELD"],
    r"\b(?:trials?|studies) (?:that (?:are|were) )?(?:not|no longer) recruiting\b": [
        "ACTIVE_NOT_RECRUITING"
    ],
    r"\b(?:accepting|seeking|looking for|taking) (?:new )?(?:participants|patients|volunteers|people)\b": [
        "RECRUITING"
    ],
    r"\b(?:recruiting|(?:are|is|now|still|currently|actively) enrol+ing(?! (?:more|less|fewer|over|under|at least|up to|between|about|around|\d))|enrol+ing(?! (?:[a-z]+ )?(?:people|patients|adults|children|women|men|participants|persons|individuals|subjects|infants|adolescents)\b)(?! (?:more|less|fewer|over|under|at least|up to|between|about|around|\d))|open (?:clinical )?(?:trials?|studies)|(?:join|enter|enrol+ in) an? (?:\w+ )?(?:trial|study)"
    r"|(?:still|currently) open)\b": ["RECRUITING"],
    r"\b(?:completed|finished)\b": ["COMPLETED"],
    r"\b(?:terminated|stopped (?:early|prematurely)|(?:trials?|studies) (?:(?:that|which) )?(?:(?:were|was|have been) )?(?:stopped|discontinued)(?: for (?:futility|safety|harm|efficacy|lack of \w+))?"
    r"|(?:were|was) (?:they|it|these|those) (?:stopped|halted|discontinued|terminated)(?: early)?"
    r"|stopped for (?:futility|safety|harm|lack of \w+)|(?:stopped|discontinued|abandoned) (?=(?:[\w-]+ ){0,3}(?:trials?|studies)\b))": [
        "TERMINATED"
    ],
    r"\bwithdrawn\b|\bcancel+ed (?=(?:[\w-]+ ){0,3}(?:trials?|studies)\b)|(?<=trials )(?:that were )?cancel+ed\b": [
        "WITHDRAWN"
    ],
    r"\b(?:suspended|on hold|paused)\b|\bhalted (?=(?:[\w-]+ ){0,3}(?:trials?|studies)\b)|(?<=trials )(?:that were )?halted\b": [
        "SUSPENDED"
    ],
    r"\b(?:of )?unknown status\b": ["UNKNOWN"],
}
_EXPANDED = re.compile(r"\b(?:expanded|early)[- ]access\b|\bcompassionate[- ]use\b", re.IGNORECASE)
_AVAILABLE = re.compile(
    r"(?<!no longer )(?<!not )(?<!temporarily )\b(?:(?:still|currently) )?available\b",
    re.IGNORECASE,
)
"""What can be had outside a trial has statuses of its own."""
_RESULTS = re.compile(
    r"\b(?:with|that have|having|which have) (?:posted |published |reported |available )?results\b(?! (?:of|from|for|on|in|like|as|that|than|comparable|similar|equivalent|superior|inferior|better|worse)\b)(?: (?:posted|reported|available))?"
    r"|\bresults (?:posted|available)\b",
    re.IGNORECASE,
)
_POSTED = re.compile(r"\b(?:posted|reported|available)\b", re.IGNORECASE)
_OF_STUDIES = re.compile(r"\b(?:trials?|stud(?:y|ies)|rcts?|nct\d+|registry)\b", re.IGNORECASE)
"""Of these results are posted: a "repair with results like those of open surgery" has them otherwise."""
_RANDOMIZED = re.compile(r"\b(?:randomi[sz]ed|rcts?)\b", re.IGNORECASE)
_NEAR_ME = re.compile(
    r"\b(?:near(?:by| me| us|est)?|close to (?:me|us|home)|in my (?:area|city|country|region))\b(?! [A-Z])"
)
_WITHIN = re.compile(
    r"\bwithin\s+(\d{1,4})\s*(km|kilomet(?:er|re)s?|mi|miles?)\s+of\s+(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)",
    re.IGNORECASE,
)

_WITHIN_CITY = re.compile(
    r"\b(?i:within)\s+(\d{1,4})\s*(?i:(km|kilomet(?:er|re)s?|mi|miles?)\s+(?:of|from|around))\s+"
    r"([A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)"
)


_MEASURED = r"(?P<number>\d{1,4})[- ]?(?P<unit>(?i:km|kilomet(?:er|re)s?|mi|miles?))\b"
_TOWN = r"(?P<town>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?)(?:,? \(?(?:[A-Z][\w.]+ ?){1,2}\)?)?"
_OTHERWISE = (
    re.compile(rf"\b(?i:near|around|close to|in|at|from|of) {_TOWN},? (?i:with)?in {_MEASURED}(?! (?:of|from|around))"),
    re.compile(rf"\b(?i:in|within) an? {_MEASURED}[- ](?i:radius|drive|distance) (?i:of|from|around) {_TOWN}"),
    re.compile(rf"\b(?i:(?:less than|under|up to|at most|no more than|not more than) ){_MEASURED} (?i:of|from|around|away from) {_TOWN}"),
    re.compile(rf"\b(?i:within) {_MEASURED} (?i:of|from|around) {_TOWN}"),
)  # fmt: skip


def with_distance(text: str) -> str:
    """The text with a distance from a town as "within 30 km of Leeds", however it is written: "near Leeds (UK) within 30 km"."""
    for rule in _OTHERWISE:
        if match := rule.search(text):
            within = f"within {match['number']} {match['unit']} of {match['town']}"
            return f"{text[: match.start()]}{within}{text[match.end() :]}"
    return text


def phases(text: str) -> list[str]:
    """The registry's words for the phases named."""
    found = []
    if re.search(_EARLY, text, re.IGNORECASE):
        found.append("EARLY_PHASE1")
        text = re.sub(_EARLY, " ", text, flags=re.IGNORECASE)
    for match in _PHASE.finditer(text):
        tokens = re.findall(r"[1-4]|\biv|\bi{1,3}|one|two|three|four", match[1].lower())
        found += [f"PHASE{_ROMAN.get(token, token)}" for token in tokens]
    return unique(found)


def statuses(text: str) -> list[str]:
    """The registry's words for the statuses named."""
    found: list[str] = []
    if _EXPANDED.search(text) and _AVAILABLE.search(text):
        found.append("AVAILABLE")
    for rule, names in _STATUSES.items():
        rest = _without_status(rule, text, " ")
        if rest != text:
            found += names
            text = rest
    return unique(found)


def with_denied_statuses(text: str) -> str:
    """The text with a status that is told by a denial in words that deny nothing: what is not yet recruiting is wanted, and not left out."""
    return re.sub(_NOT_YET, "yet to recruit", text, flags=re.IGNORECASE)


_OF_OTHERS = re.compile(
    r"completed|finished|terminated|stopped|discontinued|abandoned|withdrawn|withheld|suspended|on hold|paused|ongoing|underway|under way",
    re.IGNORECASE,
)
"""What is said of other things than studies as well: of courses of chemotherapy, pregnancies, medicines."""
_NAMES_STUDIES = re.compile(
    rf"{_PHASE.pattern}|\b(?:trials?|stud(?:y|ies)|rcts?|nct ?\d+|registry|registered|recruiting)\b",
    re.IGNORECASE,
)
_BY_ITSELF = re.compile(
    r"(?:^|[,;:(])\s*(?:(?:and|or|only|any|the|which|what about|those|are|is|were|was|have been|show|already|still|that) )*$",
    re.IGNORECASE,
)
_NOTHING_AFTER = re.compile(
    r"\s*(?:(?:ones?|only|too)\s*)?(?:$|[,;?.)]|(?:and|or)\b)", re.IGNORECASE
)
_BY_PEOPLE = re.compile(
    r"\b(?:who|whom|they|patients|people|persons|participants|subjects|survivors|individuals|women|men|children|adults|adolescents|smokers|users|veterans)"
    r"(?: (?:have|has|had|were|was|are|is|been|be|being|already|recently|just|successfully))*\s+$",
    re.IGNORECASE,
)
_OF_A_COURSE = re.compile(
    r"\s+(?:from\b|(?:(?:the|their|a|an|all|\d+|primary|initial|full|first|whole|adjuvant|neoadjuvant|definitive|planned|previous|prior)\s+)*(?:chemo|radio|immuno)?(?:therap(?:y|ies)|treatments?|courses?|cycles?|"
    r"chemotherapy|radiation|pregnanc(?:y|ies)|vaccinations?|rehabilitation|surger(?:y|ies)|school\w*|education|training|growth|suicides?|strokes?|questionnaires?|surveys?|families|family|bleeding|pain|symptoms|infections?|medications?|drugs?|use)\b)",
    re.IGNORECASE,
)


def _is_of_studies(text: str, match: re.Match[str]) -> bool:
    """Whether it is studies that are so: a question that names none says it of something else, unless it stands by itself."""
    if not _OF_OTHERS.search(match[0]):
        return True
    if _NAMES_STUDIES.search(text):
        is_why = re.match(r"(?:were|was) ", match[0], re.IGNORECASE) is not None
        return (is_why or not _BY_PEOPLE.search(text, 0, match.start())) and not _OF_A_COURSE.match(
            text, match.end()
        )
    return bool(
        _BY_ITSELF.search(text, 0, match.start()) and _NOTHING_AFTER.match(text, match.end())
    )


def _without_status(rule: str, text: str, instead: str) -> str:
    """The text without what a rule finds of studies."""
    return re.sub(
        rule,
        lambda match: instead if _is_of_studies(text, match) else match[0],
        text,
        flags=re.IGNORECASE,
    )


def wants_results(text: str) -> bool:
    """Whether only studies that have posted their results are wanted."""
    found = _RESULTS.search(text)
    return found is not None and (
        _OF_STUDIES.search(text) is not None or bool(_POSTED.search(found[0]))
    )


def is_randomized(text: str) -> bool:
    """Whether only randomised trials are wanted."""
    return _RANDOMIZED.search(text) is not None


def is_near_me(text: str) -> bool:
    """Whether a place is meant that the question does not name."""
    return _NEAR_ME.search(text) is not None


def distance(text: str) -> str:
    """``within 50 km of 48.1,11.6``, or of a large city, as the registry's ``distance(48.1,11.6,50km)``; else empty."""
    if match := _WITHIN.search(text):
        latitude, longitude = match[3], match[4]
    elif (match := _WITHIN_CITY.search(text)) and (place := CITIES.get(match[3])):
        latitude, longitude = (str(one) for one in place)
    else:
        return ""
    unit = "mi" if match[2].lower().startswith("mi") else "km"
    return f"distance({latitude},{longitude},{match[1]}{unit})"


def unmeasured(text: str) -> str:
    """The place a distance is asked from, of which it is not known where it is; empty where there is none."""
    match = _WITHIN_CITY.search(text)
    return match[3] if match and match[3] not in CITIES else ""


def places(text: str) -> list[str]:
    """Countries, states and large cities, by name, where a question says where."""
    if near := _WITHIN_CITY.search(text):
        text = text[: near.start()] + text[near.end() :]  # by distance instead
    found = regions(text)
    text = without_regions(text)
    found += [
        (match.start(), name)
        for name, rule in PLACES.items()
        if (match := re.search(rule, text)) is not None
    ]
    named = [name for _, name in sorted(found)]
    if near and near[3] not in CITIES:
        named.append(near[3])
    for match in (*_NEAR.finditer(text), *_FACILITY.finditer(text), *_unlisted(text)):
        if not any(name in match[1] or match[1] in name for name in named):
            named.append(match[1])
    return unique(named)


_NEAR = re.compile(
    r"\b(?:near|around|close to|based in|located in|sites? in|recruiting in|within reach of)\s+"
    r"((?:[A-Z][\w'’.-]+)(?: [A-Z][\w'’.-]+){0,2})"
)


_TRIALS_IN = re.compile(
    r"\b(?:[Tt]rials?|RCTs?|[Rr]ecruiting)\b(?:(?!\b(?:[Tt]rials?|RCTs?|in)\b)[^,.;?])*\bin "
    r"([A-Z][a-z]{2,}(?: (?:or|and) [A-Z][a-z]{2,}| [A-Z][a-z]{2,})?)(?=\s*(?:$|[?.,;:)]|(?:recruiting|since|for|that|which|of|from|between|start\w+|with|now|currently)\b))"
)
_PEOPLE = re.compile(r"\w+(?:ese|ish|(?:[ai]n|no|ic|ck|te)s?)", re.IGNORECASE)
"""How the names of a people end: "in Japanese", "in Hispanics"."""


def _unlisted(text: str) -> Iterator[re.Match[str]]:
    """Places that no list here has: what trials are "in", by a name that is no name of medicine and none of a people."""
    for match in _TRIALS_IN.finditer(text):
        for one in re.finditer(r"((?:[A-Z]\w+)(?: [A-Z]\w+)*)", match[1]):
            # "In Behcet" is of a disease that a longer name has.
            first = key_of(one[1]).split(" ")[0]
            if not load().has_word(first) and not find(one[1]) and not _PEOPLE.fullmatch(one[1]):
                yield one


_FACILITY = re.compile(
    r"\b(?:at|from|run by)\s+(?:the\s+)?((?:[A-Z][\w'’.-]+ ){1,4}(?:Clinic|Hospital|University|Institute|Cent(?:er|re)|College)\b"
    r"|University of [A-Z]\w+(?: [A-Z]\w+)?|(?:MD Anderson|Sloan Kettering|Charité|NIH))"
)


def without_filters(text: str) -> str:
    """The question without what only narrows a search: phases, statuses, ages, sizes, distances, and where
    sites should be. What is left are its topics.
    """
    text = without_statuses(re.sub(_EARLY, " ; ", text, flags=re.IGNORECASE))
    if _EXPANDED.search(text):
        text = _AVAILABLE.sub(" ; ", text)
    text = without_sizes(text)
    for rule in (
        _RESULTS,
        _NEAR_ME,
        _PHASE,
        _WITHIN,
        _WITHIN_CITY,
        *AGES_IN_YEARS,
    ):
        text = rule.sub(" ; ", text)
    text = _FACILITY.sub(" ; ", text)
    for match in reversed(list(_NEAR.finditer(text))):
        text = f"{text[: match.start()]} ; {text[match.end() :]}"
    return text


def without_places(text: str) -> str:
    """The text without countries, regions, cities and distances, and without the words that lead to them."""
    text = _WITHIN_CITY.sub(" ; ", _WITHIN.sub(" ; ", text))
    names = [one for _, one in regions(text)]
    rules = [PLACES[one] for one in places(without_regions(text)) if one in PLACES]
    if names:
        text = "".join(
            old if old == new else " " for old, new in zip(text, without_regions(text), strict=True)
        )
    for rule in rules:
        text = re.sub(
            rf"(?:\b(?:in|from|near|across|within|outside|at)\s+(?:the\s+)?)?{rule}", " ; ", text
        )
    return text


def without_phases(text: str) -> str:
    """The text without phases."""
    return _PHASE.sub(" ; ", re.sub(_EARLY, " ; ", text, flags=re.IGNORECASE))


def without_statuses(text: str) -> str:
    """The text without statuses."""
    for rule in _STATUSES:
        text = _without_status(rule, text, " ; ")
    return text


def without_results(text: str) -> str:
    """The text without the wish for posted results."""
    return _RESULTS.sub(" ; ", text)
