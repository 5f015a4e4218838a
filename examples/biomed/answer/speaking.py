"""Whether a source speaks to a question: what the question wants named, and how much of it a text names. Without I/O.

:data:`SPEAKS` is set on questions with known sources and on questions that have none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from ..entities import Entities
from ..queries.concept import Concept as NamedConcept
from ..queries.identifiers import is_same_trial
from ..records import Record
from ..sentences import sentences
from ..state import Citation
from ..terms.abbreviations import WORDS, abbreviations
from ..terms.derived import inflected, verb_and_noun
from ..terms.english import is_english
from ..terms.find import find
from ..terms.lay_words import in_their_place
from ..terms.names import unturned
from ..terms.spoken_words import SPOKEN
from ..terms.word_forms import family, spellings
from ..topics import topics
from ..vocabulary import CLASS_MEMBERS
from ..words import stem, words_of
from .general_words import GENERAL

SPEAKS = 0.45
"""The weighted share of the question's concepts that a source has to name to speak to it."""
SPEAKS_OUTSIDE = 0.7
"""The same where the question names nothing of medicine."""

_HOW = re.compile(
    r"\bhow (often|common|commonly|frequent|frequently|prevalent|rare|rarely|likely|long)\b",
    re.IGNORECASE,
)
"""Asks for a number: the word is none of what is asked about."""
_ASKS_AMOUNT = re.compile(
    r"\bhow (much|many)\b|\b(?:what|which) (?:is |are |was |were )?(?:the )?(share|proportion|percentage|percent|fraction|number)\b"
    r"|\b(?:most|least)[ -](common|frequent|often|prevalent|usual|commonly|frequently|widely|usually|popular)\b|\bthe (commonest|main|leading|predominant|chief|principal)\b",
    re.IGNORECASE,
)
"""The same of an amount, or of the most frequent: no text need say "much"."""
LEVEL = re.compile(
    r"(?<=\d)[- ]?((?:[nmµμp]?g|mcg|[nmµμp]?mol|m?[IE]?U)/(?:[dm]?l|g))(?![\w/])", re.IGNORECASE
)
"""The unit of a level, "150 µg/g": an amount in an amount, and no word of a question."""
FEW = 3
"""Telling words of a question, beside which one that only asks for a number would weigh much."""
_SHORT = 4
"""Letters of a word that is too short to be told by its beginning."""
Concept = tuple[float, list[frozenset[str]]]
Cited = Sequence[tuple[Citation, Record]]


def concepts(entities: Entities) -> list[Concept]:
    """What a source should name: a named thing or a telling word weighs 1, a general one 0.25."""
    found: list[Concept] = []
    called = {one["name"]: one for one in entities.get("concepts", [])}
    for name in (*entities["drugs"], *entities["conditions"]):
        found.append((1.0, [roots(name), *map(roots, _names(called.get(name)))]))
    for name in (*entities["companies"], *entities["nct_ids"], *entities["pmids"]):
        found.append((1.0, [roots(name)]))
    for name in entities["drug_classes"]:
        members = (*_names(called.get(name)), *CLASS_MEMBERS.get(name, ()))
        found.append((1.0, [roots(name), *map(roots, members)]))
    units = {one for unit in LEVEL.findall(entities.get("question", "")) for one in words_of(unit)}
    carried = carriers(entities)
    words = [
        one
        for one in topics(entities)
        if one not in units and one not in SPOKEN and one not in carried
    ]
    of_asking = set(words_of(" ".join(_HOW.findall(entities.get("question", "")))))
    if len(found) + sum(not _is_general(one) for one in words) > FEW:
        of_asking.clear()
    amounts = {
        one.lower()
        for match in _ASKS_AMOUNT.finditer(entities.get("question", ""))
        for one in match.groups()
        if one
    }
    for word in words:
        if word in amounts:
            continue
        weight = 0.25 if _is_general(word) or word in of_asking else 1.0
        found.append((weight, said_as(word, entities)))
    named = ((weight, [one for one in either if one]) for weight, either in found)
    return [one for one in named if one[1]]


