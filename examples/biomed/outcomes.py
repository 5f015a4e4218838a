"""What a question asks about: of "does asthma worsen sleep?" the sleep. A sentence that does not name it is no answer. Without I/O.

Only where a question says it plainly, by a verb of change, of cause or of relation; else nothing is known, and nothing is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .queries.concept import NAMED, Concept
from .queries.everyday import EVERYDAY
from .queries.word_forms import forms, spellings
from .records import Record
from .sentences import sentences
from .speaking import GENERAL, roots, said
from .terms.abbreviations import abbreviations
from .terms.english import is_english
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
    rf"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bof )(?<!\bin )(?<!-)\b(?:{_ACTS})\b(?! (?:{_ACTS})\b)|\bha(?:ve|s) an? (?:\w+ )?(?:effect|impact|influence) on\b",
    re.IGNORECASE,
)
"""After "does" and its like: as it stands there, so that of "does delayed surgery increase pain?" it is the second."""
_ASKS = re.compile(r"^\W*(?:do|does|did|can|could|will|would|may|might|should)\b", re.IGNORECASE)
_IS = re.compile(r"^\W*(?:is|are|was|were|has|have)\b", re.IGNORECASE)
_NOUN = re.compile(
    r"\b(?:risk factors?|predictors?|determinants?|causes?|markers?|predictive|(?:effects?|impact|influence))\s+(?:for|of|on|in)\s+",
    re.IGNORECASE,
)
_COMPARED = r"higher|lower|more|fewer|less|greater|worse|better|poorer|increased|decreased|reduced|longer|shorter"
_LINK = re.compile(
    rf"\b(?:associated|linked|related|correlated|tied|connected) (?:with|to) |\b(?:at|have|has|run) an? (?:\w+ )?risk (?:of|for) |\b(?:more|less) (?:likely|prone|apt) to (?:have |get |develop |"
    rf"suffer (?:from )?|need )?|\b(?:have|has|had|show|face|experience|report|suffer|need|get|give|gives) (?:an? )?(?:\w+ly )?(?:{_COMPARED}) ",
    re.IGNORECASE,
)
"""Of "do smokers have more pain?" and "is smoking linked to pain?" what stands before it is asked about, in what comes after it."""
_BETWEEN = re.compile(
    r"\b(?:association|relation(?:ship)?|link|correlation|connection) between (?P<of>.+?) and (?P<on>.+)",
    re.IGNORECASE,
)
_OF_ON = re.compile(
    r"\b(?:effects?|impact|influence) of (?P<of>.+?) (?:on|upon) (?P<on>.+)", re.IGNORECASE
)
_HAVING = re.compile(
    r"^(?:(?:adult|older|young|elderly) )?(?:people|persons?|patients?|children|adults?|adolescents|infants|women|men|girls|boys|those|subjects)"
    r" (?:with|having|who (?:have|take|are on)|on|taking|receiving|exposed to|given) (?=\w)",
    re.IGNORECASE,
)
"""Of "children with asthma" the asthma is asked about."""
_MAKES = re.compile(
    rf"\b(?:make|makes|keep|render) (?P<what>[\w' -]+?) (?:{_COMPARED}|likelier)\b", re.IGNORECASE
)
"""Of "does smoke make wheezing worse?" the wheezing."""
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
    "type types kind kinds use level levels method form approach technique class status outcomes symptoms quality frequency prevalence scores score overall total short mid subsequent later further all-cause rate "
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
    "die": ("death*", "died", "dying", "mortal*", "fatal*"),
    "women": ("woman", "female*", "sex", "gender"),
    "men": ("man", "male*", "sex", "gender"),
    "older": ("old", "elder*", "aged", "age", "geriatric*"),
    "elderly": ("old", "older", "elder*", "aged", "age", "geriatric*"),
    "hypertension": ("systolic", "diastolic", "antihypertens*"),
    "life": ("qol", "hrqol"),
    "stay": ("los", "hospitali*", "discharge*"),
    "complication": ("morbid*", "adverse", "event", "events"),
    "cardiovascular": ("cardiac", "heart", "coronary", "cvd"),
}
"""What else stands for a word, beside its family."""


_PLAIN = re.compile(rf"^(?:(?:the|an?|{_COMPARED})\s+)+", re.IGNORECASE)
_PEOPLE = word_set("women men older elderly younger young females males")
_LASTS = re.compile(r"\b(?:prolong|shorten|delay|accelerate|slow|longer|shorter)\b", re.IGNORECASE)
_DURATION = re.compile(
    r"\b(?:prolong\w*|short\w*|long\w*|delay\w*|dura\w+|tim(?:e|es|ing)|accelerat\w*|slow\w*|fast\w*|\d (?:hours?|minutes?|days?|weeks?|months?|years?)|"
    r"earlier|later|progress\w*)\b",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"\s*(?:in|after|during|among|following|for|from|before|of|at)\s+", re.IGNORECASE
)
_ILL = word_set("complication complications morbidity toxicity relapse failure stay")

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
    settings: tuple[Way, ...] = ()
    """Where it is asked of: of "mortality after pancreatectomy" the pancreatectomy."""
    lasts: bool = False
    """Whether it is asked how long something takes."""
    of_people: bool = False
    """Whether people are what is asked to make the difference: women, older patients."""


def asked_of(question: str, about: Sequence[Concept]) -> Asked:
    """What a question asks about.

    Args:
        question: As it was asked.
        about: Its concepts; one that is asked about is known by its other names, too.
    """
    clause = _asking(question)
    exposure, outcome = _parts(clause)
    own = _of_its_own(exposure)
    of_people = not own and bool(_people(exposure))
    own = own or _people(exposure) or _any_of(exposure)
    exposures = (*((tuple(map(_forms, own)),) if own else ()), *_others(exposure, about))
    words = _telling(outcome) or _ill(outcome)
    if not words:
        return Asked(exposure=exposure, exposures=exposures)
    # "Growth of the fetus" is a growth, "birth weight" a weight, "risk of stroke" a stroke.
    first, _, rest = outcome.partition(" of ")
    if told := _telling(first):
        words, named = told, first
    else:
        named, rest = outcome, ""
    head = words[-1:]
    return Asked(
        _PLAIN.sub("", outcome),
        exposure,
        (tuple(map(_forms, _beside_names(words, named, about))), *_others(named, about)),
        tuple(map(_forms, head)),
        exposures,
        _settings(clause, outcome, rest, about),
        _LASTS.search(clause.replace(exposure, " ", 1)) is not None,
        of_people,
    )


def names_outcome(text: str, asked: Asked) -> bool:
    """Whether a text names what is asked about: all of two words, two of three and more; anything where nothing is known.

    Where a question says only that something gets better or worse ("is smoking linked to a worse outcome?"), what is asked to change it.
    """
    words = _all_words(text)
    ways = asked.ways or asked.exposures
    return tells_how_long(text, asked) and (not ways or any(_has(words, one) for one in ways))


def tells_how_long(text: str, asked: Asked) -> bool:
    """Whether a text tells how long something takes, or nobody asks that."""
    return not asked.lasts or _DURATION.search(text) is not None


def is_of_outcome(text: str, asked: Asked) -> bool:
    """Whether a few words are one of the words that the outcome is named by."""
    words = _all_words(text)
    return any(_is_there(words, one) for way in asked.ways for one in way)


def names_exposure(text: str, asked: Asked) -> bool:
    """Whether a text names what is asked to change it; anything where nothing is known."""
    words = _all_words(text)
    return not asked.exposures or any(_has(words, one) for one in asked.exposures)


def relates(record: Record, asked: Asked) -> bool:
    """Whether a record is about what is asked: it names what changes, and what is asked to change it."""
    words = _all_words(said(record))
    return all(
        not ways or any(_has(words, one) for one in ways)
        for ways in (
            (asked.head, *asked.ways) if asked.ways else (),
            asked.exposures,
            asked.settings,
        )
    )


def together(record: Record, asked: Asked) -> bool:
    """Whether a record names both in one place: then it is about the one in the other, however a sentence puts it."""
    if not (asked.ways and asked.exposures):
        return True
    places = [_all_words(one) for one in _places(record)]
    return any(
        any(_has(words, way) for way in asked.ways)
        and any(_has(words, way) for way in asked.exposures)
        for words in places
    )


def dwells(record: Record, asked: Asked, *, on_a_part: bool = False) -> bool:
    """Whether a record comes back to what is asked to change something: what is named once alone was adjusted for, or is an aside.

    ``on_a_part``: one word of its name is enough.
    """
    words = map(_all_words, _places(record))
    if on_a_part:
        parts = [one for way in asked.exposures for one in way]
        return sum(any(_is_there(one, part) for part in parts) for one in words) > 1
    return sum(any(_has(one, way) for way in asked.exposures) for one in words) > 1


def _places(record: Record) -> list[str]:
    return [record["title"], *sentences(record.get("text", "")), record.get("outcome", "")]


def _parts(text: str) -> tuple[str, str]:
    """What is asked to change something, and that; empty where a question does not say it."""
    if pair := _BETWEEN.search(text) or _OF_ON.search(text):
        return _until(pair["of"]), _until(pair["on"])
    is_ = _IS.match(text)
    if not is_ and not _ASKS.match(text):
        return "", ""
    if is_ and (noun := _NOUN.search(text)):
        return _SUBJECT.sub("", _before(text, noun.start())), _until(text[noun.end() :])
    if (link := _LINK.search(text)) and (after := _until(text[link.end() :])):
        return _before(text, link.start()), after
    if made := _MAKES.search(text):
        return _before(text, made.start()), _until(made["what"])
    if is_:
        changed = _CHANGED.search(text)
        return ("", _before(text, changed.start())) if changed else ("", "")
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
            short = (each for each in abbreviations(one["heading"]) if not is_english(each.lower()))
            names = (one["name"], unturned(one["heading"]), *one["synonyms"], *short)
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


def _settings(clause: str, outcome: str, of: str, about: Sequence[Concept]) -> tuple[Way, ...]:
    """What the outcome is of, else what stands after it, "in heart failure"; its first words, as far as they tell."""
    _, _, rest = clause.partition(outcome)
    place = _WHERE.match(rest)
    text = of if _telling(of) else _until(rest[place.end() :]) if place else ""
    own = _telling(_HAVING.sub("", text))
    return (*((tuple(map(_forms, own)),) if own else ()), *_others(text, about))


def _people(text: str) -> list[str]:
    """Words of people, where nothing else is asked about: "women", "older patients"."""
    return [one for one in words_of(text) if one in _PEOPLE]


def _beside_names(words: list[str], text: str, about: Sequence[Concept]) -> list[str]:
    """Of "breast cancer survival" the survival, where the last word is no part of the name: a text on the cancer says no more each time."""
    names = [
        word
        for one in about
        if one["kind"] in NAMED and one["text"].lower() in text.lower()
        for word in words_of(one["text"].replace("-", " "))
    ]
    left = [one for one in words if one not in names]
    return left if left and words[-1] in left else words


def _any_of(text: str) -> list[str]:
    """All words that are none of speech alone, where none tells more: "family history"."""
    return [one for one in words_of(text) if one not in STOPWORDS and not {one, stem(one)} & _EMPTY]


def _ill(text: str) -> list[str]:
    """Words of what is counted in patients, where nothing else is named: "more complications", "length of stay"."""
    return [one for one in words_of(text) if stem(one) in _ILL]


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
    spelt = (form for one in spellings(word) for form in forms(one))
    also = _ALSO.get(stem(word), ())
    return frozenset([*forms(word), *forms(stem(word)), *spelt, *also, *roots_of_it])


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
    return _until(_HAVING.sub("", words))
