"""The people that a question asks for by a disease, a habit or a treatment of theirs, and whether quoted sentences are of them. Without I/O.

Ages, times and doses are :mod:`.bounds`', children, women and the like :mod:`.populations`'. A text that names such people only where it tells of
them alone, in a share of who took part, or as known before, is not of them: what it says elsewhere is of all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

from ..entities import Entities
from ..leaving_out import is_of_both, without_denied
from ..markdown import quoted as as_markdown
from ..queries.concept import NAMED, Concept
from ..records import Record
from ..sentences import sentences
from ..terms.find import find
from .conditions import scope_of
from .naming import names_one
from .populations import is_of_people

Of = Literal["them", "both", "others", ""]
"""Whether a source is of the people asked for, of them and others together, or of others; empty where it does not tell."""

_WHO = r"(?:people|persons?|patients|participants|adults|adolescents|children|women|men|those|individuals|subjects|infants|boys|girls)"
_HABIT = r"(?:non-?)?(?:smok|drink|us|carri)ers|recipients|survivors|diabetics|asthmatics|alcoholics|vegetarians|vegans|athletes"
_UNTIL = r"(?=\s(?:reduce|increase|improve|lower|prevent|cause|at|after|during|compared|than|versus|vs|have|has|is|are|do|does|when|if|by|over|within|possible|effective|safe|useful|beneficial|take|use|need|get|stop|start|avoid)\b|[?.;:,()]|$)"
_ASKED: Final = re.compile(
    rf"\b(?:in|among|amongst|for|(?:what|how) about|(?:(?:help|benefit|protect|harm)s?|should|can|may|do|would|will)(?= {_WHO} with(?:out)?\b)) (?P<text>(?:[\w-]+ ){{0,2}}?{_WHO} (?:(?:with(?:out)?|on|taking|receiving|using|having|undergoing|treated with|given)|(?:who|that) (?:do(?:es)? not |don['’]t |never )?(?:are on |have had |\w+))\b.{{2,60}}?{_UNTIL}"
    rf"|(?:people|women|men|adults|those|patients) who (?:do not |never )?\w+{_UNTIL}"
    rf"|(?:[\w-]+ ){{1,3}}?{_WHO}{_UNTIL}|(?:[\w-]+ ){{0,2}}?(?:{_HABIT}){_UNTIL})",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"^(?:the )?(?:aim|objective|purpose|goal)\b|^to (?:determine|evaluate|assess|investigate|examine|compare|study|test)\b|"
    r"^we (?:aimed|evaluated|assessed|investigated|examined|studied|tested|enrolled|recruited|included)\b(?!.*\b(?:sub-?groups?|subsets?|stratif\w+|sub-?anal\w+)\b)",
    re.IGNORECASE,
)
"""What was tried, and in whom."""
_SHARE = re.compile(
    rf"\d ?%\)? (?:of (?:the |all )?{_WHO} )?(?:were|was|had|are|have|took|used|received)\b|\b{_HABIT} \(\d",
    re.IGNORECASE,
)
"""A share of who took part."""
_PEOPLE_WITH = re.compile(
    rf"\b{_WHO} (?:with|who|having|undergoing|on|taking|using|without|aged)\b", re.IGNORECASE
)
_IN = re.compile(r"\b(?:in|among|with|of|for) (?:[\w-]+ ){0,2}$", re.IGNORECASE)
_OFTEN = 3
"""Sentences that name people of whom a text is."""
_FIRST = 2
"""Sentences of a text that say whom it is of."""
_KNOWN = re.compile(r"(?:background|introduction|context|importance|rationale)\b", re.IGNORECASE)
"""Labels what was known before."""


class Subgroup(NamedTuple):
    """People that are asked for."""

    text: str
    """As the question has it: ``people with diabetic kidney disease``."""
    by: tuple[Concept, ...]
    """What makes them so; one is enough."""
    is_denied: bool
    """Whether they are those without it."""


def asked_subgroup(entities: Entities) -> Subgroup | None:
    """Whom a question asks for, where what makes them so is a thing that a text can be seen to name."""
    question = entities.get("question", "")
    for match in _ASKED.finditer(question):
        text = match["text"].strip()
        low = text.lower()
        own = [
            one
            for one in entities.get("concepts", [])
            if one["kind"] in (*NAMED, "topic")
            and one["text"].lower() in low
            and not is_of_people(one["text"])
        ]
        # The longest name: of "diabetic kidney disease" not the diabetes.
        longest = max(own, key=lambda one: len(one["text"]), default=None)
        if longest is not None:
            return Subgroup(text, (longest,), longest["excluded"])
    return None


_ONLY_WHO = re.compile(
    rf"^(?:[\w-]+ )*?{_WHO} (?:with(?:out)?|on|taking|receiving|using|having|undergoing|treated with|given|(?:who|that) (?:are on |have had |are |have )?)",
    re.IGNORECASE,
)


def what_makes_them(question: str) -> str:
    """What makes those so whom a question asks for, as it has it: "low fish intake" of "in people with low fish intake"; empty where it asks for none by that."""
    for match in _ASKED.finditer(question):
        text = match["text"].strip()
        if (left := _ONLY_WHO.sub("", text)) != text:
            return left
    return ""


def names_them(text: str, one: Subgroup) -> bool:
    """Whether a text names the people asked for."""
    if not any(names_one(text, each) for each in one.by):
        return False
    is_there = any(names_one(without_denied(text), each) for each in one.by)
    return not is_there if one.is_denied else is_there


def of_whom(record: Record, one: Subgroup) -> Of:
    """Whether a source is of the people asked for."""
    heads = [record["title"], *record.get("conditions", []), *record.get("interventions", [])]
    text = record.get("text", "")
    places = [each for each in sentences(text) if not _KNOWN.match(each)]
    naming = [each for each in (*heads, *places) if any(names_one(each, by) for by in one.by)]
    if not naming:
        return ""
    if any(is_of_both(each, by) for each in naming for by in one.by):
        return "both"
    if one.is_denied:
        return "" if any(names_them(each, one) for each in naming) else "others"
    if len(naming) >= _OFTEN or any(
        each in heads + places[:_FIRST] and not _SHARE.search(each) for each in naming
    ):
        return "them"
    if not all(names_them(scope_of(each), one) or _SHARE.search(each) for each in naming):
        return "them"
    if any(_TRIED.search(each) and not _SHARE.search(each) for each in naming):
        return "them"
    is_counted = any(_SHARE.search(each) and not scope_of(each) for each in naming)
    if not is_counted and not _names_others([*heads, *places], naming):
        # Who is named once alone, "in 201 patients with compensated cirrhosis", is who it is of.
        return "them"
    return "both" if is_counted else "others"


def _names_others(places: Sequence[str], naming: Sequence[str]) -> bool:
    """Whether a text names other people than those that some of its places name."""
    return any(
        _PEOPLE_WITH.search(each)
        or any(one.kind == "condition" and _IN.search(each[: one.start]) for one in find(each))
        for each in places
        if each not in naming
    )


def told_of_other_subgroup(
    quoted: Sequence[str], records: Sequence[Record], wanted: Subgroup | None
) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and whom they are not of.

    Args:
        quoted: The sentences.
        records: The sources that they are of.
        wanted: Who was asked for.
    """
    if wanted is None or not quoted or any(names_them(one, wanted) for one in quoted):
        return "", []
    ways = {of_whom(one, wanted) for one in records}
    if ways & {"them", ""}:
        return "", []
    name = as_markdown(wanted.text)
    if "both" in ways:
        return (
            f"**The sources have {name} among others, and do not report on them apart.**",
            [],
        )
    return (
        f"**Nothing was found on {name} alone.** What is quoted is of others, or of all together.",
        [wanted.text],
    )