_CARRIERS: Final = re.compile(
    r"(?P<name>[\w-]+) (?P<what>(?:test|scan|machine|mask|device|jab|injection|shot|drip|infusion|pill|tablet|capsule|spray|patch|cream|medicine|drug)(?:s|es)?)\b"
)
_MEDICINES: Final = re.compile(
    r"\b(?:pill|tablet|capsule|injection|drip|infusion|medicine|medication|drug)s?\b", re.IGNORECASE
)
"""What a medicine is called by its form alone."""
_FOR: Final = re.compile(rf"(?P<what>{_MEDICINES.pattern}) for (?:an? |the )?", re.IGNORECASE)

_DESCRIBED: Final = re.compile(
    rf"\b(?:the|an?|this|my|that) (?P<of>(?:[a-z]+ ){{1,3}})(?P<what>{_MEDICINES.pattern}) (?P<name>[A-Za-z]\w{{3,}})",
    re.IGNORECASE,
)


def carriers(entities: Entities) -> set[str]:
    """What a medicine or an abbreviation is given or done by, "nirsevimab jab", "CT scan", and a medicine that is told by what it is for alone, "migraine
    injection", "gout tablet": who wrote of it need not say that. One form that is compared with another, "tablets or injections", is none."""
    about = entities.get("concepts", [])
    text = entities.get("question", "")
    drugs = {word for one in about if one["kind"] == "drug" for word in words_of(one["text"])}
    found = {
        each["what"].lower()
        for each in _CARRIERS.finditer(text)
        if each["name"].lower() in drugs or (each["name"].isupper() and len(each["name"]) > 1)
    } | {
        each["what"].lower() for each in _DESCRIBED.finditer(text) if each["name"].lower() in drugs
    }
    if len({each[0].lower().rstrip("s") for each in _MEDICINES.finditer(text)}) > 1:
        return found
    ill = {one["text"].lower() for one in about if one["kind"] == "condition"}
    named = {
        word
        for one in about
        if one["kind"] in ("condition", "topic", "phrase")
        and not _MEDICINES.fullmatch(one["text"].lower())
        for word in words_of(one["text"])
    }
    return (
        found
        | {
            each["what"].lower()
            for each in _CARRIERS.finditer(text)
            if each["name"].lower() in named and _MEDICINES.fullmatch(each["what"].lower())
        }
        | {
            each["what"].lower()
            for each in _FOR.finditer(text)
            if any(text[each.end() :].lower().startswith(one) for one in ill)
        }
    )


def described(entities: Entities) -> str:
    """What a medicine is said to be for before its name, "the heart rhythm pill amiodarone": who wrote of the medicine need not name that."""
    drugs = {one["text"] for one in entities.get("concepts", []) if one["kind"] == "drug"}
    found = _DESCRIBED.finditer(entities.get("question", ""))
    return " ".join(one["of"].lower() for one in found if one["name"] in drugs)


def said_as(word: str, entities: Entities) -> list[frozenset[str]]:
    """How a word of a question may be said: itself first, then its forms, its verb or noun, and the names of the topic that it is part of."""
    otherwise = [roots(form.rstrip("*")) for form in family(word) if len(form) > _SHORT]
    otherwise += map(roots, (*spellings(word), *verb_and_noun(word)))
    if not _is_general(word):
        otherwise += map(roots, inflected(word))
    otherwise += [roots(form.rstrip("*")) for form in in_their_place(word)]
    otherwise += [
        roots(name)
        for one in entities.get("concepts", [])
        if one["kind"] == "topic" and word in words_of(one["text"])
        for name in _names(one)
    ]
    if "-" in word:
        otherwise.append(roots(word.replace("-", "")))
    return [roots(word), *otherwise]


def _is_general(word: str) -> bool:
    return bool({stem(word), word} & GENERAL)


def _names(one: NamedConcept | None) -> Iterator[str]:
    """What else a named thing is called, its abbreviations among it."""
    if one is None:
        return
    yield one["text"]
    yield unturned(one["heading"])
    yield from one["synonyms"]
    yield " ".join(next(iter(spellings(word)), word) for word in words_of(one["text"]))
    for short in abbreviations(one["heading"]):
        if short.lower() not in WORDS and not is_english(short.lower()):
            yield short


