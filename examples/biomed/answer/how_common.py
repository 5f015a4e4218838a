"""How many have one thing, "how common is asthma?": which sentence counts those, and not something else in them. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ..terms.names import unturned
from .asked import Question
from .figures import gives

_SHARE: Final = "a share or a rate"
_HAVING: Final = r"(?:presented with|had|have|has|developed|experienced|suffered(?: from)?|showed|exhibited|reported|diagnosed with|positive for)"
_SEEN: Final = r"(?:occurred|occurs|developed|arose|appeared|(?:was|were|is|are) (?:\w+ly )?(?:seen|observed|found|noted|present|diagnosed|detected|reported|recorded|common|rare|frequent))"
_RATE: Final = r"(?:incidence|prevalence|rates?|frequency)"
_FEW: Final = r"(?:[\w-]+ ){0,2}?"


def asks_share_of_one(question: Question) -> bool:
    """Whether a question names one thing alone and asks how common that is."""
    things = sum(weight >= 1 for weight, _ in question.wanted)
    return things == 1 and any(one.name == _SHARE for one in question.figures)


def counts_it(text: str, question: Question) -> bool:
    """Whether a sentence says how many had what a question names, or at which rate that was seen.

    "Black patients with asthma used it less (13% against 20%)" counts no asthma.
    """
    if not gives(text, question.figures):
        return False
    some = "|".join(re.escape(one).replace(r"\ ", r"[ -]") for one in _names(question))
    it = rf"(?:{some})(?:e?s)?"
    said = rf"\b{_HAVING} {_FEW}{it}\b|\b{it} {_FEW}{_SEEN}\b|\b{_RATE} (?:of|for) {_FEW}{it}\b|\b{it} {_RATE}\b"
    return bool(some) and re.search(said, text, re.IGNORECASE) is not None


def _names(question: Question) -> Iterator[str]:
    for one in question.entities.get("concepts", []):
        if not one["excluded"]:
            yield from filter(None, (one["text"], unturned(one["heading"]), *one["synonyms"]))
