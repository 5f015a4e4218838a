"""What sentences say to have changed, and which way: so that sources are compared though the question names no outcome. Without I/O.

By grammar: what stands behind a verb or a noun of change, "reduced pain", "no difference in pain", or before one, "pain was lower". Two sources are
compared only on what both name, of the same disease and against the same kind of comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from ..records import Record
from ..terms.find import find
from .asked import Question
from .directions import OPPOSITE, ways_of
from .families import spans
from .held_against import COMPARED_WITH, is_of_the_others
from .measured import Source, share_named
from .question_parts import CHANGES, COMPARED, until
from .readings import is_negative, parts_of_sentence
from .significance import ratio_goes
from .speaking import roots
from .telling_sentences import telling_sentences
from .ways import telling

_OPENS = re.compile(
    r"^\W*(?:at|by|after|in|during|within|over) (?:the )?(?:(?:\d+|one|two|three|four|five|six|ten|twelve)[ -](?:days?|weeks?|months?|years?)|(?:day|week|month|year) \d+)(?: of [\w-]+)?,?\s+|"
    r"^\W*(?:compared (?:with|to)|in|among|after|during|for) [^,;]*,\s+",
    re.IGNORECASE,
)
"""A time or a comparison before the subject."""
_BEHIND = re.compile(
    rf"(?<!-)\b(?:{CHANGES.pattern}|(?:reduction|increase|decrease|difference|improvement|change|effect|impact|decline|rise|benefit)s? (?:of|in|on|for)|{COMPARED}|had(?: an?)?)\s+",
    re.IGNORECASE,
)
"""Before what it changes."""
_DOES = re.compile(
    r"\s(?:(?:was|were|is|are) (?!(?:not )?(?:\w+ly )?(?:associated|linked|related|effective|ineffective|superior|inferior|non-?inferior|useful|safe|beneficial|given|assigned|randomi[sz]ed)\b)"
    r"|(?:(?:did|does|do) not (?:\w+ly )?(?:fall|rise|decline|improve|worsen|increase|decrease|drop|differ|change|occur|develop)"
    r"|fell|rose|declined|improved|worsened|increased|decreased|dropped|differed|lasted|occurred|developed)\b"
    r"(?=\W*$|\s*[,;.(]| (?:\w+ly )?(?:by|from|to|in|at|with|on|after|during|more|less|between|among|under|\d)))",
    re.IGNORECASE,
)
"""After what changes; behind "improved" what improves may follow instead."""
_JOINED = re.compile(r"\s*(?:,|\band\b|\bor\b)\s*")
_NO_OUTCOME = re.compile(
    r"\b(?:outcomes?|end ?-?points?|composites?|results?|responses?|effects?|benefits?|differences?|reductions?|evidence|analys[ei]s|groups?|trials?|"
    r"stud(?:y|ies)|patients?|people|persons?|participants?|children|adults?|women|men|infants?|treatments?|therap(?:y|ies))\W*$|^\W*(?:it|they|this|these|that|there|we|events?)\W*$",
    re.IGNORECASE,
)
"""Names no one thing: what one source counts another need not."""
_NOTHING = re.compile(
    r"\b(?:placebo|sham|usual|standard|routine|conventional|conservative|controls?|untreated|no (?:treatment|therapy|intervention)|waiting[ -]list|observation)\b",
    re.IGNORECASE,
)
_VERSUS = re.compile(
    r"\b(?:versus|vs\.?|compared (?:with|to)|or|than)\s+(?P<other>.+)", re.IGNORECASE
)


_MOST_TELLING = 2
"""Sentences of a source that has none that answers."""


class Change(msgspec.Struct, frozen=True):
    """What one source says of one outcome."""

    n: int
    what: str
    """As it is called: "systolic blood pressure"."""
    ways: frozenset[str]
    """Up, down, better, worse; ``unchanged`` alone where there is none."""


def changes(n: int, sentence: str) -> list[Change]:
    """Each thing that a sentence says to have changed, or not to have, in its order."""
    found = []
    for part in parts_of_sentence(sentence):
        if is_of_the_others(part):
            # "Lower in controls" says it of those that nobody asked about.
            continue
        ways = _ways(part)
        found += [Change(n, what, ways) for what in dict.fromkeys(_named(part)) if ways]
    return found


def _ways(part: str) -> frozenset[str]:
    if is_negative(part):
        return frozenset(("unchanged",))
    told = ways_of(COMPARED_WITH.sub(" ", part))
    if not told and (by_ratio := ratio_goes(part)):
        told = ways_of(f"{part} {'higher' if by_ratio == 'up' else 'lower'}")
    plain = told & {"up", "down"}
    valued = told & {"better", "worse"}
    return told if told and len(plain) < 2 and len(valued) < 2 else frozenset()


def _named(part: str) -> Iterator[str]:
    """What changes in a part of a sentence."""
    opened = part
    while opening := _OPENS.match(opened):
        opened = opened[opening.end() :]
    found = [_DOES.split(until(part[one.end() :]), 1)[0] for one in _BEHIND.finditer(part)]
    if verb := _DOES.search(f" {opened}"):
        found.append(until(opened[: max(0, verb.start() - 1)]))
    for span in found:
        for one in _JOINED.split(span):
            what = _PLAIN.sub("", one).strip(" .")
            if telling(what) and not _NO_OUTCOME.search(what) and not _FIGURE.search(what):
                yield what


_FIGURE = re.compile(r"(?<![\d-])\d+(?![\d-])")
_PLAIN = re.compile(
    rf"^(?:(?:the|an?|any|its|their|significant(?:ly)?|overall|mean|median|subsequent|{COMPARED}|(?:rates?|risks?|incidence|odds|likelihood|frequency|number|proportion) of)\s+)+",
    re.IGNORECASE,
)


def _is_same(one: str, other: str) -> bool:
    """Whether two names are of one thing: of the same family of outcomes, and none has a word beside it that tells it from the other."""
    families = ({family.name for _, _, family in spans(each)} for each in (one, other))
    if next(families) != next(families):
        return False
    mine, theirs = (roots(" ".join(telling(each))) for each in (one, other))
    return mine <= theirs or theirs <= mine


def shared(
    speaking: Sequence[Source], told_by: Mapping[int, Sequence[str]], question: Question
) -> list[Change]:
    """What several sources say of one outcome, each once: of the first on which they go apart, else of the first that two of them name.

    Args:
        speaking: The sources that speak to the question, best first.
        told_by: By number, the sentences of each that answer; of who has none its most telling ones count.
        question: What was asked; nothing is compared here where it names the outcome.
    """
    if question.asked.ways:
        return []
    told = [
        (
            one,
            told_by[one.n]
            or telling_sentences(one.record, question.wanted, question.text)[:_MOST_TELLING],
        )
        for one in speaking
    ]
    each = [(one, change) for one, texts in told for text in texts for change in changes(one.n, one.full(text))]  # fmt: skip
    things = {source.n: _things(source, texts) for source, texts in told}
    best: list[Change] = []
    for source, first in each:
        group = {first.n: first}
        for other, change in each:
            if (
                change.n not in group
                and _is_same(first.what, change.what)
                and _is_comparable(source, other)
                and _is_of_one(things[first.n], things[change.n], first.what, source)
            ):
                group[change.n] = change
        found = list(group.values())
        if len(found) > 1 and go_apart(found):
            return found
        if len(found) > 1 and not best:
            best = found
    return best


def _is_of_one(mine: frozenset[int], theirs: frozenset[int], what: str, source: Source) -> bool:
    """Whether two sources study one thing of the question, beside the outcome that they tell of, and neither one that the other does not."""
    if mine - theirs and theirs - mine:
        return False
    wanted = source.question.wanted
    return any(not share_named(what, [wanted[at]]) for at in mine & theirs)


def go_apart(told: Sequence[Change]) -> bool:
    """Whether one source says that something changes and another that it does not, or the contrary."""
    return any(
        ("unchanged" in one.ways) != ("unchanged" in other.ways)
        or (not one.ways & other.ways and any(_turned(way) in other.ways for way in one.ways))
        for at, one in enumerate(told)
        for other in told[at + 1 :]
    )


def _turned(way: str) -> str:
    return OPPOSITE.get(way, "")


def _things(source: Source, texts: Sequence[str]) -> frozenset[int]:
    """Which of the things that the question names are studied in what a source says, not what they are compared with."""
    text = " ".join(COMPARED_WITH.sub(" ", source.full(one)) for one in texts)
    diseases = [roots(one) for one in source.question.entities["conditions"]]
    named = [
        (at, not any(one in diseases for one in either))
        for at, (weight, either) in enumerate(source.question.wanted)
        if weight >= 1 and share_named(text, [(weight, either)])
    ]
    # Cold that is given is a disease by its name.
    return frozenset(at for at, is_done in named if is_done) or frozenset(at for at, _ in named)


def _is_comparable(one: Source, other: Source) -> bool:
    """Whether two sources are of the same disease, and compare with the same kind of thing."""
    if not one.question.entities["conditions"]:
        mine, theirs = _diseases(one.whole), _diseases(other.whole)
        if mine and theirs and not mine & theirs:
            return False
    if all(
        each.question.entities["intent"] == "compare" and each.share >= 1 for each in (one, other)
    ):
        # Each names both sides that the question compares.
        return True
    against = [_against(each.record) for each in (one, other)]
    return not all(against) or bool(against[0] & against[1])


def _diseases(record: Record) -> frozenset[str]:
    return frozenset(one.name for one in find(record["title"]) if one.kind == "condition")


def _against(record: Record) -> frozenset[str]:
    """What a record compares with, by its words: ``nothing`` for placebo and usual care; empty where it does not say."""
    text = f"{record['title']}. {record.get('text', '')}"
    if _NOTHING.search(text):
        return frozenset(("nothing",))
    match = _VERSUS.search(record["title"])
    return roots(" ".join(telling(until(match["other"])))) if match else frozenset()


def called(names: Sequence[str]) -> str:
    """What several names of one outcome have in common: of "systolic blood pressure" and "blood pressure" the latter; the shortest where they share no word."""
    low = [one.lower().split() for one in names]
    shortest = min(names, key=len)
    common = [one for one in shortest.split() if all(one.lower() in each for each in low)]
    name = " ".join(common) if telling(" ".join(common)) else shortest
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def by_way(told: Sequence[Change]) -> Mapping[str, list[int]]:
    """The numbers of sources by the one way that each says, in their order."""
    found: dict[str, list[int]] = {}
    for one in told:
        way = next(way for way in ("unchanged", "up", "down", "better", "worse") if way in one.ways)
        found.setdefault(way, []).append(one.n)
    return found
