"""Whom a question's trials should take: sex, ages, age groups. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..terms.find import find
from ..terms.names import trees_of
from ..words import word_set
from .trials_query import AgeGroup, Sex

_AGES: dict[AgeGroup, str] = {
    "CHILD": r"\b(?:child(?:ren)?|p(?:a)?ediatrics?|infants?|toddlers?|preschoolers?|adolescents?|teen(?:ager)?s?|newborns?|neonates?|kids?|boys?|girls?|babies|baby|minors)\b",
    "OLDER_ADULT": r"\b(?:elderly|older (?:adults?|people|patients)|seniors|geriatric|(?:over|above|aged|>=?) ?6[05](?: and (?:over|older|above))?)\b",
}
_SEXES: dict[Sex, str] = {
    "FEMALE": r"\b(?:women|woman|females?|girls?|pregnant|mothers|postmenopausal)\b",
    "MALE": r"\b(?:men|males?|boys|(?:an?|the|this|each|year[- ]old|young|older?|elderly) man)\b",
}
_WHO = r"(?:adults?|children|kids|women|men|people|patients|persons|those|boys|girls|participants|adolescents|teenagers|infants|volunteers)"
_THEM = word_set(
    "residents inpatients outpatients smokers survivors veterans workers employees students nurses drivers athletes runners users drinkers carriers donors "
    "recipients mothers fathers couples individuals subjects teens seniors diabetics asthmatics pensioners"
)
_AFTER_THEM = "(?:" + "|".join(rf"(?<=\b{one} )" for one in sorted(_THEM)) + ")"
"""Behind people of whom a question has more to say than how old they are: "smokers over 65" stay smokers."""
_WHOSE = (
    rf"(?:{_WHO}\s+(?:(?:who|that)\s+(?:are|is|were)\s+|(?:are|is|were)\s+)?|"
    r"(?:patient|person|someone|somebody|anyone|anybody|child|woman|man)\s+(?:(?:who|that)\s+)?(?:is|was)\s+)"
)
"""People, and that they are of an age: "the patient is over 80"."""
_KIN_OF: dict[Sex, str] = {
    "FEMALE": "mum|mom|mummy|mother|gran|granny|nan|grandma|grandmother|daughter|wife|sister|aunt|niece|girlfriend",
    "MALE": "dad|daddy|father|grandad|granddad|grandpa|grandfather|son|husband|brother|uncle|nephew|boyfriend",
}
KIN: Final = f"{'|'.join(_KIN_OF.values())}|parents?|partner|cousin|friend|neighbou?r"
"""For whom somebody asks: "my dad", "our daughter"."""
_YEARS = r"(?:\s*-?\s*(?:years?|yrs?)(?:[- ](?:of age|old))?)"
_AGED = re.compile(
    rf"\b(?:aged?|ages|age range|between the ages of)\s+(?:between\s+)?(\d{{1,3}})\s*(?:-|–|to|and|through)\s*(\d{{1,3}})\b(?!\s*%)"
    rf"|(?:\b{_WHO}\s+|{_AFTER_THEM})(?:between\s+)?(\d{{1,3}})\s*(?:-|–|to|and|through)\s*(\d{{1,3}})(?:{_YEARS})?\b(?!\s*(?:{_WHO}|%))"
    rf"|\b(\d{{1,3}})\s*(?:-|–|to)\s*(\d{{1,3}})[- ](?:years?|yrs?)[- ](?:olds?|of age)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    rf"(?:\b(?:aged?|ages)?\s*(?:over|above|older than|at least|from)\s*|\b(?:aged?|ages)?\s*(?:>=?|≥)\s*)(\d{{1,3}}){_YEARS}\b"
    rf"|(?:\b{_WHOSE}|{_AFTER_THEM})(?:aged?\s+)?(?:(?:over|above|older than)\s+|(?:>=?|≥)\s*)(?:the age of\s+)?(\d{{1,3}})(?:{_YEARS})?\b(?!\s*(?:{_WHO}|\w*g\b|%))"
    r"|\b(?:aged|ages?)\s+(?:(?:over|above|older than|at least)\s+|(?:>=?|≥)\s*)(\d{1,3})\b",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"(?:\b(?:aged?|ages)?\s*(?:under|below|younger than|up to)\s*|\b(?:aged?|ages)?\s*(?:<=?|≤)\s*)(\d{{1,3}}){_YEARS}\b"
    rf"|(?:\b{_WHOSE}|{_AFTER_THEM})(?:aged?\s+)?(?:(?:under|below|younger than|up to)\s+|(?:<=?|≤)\s*)(?:the age of\s+)?(\d{{1,3}})(?:{_YEARS})?\b(?!\s*(?:{_WHO}|\w*g\b|%))"
    r"|\b(?:aged|ages?)\s+(?:(?:under|below|younger than|up to)\s+|(?:<=?|≤)\s*)(\d{1,3})\b",
    re.IGNORECASE,
)
_OR_OLDER = re.compile(
    r"\b(?:aged?\s+)?(\d{1,3})\s*(?:years?(?: of age| old)?\s*)?(?:or|and)\s+(?:older|over|above|up)\b"
    r"|\baged?\s+(\d{1,3})\s*\+|\b(\d{2})\s*\+(?=\s|$)",
    re.IGNORECASE,
)
_OR_YOUNGER = re.compile(
    r"\b(?:aged?\s+)?(\d{1,3})\s*(?:years?(?: of age| old)?\s*)?(?:or|and)\s+(?:younger|under|below)\b",
    re.IGNORECASE,
)
_YEAR_OLD = re.compile(
    r"\b(\d{1,3})(?:[- ]year[- ]olds?|[- ]?y/?o)\b|\b(?:I ?(?:am|['’]m)|he is|he['’]s|she is|she['’]s|aged?) (\d{1,3})(?=,| and | with |[?.;]|$)(?! %)"
    rf"|\b(?:my|our) (?:\w+ )?(?:{KIN}|child|baby|patient),? (?:aged? |is )?\(?(\d{{1,3}})\b\)?(?=,|\)| with | and | has |[?.;]|$)",
    re.IGNORECASE,
)
_DECADES = [
    "twenties",
    "thirties",
    "forties",
    "fifties",
    "sixties",
    "seventies",
    "eighties",
    "nineties",
]
_IN_THEIR = re.compile(
    rf"\b(?:in|during) (?:the|their|his|her|my|our) (?:(?:early|mid|late)[- ])?(?:(?P<tens>[2-9])0['’]?s|(?P<word>{'|'.join(_DECADES)}))\b",
    re.IGNORECASE,
)
""" "In the 40s", "in their forties": of an age, and no year."""
OLDEST = 120
"""Years that anybody may have: "people over 500" are counted."""
AGES_IN_YEARS: Final = (_IN_THEIR, _AGED, _OR_OLDER, _OR_YOUNGER, _OVER, _UNDER, _YEAR_OLD)
"""In the order in which they are taken out of a text."""


def sex(text: str) -> Sex | None:
    """The one sex a question is about; None for both and for neither."""
    found = [
        name
        for name, rule in _SEXES.items()
        if re.search(rule, text, re.IGNORECASE)
        or re.search(
            rf"\btrials?\b.*\b(?:for|take) (?:my|our) (?:\w+ )?(?:{_KIN_OF[name]})\b",
            text,
            re.IGNORECASE,
        )
    ]
    return found[0] if len(found) == 1 else None


def age_groups(text: str) -> list[AgeGroup]:
    """The registry's age groups named in words."""
    found = [name for name, rule in _AGES.items() if re.search(rule, text, re.IGNORECASE)]
    if _OF_MOTHERS.search(text) and not _YOUNG.search(text):
        found = [one for one in found if one != "CHILD"]
    # Most trials take adults: only who wants nobody else is to be asked for them.
    return found or (["ADULT", "OLDER_ADULT"] if _ADULTS_ONLY.search(text) else [])


