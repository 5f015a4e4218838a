"""Which sentence of a source has the word that decides a question, though others come first by all else. Without I/O.

Of "do drinkers crave less on topiramate?" a text on topiramate names the drinking again and again, and the craving once: what it says
there is the answer. Of "is it as good as surgery?" the sentence answers that holds it against surgery, and says how near they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..queries.concept import NAMED
from ..sentences import sentences
from ..terms.everyday import EVERYDAY, PEOPLE
from ..words import STOPWORDS, stem, word_set, words_of
from .asked import Question
from .asked_on import asks_together
from .aspects import tells
from .causes import asks_why
from .findings import tells_of_change
from .general_words import GENERAL
from .measured import Source, share_named
from .populations import is_of_people
from .question_parts import CHANGES, until
from .speaking import Concept, roots
from .telling_sentences import DANGLING
from .ways import OF_MANY, Way, all_words, any_of, forms_of, has, others
from .zones import parts_of

GAIN: Final = 0.4
"""How much more of the deciding words a sentence has to have that comes before one that is first by all else."""
_EVERYDAY: Final = 0.5
"""What a word of every day weighs, beside one that names something."""
_OTHERWISE: Final = 0.9
"""What a word weighs that a source says in another one."""
_LIGHT: Final = word_set(
    "make makes making made take takes taking taken took go goes going get gets getting give gives given keep keeps put come comes have "
    "having often ever really still many much lot lots any some ones thing things way ways mean means want like feel happen happens "
    "compare compared comparison versus than rather other others both same group groups arm arms"
)
"""Words that name nothing beside another."""
_NO_WORDS: Final = STOPWORDS | GENERAL | PEOPLE | OF_MANY | _LIGHT
_LIGHT_ROOTS: Final = roots(" ".join(_NO_WORDS))


def deciding_first(source: Source, told: Sequence[str], question: Question) -> list[str]:
    """Sentences of a source in their order, but first the one that compares what is compared, else the one that has the deciding words.

    A word that the title has, or that the text comes back to, decides little: what stands in one place alone does.
    """
    if (
        len(told) < 2
        or question.effect
        or question.meaning
        or question.bounds
        or asks_why(question.text)
    ):
        return list(told)
    told = _comparing_first(source, told, question)
    value = _values(source, told, question)
    found = _results(source)
    fit = [
        one
        for one in told
        if (one in found or tells_of_change(one))
        and not _LEANS.search(one)
        and _gives_as_much(source, one, told[0])
    ]
    best = max(fit, key=lambda one: value[one], default=told[0])
    if value[best] - value[told[0]] < GAIN:
        return told
    return [best, *(one for one in told if one is not best)]


_LEANS: Final = re.compile(
    rf"{DANGLING.pattern}|^[^,;:]{{0,40}}?\b(?:of|among|in) (?:them|these|those|the (?:remaining|others?|rest))\b"
    r"|^(?:we|the authors?|this study) (?:determined|measured|assessed|compared|evaluated|examined|studied|investigated|calculated|tested|recorded|reviewed|analy[sz]ed|estimated)\b",
    re.IGNORECASE,
)
"""What needs the sentence before it to be understood, or tells what was done: it leads no answer."""


def has_more(
    source: Source, told: Sequence[str], more: Sequence[str], question: Question
) -> list[str]:
    """Of further sentences those that have a deciding word that none of the first has: an abstract has them among its results, and they give the number, if one is asked for."""
    left = [
        one
        for one in _deciding(source, question)
        if not any(one.is_in(source, text) for text in told)
    ]
    found = _results(source)
    return [
        text
        for text in more
        if text in found
        and text not in told
        and (not question.figures or source.gives(text))
        and any(one.is_in(source, text) for one in left)
    ]


def _results(source: Source) -> frozenset[str]:
    """The sentences that an abstract has among its results and conclusions by their labels."""
    parts = parts_of(sentences(source.record.get("text", "")))
    return frozenset(one.text for one in parts if one.zone in ("found", "concluded"))


def _gives_as_much(source: Source, text: str, other: str) -> bool:
    """Whether a sentence gives the number that is asked for, or another does not give it either."""
    figures = source.question.figures
    return not figures or source.gives(text) or not source.gives(other)


def _values(source: Source, told: Sequence[str], question: Question) -> dict[str, float]:
    """How much of the deciding words and sides each sentence has: a word that several places of the source have counts less."""
    about = question.entities.get("concepts", [])
    # Of side effects those stand first that were seen more often.
    sides = [one for one in question.facets.aspects if one.name != "side effects"]
    value = {
        text: float(sum(tells(side, source.full(text), about) for side in sides)) for text in told
    }
    parts = sentences(source.record.get("text", ""))
    for one in _deciding(source, question):
        places = sum(one.is_in(source, each) for each in parts)
        for text in told:
            if one.is_in(source, text):
                value[text] += one.weight / max(places, 1)
    return value


class _Word(NamedTuple):
    """A word of a question that its source's title does not have."""

    weight: float
    said: Concept | None
    """How else it may be said; None where only itself counts."""
    own: re.Pattern[str] | None
    """Itself in its forms; None where the source has it in none, or it is a name of many words."""

    def is_in(self, source: Source, text: str) -> bool:
        if self.own is not None:
            return self.own.search(text) is not None
        return (
            self.said is not None
            and share_named(source.full(_AGAINST.sub(" ", text)), [self.said]) > 0
        )


