"""What a question wants shown of the trials it asks for: their contacts, sites, eligibility … Without I/O.

These words choose what is shown and are not searched for: a registry's record is not found by the word "contacts".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_WORDS: Final[dict[str, str]] = {
    "contacts": r"contacts?(?: (?:details?|info(?:rmation)?|persons?|data|numbers?))?|(?:phone|telephone) numbers?|e-?mail(?: address(?:es)?|s)?",
    "sites": r"(?:study |trial |recruiting |recruitment )?(?:sites|locations|centres|centers)",
    "eligibility": r"(?:(?:eligibility|inclusion|exclusion|entry)(?: (?:and|or) (?:inclusion|exclusion))? criteria|eligibility)",
    "outcomes": r"(?:primary |secondary |main )?(?:outcomes?(?: measures?)?|end ?points?)",
    "publications": r"(?:linked |related |resulting |associated )?(?:publications?|papers?)",
    "sponsor": r"(?:lead )?sponsors?",
    "dates": r"(?:start|(?:primary )?completion|end)(?: and (?:start|completion|end))? dates?",
    "status": r"(?:recruitment |overall |current )?status(?:es)?",
    "reason for stopping": r"reasons? for (?:(?:early|premature) )?(?:stopping|terminat(?:ion|ing)|withdrawal|withdrawing|suspen(?:sion|ding)|discontinu(?:ation|ing)|stoppage)",
    "enrollment": r"(?:target |actual |planned )?enrol+ments?|sample sizes?|numbers? of (?:participants|patients)",
}
SHOWN: Final = tuple(_WORDS)
_ONE = "|".join(f"(?:{words})" for words in _WORDS.values())
_LIST = rf"(?:{_ONE})(?:\s*(?:,|&|and|or|,\s*and)\s*(?:the |their )?(?:{_ONE}))*"
_WORK = r"(?:trials?|stud(?:y|ies)|rcts?|NCT[\s-]?\d{8})\b"
_ASKED = (
    r"(?:^\W*|\b(?:show|list|give|find|get|need|want|with|including|include|plus|what(?:['’]s| (?:are|is|was|were))|who(?:['’]s| (?:are|is)))\s+"
    r"(?:me |us )?(?:all )?(?:the |their |its )?)"
)
# "Contacts for semaglutide trials": of what is named before any "in".
_BEFORE = re.compile(
    rf"{_ASKED}(?:{_LIST})\s+(?:for|of|from|at)\s+(?=(?:(?!\b(?:in|among|during|after)\b).){{0,80}}\b{_WORK})",
    re.IGNORECASE,
)
_AFTER = re.compile(
    rf"(?:\s*[,;:]\s*|\s+)(?:(?:and |with |including |include |plus |show |list )+)(?:me )?(?:the |their |its )?(?:{_LIST})(?=\s*[?.!]*\s*$)"
    rf"|\s*[:;]\s*(?:{_LIST})(?=\s*[?.!]*\s*$)"
    rf"|\s*,\s*(?:and )?(?:(?:what|who|where|which) (?:are|is|were|was) )?(?:the |their |its )?(?:{_LIST})(?=\s*[?.!]*\s*$)",
    re.IGNORECASE,
)
_STOPPED = r"(?:stopped|terminated|withdrawn|halted|suspended|discontinued|abandoned|ended early|cancel+ed)(?: (?:early|prematurely))?\b"
_ASKS_WHO: Final[dict[str, str]] = {
    "contacts": r"\b(?:who(?:m)?|how) (?:can|could|do|should|to|must) (?:I |we |one |a patient )?(?:to )?(?:contact|call|reach|write to)\b",
    "sponsor": r"\bwho (?:is |are )?(?:sponsor(?:s|ed|ing)?|fund(?:s|ed|ing)?|runs?|ran)\b",
    "eligibility": r"\bwho (?:can|may|could|is (?:eligible|allowed) to) (?:take part|join|participate|enrol+|enter)(?: in)?\b|\bwho is eligible(?: for)?\b",
    "reason for stopping": rf"\bwhy (?:was|were|is|are|has|have) (?:(?:it|they|these|those|the (?:trials?|stud(?:y|ies)))(?: been)? {_STOPPED}|(?=(?:(?!\bwhy\b).){{0,80}}?\b(?:trials?|stud(?:y|ies)|rcts?|NCT[\s-]?\d{{8}})\b(?:(?!\bwho\b)[^?.;]){{0,60}}? {_STOPPED}))",
    "dates": r"\bwhen (?:did|does|will|was|is|were) (?=.{0,60}\b(?:start|begin|end|complete|finish)(?:ed)?\b)",
}
_HAS_WORK = re.compile(rf"\b{_WORK}", re.IGNORECASE)
_TRIAL_NUMBER = re.compile(r"\bNCT[\s:#-]{0,2}\d{8}\b", re.IGNORECASE)


def shown(text: str) -> list[str]:
    """What should be shown of each trial, out of :data:`SHOWN`; empty where nothing in particular is asked for."""
    return _read(text)[0]


def without_shown(text: str) -> str:
    """The question without these words."""
    return _read(text)[1]


_ALONE = re.compile(
    rf"\W*(?:and |but )?(?:(?:what|who|where|which|show|list|give)(?: me)?(?: (?:are|is|were|was))? )?(?:the |its |their )?(?:{_LIST})\W*"
    rf"|\W*(?:and |but )?(?:{'|'.join(_ASKS_WHO.values())})[\w ]{{0,20}}\W*",
    re.IGNORECASE,
)


def is_shown_alone(text: str) -> bool:
    """Whether a question asks for nothing else, so that it is one about what was found before: "what were the outcomes?"."""
    return _ALONE.fullmatch(text) is not None


def _read(text: str) -> tuple[list[str], str]:
    if not _HAS_WORK.search(text):
        return [], text
    found: list[str] = []
    for name, rule in _ASKS_WHO.items():
        if re.search(rule, text, re.IGNORECASE):
            found.append(name)
            text = re.sub(rule, " ", text, flags=re.IGNORECASE)
    # Beside a trial's own number there is nothing else that they could be about.
    rules: Sequence[re.Pattern[str]] = (_BEFORE, _AFTER)
    if _TRIAL_NUMBER.search(text):
        rules = (*rules, re.compile(rf"\b(?:{_ONE})\b", re.IGNORECASE))
    for rule_ in rules:
        for match in rule_.finditer(text):
            found += [
                name
                for name, words in _WORDS.items()
                if re.search(rf"\b(?:{words})\b", match[0], re.IGNORECASE)
            ]
        text = rule_.sub(" ", text)
    return [name for name in SHOWN if name in found], text
