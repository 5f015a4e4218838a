"""What kind of study a source is, and how many people it had. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..records import Record
from .participants import took_part

_DESIGNS = (
    ("Meta-Analysis", "meta-analysis"),
    ("Systematic Review", "systematic review"),
    ("Practice Guideline", "guideline"),
    ("Guideline", "guideline"),
    ("Randomized Controlled Trial", "randomised trial"),
    ("Clinical Trial", "clinical trial"),
    ("Observational Study", "observational study"),
    ("Review", "review"),
)
_RANDOMISED: Final = (
    r"(?<!non-)(?<!non)randomi[sz](?:ed|ation)|\brandom(?:ly)? (?:\w+ )?(?:assign|allocat|divid)\w*|\brandom (?:assignment|allocation)"
    r"|\b(?:patients|participants|adults|children|infants|women|men|volunteers|subjects)\b(?:[^.;]|\.\d){0,160}?\b(?:assigned|allocated)\b(?:[^.;]|\.\d){0,80}?\b(?:placebo|usual care|standard care|or)\b"
)
"""How a text says that chance decided who was given what."""
_TRIAL: Final = r"\b(?:double|single|triple|observer|investigator)[- ](?:blind|mask)(?:ed)?\b(?:[^.;]|\.\d){0,60}\btrial|\bplacebo[- ]controlled\b|\b(?:received|given)\b(?:[^.;]|\.\d){0,100}?\bor (?:\w+ )?placebo\b|\b(?:controlled|crossover|cross-over) trial\b"
"""How it says that it was a trial, and no more."""
_MANY: Final = r"(?:trials|studies|rcts|cohorts|comparisons|datasets|reports|articles)"
_POOLED: Final = (
    rf"meta-?analy[sz]|\bmeta-?regression|\b(?:pooled|combined|integrated) (?:[\w-]+ ){{0,3}}?analys[ei]s\b|\bpooled (?:\w+ ){{0,2}}?(?:data|results|estimates?) (?:from|of|across) (?:[\w-]+ ){{0,4}}?{_MANY}\b"
    rf"|\b{_MANY} (?:[^.;]{{0,60}} )?(?:were|was) pooled\b|\bpooling (?:[\w-]+ ){{0,4}}?{_MANY}\b|\bindividual[- ](?:patient|participant)[- ](?:level )?data\b|\bquantitative (?:synthesis|review|overview)\b"
)
"""How a text says that it reckons the results of several studies together."""
_GATHERED: Final = (
    rf"\b(?:systematic|umbrella|scoping|cochrane) (?:literature )?(?:review|overview)s?\b|\boverview of (?:[\w-]+ ){{0,3}}?(?:reviews|{_MANY})\b"
    rf"|\breview of (?:all )?(?:the )?(?:(?:published|available|existing|randomi[sz]ed|controlled|clinical|placebo-controlled) )+{_MANY}\b"
)
_IN_TEXT = (
    ("meta-analysis", _POOLED),
    ("systematic review", _GATHERED),
    ("randomised trial", _RANDOMISED),
    ("clinical trial", _TRIAL),
    ("cohort study", r"\bcohort|prospective"),
    ("retrospective study", r"retrospective"),
    ("survey", r"survey|questionnaire"),
)
_PLURALS = (("sis", "ses"), ("dy", "dies"), ("", "s"))


def design_of(record: Record) -> str:
    """The kind of study a record is of: "randomised trial", "article of unknown design"."""
    if record["type"] == "trial":
        return "registered trial"
    types = record.get("publication_types", [])
    for start, name in _DESIGNS:
        if any(one.startswith(start) for one in types):
            return name
    # A title that says it says what the whole is: a review's text tells of its trials.
    for text in (record["title"], record.get("text", "")):
        for name, pattern in _IN_TEXT:
            if re.search(pattern, text, re.IGNORECASE):
                return name
    return "document" if record["type"] == "document" else "article of unknown design"


def is_of_many(design: str) -> bool:
    """Whether a kind of study is of other studies."""
    return design in ("meta-analysis", "systematic review", "guideline", "review")


def named(design: str, count: int) -> str:
    """What so many of a design are called."""
    if count == 1:
        return design
    noun, of, rest = design.partition(" of ")
    end, plural = next(one for one in _PLURALS if noun.endswith(one[0]))
    return f"{noun.removesuffix(end)}{plural}{of}{rest}"


def people_of(record: Record) -> int:
    """How many took part: as its registry says, else as its text does; 0 where neither does."""
    return record.get("enrollment") or took_part(record.get("text", ""))