_AGAINST: Final = re.compile(r"\banti-?\w{4,}", re.IGNORECASE)
"""What is against a thing does not tell of it."""


def _deciding(source: Source, question: Question) -> list[_Word]:
    """The words of a question that its source's title does not have: what it wants named, and words of every day as they are."""
    found = []
    text, title = source.record.get("text", ""), source.record["title"]
    named = _LIGHT_ROOTS | roots(
        " ".join(
            one["text"] for one in question.entities.get("concepts", []) if one["kind"] in NAMED
        )
    )
    wanted = [one for one in question.wanted if one[0] >= 1]
    begins = _SUBJECT.match(question.text)
    subject = begins["word"].lower() if begins else ""
    written = [one for one in dict.fromkeys(words_of(question.text)) if not is_light(one)]
    for one in wanted:
        if one[1][0] <= _LIGHT_ROOTS:
            continue
        word = next((each for each in written if roots(each) == one[1][0]), "")
        own = _forms(word) if word and not roots(word) <= named else None
        if own is not None and not own.search(text):
            own = None
        is_titled = own.search(title) if own else share_named(source.whole["title"], [one]) > 0
        if not is_titled and (own or not question.asked.ways):
            weight = 1 if own else _OTHERWISE
            # An abbreviation stands for a name, which a text may have in full.
            is_short = word.upper() in question.text.split()
            found.append(_Word(weight / 2 if word == subject or is_short else weight, one, own))
    for word in written:
        if {word, stem(word)} & EVERYDAY and not any(roots(word) <= one[1][0] for one in wanted):
            own = _forms(word)
            if not own.search(title):
                found.append(_Word(_EVERYDAY, None, own))
    return found


_SUBJECT: Final = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did|can|could|will|would|should|may|might)\s+(?:(?:the|an?|my|our|oral|giving|taking|using)\s+)*(?P<word>[\w-]+)",
    re.IGNORECASE,
)
"""The first word of what a question asks something of: what is done or who has it, more often than what comes of it."""


def is_light(word: str) -> bool:
    return (
        bool({word, stem(word)} & _NO_WORDS)
        or is_of_people(word)
        or (CHANGES.fullmatch(word) is not None)
    )


_INFLECTED: Final = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e|y)$")
_SURE: Final = 6
"""Letters of a beginning that tells a word by itself."""


