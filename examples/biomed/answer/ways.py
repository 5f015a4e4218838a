"""How a thing may be named: the words that tell it, each by all the forms that stand for it. Without I/O."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Final

from ..queries.concept import NAMED, Concept
from ..terms.abbreviations import abbreviations
from ..terms.english import is_english
from ..terms.everyday import EVERYDAY
from ..terms.lay_names import LAY_NAMES
from ..terms.lay_words import in_their_place
from ..terms.names import singular, unturned
from ..terms.word_forms import forms, spellings
from ..vocabulary import CLASS_MEMBERS
from ..words import STOPWORDS, stem, word_lines, word_set, words_of
from .general_words import GENERAL
from .speaking import roots

Way = tuple[frozenset[str], ...]
"""How a thing may be named: words that tell it together, each as the forms that stand for it."""

_EMPTY = GENERAL | word_set(
    "way ability abilities saving savings stage stages the quality rates risk risks incidence likelihood chance odds occurrence onset severity course progression number amount degree extent "
    "type types kind kinds use level levels method form approach technique class status outcomes symptoms quality frequency prevalence scores score overall total short mid subsequent later further all-cause rate "
    "often always ever significantly clinically adversely negatively positively much more less better worse"
)
OF_MANY = word_set(
    "surgery operation procedure therapy drug medication medicine intervention program programme training supplement supplementation "
    "replacement exposure injection infusion administration system care disease disorder syndrome cancer"
)
"""Words of what is done and of what is had that tell little by themselves."""
_ALSO: Final = word_lines(
    """
    obesity bmi adipos* weight
    weight bmi obes* overweight kg adipos*
    growth height stature grow growing grew
    child offspring infant* neonat*
    prognosi prognos* surviv* recurr* mortal*
    prognosis prognos* surviv* recurr* mortal*
    die death* died dying mortal* fatal*
    death die died dies dying mortal* fatal*
    women woman female* sex sexes gender
    men man male* sex sexes gender
    older old elder* aged age geriatric*
    elderly old older elder* aged age geriatric*
    hypertension systolic diastolic antihypertens*
    life qol hrqol
    overall all-cause
    inherited genetic* heredit* herit* famil*
    hereditary genetic* inherit* herit* famil*
    psychological psych* mental
    stay los hospitali* discharge*
    complication morbid* adverse event events
    cardiovascular cardiac heart coronary cvd cv
    deficit impair* decrement* dysfunct* declin* function functions functioning
    lives mortal* death* die died dying surviv*
    damage injur* harm* toxic* lesion* impair*
    injury damag* harm* lesion* trauma*
    hurt pain* injur* sore*
    admission admit* placement* hospitali*
    upset adverse symptom* disorder* intoleran* discomfort
    fluid solution* crystalloid* colloid* saline infusion*
    solution fluid* crystalloid* colloid* saline
    homozygosity homozygo*
    heterozygosity heterozygo*
    recovery resolv* resolut* recover* heal* clear*
    resolution resolv* resolut* recover* heal* clear*
    tolerance toleran* intoleran*
    intolerance intoleran* toleran*
    compliance complian* noncomplian* adheren* nonadheren*
    adherence adheren* nonadheren* complian* noncomplian*
    stability stabil* unstabl* instabil*
    competence competen* incompeten*
    continence continen* incontinen*
    fertility fertil* infertil* conceiv* conception*
    impairment impaired deficit* decrement* dysfunct* declin* function functions functioning
    dysfunction impair* deficit* decrement* declin* function functions functioning
    """
)
"""What else stands for a word, beside its family."""
_PEOPLE = word_set("women men older elderly younger young females males")
_ILL = word_set("complication complications morbidity toxicity relapse failure stay")
_SHORTEST = 4
"""Letters of a beginning that tells a word."""


def others(text: str, about: Sequence[Concept]) -> Iterator[Way]:
    """The other names of what is named in a part of a question, and phrases that stand for a word of it: "heart rate" for the pulse."""
    low = text.lower()
    for word in words_of(text):
        for phrase in in_their_place(word):
            if " " in phrase:
                yield tuple(map(forms_of, words_of(phrase)))
    for one in about:
        if (one["kind"] in NAMED or _is_lay(one)) and one["text"].lower() in low:
            short = (each for each in abbreviations(one["heading"]) if not is_english(each.lower()))
            names = (one["name"], unturned(one["heading"]), *one["synonyms"], *short)
            for name in (*names, *CLASS_MEMBERS.get(one["name"], ())):
                if words := [
                    word for word in words_of(name.replace("-", " ")) if word not in STOPWORDS
                ]:
                    yield tuple(map(forms_of, words))


def _is_lay(one: Concept) -> bool:
    """Whether something is named as people speak, "tonsils out", and by none of the words that an abstract has for it."""
    low = one["text"].lower()
    return one["kind"] == "topic" and bool({low, singular(low)} & LAY_NAMES.keys())


def telling(text: str) -> list[str]:
    """Words that tell what a text is about, in order."""
    words = words_of(text.replace("-", " "))
    return [
        one
        for one in words
        if one not in STOPWORDS and not {one, stem(one)} & (_EMPTY | EVERYDAY) and len(one) > 1
    ]


def people(text: str) -> list[str]:
    """Words of people, where nothing else is asked about: "women", "older patients"."""
    return [one for one in words_of(text) if one in _PEOPLE]


def beside_names(words: list[str], text: str, about: Sequence[Concept]) -> list[str]:
    """Of "breast cancer survival" the survival, where the last word is no part of the name: a text on the cancer says no more each time."""
    names = [
        word
        for one in about
        if one["kind"] in NAMED and one["text"].lower() in text.lower()
        for word in words_of(one["text"].replace("-", " "))
    ]
    left = [one for one in words if one not in names]
    return left if left and words[-1] in left else words


def any_of(text: str) -> list[str]:
    """All words that are none of speech alone, where none tells more: "family history"."""
    return [one for one in words_of(text) if one not in STOPWORDS and not {one, stem(one)} & _EMPTY]


def ill(text: str) -> list[str]:
    """Words of what is counted in patients, where nothing else is named: "more complications", "length of stay"."""
    return [one for one in words_of(text) if stem(one) in _ILL]


def of_its_own(exposure: str) -> list[str]:
    """Of "bariatric surgery" the word that not every surgery has."""
    words = telling(exposure)
    return [one for one in words if stem(one) not in OF_MANY] or words


@functools.lru_cache(maxsize=2048)
def all_words(text: str) -> frozenset[str]:
    """All words of a text, compounds also in their parts."""
    return frozenset(words_of(text)) | frozenset(words_of(text.replace("-", " ")))


def has(words: frozenset[str], way: Way) -> bool:
    """Whether a way to name a thing is among words: all of two words, two of three and more."""
    return bool(way) and sum(is_there(words, one) for one in way) >= min(len(way), 2)


def is_there(words: frozenset[str], forms_of_word: frozenset[str]) -> bool:
    """Whether a word is among words in one of its forms; ``bmi*`` is whatever begins so."""
    cut = tuple(one[:-1] for one in forms_of_word if one.endswith("*"))
    return bool(words & forms_of_word) or any(one.startswith(cut) for one in words if cut)


@functools.lru_cache(maxsize=4096)
def forms_of(word: str) -> frozenset[str]:
    """All that stands for a word."""
    roots_of_it = (f"{one}*" for one in roots(word) if len(one) > _SHORTEST)
    spelt = (form for one in spellings(word) for form in forms(one))
    also = _ALSO.get(word) or _ALSO.get(stem(word), ())
    lay = (one for one in in_their_place(word) if " " not in one)
    return frozenset([*forms(word), *forms(stem(word)), *spelt, *also, *lay, *roots_of_it])
