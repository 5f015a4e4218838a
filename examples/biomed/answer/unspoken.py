"""Words of a question that its sources do not speak of in any form: told before an answer, and where one is a name, in its place. Without I/O.

What is named by the vocabulary is held against each source by :mod:`.facets`; here is what nothing knows: a brand that is in no list, a
word of the patient or the outcome. To leave it out in silence would answer another question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from ..queries.concept import NAMED
from ..terms.english import is_english
from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.medicine_classes import classes_of
from ..terms.names import singular
from ..topics import for_whom
from ..words import STOPWORDS, stem, words_of
from .asked import Question
from .directions import EACH
from .general_words import GENERAL
from .measured import Source, share_named
from .populations import is_of_people
from .question_parts import CHANGES
from .speaking import carriers
from .ways import OF_MANY, all_words, forms_of, is_there

SHORTEST: Final = 4
"""Letters: a shorter word is an abbreviation or one of grammar."""
LEAST: Final = 0.25
"""The share of a question's things that is told of: a smaller one is how it was put."""
HALF: Final = 0.5
"""The share without which a question is another one."""
_ALIKE: Final = 0.6
"""How much of a word another begins with that is of its family: "recanalise", "recanalization"."""


class Unspoken(NamedTuple):
    """What of a question no source has in any form, as the question has it."""

    without: tuple[str, ...] = ()
    """It cannot be answered without these: a name, or half of its words."""
    words: tuple[str, ...] = ()
    """All that is to be told."""


_WORD = re.compile(r"(?<![\w-])[A-Za-z]+(?![\w-])")
"""A compound may be said in its parts."""
_COMPARED = re.compile(
    r"\b(?P<a>[A-Za-z]+) (?:(?:is|was|are|were) )?(?:safer|better|worse|superior|inferior|cheaper|stronger|more effective|as (?:good|safe|effective)|versus|vs\.?|or|compared (?:to|with))\b"
    r"|\b(?:than|versus|vs\.?|as|to|with|or|and) (?P<b>[A-Za-z]+)(?= for\b| in\b|\W*$)"
    r"|\b(?P<c>[A-Za-z]+) than (?:(?:with|on|under|after|by) )?(?P<d>[A-Za-z]+)",
    re.IGNORECASE,
)
"""What stands at either side of a comparison."""
_DISEASE = re.compile(r"(?:itis|osis|oses|emia|aemia|pathy|pathies|oma|omas|plegia|algia)$")
"""How the names of diseases end."""
_PLACE = re.compile(r"\b(?:in|from|at|near|of|by|around|outside)\s+(?:the\s+)?$", re.IGNORECASE)
"""Before the name of a place or a person."""
_WHERE = re.compile(
    r"\b(?:in|at|from|of) (?:an?|one|our|the) (?:[\w'’-]+ ){0,3}?(?:hospital|clinic|cent(?:er|re)|institution|department|unit|ward|practice)\b",
    re.IGNORECASE,
)
"""Where a study was done; a text says "our institution" of it, or nothing."""
_BEFORE = re.compile(
    r"^(?:under|un|over|non|re|de|dis|mis|co|anti|pre|post|inter|intra|extra|ultra|sub|super|hyper|hypo|multi|mini|micro)(?=\w{4})"
)


def unspoken(question: Question, sources: Iterable[Source]) -> Unspoken:
    """What of a question no source has in any form.

    A name is what is written as one and no word of English, stands at a side of a comparison, or ends as a medicine's or a disease's does.
    """
    texts = [f"{one.whole['title']} {one.whole.get('text', '')}" for one in sources]
    if not texts or question.entities["language"]:
        return Unspoken()
    said = " ".join(texts)
    text = _without_sides(question)
    compared = {name.lower() for one in _COMPARED.findall(question.text) for name in one if name}
    known = _known(question)
    in_all = all_words(said)
    run = re.sub(r"[\W_]+", "", said.lower())
    written = [one for one in _WORD.findall(question.text)[1:] if len(one) >= SHORTEST]
    in_capitals = sum(map(str.istitle, written)) > len(written) / 2
    names: list[str] = []
    words: list[re.Match[str]] = []
    for found in _WORD.finditer(text):
        word, low = found[0], found[0].lower()
        if not _tells(word, known) or _is_said(low, said, in_all, run, question):
            continue
        is_strange = not is_english(low)
        is_written_so = (
            not in_capitals
            and found.start() > 0
            and word.istitle()
            and not _PLACE.search(text[: found.start()])
        )
        is_name = is_strange and (
            is_written_so or low in compared or bool(classes_of(low)) or bool(_DISEASE.search(low))
        )
        if is_name:
            names.append(word)
        else:
            words.append(found)
    things = max(2, sum(weight >= 1 for weight, _ in question.wanted))
    share = len({one[0].lower() for one in words}) / things
    told = tuple(_together(words, question.text))
    without = (*dict.fromkeys(names), *(told if share >= HALF else ()))
    return Unspoken(without, without or (told if share >= LEAST else ()))


