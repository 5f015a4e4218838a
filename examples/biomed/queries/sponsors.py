"""Who pays for a question's trials, as the registry classes sponsors: "industry-sponsored", "investigator-initiated". Without I/O.

Source: the registry's data structure, ``LeadSponsorClass``: ``INDUSTRY``, ``NIH``, ``FED``, ``OTHER`` …
"""

from __future__ import annotations

import re
from typing import Final

_INDUSTRY: Final = r"(?:the )?(?:industry|pharma(?:ceutical (?:industry|compan(?:y|ies)|firms?))?|drug (?:compan(?:y|ies)|makers?|industry)|compan(?:y|ies))"
_PAID: Final = r"(?:sponsored|funded|financed|supported|paid for|run|led|initiated)"
_RULES: Final = tuple(
    (re.compile(rule, re.IGNORECASE), asked)
    for rule, asked in (
        (
            rf"\b(?:not|never) {_PAID} by {_INDUSTRY}\b|\bnon-?(?:industry|commercial)(?:[- ]{_PAID})?(?= (?:[\w-]+ ){{0,3}}?(?:trials?|stud(?:y|ies)|research)\b)"
            rf"|\b(?:without|free (?:of|from)|independent(?:ly)? (?:of|from)) {_INDUSTRY}(?: (?:funding|sponsorship|money|support|sponsors?))?\b"
            rf"|\b(?:academic(?:ally)?|investigator|publicly|charity|government)[- ](?:{_PAID} )?(?=(?:[\w-]+ ){{0,2}}?(?:trials?|stud(?:y|ies))\b)|\binvestigator[- ]initiated\b",
            "NOT AREA[LeadSponsorClass]INDUSTRY",
        ),
        (
            rf"\b(?:industry|pharma|company|commercially)[- ]{_PAID}\b|\b{_PAID} by {_INDUSTRY}(?!\w)(?! [A-Z])",
            "AREA[LeadSponsorClass]INDUSTRY",
        ),
        (
            rf"\b(?-i:NIH)[- ]{_PAID}\b|\b{_PAID} by (?:the )?(?:(?-i:NIH)|National Institutes of Health)\b",
            "AREA[LeadSponsorClass]NIH",
        ),
    )
)
_OF_STUDIES = re.compile(r"\b(?:trials?|stud(?:y|ies)|rcts?)\b", re.IGNORECASE)
_ASKS_OF_THEM = re.compile(
    r"^\W*(?:do|does|did|is|are|was|were|has|have|can|could|how|why|what|which of)\b(?!.*\b(?:recruit|enrol|running|under ?way|ongoing)\w*)(?! there\b)",
    re.IGNORECASE,
)
""" "Do industry-sponsored trials report better results?" is about who pays."""


def sponsor_classes(text: str) -> list[str]:
    """What is asked of a trial's lead sponsor, in the registry's syntax; empty where a question asks for no trials, or of who pays."""
    if not _OF_STUDIES.search(text) or _ASKS_OF_THEM.match(text):
        return []
    found = []
    for rule, asked in _RULES:
        if rule.search(text):
            found.append(asked)
            text = rule.sub(" ", text)
    return found


def without_sponsor_classes(text: str) -> str:
    """The text without the words for them: they are no topics."""
    if sponsor_classes(text):
        for rule, _ in _RULES:
            text = rule.sub(" ; ", text)
    return text
