"""What a question is about, without what only narrows it: companies, dates, filters, and the kind of work asked for. Without I/O."""

from __future__ import annotations

import re

from ..vocabulary import COMPANIES, COMPANY_ALIASES
from ..words import unique
from . import identifiers
from .dates import without_dates
from .designs import designs, without_designs
from .intent import ASKS_YES_OR_NO, Intent, works_asked
from .sponsors import without_sponsor_classes
from .trial_filters import without_filters

_KINDS = re.compile(
    r"\b(?:(?:clinical|randomi[sz]ed|controlled) )*(?:trials?|rcts?|studies)\b"
    r"|\b(?:systematic |literature )?reviews?\b|\bmeta-?analys[ei]s\b|\b(?:practice )?guidelines?\b",
    re.IGNORECASE,
)
_ONLY_WORD = re.compile(
    r"(?:^|(?<=[,;]))\s*(?:and |but |show )?only\b|\bonly(?=\s*[;,?.]|\s*$|\s+(?:in|since|from|show|with)\b)",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(
    r"^\W*(?:are|is) there\b|\bonly\b|\bshow\b|,\s*(?:any |and |what about )?[\w -]{0,40}\?*$|\b(?:in|from|by|according to) (?:the )?(?=\w[\w-]* ?\w* (?:studies|trials|data|evidence)\b)",
    re.IGNORECASE,
)


def topical(text: str, intent: Intent) -> str:
    """The question without what is no topic: companies, dates, filters, and the kind of work asked for."""
    text = identifiers.IDENTIFIERS.sub(" ; ", text)
    rest = without_sponsor_classes(_without_companies(text))
    rest = _ONLY_WORD.sub(" ", without_filters(without_dates(rest)))
    if asked_designs(text):
        rest = without_designs(rest)
    names_works = intent in ("trials", "recruiting", "review") or works_asked(text)
    return _KINDS.sub(" ; ", rest) if names_works else rest


def asked_designs(text: str) -> list[str]:
    """The kinds of studies asked for: "Does X work? A cohort study" asks for X."""
    found = designs(text)
    if ASKS_YES_OR_NO.search(text) and not _ASKS_FOR.search(text):
        # Whether a medicine can be had is no question of what it does.
        return [one for one in found if one == "expanded access"]
    return found


def companies(text: str) -> list[str]:
    """The companies that a question names."""
    names = [
        name for name in COMPANIES if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)
    ]
    aliases = [
        name
        for alias, name in COMPANY_ALIASES.items()
        if re.search(rf"\b{alias}\b", text, re.IGNORECASE)
    ]
    return unique([*names, *aliases])


def _without_companies(text: str) -> str:
    for name in (*COMPANIES, *COMPANY_ALIASES):
        text = re.sub(
            rf"\b(?:by |from )?{re.escape(name)}(?:'s)?\b", " ; ", text, flags=re.IGNORECASE
        )
    return text
