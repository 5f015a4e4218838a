"""What a text calls otherwise than a question does, by MeSH: its own words are put beside it, for what it names. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..queries.concept import Concept
from ..terms.find import find
from ..terms.names import key_of, load, trees_of

_LOSS = r"loss(?:es)?|impair\w*|decrements?|deficits?|declin\w*|dysfunction\w*|deteriorat\w*"
_NAMES_A_LOSS = re.compile(rf"(?P<of>.+) (?:{_LOSS})", re.IGNORECASE)


def beside_losses(text: str, about: Sequence[Concept]) -> str:
    """A text with the question's own words beside the loss of a function that it calls otherwise: "hearing decrements (hearing loss)".

    A loss of blood is none: MeSH has what the senses and the mind do in a branch of its own, F.
    """
    for one in about:
        named = _NAMES_A_LOSS.fullmatch(one["text"]) if one["kind"] == "condition" else None
        if named is None or not _is_of_the_mind(named["of"]):
            continue
        of = re.escape(named["of"])
        text = re.sub(
            rf"\b{of}(?: (?!(?:and|or|but)\b)\w+){{0,2}} (?:{_LOSS})\b|\b(?:{_LOSS}) (?:(?:of|in|to) )?(?:the )?{of}\b",
            lambda match, own=one["text"]: (
                match[0]  # type: ignore[misc]
                if match[0].lower() == own.lower()
                else f"{match[0]} ({own})"
            ),
            text,
            flags=re.IGNORECASE,
        )
    return text


def other_names(text: str, about: Sequence[Concept]) -> dict[str, str]:
    """By another name that a text has for something of a question, of the same MeSH heading, the question's own: "mechanical heart valve" for "metal valve"."""
    wanted = {one["heading"]: one["text"] for one in about if one["heading"]}
    if not wanted:
        return {}
    return {
        found.text: own
        for found in find(text)
        if (own := wanted.get(found.heading)) and key_of(own) != key_of(found.text)
    }


def _is_of_the_mind(function: str) -> bool:
    rows = load().of_key(key_of(function))
    return any(tree.startswith("F") for row in rows for tree in row.trees)


_OF_WHOM = re.compile(
    r"\b(?:patients|people|persons|adults|children|infants|women|men|subjects|participants|individuals|those)\b[^.;,]{0,40}$|"
    r"(?<!increase )(?<!increases )(?<!rise )(?<!reduction )(?<!decrease )(?<!difference )(?<!change )\bin (?:\w+ ){0,2}$|"
    r"\btreat(?:s|ed|ing|ment)? (?:of |for )?(?:\w+ )?$",
    re.IGNORECASE,
)
"""Before the disease of those who are treated: what is narrower there is no harm that was seen."""


def beside_narrower(text: str, harm: str, about: Sequence[Concept]) -> str:
    """A text with the question's own words beside each narrower disease: "atrial fibrillation (arrhythmia)".

    MeSH says which is narrower: its places begin with those of the wider one.
    """
    if not harm:
        return text
    wider = {
        one["text"]: tuple(f"{tree}." for tree in trees_of(one["heading"]))
        for one in about
        if one["kind"] == "condition" and one["text"].lower() in harm.lower()
    }
    wider = {words: trees for words, trees in wider.items() if trees}
    if not wider:
        return text
    added = text
    for found in reversed(find(text)):
        own = trees_of(found.heading)
        words = [
            each for each, trees in wider.items() if any(tree.startswith(trees) for tree in own)
        ]
        if words and not _OF_WHOM.search(text[: found.start]):
            added = f"{added[: found.end]} ({', '.join(words)}){added[found.end :]}"
    return added
