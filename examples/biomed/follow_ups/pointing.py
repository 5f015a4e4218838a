"""A whole question with one word that points back, "and how common is it?", and what a topic is rid of, "forget the stroke". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..answer.outcomes import asked_of
from ..words import stems
from .changes import Changed, Read
from .measured import OUTCOMES

_OF_A_THING = re.compile(
    r"^\W*(?:what(?: is|['’]s| are|(?= ))|how (?:high|large|big|good|common) (?:is|are)|(?:the )?(?=[\w-]+(?: [\w-]+)? (?:of|for)\b))\s*(?:the |an? |some )?"
    r"(?P<asked>(?:[\w-]+ ){0,2}?[\w-]+) (?:of|for|behind) (?P<thing>[^?;:]{3,80}?)\W*$",
    re.IGNORECASE,
)
"""Asks for something of a thing: "what are the risk factors for delirium after hip fracture?"."""
_HOW_IT_IS = re.compile(
    r"^\W*(?:how \w+ (?:is|are)|what (?:causes|predicts|treats)|how (?:is|are))\s+(?P<thing>[^?;:,]{3,80}?)(?: (?:treated|diagnosed|prevented|managed|caused))?\W*$",
    re.IGNORECASE,
)
_SIDES = frozenset(stems("cause factor predictor sign trigger type stage definition"))
"""What is asked of a disease, beside what is measured."""
_POINTS = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?P<whole>(?:how|why|what|when|who|where|does|do|did|is|are|was|were|can|could|should|will|would|has|have)\b[^?]*?\b(?P<it>it|they|them)\b[^?]*?)\W*$",
    re.IGNORECASE,
)
_GOOD_FOR = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?P<be>is|are|was|were)\s+(?:it|they|this|these)\s+(?P<rest>(?:also |too |really )?(?:good|bad|harmful|dangerous|toxic|useful|helpful|safe|damaging)"
    r" (?:for|to) [^?;,]{3,50}?)\W*$",
    re.IGNORECASE,
)
_FORGETS = re.compile(
    r"^\W*(?:(?:and|ok(?:ay)?|now|please|but|actually)[, ]+)*(?:forget|drop|ignore|never ?mind|skip|remove)(?: about)?\s+(?:the |that |those |these )?(?P<what>[^?;,.]{3,60}?)"
    r"(?:\s+(?:again|now|please|part))*\W*$",
    re.IGNORECASE,
)
_IN = re.compile(r",?\s+(?:in|after|during|among|for|with|on)\s+(?P<whom>[^?,;]+?)(?=\s*[?,;]|$)")


class Rid(NamedTuple):
    """A topic without a thing of it, and what was asked on without what was on it."""

    topic: str
    earlier: list[str]
    what: str


def pointed_back(topic: str, query: str, read: Read) -> Changed | None:
    """The question with what it points back to in the place of "it"; None where it is not whole otherwise.

    Args:
        topic: The question before.
        query: What was asked on.
        read: Reads a question's entities.
    """
    if (good := _GOOD_FOR.match(query)) and read(good["rest"])["concepts"]:
        asked = asked_of(topic, read(topic)["concepts"])
        if asked.exposure and asked.outcome:
            words = f"{good['be'].capitalize()} {asked.exposure} {good['rest']}?"
            return Changed(words, f"{asked.exposure!r} is what {query!r} points back to")
    points = _POINTS.match(query)
    of = _OF_A_THING.match(topic)
    if of is None or not stems(of["asked"]) & (OUTCOMES | _SIDES):
        of = _HOW_IT_IS.match(topic)
    if points is None or of is None:
        return None
    if len(re.findall(r"(?i)\b(?:it|its|they|them|their)\b", query)) > 1:
        return None
    start, end = points.span("it")
    whole = (
        f"{query[points.start('whole') : start]}{of['thing']}{query[end : points.end('whole')]}?"
    )
    return Changed(
        f"{whole[0].upper()}{whole[1:]}", f"{of['thing']!r} in the place of {points['it']!r}"
    )


def rid_of(topic: str, earlier: Sequence[str], query: str) -> Rid | None:
    """What is left where a question gives up a thing that was asked on, or that the topic is asked in: "forget the stroke"; None
    where it gives up none."""
    forgets = _FORGETS.match(query)
    words = stems(forgets["what"]) if forgets else set()
    if forgets is None or not words:
        return None
    left = [one for one in earlier if not words <= stems(one)]
    if len(left) < len(earlier):
        return Rid(topic, left, forgets["what"])
    for place in reversed(list(_IN.finditer(topic))):
        if words <= stems(place["whom"]) and topic[: place.start()].strip():
            return Rid(
                f"{topic[: place.start()]}{topic[place.end() :]}", list(earlier), forgets["what"]
            )
    # What was let go before is not there any more.
    return Rid(topic, list(earlier), forgets["what"]) if _FORGET.match(query) else None


_FORGET = re.compile(
    r"^\W*(?:(?:and|ok(?:ay)?|now|please|but|actually)[, ]+)*forget\b", re.IGNORECASE
)