def coverage(record: Record, wanted: Sequence[Concept]) -> float:
    """The weighted share of the concepts that a record names; 0 where the question names nothing."""
    total = sum(weight for weight, _ in wanted)
    if not total:
        return 0.0
    named = roots(said(record))
    return sum(weight for weight, either in wanted if any(one <= named for one in either)) / total


def in_one_place(record: Record, wanted: Sequence[Concept]) -> float:
    """The largest weighted share of the concepts that one place of a record names: its title, its facts or a sentence."""
    places = [
        record["title"],
        *sentences(record.get("text", "")),
        record.get("outcome", ""),
        _facts(record),
    ]
    return max(coverage({"title": place, "id": ""}, wanted) for place in places)


def said(record: Record) -> str:
    """All words of a record."""
    return " ".join(
        [
            record["title"],
            record["id"],
            record.get("text", ""),
            record.get("outcome", ""),
            record.get("sponsor", ""),
            *record.get("keywords", []),
            *record.get("conditions", []),
            *record.get("interventions", []),
        ]
    )


def speaks(record: Record, wanted: Sequence[Concept], *, is_medical: bool = True) -> bool:
    """Whether a record speaks to the question: enough of its concepts, and not general ones alone.

    A question that names nothing of medicine shares its words with medicine by chance: then most of them
    have to be there, and three in one sentence.
    """
    telling = [one for one in wanted if one[0] >= 1]
    if not telling or coverage(record, wanted) < (SPEAKS if is_medical else SPEAKS_OUTSIDE):
        return False
    named = [one for one in telling if coverage(record, [one])]
    if len(telling) == 1 and is_medical:
        # One word alone is named by many a text in passing.
        return bool(named) and coverage({**record, **_TITLE_ALONE}, telling) > 0
    together = 2 if is_medical else 3
    if is_medical and len(named) == len(telling):
        return True
    if len(named) < together:
        return False
    # Of few words, two have to meet in one place: a text may name each for another reason.
    places = [record["title"], *sentences(record.get("text", "")), _facts(record)]
    return named_together(places, named) >= together


def named_together(places: Iterable[str], wanted: Sequence[Concept]) -> int:
    """The most concepts that one place of a text names, a title or a sentence; none where there is no place."""
    return max(
        (
            sum(coverage({"title": place, "id": ""}, [one]) > 0 for one in wanted)
            for place in places
        ),
        default=0,
    )


_TITLE_ALONE: Any = {"text": "", "outcome": "", "sponsor": "", "keywords": []}


def _facts(record: Record) -> str:
    listed = [*record.get("conditions", []), *record.get("interventions", [])]
    return " ".join([record["title"], record.get("sponsor", ""), record["id"], *listed])


def is_named(record: Record, entities: Entities) -> bool:
    """Whether the question names the record by a number of its own, or by what its trial is called for short."""
    dois = [one.lower() for one in entities.get("dois", [])]
    return (
        record["id"] in (*entities["nct_ids"], *entities["pmids"])
        or record.get("doi", "").lower() in dois
        or record.get("pmcid", "") in entities.get("pmcids", [])
        or is_called(record.get("acronym", ""), entities.get("question", ""))
        or any(
            is_same_trial(one, other)
            for one in entities.get("registry_ids", [])
            for other in record.get("registry_ids", [])
        )
    )


def is_called(acronym: str, question: str) -> bool:
    """As it is written: SELECT is a trial, "select" is not, and what is a name in medicine ("COPD") calls no trial."""
    capitals = sum(one.isupper() for one in acronym)
    if capitals < 2 or any(one.text == acronym for one in find(acronym)):
        return False
    return bool(re.search(rf"(?<![\w-]){re.escape(acronym)}(?![\w-])", question))


@functools.lru_cache(maxsize=2048)
def roots(text: str) -> frozenset[str]:
    """Words by their beginnings: ``mortality`` meets ``mortal``, ``predict`` meets ``predictors``."""
    found = set()
    for word in words_of(text):
        for part in (word, *word.split("-")):
            root = stem(part)
            found.add(root[: max(5, len(root) - 3)] if len(root) > 5 and root.isalpha() else root)
    return frozenset(found)