_OF_MOTHERS = re.compile(
    r"\b(?:pregnan\w+|maternal(?:ly)?|mothers?|antenatal|prenatal|perinatal|in utero|intrapartum|gestation\w*|breast-?feeding|lactating|obstetric\w*|"
    r"lab(?:ou?r)|peripartum)\b",
    re.IGNORECASE,
)
"""Who is treated for a child's sake: a study that takes children alone would shut them out."""
_YOUNG = re.compile(
    r"\b(?:adolescents?|teen(?:ager)?s?|girls?|minors|boys?|p(?:a)?ediatrics?)\b", re.IGNORECASE
)
_ADULTS_ONLY = re.compile(r"\b(?:only(?: in)? adults|adults?[- ]only)\b", re.IGNORECASE)


def ages(text: str) -> tuple[int | None, int | None]:
    """The youngest and oldest in years that a trial should take."""
    if match := _AGED.search(text):
        youngest, oldest = sorted(int(one) for one in match.groups() if one)
        return (youngest, oldest) if oldest <= OLDEST else (None, None)
    if match := _IN_THEIR.search(text):
        tens = int(match["tens"] or _DECADES.index(match["word"].lower()) + 2)
        return 10 * tens, 10 * tens + 9
    if match := _YEAR_OLD.search(text):
        return _number(match), _number(match)
    over = _OVER.search(text) or _OR_OLDER.search(text)
    under = _UNDER.search(text) or _OR_YOUNGER.search(text)
    return _number(over), _number(under)


