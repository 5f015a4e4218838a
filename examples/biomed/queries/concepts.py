"""A question as concepts: what it is about, one by one, and what it wants left out.

A concept is a noun phrase: a name of the table (a drug, a disease, a gene, a heading of MeSH) or words that
stand together between verbs, prepositions and punctuation. Words of everyday and of research that name no
topic are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from typing_extensions import TypedDict

from ..terms.find import GENERAL, Found, find, spelt_out
from ..terms.names import key_of, singular
from ..vocabulary import FILLER
from ..words import STOPWORDS, content_words, word_set
from . import contrasts, negation
from .everyday import EVERYDAY, PEOPLE
from .preparing import prepared
from .word_forms import TRUNCATED
from .written_names import written

ConceptKind = Literal["drug", "condition", "gene", "topic", "phrase", "word"]
"""``phrase``: several words, or words with a name among them; ``word``: one by itself that no name has."""

NAMED = ("drug", "condition", "gene")
"""Each of these is a concept of its own, also where several stand in one phrase."""


class Concept(TypedDict):
    """One concept of a question, as plain JSON values."""

    kind: ConceptKind
    text: str
    """As the question has it."""
    name: str
    """As it is called in an answer; the same as ``text`` for what is no name."""
    heading: str
    """Its MeSH heading; empty where none is known."""
    parts: list[str]
    """The names and words a phrase is made of: any of them may stand for it."""
    synonyms: list[str]
    excluded: bool
    """Wanted left out: "without diabetes"."""
    either: int
    """Concepts of the same number, above 0, are choices: "semaglutide or tirzepatide"."""


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower()


_TOKEN = re.compile(r"[^\W_]+(?:['’]s\b|\*)?|[^\w\s]")
_COMPOUND = re.compile(r"(?<![\w-])([A-Za-z]\w*)-(negative|naive|naïve)\b", re.IGNORECASE)
"""``HER2-negative`` is a kind of its own, and not about HER2."""
_NO_KIND = re.compile(
    rf"(?<![\w-])(non)[- ](?=[a-z]{{5}})({negation.ADJECTIVE.pattern})\b", re.IGNORECASE
)
"""``non-pharmacological``: the word without it says the contrary."""
_DONE = word_set(
    "surgery operation medication medications drug drugs medicine medicines child children adult adults women men pregnant"
)
"""Words that are no topic by themselves, and may be left out."""
_CHOICE = re.compile(r"[*)\s]*(?:/|,?\s+(?:and/)?or\s+(?:an? |the )?)[(\s]*", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:versus|vs\.?|compar\w+|better|worse|safer|superior|inferior|head[- ]to[- ]head|differ\w*"
    r"|interact\w*|interchang\w+|combin\w+|switch\w*)\b",
    re.IGNORECASE,
)
"""A comparison and an interaction need both sides."""

_WHICH = re.compile(r"\bwhich\b", re.IGNORECASE)
_SIDES = re.compile(
    r"\b(?:versus|vs\.?|compared (?:to|with)|(?:better|worse|safer|more|less)(?: \w+){0,2} than)\b",
    re.IGNORECASE,
)
_BESIDE = 2
"""Characters between a side of a comparison and the word that compares it."""
_BREAKS = STOPWORDS | EVERYDAY | PEOPLE
_MODIFIERS_OF_NOTHING = word_set("anti post pre non per se inter intra sub super bi tri multi co")


def concepts(question: str, *, is_english: bool = True) -> list[Concept]:
    """The concepts of a question, in its order; none for one without a topic.

    Args:
        question: The question, without what only narrows a search.
        is_english: Whether an unknown word may be a misspelt English one.
    """
    text = prepared(question)
    names = written(
        text, [one for one in find(text) if not _is_everyday(one)], is_english=is_english
    )
    if not is_english and (known := [one for one in names if _is_international(one)]):
        # Its other words are words of no search in English.
        return _once([_named(one, is_excluded=False) for one in known])
    names = negation.reaching(text, names)
    found = _concepts(text, names)
    if not found:
        # About research itself: then its own words are the topic.
        found = _concepts(text, [one for one in find(text, general=True) if " " in one.text])
    return found or _last_resort(text)


def _concepts(text: str, names: list[Found]) -> list[Concept]:
    found: list[tuple[int, int, Concept]] = []
    rest = text
    for start, end in negation.spans(text, names):
        within = [one for one in names if start <= one.start and one.end <= end]
        found += _left_out(text, start, end, within)
        rest = f"{rest[:start]};{' ' * (end - start - 1)}{rest[end:]}"
        names = [one for one in names if one.end <= start or one.start >= end]
    for match in (*_COMPOUND.finditer(rest), *_NO_KIND.finditer(rest)):
        start, end = match.span()
        whole = any(one.start <= start and one.end >= end for one in names)
        if whole or not all(
            _speaks(one, shouted=False) for one in match.groups() if one.lower() != "non"
        ):
            continue
        if {singular(one.lower()) for one in match.groups()} & GENERAL:
            continue
        found.append(
            (start, end, _of_parts([" ".join(match.groups())], is_excluded=False, is_named=True))
        )
        rest = f"{rest[:start]};{' ' * (end - start - 1)}{rest[end:]}"
        names = [one for one in names if one.end <= start or one.start >= end]
    for phrase in _phrases(_without_sides(rest, names), names):
        found += _of_phrase(phrase)
    found += _of_contrasts(rest, found)
    found.sort(key=lambda one: one[0])
    wanted = {_identity(one) for _, _, one in found if not one["excluded"]}
    # "In diabetic and nondiabetic rats" is about both.
    found = [part for part in found if not part[2]["excluded"] or _identity(part[2]) not in wanted]
    _mark_choices(text, found, frozenset(contrasts.told_apart(rest)))
    _mark_sides(rest, found)
    about = [concept for _, _, concept in found]
    if _BOTH.search(text) or _DIFFER.search(text):
        about = _told_apart(about)
    if any(one["heading"] == "Non-Smokers" for one in about):
        about.append(_smokers())
    return _once(about)


def _without_sides(text: str, names: list[Found]) -> str:
    """The text without the sides of comparisons, but for those of a name: each is a concept of its own."""
    for side in contrasts.sides(text):
        if not any(one.start < side.end and side.start < one.end for one in names):
            blank = ";".ljust(side.end - side.start)
            text = f"{text[: side.start]}{blank}{text[side.end :]}"
    return text


def _of_contrasts(
    text: str, found: list[tuple[int, int, Concept]]
) -> Iterator[tuple[int, int, Concept]]:
    for side in contrasts.sides(text):
        if not any(start <= side.start < end for start, end, _ in found):
            one = _of_parts([side.words], is_excluded=False, is_named=True)
            yield side.start, side.end, {**one, "parts": [side.words, *side.also]}


_INTERNATIONAL = 5
"""Letters of a name that is the same in many languages; of fewer only an abbreviation is."""


def _is_international(name: Found) -> bool:
    is_name = name.kind in NAMED and len(name.text) >= _INTERNATIONAL
    return is_name or (name.kind in NAMED and name.text.isupper())


def _is_everyday(name: Found) -> bool:
    word = name.text.lower()
    if name.text.isupper() and spelt_out(name.text):
        return False  # CF is no "cf."
    # "allows" is the name of a medicine, too.
    return word in _BREAKS or (
        name.kind == "drug" and name.text.islower() and singular(word) in _BREAKS
    )


def _last_resort(text: str) -> list[Concept]:
    words = [
        word
        for word in content_words(text)
        if word not in PEOPLE and word not in FILLER and len(word) > 3
    ]
    return [_of_parts([word], is_excluded=False) for word in words]


def _of_parts(parts: list[str], *, is_excluded: bool, is_named: bool = False) -> Concept:
    text = " ".join(parts)
    return {
        "kind": "phrase" if is_named or _is_phrase(parts) else "word",
        "text": text,
        "name": text,
        "heading": "",
        "parts": parts,
        "synonyms": [],
        "excluded": is_excluded,
        "either": 0,
    }


def _is_phrase(parts: list[str]) -> bool:
    """Whether there is a noun among several words: of adjectives alone, "pathologic, histological", none is."""
    return len(parts) > 1 and not all(_DESCRIBING.search(part.lower()) for part in parts)


_DESCRIBING = re.compile(
    r"(?:al|ic|ive|ous|ed|ing|ly|ar|ary|able|ible|less|ful|ant|ent|ian|ory|ate|ize|ise|fy|er|est)$"
)
"""How adjectives, adverbs and verbs end; a noun among them is lost as a lone word only."""


_AGES = frozenset(["Child", "Infant", "Infant, Newborn", "Adolescent", "Young Adult"])
"""Whom a question is about is not what it is about."""
_SYMBOL = re.compile(r"(?=\w{4})[A-Za-z]+(?:\d|[a-z][A-Z])\w*")
"""``HbA1c``, ``IL6``: how nobody writes a word that only describes."""


def required(found: Sequence[Concept]) -> list[Concept]:
    """The concepts a result has to have: every name and phrase, and lone nouns where these are fewer
    than two. A lone adjective or verb describes, and is required only where there is nothing else.
    """
    wanted = [one for one in found if not one["excluded"]]
    strong = [one for one in wanted if one["kind"] != "word" or _SYMBOL.fullmatch(one["text"])]
    topics = [
        one for one in strong if one["heading"] not in _AGES and not contrasts.is_side(one["text"])
    ]
    if len(topics) >= 2:
        return strong
    nouns = [
        one
        for one in wanted
        if one["kind"] == "word"
        and not _DESCRIBING.search(one["text"].lower())
        and (singular(one["text"].lower()) not in GENERAL or one["text"].lower() == "surgery")
    ]
    return [one for one in wanted if one in strong or one in nouns] or wanted


def named(found: Sequence[Concept]) -> list[Concept]:
    """The drugs, diseases and genes among the wanted ones."""
    return [one for one in found if one["kind"] in NAMED and not one["excluded"]]


Phrase = list[Found | _Token]


def _phrases(text: str, names: list[Found]) -> Iterator[Phrase]:
    """Runs of names and words with nothing between them that ends a noun phrase."""
    phrase: Phrase = []
    shouted = text.isupper()
    covered = {place: name for name in names for place in range(name.start, name.end)}
    done: set[int] = set()
    for match in _TOKEN.finditer(text):
        name = covered.get(match.start())
        if name is not None:
            if name.start not in done:
                done.add(name.start)
                phrase.append(name)
            continue
        token = _Token(re.sub(r"['’]s$", "", match[0]), match.start(), match.end())
        if token.text in "-–'’" and phrase and text[token.start - 1 : token.start].strip():
            continue
        is_of_a_disease = bool(phrase) and token.low in _OF_A_DISEASE
        if not _speaks(token.text, shouted) and not is_of_a_disease:
            if phrase:
                yield phrase
            phrase = []
        elif token.low not in _MODIFIERS_OF_NOTHING:
            phrase.append(token)
    if phrase:
        yield phrase


def _speaks(text: str, shouted: bool) -> bool:
    if TRUNCATED.fullmatch(text):
        return True  # as a librarian writes it
    if text.isupper() and 1 < len(text) < 7 and text.isalpha() and not shouted:
        return text.lower() not in STOPWORDS  # an abbreviation: ART is no art
    word = text.lower()
    return (
        word[0].isalnum()
        and not {word, singular(word)} & _BREAKS
        and len(word) > 1
        and not word.isdigit()
    )


def _left_out(
    text: str, start: int, end: int, names: list[Found]
) -> Iterator[tuple[int, int, Concept]]:
    """What a question wants left out: each medicine and disease in the span, else the span as a whole."""
    if negation.BEFORE.search(text, 0, start) and not any(one.kind == "condition" for one in names):
        return
    is_head = bool(names) and (
        names[-1].end >= end or all(one.kind in ("drug", "condition") for one in names)
    )
    if is_head and all(negation.is_left_out(one) for one in names):
        for one in names:
            yield one.start, one.end, _named(one, is_excluded=True)
    elif len(names) == 1 and names[0].end - names[0].start == end - start:
        yield start, end, _named(names[0], is_excluded=True)
    else:
        words = [match[0] for match in negation.WORD.finditer(text, start, end)]
        telling = [one for one in words if one.lower() in _DONE or _speaks(one, shouted=False)]
        if telling:
            yield start, end, _of_parts([" ".join(telling)], is_excluded=True)


def _of_phrase(phrase: Phrase) -> Iterator[tuple[int, int, Concept]]:
    """Each drug, disease and gene by itself; the other words of the phrase together."""
    others: Phrase = []
    end = phrase[-1].end
    named, last = False, end
    for part in phrase:
        if isinstance(part, Found) and part.kind in NAMED:
            named, last = True, part.end if part.kind == "condition" else end
            yield part.start, part.end, _named(part, is_excluded=False)
        else:
            others.append(part)
    # Before a name, plain words only describe it: "displaced fractures"; a noun, "stent thrombosis", is a word of its own.
    # What stands after it is what the phrase is about: "AF ablation", "asthma biologics".
    if named:
        described = [part for part, name in pairwise(phrase) if _stands_before(part, name)]
        others = [
            part
            for part in others
            if isinstance(part, Found)
            or _SYMBOL.fullmatch(part.text)
            or (part.start >= last and _is_noun(part))
            or _OF_MEDICINE.search(part.low)
            or TRUNCATED.fullmatch(part.text)
        ]
        for part in described:
            if part not in others:
                yield part.start, part.end, _of_parts([part.text], is_excluded=False)
    if len(others) > 1:
        others = [
            part for part in others if not (isinstance(part, Found) and part.heading in _AGES)
        ] or others
    if not others:
        return
    start, end = others[0].start, others[-1].end
    if len(others) == 1 and isinstance(others[0], Found):
        yield start, end, _named(others[0], is_excluded=False)
        return
    is_named = any(isinstance(part, Found) or TRUNCATED.fullmatch(part.text) for part in others)
    texts = [
        part.name if isinstance(part, Found) and spelt_out(part.text) else part.text
        for part in others
    ]
    # A name's own noun is needed as the name is, if it says something.
    is_named = is_named or (named and others[0].start >= last and not _is_general(texts[-1]))
    yield start, end, _of_parts(texts, is_excluded=False, is_named=is_named)


_OF_MEDICINE = re.compile(
    r"(?:path(?:y|ies)|it[ie]s|os[ie]s|omas?|a?emias?|algias?|plast(?:y|ies)|[ceo]tom(?:y|ies)|scop(?:y|ies)|graph(?:y|ies)|lys[ie]s|"
    r"therap(?:y|ies))$"
)
"""How nouns of medicine end, of diseases and of what is done."""


_OF_A_DISEASE = word_set("screening progression")
"""Words of research that after a disease are what is asked about: "cancer screening"."""


def _is_general(word: str) -> bool:
    return singular(word.lower()) in GENERAL


def _is_noun(token: _Token) -> bool:
    return token.text.isupper() or token.low in _OF_A_DISEASE or not _DESCRIBING.search(token.low)


_ADJECTIVES = word_set(
    "mild severe acute subacute benign occult blunt deep rare rapid slow adverse simple complex giant diffuse mixed pure overt covert "
    "gross mature immature likely probable new old young large small short long left right lower upper true false misty"
)
"""Those that do not end as adjectives do."""


def _stands_before(part: Found | _Token, name: Found | _Token) -> bool:
    """Whether a word is a noun right before a disease: "gluten ataxia"."""
    return (
        isinstance(part, _Token)
        and isinstance(name, Found)
        and name.kind == "condition"
        and part.end + 1 == name.start
        and _is_noun(part)
        and part.low not in _ADJECTIVES
        and not _is_general(part.text)
    )


def _named(part: Found, *, is_excluded: bool) -> Concept:
    return {
        "kind": part.kind,
        "text": part.text,
        "name": part.name,
        "heading": part.heading,
        "parts": [part.text],
        "synonyms": list(part.synonyms),
        "excluded": is_excluded,
        "either": 0,
    }


def _mark_choices(text: str, found: list[tuple[int, int, Concept]], apart: frozenset[int]) -> None:
    """Things of one kind joined by "or" are choices, where nobody asks which of them is better. `apart`: where those begin that
    are told from what stands before them.
    """
    if _BOTH.search(text):
        return
    number, shouted = 0, text.isupper()
    for (_, end, left), (start, _, right) in pairwise(found):
        # "OR" in capitals joins whatever stands there.
        is_joined = left["kind"] == right["kind"] or (" OR " in text[end:start] and not shouted)
        same = is_joined and left["excluded"] == right["excluded"]
        if left["kind"] == "drug" and _WHICH.search(text):
            continue  # "which lowers it more, this or that?"
        if start in apart:
            continue  # "early or late tracheostomy?"
        if same and start >= end and _CHOICE.fullmatch(text[end:start]):
            if not left["either"]:
                number += 1
                left["either"] = number
            right["either"] = left["either"]


def _mark_sides(text: str, found: list[tuple[int, int, Concept]]) -> None:
    """A lone word that is one side of a comparison is needed: "laparoscopic vs open appendectomy"."""
    for match in _SIDES.finditer(text):
        for start, end, one in found:
            near = 0 <= match.start() - end <= _BESIDE or 0 <= start - match.end() <= _BESIDE
            if near and one["kind"] == "word" and not one["excluded"]:
                one["kind"] = "phrase"


def _once(found: list[Concept]) -> list[Concept]:
    """Without what was said before."""
    kept: dict[str, Concept] = {}
    for one in found:
        kept.setdefault(_identity(one), one)
    return list(kept.values())


_DIFFER = re.compile(r"\b(?:distinguish\w*|versus|same as|or)\b", re.IGNORECASE)


def _told_apart(about: list[Concept]) -> list[Concept]:
    """Two names that share a heading, where they are compared: each by its own words, as the heading finds both."""
    of_heading: dict[str, set[str]] = {}
    for one in about:
        if one["heading"] and not one["excluded"]:
            of_heading.setdefault(one["heading"], set()).add(key_of(one["name"]))
    return [
        {**one, "heading": "", "synonyms": []}
        if len(of_heading.get(one["heading"], ())) > 1 and not one["excluded"]
        else one
        for one in about
    ]


def _smokers() -> Concept:
    return {**_of_parts(["smokers"], is_excluded=True), "kind": "topic", "heading": "Smokers"}


def _identity(concept: Concept) -> str:
    return concept["heading"] or concept["name"].lower()
