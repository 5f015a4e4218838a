"""The words of a question that name a topic, beside the names in its entities."""

from __future__ import annotations

import re

from .entities import Entities
from .queries.trial_people import KIN
from .terms.brands import BRANDS
from .vocabulary import CLASS_PATTERNS, COMPANY_ALIASES, CONDITIONS, FILLER
from .words import stems

_FOR_WHOM = re.compile(rf"\b(?:my|our|his|her|their|your) (?P<who>{KIN})\b", re.IGNORECASE)


def for_whom(entities: Entities) -> set[str]:
    """For whom a question is asked, "gran" of "is it safe for my gran?": no text is about them."""
    return {one["who"].lower() for one in _FOR_WHOM.finditer(entities.get("question", ""))}


def topics(entities: Entities) -> list[str]:
    """The question's words that name a topic, apart from the names in its entities."""
    named: set[str] = set()
    for name in (
        *entities["drugs"],
        *entities["drug_classes"],
        *entities["conditions"],
        *entities["excluded"],
        *entities["places"],
        *entities["companies"],
        *entities["nct_ids"],
        *entities["pmids"],
        *entities.get("pmcids", []),
        *entities.get("dois", []),
        *entities.get("registry_ids", []),
    ):
        named |= stems(name)
    for one in entities.get("concepts", []):
        own = stems(one["text"])
        is_called_so = one["name"] in entities["drugs"] and not own & stems(one["name"])
        if " " in one["text"] and (is_called_so or one["name"] in entities["conditions"]):
            # However it is written: of "rhumatoid arthritis" and "vitamin C" no word is a topic of its own.
            named |= own
    # For whom somebody asks is no topic: "my gran", "our son's wrist".
    named |= for_whom(entities)
    if entities.get("registry_ids"):
        named |= {"eudract", "euctr", "ct", "isrctn", "jprn"}
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
