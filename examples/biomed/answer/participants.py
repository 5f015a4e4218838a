"""How many took part in a study, as its text says: who was randomised, included or treated, and not who was screened or invited. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHO = (
    r"(?:patients|participants|adults|adolescents|children|women|men|subjects|people|persons|individuals|infants|neonates|newborns|preterms|boys|girls|"
    r"volunteers|residents|respondents|pregnancies|mothers|veterans|smokers|students|nurses|physicians|cases)"
)
_DIGITS = r"(?<![\d.,/-])(?P<{0}>\d{{1,3}}(?:[,\u202f\u2009\u00a0 ]\d{{3}})+|\d{{2,7}})(?![\d%/]|[.,]\d| ?(?:million|%))"
_NO_GAP = r"(?!(?:years?|months?|weeks?|days?|hours?|minutes?|trials?|studies|centers?|centres?|hospitals|sites|countries|records|articles|events|deaths|patient-years?|person-years?|"
_NO_GAP += r"percent|mg|kg|g|ml|cm|mm|in|of|to|and|or|than|per|from|at|by|for)\b)"
_COUNTED = re.compile(
    rf"{_DIGITS.format('n')} (?:{_NO_GAP}[A-Za-z][\w-]*,? ){{0,4}}?{_WHO}\b"
    rf"|\bn ?= ?{_DIGITS.format('sample')}"
    rf"|{_DIGITS.format('alone')} (?:(?:\w+ly|consented and|gave consent and|met (?:the )?criteria and) )?(?:(?:were|was) (?:\w+ly )?(?:randomi[sz]ed|assigned|allocated|enrolled|included|recruited|analy[sz]ed)|took part|participated|responded|completed)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"(?<=[.;:!?])\s+|,\s+(?=(?:of|and|but|with|who|which|while)\b|\d)|\s+(?=of (?:whom|which|these|them)\b)", re.IGNORECASE)  # fmt: skip
_TOOK_PART = re.compile(
    r"\b(?:randomi[sz]ed|(?:randomly )?assigned|allocated|enrol\w*|included|recruited|analy[sz]ed|took part|participated|completed|treated|underwent|received|followed)\b",
    re.IGNORECASE,
)
_DID_NOT = re.compile(
    r"\b(?:screened|invited|approached|contacted|mailed|assessed for (?:eligibility|inclusion)|excluded|declined|refused|withdrew|lost to follow-?up|surveyed|"
    r"database|(?<!general )population of|registers?|registry of|covering|births in)\b|\bper (?:year )?[\d,]+|\bin every\b",
    re.IGNORECASE,
)
_MIGHT = re.compile(r"\b(?:eligible|potential\w*|candidates|identified)\b", re.IGNORECASE)
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


def took_part(text: str) -> int:
    """How many took part, the largest number that a text gives of them; 0 where it gives none."""
    took: list[int] = []
    might: list[int] = []
    for clause in _CLAUSE.split(_IN_WORDS.sub(_as_digits, text)):
        is_of_them = _TOOK_PART.search(clause) is not None
        if _DID_NOT.search(clause) and not is_of_them:
            continue
        numbers = list(_numbers(clause))
        (might if _MIGHT.search(clause) and not is_of_them else took).extend(numbers)
    return max(took or might, default=0)


def _numbers(clause: str) -> Iterator[int]:
    for match in _COUNTED.finditer(clause):
        name = next(one for one in ("n", "sample", "alone") if match[one])
        number = int(re.sub(r"\D", "", match[name]))
        before = clause[: match.start(name)]
        is_like_one = len(match[name]) == 4 and 1900 <= number < 2100
        is_year = is_like_one and _YEAR.search(before) and not _is_of_whom(clause, match)
        if not is_year and not _PER.search(before):
            yield number


def _is_of_whom(clause: str, match: re.Match[str]) -> bool:
    """Whether a clause begins with whom it is of: their number stands after "in", and a comma after them."""
    is_first = clause[: match.start()].lower() == "in "
    return is_first and _OF_WHOM.match(clause, match.end()) is not None


def _as_digits(match: re.Match[str]) -> str:
    one = (match["one"] or "").lower()
    ones = _ONES.index(one) + 1 if one else 0
    return str(10 * (_TENS.index(match["ten"].lower()) + 2) + ones)
