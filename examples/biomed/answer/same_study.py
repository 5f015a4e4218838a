"""Which sources are one study: its articles, its protocol and its registration count once. Without I/O.

By a registry's number, by what the study is called for short, or by how many took part and who wrote it. A review is of many studies, and none of
theirs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from ..queries.identifiers import nct_ids, registry_ids
from ..records import Record
from .answering import Found
from .designs import design_of, is_of_many
from .participants import took_part
from .study_names import names_of

_MORE_OF_IT = re.compile(
    r"\b(?:secondary|post[- ]?hoc|subgroup|exploratory|prespecified|ancillary|extended|mediation|economic) (?:\w+ )?analys[ei]s\b|\bsub-?study\b|\bprotocol\b|\brationale\b|\bdesign of\b"
    r"|\bextension\b|\b(?:long|longer)-term\b|\b(?:\d+|two|three|four|five|six|ten)[- ](?:year|month)s? (?:follow|outcomes?|results)|\bfollow-?up (?:of|study)\b|\b(?:baseline|final|updated|interim) (?:characteristics|results)\b"
    r"|\bcost[- ](?:effectiveness|utility)\b|\bresults (?:of|from) the\b|\bdata from the\b|\bpredictors?\b",
    re.IGNORECASE,
)
"""Says that a study has been told of elsewhere."""
_FEW = 50
"""As many take part in many a study."""
_ROUND = 50
_TOGETHER = 2
"""Authors that two articles of one study share at least, where little else tells it."""


def study_of(record: Record) -> str:
    """A registry's number of the one study that a record is of; empty where it names none, or several as a review does."""
    numbers = _numbers(record)
    return numbers.pop() if len(numbers) == 1 and not is_of_many(design_of(record)) else ""


def _numbers(record: Record) -> set[str]:
    """ClinicalTrials.gov's, or else those of other registries."""
    if record["type"] == "trial":
        return {record["id"].upper()}
    text = " ".join([record["title"], record.get("text", ""), *record.get("registry_ids", [])])
    return {*nct_ids(text)} or {one.upper() for one in registry_ids(text)}


def is_one_study(one: Record, other: Record) -> bool:
    """Whether two records are of one study."""
    if is_of_many(design_of(one)) or is_of_many(design_of(other)):
        return False
    if any(
        each["id"] in trial.get("publications", [])
        for trial, each in ((one, other), (other, one))
        if trial["type"] == "trial"
    ):
        return True
    numbers = study_of(one), study_of(other)
    if all(numbers) and (numbers[0].startswith("NCT") == numbers[1].startswith("NCT")):
        return numbers[0] == numbers[1]
    people = _people(one), _people(other)
    are_as_many = people[0] == people[1] > 0
    authors = _shared_authors(one, other)
    is_more_of_it = any(_MORE_OF_IT.search(f"{each['title']} {each.get('text', '')}") for each in (one, other))  # fmt: skip
    if names_of(one) & names_of(other):
        return are_as_many or authors > 0 or is_more_of_it or 0 in people
    if are_as_many and people[0] >= _FEW:
        is_unlikely = people[0] > 2 * _FEW and people[0] % _ROUND != 0
        both_have_authors = bool(one.get("authors") and other.get("authors"))
        return authors > 0 or (is_unlikely and not both_have_authors)
    return authors >= _TOGETHER and is_more_of_it and 0 in people


def _people(record: Record) -> int:
    return record.get("enrollment") or took_part(record.get("text", ""))


def _shared_authors(one: Record, other: Record) -> int:
    return len(_surnames(one) & _surnames(other))


def _surnames(record: Record) -> set[str]:
    """With the first initial: "Imazio M" and "Imazio Massimo" are one."""
    found = set()
    for author in record.get("authors", []):
        words = re.sub(r"[.,]", " ", author).split()
        if len(words) > 1:
            short = [word for word in words[1:] if word.isupper() and len(word) < 4]
            name, first = (words[0], short[0]) if short else (words[-1], words[0])
            found.add(f"{name} {first[0]}".lower())
    return found


def studies(numbers: Sequence[int], records: Mapping[int, Record]) -> list[list[int]]:
    """The numbers of sources by the study they are of: in their order, but a registration after an article of it."""
    groups: list[list[int]] = [[n] for n in numbers]
    for one, other in combinations(numbers, 2):
        if one in records and other in records and is_one_study(records[one], records[other]):
            first, second = (next(g for g in groups if n in g) for n in (one, other))
            if first is not second:
                first.extend(second)
                groups.remove(second)
    return [
        sorted(one, key=lambda n: n in records and records[n]["type"] == "trial") for one in groups
    ]


def counted_once(found: Found, records: Mapping[int, Record]) -> tuple[Found, list[list[int]]]:
    """What sources say with each study once, and which sources are one study.

    Of a study that one source counts which tells which way; another of it stays only where that tells otherwise.
    """
    against = {one.n: one.against for one in found.sentences if one.against}
    against |= {one.n: one.against for one in found.readings if one.against}
    groups = studies(found.speaking, records)
    kept: list[int] = []
    for group in groups:
        articles = [n for n in group if n not in records or records[n]["type"] != "trial"] or group
        first = next((n for n in articles if n in against), articles[0])
        others = [
            n
            for n in articles
            if n != first and n in against and against[n] != against.get(first, against[n])
        ]
        kept += [first, *others]
        group.remove(first)
        group.insert(0, first)
    once = msgspec.structs.replace(
        found,
        speaking=[n for n in found.speaking if n in kept],
        sentences=[one for one in found.sentences if one.n in kept],
        readings=[one for one in found.readings if one.n in kept],
    )
    return once, groups