def _forms(word: str) -> re.Pattern[str]:
    """A word in its forms: "crave" and "craving", "sleepy" and "sleepiness", "hospital" and "hospitalisation"."""
    bare = word[:-1] + "i" if word.endswith("y") and len(word) > 4 else _INFLECTED.sub("", word)
    if (
        len(bare) > 3
        and bare[-1] == bare[-2]
        and word.endswith(("ing", "ed"))
        and bare[-1] not in "sl"
    ):
        bare = bare[:-1]
    doubled = f"{re.escape(bare[-1])}?"
    ending = (
        r"\w*"
        if len(bare) >= _SURE
        else r"(?:|e|s|es|ed|d|ing|er|ers|y|ies|ied|iness|ion|ions|ful|age)"
    )
    return re.compile(
        rf"\b(?:{re.escape(bare)}{doubled}{ending}|{re.escape(word)})\b", re.IGNORECASE
    )


_COMPARES: Final = re.compile(
    r"^\W*(?:is|are|was|were|does|do|did|can|could|will|would)\s+(?P<a>.+?)\s+(?:(?:work|do|perform|fare)s?\s+)?"
    r"(?:(?:any|much|just|no|not|really|at least)\s+)*"
    r"(?:better|worse|superior|inferior|non-?inferior|equivalent|equal|comparable|similar|(?:more|less|as) [\w-]+(?: [\w-]+)?|\w{3,}er)\s+(?:than|to|as)\s+(?P<b>.+)",
    re.IGNORECASE,
)
_ASKS_AS_GOOD: Final = re.compile(
    r"\bas (?!(?:a|an|the|well as|far|long|soon|many|much|in|to)\b)[\w-]+ (?:as|like)\b|\bas well as\b(?=[^,]*\?)|\b(?:no|not|any) (?:worse|inferior)\b|\bnon-?inferior\w*|"
    r"\bequivalen\w+|\bequal(?:ly)?\b|\bcomparable\b|\bsimilar(?:ly)? (?:to|effective|good|safe)\b|\bthe same as\b",
    re.IGNORECASE,
)
"""Asks whether one of two is as good as the other."""
_AS_GOOD: Final = re.compile(
    r"\b(?:non-?)?inferior\w*|\bequivalen\w+|\bcomparable\b|\bsimilar\w*|\bequal\w*|\bas \w+ as\b|\bnot? (?:\w+ ){0,3}(?:differ\w*|superior|better|worse)\b|\b(?:more|less) effective\b|\bsuperior\b|\bthe same\b",
    re.IGNORECASE,
)
"""Says how near two are."""
_COMBINED: Final = re.compile(r"\b(?:combin\w+|plus|add(?:ed|ing|ition)|together)\b", re.IGNORECASE)
_ALONE: Final = re.compile(r"\b(?:alone|monotherapy)\b", re.IGNORECASE)


def _comparing_first(source: Source, told: Sequence[str], question: Question) -> list[str]:
    """Of a question that holds one thing against another the sentences first that name both, and tell how near they are where that is asked."""
    pair = _COMPARES.match(question.text)
    as_good = _ASKS_AS_GOOD.search(question.text) is not None
    sides = [_ways(until(pair[one]), question) for one in ("a", "b")] if pair else []
    is_together = asks_together(question.entities)

    def value(text: str) -> float:
        words = all_words(source.full(text))
        names = bool(sides) and all(any(has(words, way) for way in side) for side in sides)
        of_both = not is_together and _COMBINED.search(text) and not _ALONE.search(text)
        return (
            names - 0.5 * bool(names and of_both) + (as_good and _AS_GOOD.search(text) is not None)
        )

    return sorted(told, key=value, reverse=True)


def _ways(text: str, question: Question) -> tuple[Way, ...]:
    words = any_of(text)
    own = (tuple(map(forms_of, words)),) if words else ()
    return (*own, *others(text, question.entities.get("concepts", [])))
