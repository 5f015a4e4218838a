"""A question as concepts: what it is about, one by one, and what it wants left out.

A concept is a noun phrase: a name of the table (a drug, a disease, a gene, a heading of MeSH) or words that
stand together between verbs, prepositions and punctuation. Words of everyday and of research that name no
topic are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal, NamedTuple

from typing_extensions import TypedDict

from ..terms.find import GENERAL, Found, find, shown
from ..terms.names import Kind, singular
from ..terms.typos import nearest, nearest_word, row_of
from ..vocabulary import FILLER
from ..words import STOPWORDS, content_words, word_set
from .everyday import EVERYDAY, PEOPLE

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


_IDENTIFIERS = re.compile(
    r"https?://\S+|\b(?:NCT\s?-?\d{8}|(?:PMID|PubMed(?: ID)?)[:\s#]*\d+|(?:https?://\S*?)?(?:doi[:\s]*)?(?:doi\.org/)?10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W_]+(?:['’]s\b)?|[^\w\s]")
_NEGATION = re.compile(
    r"\b(?:without|excluding|except(?: for| in)?|not (?:having|with|have|on|taking|receiving|due to)"
    r"|(?:do|does|did|who do|who did) not have|(?:don'?t|doesn'?t|didn'?t) have|free (?:of|from)|no(?: history of)?"
    r"|(?:have |has |had )?(?:never|not yet|not) (?:had|have|having|taken?|taking|received|been on|used|suffered(?: from)?)"
    r"|absence of|lacking|but not|not|never|negative for|other than)\s+"
    r"(?:(?:a|an|any|the|known|prior|previous|pre-?existing|history|of|current|established|underlying|"
    r"concomitant|diagnosed|in|with|for|using|having|taking) )*",
    re.IGNORECASE,
)
_NEVER_DONE = re.compile(
    r"\b(?:no|without|(?:have |has |had )?(?:never|not) had)\s+(?:any |a )?(?:prior|previous|known|history of|past)\s+(?:[a-z]+ )?"
    r"(?:surger(?:y|ies)|operations?|treatments?|therap(?:y|ies)|medications?|interventions?|hospitali[sz]ations?|diseases?|illness(?:es)?)\b",
    re.IGNORECASE,
)
"""What people have not had, in words too general to be left out of a search, and not to be asked for either."""
_EITHER_WAY = re.compile(r"\bwith\s*(?:and|or|and/or|versus|vs\.?|/|,)\s*$", re.IGNORECASE)
_NON = re.compile(r"\bnon[- ](?=[a-z]{4})", re.IGNORECASE)
_NON_NAMED = re.compile(r"\bnon-?([a-z]{4,})\b", re.IGNORECASE)
_CHOICE = re.compile(r"\s*(?:/|,?\s+(?:and/)?or\s+(?:an? |the )?)\s*", re.IGNORECASE)
_BOTH = re.compile(
    r"\b(?:versus|vs\.?|compar\w+|better|worse|safer|superior|inferior|head[- ]to[- ]head|differ\w*"
    r"|interact\w*|interchang\w+|combin\w+|switch\w*)\b",
    re.IGNORECASE,
)
"""A comparison and an interaction need both sides."""

_BREAKS = STOPWORDS | EVERYDAY | PEOPLE
_MODIFIERS_OF_NOTHING = word_set("anti post pre non per se inter intra sub super bi tri multi co")


def concepts(question: str, *, is_english: bool = True) -> list[Concept]:
    """The concepts of a question, in its order; none for one without a topic.

    Args:
        question: The question, without what only narrows a search.
        is_english: Whether an unknown word may be a misspelt English one.
    """
    text = _NEVER_DONE.sub(" ; ", _IDENTIFIERS.sub(" ; ", question))
    text = _NON_NAMED.sub(_apart, text)
    names = [one for one in find(text) if not _is_everyday(one)]
    if is_english:
        names = _with_misspelt(text, names)
    found = _concepts(text, names)
    if not found:
        # About research itself: then its own words are the topic.
        found = _concepts(text, [one for one in find(text, general=True) if " " in one.text])
    return found or _last_resort(text)


def _concepts(text: str, names: list[Found]) -> list[Concept]:
    excluded = list(_excluded(text, names))
    found: list[tuple[int, int, Concept]] = []
    for phrase in _phrases(text, names):
        found += _of_phrase(phrase, excluded)
    found.sort(key=lambda one: one[0])
    wanted = {_identity(one) for _, _, one in found if not one["excluded"]}
    # "In diabetic and nondiabetic rats" is about both.
    found = [part for part in found if not part[2]["excluded"] or _identity(part[2]) not in wanted]
    _mark_choices(text, found)
    return _once([concept for _, _, concept in found])


def _with_misspelt(text: str, names: list[Found]) -> list[Found]:
    """The names, and those that a slip of the pen hides; where a longer name comes out, it stands for its parts."""
    respelt, places = text, []
    for match in reversed(list(_LONE_WORD.finditer(text))):
        if not any(one.start <= match.start() < one.end for one in names) and (
            better := nearest_word(match[0])
        ):
            places.append((match.start(), match.end(), len(better) - len(match[0])))
            respelt = respelt[: match.start()] + better + respelt[match.end() :]
    longer = [
        moved
        for one in (find(respelt) if places else ())
        if " " in one.text and (moved := _moved(one, text, places)) is not None
    ]
    kept = [one for one in names if not _overlaps(one, longer)]
    single = [one for one in _misspelt(text, names) if not _overlaps(one, longer)]
    return sorted([*kept, *longer, *single], key=lambda one: one.start)


def _moved(name: Found, text: str, places: list[tuple[int, int, int]]) -> Found | None:
    """A name of the respelt text where it stands in the text; None where nothing in it was respelt."""
    start, end, is_respelt = name.start, name.end, False
    for first, last, more in reversed(places):  # from left to right
        if last + more <= start:
            start, end = start - more, end - more
        elif first < end:
            end, is_respelt = end - more, True
    written = text[start:end]
    return replace(name, start=start, end=end, text=written) if is_respelt else None


def _overlaps(name: Found, others: list[Found]) -> bool:
    return any(one.start < name.end and name.start < one.end for one in others)


_LONE_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")


def _misspelt(text: str, names: list[Found]) -> Iterator[Found]:
    """Words that are none, but nearly the name of a medicine or a disease; what was written is kept."""
    for match in _LONE_WORD.finditer(text):
        if any(one.start <= match.start() < one.end for one in names):
            continue
        key = nearest(match[0])
        if key is not None:
            row = row_of(key)
            kind: Kind = "drug" if row.kind == "drug" else "condition"
            name = shown(row, key) if kind == "drug" else key
            yield Found(match.start(), match.end(), match[0], kind, name, row.heading, (), row.id)


def _is_everyday(name: Found) -> bool:
    word = name.text.lower()
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


def _apart(match: re.Match[str]) -> str:
    """``nondiabetic`` as "non diabetic", where that is not a name, and the rest is one."""
    known = find(match[1])
    is_name = any(len(one.text) == len(match[0]) for one in find(match[0]))
    return f"non {match[1]}" if known and known[0].text == match[1] and not is_name else match[0]


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
    if len([one for one in strong if one["heading"] not in _AGES]) >= 2:
        return strong
    nouns = [
        one
        for one in wanted
        if one["kind"] == "word"
        and not _DESCRIBING.search(one["text"].lower())
        and singular(one["text"].lower()) not in GENERAL
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
        if not _speaks(token.text, shouted):
            if phrase:
                yield phrase
            phrase = []
        elif token.low not in _MODIFIERS_OF_NOTHING:
            phrase.append(token)
    if phrase:
        yield phrase


def _speaks(text: str, shouted: bool) -> bool:
    if text.isupper() and 1 < len(text) < 7 and text.isalpha() and not shouted:
        return text.lower() not in STOPWORDS  # an abbreviation: ART is no art
    word = text.lower()
    return (
        word[0].isalnum()
        and not {word, singular(word)} & _BREAKS
        and len(word) > 1
        and not word.isdigit()
    )


def _of_phrase(
    phrase: Phrase, excluded: list[tuple[int, int]]
) -> Iterator[tuple[int, int, Concept]]:
    """Each drug, disease and gene by itself; the other words of the phrase together."""
    others: Phrase = []
    named = False
    for part in phrase:
        if isinstance(part, Found) and part.kind in NAMED:
            named = True
            yield part.start, part.end, _named(part, _within(part.start, excluded))
        else:
            others.append(part)
    # Beside a name, plain words only describe it: "misty mesentery", "displaced fractures".
    if named:
        others = [
            part for part in others if isinstance(part, Found) or _SYMBOL.fullmatch(part.text)
        ]
    if not others:
        return
    start, end = others[0].start, others[-1].end
    if len(others) == 1 and isinstance(others[0], Found):
        yield start, end, _named(others[0], _within(start, excluded))
        return
    is_named = any(isinstance(part, Found) for part in others)
    texts = [part.text for part in others]
    yield start, end, _of_parts(texts, is_excluded=_within(start, excluded), is_named=is_named)


def _named(part: Found, is_excluded: bool) -> Concept:
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


def _excluded(text: str, names: list[Found]) -> Iterator[tuple[int, int]]:
    """Where a negation reaches: over the names right after it, and those joined to them by "or"."""
    for rule in (_NEGATION, _NON):
        for match in rule.finditer(text):
            end = match.end()
            if _EITHER_WAY.search(text, 0, match.start()):
                continue  # "with or without diabetes": with it as well
            if rule is _NON and any(name.start < end <= name.end for name in names):
                continue  # "non-small-cell lung cancer" is a name
            reach = end
            while following := next(
                (one for one in names if reach <= one.start <= reach + 1), None
            ):
                # "Repair without mesh" is about the mesh; "without anticoagulants" not about these.
                if following.kind not in ("drug", "condition") and "D" not in following.branches:
                    break
                reach = following.end
                joined = re.match(
                    r"\s*(?:,|/|\bor\b|\band\b|,\s*(?:or|and))\s*", text[reach:], re.IGNORECASE
                )
                if not joined or joined[0].strip().lower() == "and":
                    break
                reach += joined.end()
            if reach > end:
                yield end, reach


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _mark_choices(text: str, found: list[tuple[int, int, Concept]]) -> None:
    """Things of one kind joined by "or" are choices, where nobody asks which of them is better."""
    if _BOTH.search(text):
        return
    number = 0
    for (_, end, left), (start, _, right) in pairwise(found):
        same = left["kind"] == right["kind"] and left["excluded"] == right["excluded"]
        if same and start >= end and _CHOICE.fullmatch(text[end:start]):
            if not left["either"]:
                number += 1
                left["either"] = number
            right["either"] = left["either"]


def _once(found: list[Concept]) -> list[Concept]:
    """Without what was said before."""
    kept: dict[str, Concept] = {}
    for one in found:
        kept.setdefault(_identity(one), one)
    return list(kept.values())


def _identity(concept: Concept) -> str:
    return concept["heading"] or concept["name"].lower()
