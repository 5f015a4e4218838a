"""What a question asks about: of "does asthma worsen sleep?" the sleep. A sentence that does not name it is no answer. Without I/O.

Only where a question says it plainly, by a verb of change, of cause or of relation; else nothing is known, and nothing is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .queries.concept import NAMED, Concept
from .queries.everyday import EVERYDAY
from .queries.word_forms import forms
from .records import Record
from .sentences import sentences
from .speaking import GENERAL, roots, said
from .terms.names import unturned
from .vocabulary import CLASS_MEMBERS
from .words import STOPWORDS, stem, word_set, words_of

Way = tuple[frozenset[str], ...]
"""How a thing may be named: words that tell it together, each as the forms that stand for it."""

_ACTS = (
    r"worsen|improve|increase|decrease|reduce|lower|raise|affect|influence|impair|enhance|change|alter|cause|prevent|promote|delay|accelerate|"
    r"slow|shorten|prolong|relieve|aggravate|exacerbate|predict|decline|rise|fall|deteriorate|precipitate|trigger|modify|induce|diminish|impact|lessen|boost|"
    r"minimi[sz]e|protect against|lead to|result in|contribute to|harm|gain|lose"
)
_VERB = re.compile(
    rf"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bin )(?<!-)\b(?:{_ACTS})(?:e?s|d|ed)?\b|\bha(?:ve|s) an? (?:\w+ )?(?:effect|impact|influence) on\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"^\W*(?:do|does|did|can|could|will|would|may|might|should)\b", re.IGNORECASE)
_IS = re.compile(r"^\W*(?:is|are|was|were|has|have)\b", re.IGNORECASE)
_NOUN = re.compile(
    r"\b(?:risk factors?|predictors?|determinants?|causes?|markers?|predictive|(?:effects?|impact|influence))\s+(?:for|of|on|in)\s+",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:worse|better|poorer|higher|lower|more common|less common|more frequent|increased|decreased|reduced|"
    r"improved|impaired|affected|influenced|elevated|raised|lowered|altered|disturbed)\b",
    re.IGNORECASE,
)
"""Of "is sleep worse in asthma?" what stands before it is asked about."""
_BECOMES = re.compile(
    r"\b(?:get|become|be)\s+(?:\w+ly\s+)?(?:worse|better|poorer|higher|lower|shorter|longer|(?:more|less) \w+|(?:increas|decreas|reduc|improv|"
    r"impair|affect|influenc|alter|delay|prevent|lower|rais|chang|prolong|shorten)ed)\b",
    re.IGNORECASE,
)
"""The same of "does sleep get worse in asthma?"."""
_END = re.compile(
    r"\s(?:in|after|during|among|with|at|following|by|when|while|before|from|for|within|under|over|between|than|compared|without|if|because|through|via|"
    r"as|to|on|who|that|undergoing|receiving|using)\b|[?;:,.(]",
    re.IGNORECASE,
)
_EMPTY = GENERAL | word_set(
    "way ability abilities saving savings stage stages the quality rates risk risks incidence likelihood chance odds occurrence onset severity course progression number amount degree extent "
    "status outcomes symptoms quality frequency prevalence scores score overall total short mid subsequent later further all-cause rate "
    "often always ever significantly clinically adversely negatively positively much more less better worse"
)
_OF_MANY = word_set(
    "surgery operation procedure therapy drug medication medicine intervention program programme training supplement supplementation "
    "replacement exposure injection infusion administration system care disease disorder syndrome cancer"
)
_ALSO = {
    "obesity": ("bmi", "adipos*", "weight"),
    "weight": ("bmi", "obes*", "overweight", "kg", "adipos*"),
    "growth": ("height", "stature", "grow", "growing", "grew"),
    "child": ("offspring", "infant*", "neonat*"),
    "prognosi": ("prognos*", "surviv*", "recurr*", "mortal*"),
    "prognosis": ("prognos*", "surviv*", "recurr*", "mortal*"),
    "cardiovascular": ("cardiac", "heart", "coronary", "cvd"),
}
"""What else stands for a word, beside its family."""


_SHORTEST = 4
"""Letters of a beginning that tells a word."""


_SUBJECT = re.compile(r"\s(?:an?|the)(?: \w+)?$")


class Asked(NamedTuple):
    """What a question asks about. Empty where it does not say it plainly: then any text names it."""

    outcome: str = ""
    """As the question has it: ``sleep``."""
    exposure: str = ""
    """What is asked to change it: ``asthma``."""
    ways: tuple[Way, ...] = ()
    """How the outcome may be named."""
    head: Way = ()
    """The word of it that tells what kind of thing it is: of "birth weight" the weight."""
    exposures: tuple[Way, ...] = ()


def asked_of(question: str, about: Sequence[Concept]) -> Asked:
    """What a question asks about.

    Args:
        question: As it was asked.
        about: Its concepts; one that is asked about is known by its other names, too.
    """
    exposure, outcome = _parts(_asking(question))
    exposures = (*((_forms(one),) for one in _of_its_own(exposure)), *_others(exposure, about))
    words = _telling(outcome)
    if not words:
        return Asked(exposure=exposure, exposures=exposures)
    # "Growth of the fetus" is a growth, "birth weight" a weight.
    first = _telling(outcome.split(" of ")[0])
    head = first[-1:] or words[-1:]
    return Asked(
        outcome,
        exposure,
        (tuple(map(_forms, words)), *_others(outcome, about)),
        tuple(map(_forms, head)),
        exposures,
    )


def names_outcome(text: str, asked: Asked) -> bool:
    """Whether a text names what is asked about: all of two words, two of three and more; anything where nothing is known."""
    words = _all_words(text)
    return not asked.ways or any(_has(words, one) for one in asked.ways)


def relates(record: Record, asked: Asked) -> bool:
    """Whether a record is about what is asked: it names what changes, and what is asked to change it."""
    words = _all_words(said(record))
    return all(
        not ways or any(_has(words, one) for one in ways)
        for ways in ((asked.head, *asked.ways) if asked.ways else (), asked.exposures)
    )


def together(record: Record, asked: Asked) -> bool:
    """Whether a record names both in one place: then it is about the one in the other, however a sentence puts it."""
    places = [record["title"], *sentences(record.get("text", "")), record.get("outcome", "")]
    return not asked.ways or any(
        names_outcome(one, asked)
        and (not asked.exposures or any(_has(_all_words(one), way) for way in asked.exposures))
        for one in places
    )


def _parts(text: str) -> tuple[str, str]:
    """What is asked to change something, and that; empty where a question does not say it."""
    if _IS.match(text):
        if noun := _NOUN.search(text):
            return _SUBJECT.sub("", _before(text, noun.start())), _until(text[noun.end() :])
        changed = _CHANGED.search(text)
        return ("", _before(text, changed.start())) if changed else ("", "")
    if not _ASKS.match(text):
        return "", ""
    if changed := _BECOMES.search(text):
        return "", _before(text, changed.start())
    verb = _VERB.search(text)
    if verb is None:
        return "", ""
    after = text[verb.end() :]
    if _END.match(after) or not after.strip(" ?."):
        return "", _before(text, verb.start())  # "does mortality increase at weekends?"
    return _before(text, verb.start()), _until(after)


def _others(text: str, about: Sequence[Concept]) -> Iterator[Way]:
    """The other names of what is named in a part of a question."""
    low = text.lower()
    for one in about:
        if one["kind"] in NAMED and one["text"].lower() in low:
            names = (one["name"], unturned(one["heading"]), *one["synonyms"])
            for name in (*names, *CLASS_MEMBERS.get(one["name"], ())):
                if words := [
                    word for word in words_of(name.replace("-", " ")) if word not in STOPWORDS
                ]:
                    yield tuple(map(_forms, words))


def _telling(text: str) -> list[str]:
    words = words_of(text.replace("-", " "))
    return [
        one
        for one in words
        if one not in STOPWORDS and not {one, stem(one)} & (_EMPTY | EVERYDAY) and len(one) > 1
    ]


def _of_its_own(exposure: str) -> list[str]:
    """Of "bariatric surgery" the word that not every surgery has."""
    words = _telling(exposure)
    return [one for one in words if stem(one) not in _OF_MANY] or words


def _all_words(text: str) -> frozenset[str]:
    return frozenset(words_of(text)) | frozenset(words_of(text.replace("-", " ")))


def _has(words: frozenset[str], way: Way) -> bool:
    return bool(way) and sum(_is_there(words, one) for one in way) >= min(len(way), 2)


def _is_there(words: frozenset[str], forms_of_word: frozenset[str]) -> bool:
    cut = tuple(one[:-1] for one in forms_of_word if one.endswith("*"))
    return bool(words & forms_of_word) or any(one.startswith(cut) for one in words if cut)


def _forms(word: str) -> frozenset[str]:
    roots_of_it = (f"{one}*" for one in roots(word) if len(one) > _SHORTEST)
    return frozenset([*forms(word), *forms(stem(word)), *_ALSO.get(stem(word), ()), *roots_of_it])


def _asking(question: str) -> str:
    """The clause that asks: of "ear drops: do they reduce toxicity?" the second."""
    text = " ".join(question.split())
    for clause in reversed(re.split(r"(?<=[.:?;])\s+|-- ?", text)):
        if _ASKS.match(clause) or _IS.match(clause):
            return clause
    return text


def _until(text: str) -> str:
    end = _END.search(f" {text}")
    return (f" {text}"[: end.start()] if end else text).strip(" ?.")


def _before(text: str, end: int) -> str:
    words = re.sub(r"^\W*\w+\s+", "", text[:end])
    return _until(words)
