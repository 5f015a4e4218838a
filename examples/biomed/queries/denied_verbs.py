"""Whether a denial is of the question's own verb: "is coffee not associated with cancer?" is about both. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from .joined import PEOPLE_LAST

_BEGINS: Final = r"^\W*(?:(?:and|but|so|then)\s+)?(?:(?:why|how come|when|how)\s+)?"
_ASKS_NOT = re.compile(
    _BEGINS
    + r"(?:are|is|was|were|do|does|did|has|have|had|can|could|should|would|will|might|must)n['’]?t\W*$",
    re.IGNORECASE,
)
"""``Isn't …``: asks whether it is."""
_CONTRACTED = re.compile(
    rf"({_BEGINS})(are|is|was|were|do|does|did|has|have|had|could|should|would|must)n['’]?t\b",
    re.IGNORECASE,
)
_BE = re.compile(
    _BEGINS
    + r"(?:is|are|was|were|has|have|had)\s+(?!there\b|it\b)(?P<subject>[^,;:?.!]{2,80}?)\s+(?:not|never)\b",
    re.IGNORECASE,
)
_DO = re.compile(
    _BEGINS
    + r"(?:do|does|did|can|could|should|would|will|may|might|must)\s+(?P<subject>[^,;:?.!]{2,80}?)\s+(?:not|never)\s+(?!\w+ing\b|\w+ed\b)\w",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"^\W*(?P<subject>[^,;:?.!]{2,80}?)\s+(?:(?:is|are|was|were|has been|have been|do|does|did|can|could|should|would|will|may|might|must)\s+(?:not|never)|"
    r"(?:is|are|was|were|do|does|did|could|should|would)n['’]t|can(?:not|['’]t))\b",
    re.IGNORECASE,
)
"""A claim: "coffee is not associated with cancer", "children should not take aspirin"."""
_RELATIVE = re.compile(
    r"\b(?:who|that|which|whose|whom|what|where|when|if|whether|because|although|despite|while|until|unless|without|with no)\b",
    re.IGNORECASE,
)
_SAYS_ALREADY = re.compile(
    r"\b(?:better|worse|safer?|good|bad|useful|best|useless|superior|inferior|worth|\w{3,}(?:ful|ble|ive))\b|(?<!^)(?<!\bof )(?<!\bfor )(?<!\bin )(?<!\bby )(?<!\bwith )(?<!\band )(?<!\bor )\b(?:a|an)\s",
    re.IGNORECASE,
)
"""The question's word for what is asked stands before the denial: "is aspirin *safe* in people not on statins?"."""
_MODIFIES: Final = re.compile(
    r"\s(?:in|of|for|with|by|from|after|during|among|on|to)\s+(?:\w+\s+){0,2}?\w+$", re.IGNORECASE
)
_RELATES = re.compile(
    r"\s+(?:associated|related|linked|correlated|connected|caused|explained|due|attributable)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"[^,;:?.!]*?\s(?!associated\b|related\b)(?:is|are|was|were|do|does|did|has|have|can|need|needs|benefit|benefits|cause|causes|lead|leads|improve|improves|"
    r"reduce|reduces|respond|responds|better|worse|safe|safer|dangerous|harmful|effective|useful|common|possible|curable|fatal)\b",
    re.IGNORECASE,
)
"""What the question asks stands behind it: "is asthma not treated with steroids *dangerous*?"."""


_WHO_NOT = re.compile(
    r"^\W*(?:which|what|who|whose|whom|when|why|how)\b[^,;:?.!]{0,80}?\s(?:should|must|can|could|may|might|would|will|ought to|need)\s*(?:not|never|n['’]t)\b",
    re.IGNORECASE,
)
"""Of "which women should not take it?" it is asked."""
_SURE = re.compile(
    r"\b(?:sure|certain|confident|means?|tells?|shows?|proves?|knows?|guarantees?|concludes?|reassured?|likely|chances?|odds|probability)(?: (?:it is|is it))?(?: (?:me|us|them))?(?: that)? "
    r"(?:I|you|we|he|she|they|someone|somebody|(?:an?|the|my|our) [\w-]+|patients?|people)\s+(?:(?:really|definitely|probably|still) )?(?:(?:have|has|do|does|did|am|are|is)\s+)?$",
    re.IGNORECASE,
)
"""Of "can I be sure that I have no cancer?" the cancer is asked."""
_COUNTED_NOT: Final = re.compile(
    r"(?:^|,)\W*(?:(?:and|but|so|then)\s+)?(?:(?:in|for|on|among|at|to)\s+)?"
    r"(?:how\s+(?:many|much|often|commonly|frequently)|(?:what|which)(?:\s+(?:is|are|was|were)\s+the)?\s+(?:\w+\s+)?(?:shares?|proportions?|percentages?|percent|fractions?|parts?|numbers?)|which|who)\b"
    r"(?P<subject>[^,;:?.!]{0,80}?)\s+"
    r"(?P<denial>(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would)(?:\s+(?:not|never)|n['’]t)\b"
    r"|(?!(?:with|of|in|and|or|on|for|by|to|from|at|than|as|but|there)\b)[a-z]+\s+no\b)",
    re.IGNORECASE,
)
"""Of "how many were given no antibiotics?" and "which patients do not need surgery?" that is asked, and who counts them tells of it."""
_DONE_WITHOUT = re.compile(
    r"^\W*(?:can|could|may|might|should|must|will|would|do|does|did|is it|how)\b[^,;:?.!]*?\b"
    r"(?:(?:be|get) (?:\w+ly )?[a-z]+(?:ed|en|ne)|heals?|recovers?|survives?|lives?|copes?|resolves?|goes? away|gets? better)\s+$",
    re.IGNORECASE,
)
"""Of "can it be treated without an operation?" what is done instead is asked, and a study of both tells it."""


_ENDS_WITHOUT: Final = re.compile(
    r"\b(?:surviv(?:al|e|es|ed|ing|ors?)|alive|recover(?:y|s|ed|ing)?|live births?|remission|healing|discharged?(?: home)?|(?:days?|years?|time|life)(?: alive)?|cured?|(?:hospital|ventilator)[- ]days)"
    r"(?: (?:at|for|to|by|after|of) (?:\w+ ){0,2}?(?:days?|months?|years?|discharge))? $",
    re.IGNORECASE,
)
"""Outcomes that a "without" belongs to."""


def is_asked(text: str, start: int) -> bool:
    """Whether what is denied from ``start`` on is what is asked about: whether somebody has it, or how many or who do not take it."""
    counted = _COUNTED_NOT.search(text)
    return _SURE.search(text, 0, start) is not None or (
        counted is not None
        and counted.start("denial") <= start < counted.end()
        and _RELATIVE.search(counted["subject"]) is None
    )


def is_done_without(text: str, start: int) -> bool:
    """Whether "without" from ``start`` on tells how something is done, or ends: "be treated without an operation", "survival without disability"."""
    before = text[:start]
    return text[start:].lower().startswith("without") and bool(
        _DONE_WITHOUT.search(before) or _ENDS_WITHOUT.search(before)
    )


def is_outcome_without(text: str, start: int) -> bool:
    """Whether "without" from ``start`` on is a part of an outcome: who survives without disability is asked for, and a study tells of both."""
    return text[start:].lower().startswith("without") and bool(_ENDS_WITHOUT.search(text[:start]))


def without_contraction(text: str) -> str:
    """``Isn't coffee …`` as "Is coffee": what is asked is the same."""
    return _CONTRACTED.sub(r"\1\2", text)


def is_of_the_verb(text: str, start: int, end: int) -> bool:
    """Whether the denial from ``start`` to ``end`` denies what the whole clause says, and leaves nothing out.

    Args:
        text: The question.
        start: Where the words of the denial begin.
        end: Where what stands after them begins.
    """
    denial = text[start:end]
    asks = _WHO_NOT.match(text)
    if asks and start < asks.end() <= end + 1:
        return True
    if _ASKS_NOT.match(text[: start + len(denial.split()[0])]):
        return True
    for rule in (_DO, _BE):
        found = rule.match(text)
        if found and start < found.end() <= end + 1:
            is_sure = rule is _DO or _RELATES.match(text, found.end()) is not None
            return _is_subject(found["subject"], is_sure=is_sure) and not (
                rule is _BE and _GOES_ON.match(text, end)
            )
    found = _SAYS.match(text)
    if found and start <= found.end() <= end + 1:
        return _RELATIVE.search(found["subject"]) is None and not _GOES_ON.match(text, end)
    return False


def _is_subject(words: str, *, is_sure: bool) -> bool:
    """Whether the words between the verb's two parts are what it is asked of, and nothing more.

    ``is_sure``: what stands behind them is said of no people, as "women not treated" is.
    """
    if _RELATIVE.search(words):
        return False
    if not is_sure and PEOPLE_LAST.search(words) and _MODIFIES.search(words):
        return False
    return _SAYS_ALREADY.search(words) is None
