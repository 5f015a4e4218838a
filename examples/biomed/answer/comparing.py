"""Which results compare what a question compares, and which are on one side of it alone. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..entities import Entities
from ..leaving_out import is_of_left_out
from ..markdown import quoted
from ..queries.concept import Concept
from ..records import Record
from ..sentences import sentences
from ..terms.find import find
from ..vocabulary import CLASS_MEMBERS
from ..words import words_of
from .naming import names_one
from .narrower import coumarin_arm
from .speaking import Cited, concepts, roots
from .speaking import Concept as Wanted
from .telling_sentences import telling_sentences

MOST = 8
"""Numbers that are named one by one."""
FOUND = 2
"""Sentences that are quoted of what was found, where nothing else answers."""
CONCLUDING = 2
"""Sentences at the end of a text that are what it concludes."""
_COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared (?:with|to)|superior|non-?inferior|inferior)\b", re.IGNORECASE
)


_ACTS_ON = re.compile(
    r"[ -](?:receptors? )?(?:antagonist|agonist|inhibitor|blocker|modulator|antibod(?:y|ie)|deficienc(?:y|ie)|mimetic|binder)s?\b",
    re.IGNORECASE,
)
"""Behind a name it makes another thing of it: a vitamin K antagonist is no vitamin K."""


class Side(NamedTuple):
    """One of the things that a question compares."""

    words: str
    """As the question has it: ``paracetamol``."""
    name: str
    concept: Concept | None
    """None where the question was not read into concepts."""
    head: str
    """What stands behind the name and makes another thing of it; empty mostly."""


def sides(entities: Entities) -> list[Side]:
    """What a comparison compares, as far as it is named; empty for any other question."""
    if entities["intent"] != "compare":
        return []
    named = [*entities["drugs"], *entities["drug_classes"]]
    called = {one["name"]: one for one in reversed(entities.get("concepts", []))}
    question = entities.get("question", "")
    return [_side(one, called.get(one), question) for one in named] if len(named) > 1 else []


def _side(name: str, concept: Concept | None, question: str) -> Side:
    if concept is None:
        return Side(name, name, None, "")
    at = question.lower().find(concept["text"].lower())
    end = at + len(concept["text"])
    head = _ACTS_ON.match(question, end) if at >= 0 else None
    behind = head[0] if head else ""
    return Side(f"{concept['text']}{behind}", name, concept, behind.strip(" -"))


def direct(entities: Entities, cited: Cited) -> list[int]:
    """The numbers of the results that have all sides of a comparison in their title or arms, or compare them in what they conclude."""
    named = sides(entities)
    return _direct(named, _wanted(entities, cited)) if named else []


def _direct(named: Sequence[Side], cited: Cited) -> list[int]:
    return [citation["n"] for citation, record in cited if _compares(record, named)]


def _wanted(entities: Entities, cited: Cited) -> Cited:
    """The results that are of nothing that the question leaves out."""
    return [one for one in cited if not is_of_left_out(one[1], entities)]


def compared(entities: Entities, cited: Cited, *, is_alone: bool = False) -> str:
    """Whether any result compares them directly, and what there is on each side; empty for any other question.

    ``is_alone``: nothing is quoted after it, so what was found by who compares them is quoted here.
    """
    named = sides(entities)
    cited = _wanted(entities, cited) if named else []
    if not cited:
        return ""
    *first, final = (quoted(one.words) for one in named)
    whole = f"{first[0]} with {final}" if len(first) == 1 else f"{', '.join(first)} and {final}"
    both = _direct(named, cited)
    if both:
        of_both = [(citation["n"], record) for citation, record in cited if citation["n"] in both]
        told = "; ".join(
            f"{quoted(outcome)} [{n}]"
            for n, record in of_both
            if (outcome := record.get("outcome"))
        )
        verb = "compares" if len(both) == 1 else "compare"
        titles = "; ".join(f"{quoted(record['title'])} [{n}]" for n, record in of_both[:MOST])
        wanted, question = concepts(entities), entities.get("question", "")
        if told:
            after = f" {told}."
        elif found := _found(of_both, wanted, question):
            after = f" What was found: {found}" if is_alone else ""
        else:
            after = " What it found is not in the results read here."
        return f"**{_numbers(both)} {verb} {whole} directly:** {titles}.{after}"
    each = [
        (one, [citation["n"] for citation, record in cited if _has(record, one)]) for one in named
    ]
    if not any(numbers for _, numbers in each):
        return ""
    lines = [
        f"on {quoted(one.words)} alone {_numbers(numbers)}"
        if numbers
        else f"nothing on {quoted(one.words)}"
        for one, numbers in each
    ]
    return f"**No result compares {whole} directly:** {'; '.join(lines)}."


def _found(of_both: Sequence[tuple[int, Record]], wanted: Sequence[Wanted], question: str) -> str:
    """What the first of some results found, as Markdown."""
    for n, record in of_both:
        if told := telling_sentences(record, wanted, question)[:FOUND]:
            return " ".join(f"{quoted(one)} [{n}]" for one in told)
    return ""


def _compares(record: Record, named: Sequence[Side]) -> bool:
    ends = sentences(record.get("text", ""))[-CONCLUDING:]
    return all(_has(record, one) for one in named) or any(
        _COMPARES.search(end) and all(_names(end, one) for one in named) for end in ends
    )


def _has(record: Record, side: Side) -> bool:
    """Whether a record's title or arms name it; a class is named by any of its members."""
    return _names(" ; ".join([record["title"], *record.get("interventions", [])]), side)


def _names(text: str, side: Side) -> bool:
    """Whether a text names it, by any of its names: a brand, another country's, a short form."""
    if side.head:
        parts = [re.escape(one) for one in words_of(side.words.replace("-", " "))]
        initials = "".join(one[0] for one in words_of(side.words.replace("-", " "))).upper()
        whole = r"[\W_]+".join([*parts[:-1], f"{parts[-1].removesuffix('s')}s?"])
        return bool(
            re.search(rf"(?<!non-)\b{whole}\b", text, re.IGNORECASE)
            or re.search(rf"\b{initials}s?\b", text)
        )
    if side.name not in CLASS_MEMBERS:
        own = "|".join(map(re.escape, {side.words, side.name}))
        text = re.sub(rf"\b(?:{own})(?:{_ACTS_ON.pattern})", " ", text, flags=re.IGNORECASE)
    if side.concept is not None and names_one(text, side.concept):
        return True
    said = roots(text)
    if coumarin_arm(text, side.name):
        return True
    return any(roots(one) <= said for one in (side.name, *CLASS_MEMBERS.get(side.name, ()))) or any(
        one.name == side.name or one.name in CLASS_MEMBERS.get(side.name, ()) for one in find(text)
    )


def _numbers(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - MOST} more" if len(numbers) > MOST else ""
    return "".join(f"[{one}]" for one in numbers[:MOST]) + more
