"""What a question wants to know of its topics, and of which of them: harm, dose, stage, setting. Without I/O.

Each content word that is in no concept is one of these: a search requires them first, and does without them before it does
without a concept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.find import find
from ..terms.names import singular
from ..words import STOPWORDS, word_set
from .aspect_terms import named_in, of_words
from .concept import Concept, ConceptKind, of_name, of_parts
from .noun_phrases import describes
from .telling import TELLING

_WORD = re.compile(r"[^\W_]+(?:['’]s\b|\*)?")
_SHORTEST = 3
"""Letters of a word that is looked at by itself."""
_MEASURED = re.compile(
    r"\b(?:(?:high|low|intermediate|moderate)(?:er|est)?)[ -](?:risk|volume|grade|intensity|frequency|income|fat|carb(?:ohydrate)?|protein|sodium|salt|"
    r"fib(?:er|re)|energy|pressure|flow|level|altitude|resolution|dose|density|sensitivity|threshold|birth weight)\b",
    re.IGNORECASE,
)
"""A word of amount tells with what it measures only."""
_BOTH_SEXES = re.compile(
    r"\b(?:women|girls|females)\b[^.;?]{1,40}\b(?:men|boys|males)\b|\b(?:men|boys|males)\b[^.;?]{1,40}\b(?:women|girls|females)\b",
    re.IGNORECASE,
)
_OF_AMOUNT = word_set(
    "high higher highest low lower lowered lowest large larger small smaller long longer longest short shorter more less number"
)
_NOT_ASKED = word_set(
    "doctor doctors clinician clinicians trial trials study studies review reviews meta analysis evidence literature guidelines placebo "
    "induced ruled rule rules reduction reductions day days week weeks month months year years hour hours minute minutes aged old elderly older month percent mean number risk risks"
)
"""What is said of every question, is a filter of its own, or goes with a number."""

_DENIED = re.compile(r"\bnon[- ]?$", re.IGNORECASE)
_VIRAL = ("Hepatitis C", "Hepatitis C, Chronic")
_CURED = ("cure", "cures", "cured", "eradication", "clearance")
"""What is measured as a sustained virologic response where a virus is meant."""


def aspects(text: str, about: Sequence[Concept]) -> list[Concept]:
    """What a question asks of its concepts, in its order.

    Args:
        text: The question, without what it leaves out and what only narrows it.
        about: Its concepts.

    Returns:
        A ``phrase`` for what decides, a ``word`` for what describes and is the first to be done without.
    """
    found: list[tuple[int, Concept]] = []
    said = set(_said(about))
    if both := _BOTH_SEXES.search(text):
        found.append((both.start(), _concept(["women and men"], is_decisive=True)))
    for start, end, aspect in named_in(text):
        words = text[start:end]
        if set(_keys(words)) <= said:
            continue
        found.append((start, _concept([words], is_decisive=not aspect.is_broad)))
        text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
    for name in find(text, general=True):
        if _DENIED.search(text, 0, name.start):
            continue  # of "non-pregnant women" no pregnant ones
        if re.search(r"[ -]", name.text) and name.heading and not set(_keys(name.text)) <= said:
            found.append((name.start, of_name(name, is_excluded=False)))
            text = f"{text[: name.start]}{' ' * len(name.text)}{text[name.end :]}"
    for match in _MEASURED.finditer(text):
        if not set(_keys(match[0])) <= said:
            words = match[0].replace("-", " ")
            found.append((match.start(), _concept([words], is_decisive=True)))
            text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"
    for match in _WORD.finditer(text):
        word = re.sub(r"['’]s$", "", match[0])
        if _tells(word) and not set(_keys(word)) & said:
            found.append((match.start(), _concept([word], is_decisive=_decides(word))))
            said.update(_keys(word))
    found.sort(key=lambda one: one[0])
    asked = [one for _, one in found]
    if not any(one["heading"] in _VIRAL for one in about):
        return asked
    return [
        {**one, "synonyms": ["sustained virologic response"]}
        if one["text"].lower() in _CURED
        else one
        for one in asked
    ]


def without_said(about: Sequence[Concept], asked: Sequence[Concept]) -> list[Concept]:
    """The concepts, without the words that an aspect of several words has: of "quality of life" not "life"."""
    longer = [set(_keys(one["text"])) for one in asked if re.search(r"[ -]", one["text"])]
    return [
        one
        for one in about
        if one["kind"] not in ("word", "phrase")
        or not any(set(_keys(one["text"])) <= words for words in longer)
    ]


def _concept(parts: list[str], *, is_decisive: bool) -> Concept:
    kind: ConceptKind = "phrase" if is_decisive else "word"
    one = of_parts(parts, is_excluded=False, is_named=is_decisive)
    return {**one, "kind": kind}


def _said(about: Sequence[Concept]) -> Iterator[str]:
    for one in about:
        yield from _keys(one["text"])
        yield from _keys(one["name"])


def _keys(text: str) -> Iterable[str]:
    return (singular(one.lower().rstrip("*")) for one in re.findall(r"[^\W_]+", text))


def _tells(word: str) -> bool:
    low = word.lower().rstrip("*")
    one = singular(low)
    if len(low) < _SHORTEST or not any(map(str.isalpha, low)) or low[0].isdigit():
        return False
    if {low, one} & (STOPWORDS | PEOPLE | _NOT_ASKED | _OF_AMOUNT):
        return False
    return of_words(low) is not None or low in TELLING or not {low, one} & EVERYDAY


def _decides(word: str) -> bool:
    """Whether a word is a noun of its own, or an aspect that says something."""
    low = word.lower()
    if aspect := of_words(low):
        return not aspect.is_broad
    return not describes(low)