def _together(words: Sequence[re.Match[str]], text: str) -> list[str]:
    """Words that stand side by side as one: "liver injury"."""
    found: list[tuple[int, int]] = []
    for one in words:
        if found and text[found[-1][1] : one.start()] == " ":
            found[-1] = (found[-1][0], one.end())
        else:
            found.append(one.span())
    return list(dict.fromkeys(text[start:end] for start, end in found))


def _without_sides(question: Question) -> str:
    """A question without the sides, the numbers and the people that it asks for: "safer" asks for one, and that is told in many words."""
    text = question.text
    sides = [one.asked for one in question.facets.aspects]
    people = [
        side
        for wanted in question.facets.populations
        for one in wanted
        for side in (one.asked, one.said)
    ]
    for side in (_WHERE, *sides, *people, *(one.asked for one in question.figures)):
        text = side.sub(lambda one: " " * len(one[0]), text)
    return text


_PLAIN: Final = STOPWORDS | EVERYDAY | GENERAL | PEOPLE | OF_MANY
"""Words that name nothing by themselves."""


def _tells(word: str, known: set[str]) -> bool:
    """Whether a word tells something that no vocabulary has."""
    low = word.lower()
    bare = _BEFORE.sub("", low)
    forms = {low, stem(low), singular(low), *_bases(low), bare, *_bases(bare)}
    return (
        len(word) >= SHORTEST
        and not word.isupper()
        and not _is_of_change(low)
        and not forms & known
        and not forms & _PLAIN
        and not is_of_people(low)
    )


def _is_of_change(word: str) -> bool:
    """Whether a word says that something changes: a sentence that tells of a change answers it, "halve" by a reduction of 50 %."""
    return CHANGES.fullmatch(word) is not None or any(
        words.fullmatch(form) for _, words in EACH for form in (word, f"{word}d", f"{word}ed")
    )


def _bases(word: str) -> Iterator[str]:
    """What a comparative, an adverb or a verb's form is one of: "safer" of "safe"."""
    for ending in ("er", "est", "ly", "ing", "ed"):
        if word.endswith(ending):
            base = word.removesuffix(ending)
            yield from (base, f"{base}e", base[:-1] if base[-1:] == base[-2:-1] else base)


def _is_said(word: str, text: str, words: frozenset[str], run: str, question: Question) -> bool:
    """Whether a text has a word in some form: of its family, in another spelling, apart or together."""
    if any(
        share_named(text, [(weight, either)])
        for weight, either in question.wanted
        if any(root and any(word.startswith(one) for one in root) for root in either[:1])
    ):
        return True
    if _is_part(word, words):
        return True
    bare = _BEFORE.sub("", word)
    return any(
        is_there(words, forms_of(one))
        or (len(one) > _COMPOUND and one in run)
        or any(_is_alike(one, each) for each in words)
        for one in {word, bare}
    )


def _is_part(word: str, words: frozenset[str]) -> bool:
    """Whether a word ends as one of a text does that is a part of it, or the other way round: "psychomotor" and "motor", "burger" and "hamburger"."""
    if {word, stem(word)} & _TAILS:
        return False
    return any(
        min(len(word), len(one)) >= _TAIL
        and word != one
        and (word.endswith(one) or one.endswith(word))
        and not {one, stem(one)} & _TAILS
        for one in words
    )


_TAIL: Final = 5
"""Letters of a part that tells."""
_TAILS: Final = GENERAL | OF_MANY | EVERYDAY
_COMPOUND: Final = 6
"""Letters of a word that may be written as two."""


def _is_alike(word: str, other: str) -> bool:
    """Whether two words begin so much alike that they are of one family."""
    least = max(SHORTEST, int(_ALIKE * len(word) + 0.5))
    if len(word) <= SHORTEST:
        return other.startswith(word) and len(other) <= len(word) + 3
    return word[:least] == other[:least]


def _known(question: Question) -> set[str]:
    """The words of what has names in a vocabulary, and of places."""
    named = [
        one["text"]
        for one in question.entities.get("concepts", [])
        if one["kind"] in (*NAMED, "topic") or one["excluded"]
    ]
    return {
        form
        for text in (*named, *question.entities["places"])
        for word in words_of(text)
        for form in (word, stem(word), *word.split("-"))
    } | (carriers(question.entities) | for_whom(question.entities))


def told_of_unspoken(words: Sequence[str]) -> str:
    """That none of the sources speaks of some words, as Markdown; empty where there is none."""
    if not words:
        return ""
    named = [f"“{one}”" for one in words]
    listed = " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
    one = (
        "that word or another known for it"
        if len(words) == 1
        else "these words or others known for them"
    )
    return f"**Nothing was found on {listed}.** The results quoted here do not have {one}."
