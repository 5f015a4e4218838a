"""A question as entities and an intent, by rules alone: the same question, the same result."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from .vocabulary import (
    BRANDS,
    CLASS_MEMBERS,
    CLASS_PATTERNS,
    COMPANIES,
    COMPANY_ALIASES,
    CONDITION_TAIL,
    CONDITIONS,
    DRUG_ENDINGS,
    FILLER,
    NOT_DRUGS,
    OTHER_DRUGS,
)
from .words import STOPWORDS, content_words, stems, words_of

Intent = Literal["lookup", "compare", "recruiting", "trials", "review", "question"]
INTENTS: tuple[Intent, ...] = ("lookup", "compare", "recruiting", "trials", "review", "question")

MAX_QUERY_CHARS = 2000


class Entities(TypedDict):
    """What a question names. All plain JSON values; lists are empty where nothing was named."""

    intent: Intent
    drugs: list[str]
    drug_classes: list[str]
    conditions: list[str]
    companies: list[str]
    phases: list[str]
    statuses: list[str]
    nct_ids: list[str]
    pmids: list[str]
    date_from: str | None
    date_to: str | None
    terms: list[str]


_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_PHASE = re.compile(
    r"\bphases?[ -]?((?:[1-4]|iv|i{1,3})(?:[ab])?(?:(?:\s*[/,&-]\s*|\s+(?:and|or|to)\s+)"
    r"(?:phase[ -]?)?(?:[1-4]|iv|i{1,3})(?:[ab])?)*)\b",
    re.IGNORECASE,
)
_NCT = re.compile(r"\bNCT\s?-?(\d{8})\b", re.IGNORECASE)
_PMID = re.compile(r"\bPMID[:\s]*([1-9]\d{0,8})\b", re.IGNORECASE)
_YEAR = r"((?:19|20)\d\d)"
_STATUSES = {
    r"\bnot yet recruiting\b": ["NOT_YET_RECRUITING"],
    r"\b(?:active,? not recruiting|ongoing)\b": ["ACTIVE_NOT_RECRUITING", "RECRUITING"],
    r"\b(?:recruiting|enrolling|open trials?|join a trial)\b": ["RECRUITING"],
    r"\bcompleted\b": ["COMPLETED"],
    r"\bterminated\b": ["TERMINATED"],
    r"\bwithdrawn\b": ["WITHDRAWN"],
    r"\bsuspended\b": ["SUSPENDED"],
}


def parse(query: str, today: date) -> Entities:
    """Read a question.

    Args:
        query: The question, in English, up to 2000 characters.
        today: What ``last five years`` counts from.

    Raises:
        ValueError: The question is empty or too long.
    """
    text = " ".join(query.split())
    if not text:
        raise ValueError("query should not be empty")
    if len(text) > MAX_QUERY_CHARS:
        raise ValueError(f"query should have at most {MAX_QUERY_CHARS} characters")
    date_from, date_to = _years(text, today)
    found: Entities = {
        "intent": "question",
        "drugs": _drugs(text),
        "drug_classes": [name for name, rule in CLASS_PATTERNS.items() if _has(rule, text)],
        "conditions": _conditions(text),
        "companies": _companies(text),
        "phases": _phases(text),
        "statuses": _statuses(text),
        "nct_ids": _unique(f"NCT{digits}" for digits in _NCT.findall(text)),
        "pmids": _unique(_PMID.findall(text)),
        "date_from": date_from,
        "date_to": date_to,
        "terms": content_words(text),
    }
    found["intent"] = _intent(text, found)
    return found


def _intent(text: str, found: Entities) -> Intent:
    if found["nct_ids"] or found["pmids"]:
        return "lookup"
    if _has(
        r"\b(?:versus|vs\.?|compared? (?:to|with)|compare|better than|head[- ]to[- ]head)\b", text
    ):
        return "compare"
    if "RECRUITING" in found["statuses"] or "NOT_YET_RECRUITING" in found["statuses"]:
        return "recruiting"
    if _has(r"\b(?:systematic reviews?|meta-?analys[ie]s|reviews?|guidelines?|evidence)\b", text):
        return "review"
    if found["phases"] or _has(r"\b(?:clinical )?(?:trials?|rcts?|studies)\b", text):
        return "trials"
    return "question"


def _drugs(text: str) -> list[str]:
    members = {name for names in CLASS_MEMBERS.values() for name in names}
    drugs = []
    for word in words_of(text):
        name = BRANDS.get(word, word)
        known = name in members or name in OTHER_DRUGS
        shaped = len(name) > 6 and name.endswith(DRUG_ENDINGS) and name not in NOT_DRUGS
        is_class = any(_has(rule, word) for rule in CLASS_PATTERNS.values())
        if (known or shaped) and not is_class:
            drugs.append(name)
    return _unique(drugs)


def _conditions(text: str) -> list[str]:
    found: list[tuple[int, str]] = []
    rest = text
    for rule, name in CONDITIONS.items():
        pattern = re.compile(rf"\b(?:{rule})\b", re.IGNORECASE)
        for match in pattern.finditer(rest):
            found.append((match.start(), name))
        rest = pattern.sub(lambda match: "|" * len(match[0]), rest)
    for match in re.finditer(rf"\b{CONDITION_TAIL}\b", rest, re.IGNORECASE):
        words = match[0].split()
        # Only what follows the last word that cannot be part of a name.
        cut = max(
            (i + 1 for i, word in enumerate(words) if word.lower() in _NOT_IN_NAMES), default=0
        )
        if len(words) - cut > 1:
            found.append((match.start(), " ".join(words[cut:])))
    return _unique(name for _, name in sorted(found))


_NOT_IN_NAMES = STOPWORDS | {
    "trial",
    "trials",
    "study",
    "studies",
    "treat",
    "treating",
    "treatment",
}


def _companies(text: str) -> list[str]:
    names = [name for name in COMPANIES if _has(rf"\b{re.escape(name)}\b", text)]
    aliases = [name for alias, name in COMPANY_ALIASES.items() if _has(rf"\b{alias}\b", text)]
    return _unique([*names, *aliases])


def _phases(text: str) -> list[str]:
    phases = []
    if _has(r"\bearly phase (?:1|i)\b", text):
        phases.append("EARLY_PHASE1")
        text = re.sub(r"\bearly phase (?:1|i)\b", " ", text, flags=re.IGNORECASE)
    for match in _PHASE.finditer(text):
        tokens = re.findall(r"[1-4]|\biv|\bi{1,3}", match[1].lower())
        phases += [f"PHASE{_ROMAN.get(token, token)}" for token in tokens]
    return _unique(phases)


def _statuses(text: str) -> list[str]:
    statuses: list[str] = []
    for rule, names in _STATUSES.items():
        if _has(rule, text):
            statuses += names
            text = re.sub(rule, " ", text, flags=re.IGNORECASE)
    return _unique(statuses)


def _years(text: str, today: date) -> tuple[str | None, str | None]:
    between = re.search(rf"\b{_YEAR}\s*(?:-|–|to|and|until)\s*{_YEAR}\b", text)
    if between:
        first, last = sorted((between[1], between[2]))
        return first, last
    span = re.search(
        r"\b(?:last|past)\s+(\d{1,2}|two|three|five|ten)\s+years?\b", text, re.IGNORECASE
    )
    if span:
        words = {"two": 2, "three": 3, "five": 5, "ten": 10}
        count = words.get(span[1].lower()) or int(span[1])
        return str(today.year - count), None
    start = re.search(rf"\b(since|from|after)\s+{_YEAR}\b", text, re.IGNORECASE)
    if start:
        return str(int(start[2]) + (start[1].lower() == "after")), None
    end = re.search(rf"\b(before|until|up to)\s+{_YEAR}\b", text, re.IGNORECASE)
    if end:
        return None, str(int(end[2]) - (end[1].lower() == "before"))
    exact = re.search(rf"\b(?:in|of|during)\s+{_YEAR}\b", text, re.IGNORECASE)
    return (exact[1], exact[1]) if exact else (None, None)


def topics(entities: Entities) -> list[str]:
    """The question's words that name a topic, apart from the names in its entities."""
    named: set[str] = set()
    for name in (
        *entities["drugs"],
        *entities["drug_classes"],
        *entities["conditions"],
        *entities["companies"],
        *entities["nct_ids"],
        *entities["pmids"],
    ):
        named |= stems(name)
    return [
        word
        for word in entities["terms"]
        if word not in FILLER
        and not word[0].isdigit()
        and not stems(word) <= named
        and word not in BRANDS
        and word not in COMPANY_ALIASES
        and not any(_has(rule, word) for rule in (*CLASS_PATTERNS.values(), *CONDITIONS))
    ]


def _has(rule: str, text: str) -> bool:
    return re.search(rule, text, re.IGNORECASE) is not None


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