_NO_ADJECTIVE = r"(?:in|for|among|of|on|with|without|from|to|and|or|by|than|after|before|during|the|a|an|all|most|some|these|those|this|that|only|both|its|their)\b|\d"


def without_people(text: str) -> str:
    """The text without whom it is about: ages, age groups, a sex. Of "obese women" the obesity stays, as "obese people"."""
    for rule in AGES_IN_YEARS:
        text = rule.sub(" ; ", text)
    for words in (*_AGES.values(), *_SEXES.values()):
        # "Elderly people", "paediatric patients": nobody is left of either.
        whom = rf"(?:\b(?:older|younger|young|elderly|adult)\s+)?{words}(?:\s+(?:people|persons|patients|individuals|participants)\b)?"
        # Of "in women with asthma" the asthma stays.
        text = re.sub(rf"\b(in|for|among|of)\s+{whom}\s+with\b", r"\1", text, flags=re.IGNORECASE)
        text = re.sub(
            rf"\b(?P<at>in|for|among|of|on)\s+(?P<how>(?:(?!{_NO_ADJECTIVE})[\w-]+\s+){{1,2}}?){whom}(?:\s+{words})*(?=\W*$|\W*[;,?.]|\s+(?:with|who|on|in|after)\b)",
            _as_they_are,
            text,
            flags=re.IGNORECASE,
        )
        text = re.sub(rf"(?:\b(?:in|for|among|of|on)\s+)?{whom}", " ; ", text, flags=re.IGNORECASE)
    return text


def _as_they_are(match: re.Match[str]) -> str:
    """The same of "obese people" for women; nobody where MeSH has them as one kind of people: the frail elderly, healthy volunteers."""
    how = match["how"].strip()
    for name in (f"{how} elderly", f"{how} volunteers", match[0][len(match["at"]) :].strip()):
        found = find(name)
        if len(found) == 1 and found[0].text == name and _are_people(found[0].heading):
            return " ; "
    return f"{match['at']} {how} people"


def _are_people(heading: str) -> bool:
    return any(one.startswith("M01") for one in trees_of(heading))


def _number(match: re.Match[str] | None) -> int | None:
    found = next((int(one) for one in match.groups() if one), None) if match else None
    return found if found is None or found <= OLDEST else None
