"""A question that goes on from the one before: "and in children?" keeps the topic. Without I/O."""

from __future__ import annotations

import re

from .entities import Entities

_GOES_ON = re.compile(
    r"^\s*(and|but|or|also|then|compared (?:to|with)|versus|vs|instead of|what about|how about|what of|same (for|in)|only|(and )?(in|for|with|without|"
    r"since|after|among)\b(?=.{0,40}\?*$))\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(it|its|they|them|their|that|those|this|these|the same)\b", re.IGNORECASE
)
_ELLIPTIC = re.compile(
    r"^\s*(why|how (?:much|many|long|often|soon|come|so)|(?:at |in )?(?:what|which) (?:dose|dosage|doses|age|ages|one|ones)|"
    r"for how long|since when|by how much|who else)\b",
    re.IGNORECASE,
)
"""Begins a question that is whole only with the one before it, if it names nothing itself."""
ELLIPTIC = 4
SHORT = 12
"""Words of a question that only points back."""


def asked_back(entities: Entities) -> str:
    """What to ask where a question names nothing to search for; empty where it does."""
    named = (
        "drugs",
        "drug_classes",
        "conditions",
        "genes",
        "companies",
        "nct_ids",
        "pmids",
        "dois",
    )
    if any(entities.get(name) for name in named) or entities.get("language"):
        return ""
    if sum(not one["excluded"] for one in entities.get("concepts", [])) > 1:
        return ""
    return "Which disease, medicine or procedure is it about, and in whom?"


def is_follow_up(query: str, names_something: bool) -> bool:
    """Whether a question needs the one before it.

    Args:
        query: The question.
        names_something: Whether it names a drug, a condition or an identifier itself.
    """
    words = query.split()
    if _GOES_ON.search(query) and len(words) <= SHORT:
        return True
    if names_something or len(words) > SHORT:
        return False
    if len(words) <= ELLIPTIC and _ELLIPTIC.search(query):
        return True
    return bool(_POINTS_BACK.search(query))


def joined(topic: str, query: str) -> str:
    """The whole question: the topic's, and what is asked on."""
    return f"{topic.strip().rstrip('?.! ')}, {query.strip()}"
