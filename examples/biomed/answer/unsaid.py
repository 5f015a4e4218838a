"""That nothing was found which answers, and of what: said so that it holds of each result that is listed below it. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ..markdown import escape, quoted
from ..records import Record, identity_of
from ..state import SourceReport
from ..terms.find import find
from .answering import Found
from .aspects import ASPECTS
from .instructions import own_words
from .nearest import Nearest
from .populations import POPULATIONS
from .speaking import Cited

NOTHING = "**Nothing found that answers this.**"
MOST = 4
"""Numbers that are named one by one."""
PLACES: Final = ("title", "text")
TOGETHER: Final = " together"
"""Ends the name of things of which no result has all."""
_HARMS: Final = ("side effects", "safety", "complications", "risks")
"""Who reads one of them reads of the others."""


def nothing(found: Found, cited: Cited, reports: Mapping[str, SourceReport]) -> str:
    """What is said in the place of an answer.

    Args:
        found: What the sources say: no sentence that answers.
        cited: The results that are listed below.
        reports: How each source fared.
    """
    named = list(_named(found, cited))
    if found.nearest is not None and not named and _tells_all(found.nearest, found.unsaid):
        return f"{NOTHING} {_nearest(found.nearest, cited)}"
    unsaid = " and ".join(map(escape, found.unsaid))
    if found.speaking:
        on = "of what is named" if unsaid else "to the question"
        lacking = (
            f"has a sentence that answers on {unsaid}"
            if named
            else f"tells of {unsaid}"
            if unsaid
            else "states a finding on what is asked that could be quoted"
        )
        many = len(found.speaking)
        speak = "1 result speaks" if many == 1 else f"{many} results speak"
        told = f"{speak} {on}, but none {lacking}; they are listed below."
    elif cited:
        lacking = f"{'answers on' if named else 'speaks of'} {unsaid}"
        lacking = lacking if unsaid else "names enough of the question"
        told = f"The nearest results are listed below with what they found; none of them {lacking}."
    elif any(report["retrieved"] for report in reports.values()):
        on = f"of {unsaid}" if unsaid else "to the question"
        told = f"What the sources brought does not speak {on}, and is not listed."
    else:
        told = ""
    said = " ".join(one for one in (NOTHING, told, *named) if one)
    if found.nearest is None:
        return said
    return f"{said} The nearest result has this:\n\n{_sentences(found.nearest, cited)}"


def _tells_all(near: Nearest, unsaid: Sequence[str]) -> bool:
    """Whether what is not told of is all among what the nearest result does not name."""
    words = " ".join(near.unnamed).lower()
    return all(one.lower() in words for one in unsaid)


def _nearest(near: Nearest, cited: Cited) -> str:
    """What is nearest, quoted; before it, which of the question's words it does not have."""
    words = " or ".join(escape(f"“{one}”") for one in near.unnamed[:MOST])
    of = f"does not name {words}" if words else "says it in other words, if it does"
    return f"The nearest result {of}:\n\n{_sentences(near, cited)}"


def _sentences(near: Nearest, cited: Cited) -> str:
    n = next(one["n"] for one, record in cited if identity_of(record) == near.result)
    return " ".join(f"{quoted(one)} [{n}]" for one in near.sentences)


def _things(text: str) -> frozenset[str]:
    """What a vocabulary names in a text."""
    return frozenset(one.heading or one.name for one in find(text))


def _named(found: Found, cited: Cited) -> Iterator[str]:
    """Of each thing that is not told of, which of the listed results name it, and where."""
    speaking = [record for citation, record in cited if citation["n"] in found.speaking]
    things = _things(" ; ".join(one["title"] for one in speaking))

    def is_near(record: Record) -> bool:
        """Whether it is on something that who speaks is on: the safety of another thing is none of this."""
        text = f"{record['title']}. {record.get('text', '')}"
        return not things or bool(things & _things(text))

    for name in found.unsaid:
        places: dict[str, list[int]] = {}
        for citation, record in cited:
            if is_near(record) and (place := named_in(name, record)):
                places.setdefault(place, []).append(citation["n"])
        if not places:
            continue
        both = "both" if name.count(" and ") == 1 else "all of them"
        it = both if name.endswith(TOGETHER) else "it" if len(found.unsaid) == 1 else escape(name)
        each = [
            f"{_numbers(numbers)} {'names' if len(numbers) == 1 else 'name'} {it} in the {place}"
            for place in PLACES
            if (numbers := places.get(place))
        ]
        yield f"{', '.join(each)}, but not as an answer to this."


def named_in(name: str, record: Record) -> str:
    """Where a reader of a result sees something named, out of :data:`PLACES`; empty where nowhere.

    Args:
        name: What an answer says of it that it is not told: a side of things, people, or what a question names; several, with
            :data:`TOGETHER` behind them, all have to be there.
        record: A result.
    """
    own = own_words(record)
    facts = [*own.get("conditions", []), *own.get("interventions", [])]
    parts = name.removesuffix(TOGETHER).split(" and ") if name.endswith(TOGETHER) else [name]
    seen = [
        [_seen(one, place) for one in parts]
        for place in (
            own["title"],
            " ; ".join([own.get("text", ""), own.get("outcome", ""), *facts]),
        )
    ]
    if all(seen[0]):
        return PLACES[0]
    return PLACES[1] if all(map(any, zip(*seen, strict=True))) else ""


def _seen(name: str, text: str) -> bool:
    """Whether a text has it: as people or a side of things are called in a question, else word for word."""
    for side in ASPECTS:
        if side.name == name:
            alike = [one for one in ASPECTS if one is side or {one.name, name} <= {*_HARMS}]
            return any(one.asked.search(text) for one in alike)
    people = [one.said for one in POPULATIONS if one.name in name.split(" or ")]
    if people:
        return any(one.search(text) for one in people)
    return any(
        re.search(rf"(?<!\w){_loose(either)}(?:s|es)?(?!\w)", text, re.IGNORECASE)
        for either in name.split(" or ")
    )


def _loose(name: str) -> str:
    return r"[\W_]+".join(re.escape(one) for one in re.findall(r"\w+", name))


def _numbers(numbers: list[int]) -> str:
    more = f" and {len(numbers) - MOST} more" if len(numbers) > MOST else ""
    return "".join(f"[{one}]" for one in numbers[:MOST]) + more
