"""Whether a source names what a question names: medicines, diseases, genes, topics, each by any of its names. Without I/O."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence

from ..entities import Entities
from ..queries.concept import NAMED, Concept, of_name
from ..terms.abbreviations import abbreviations
from ..terms.find import find
from ..terms.lay_words import in_their_place
from ..terms.names import unturned
from ..terms.word_forms import family, forms, spellings, truncated
from ..vocabulary import CLASS_MEMBERS
from ..words import STOPWORDS, words_of
from .populations import is_of_people
from .speaking import carriers, described
from .ways import Way, all_words, forms_of, is_there

_REQUIRED = (*NAMED, "topic")
"""A topic is a heading of another kind: a procedure, a symptom, a measure."""


def unnamed(text: str, entities: Entities, places: Sequence[str] = ()) -> list[str]:
    """The medicines, diseases, genes and topics of a question that a text does not name, as the question has them.

    A text on a medicine for another disease, or on one of two medicines, does not speak to a question about both.

    Args:
        text: All that is read.
        entities: The question's.
        places: Its title and sentences one by one, where they are known: the words of a disease stand together in one of them. A text on "coronary disease" that counts
            "ischemic strokes" somewhere is on no myocardial infarction.
    """
    words = all_words(text)
    return [
        " or ".join(one["text"] for one in either)
        for either in _choices(entities)
        if not any(_is_there_together(text, words, one, places) for one in either)
    ]


def _is_there_together(
    text: str, words: frozenset[str], one: Concept, places: Sequence[str]
) -> bool:
    if not _is_any_named(text, words, [one]):
        return False
    if one["kind"] != "condition" or not places:
        return True
    return any(names_one(each, one) for each in places)


def names_of(entities: Entities) -> list[str]:
    """What of a question has to be named, as it has it."""
    return [" or ".join(one["text"] for one in either) for either in _choices(entities)]


def known_by(entities: Entities) -> str:
    """Every name of what a question names, as one text: its generic names, its other names, what it is read as where it is misspelt."""
    about = (one for one in entities.get("concepts", []) if not one["excluded"])
    return " ".join(dict.fromkeys(name for one in about for name in _names(one)))


def names_one(text: str, one: Concept) -> bool:
    """Whether a text names one thing, by any of its names."""
    return _is_any_named(text, all_words(text), [one])


def _choices(entities: Entities) -> list[list[Concept]]:
    """What is named, one by one, but for whom it is about; of "A or B" and "statins such as C" one is enough."""
    question = entities.get("question", "").lower()
    found: list[list[Concept]] = []
    end = 0
    carried = carriers(entities)
    said_before = described(entities)
    for one in map(_its_short_name, entities.get("concepts", [])):
        if one["kind"] not in _REQUIRED or one["excluded"] or is_of_people(one["text"]):
            continue
        text = one["text"].lower()
        if text in carried or (one["kind"] == "topic" and text in said_before):
            continue
        place = question.find(one["text"].lower(), end)
        between = question[end:place] if place >= 0 else ""
        last = found[-1][-1] if found else None
        if last is not None and (
            (one["either"] and one["either"] == last["either"]) or _OR.fullmatch(between)
        ):
            found[-1].append(one)
        else:
            found.append([one])
        if place >= 0:
            end = place + len(one["text"])
    return found


def _its_short_name(one: Concept) -> Concept:
    """Of "PSA screening" the abbreviation, where it is known: who screens for something else does not name it."""
    if one["kind"] != "phrase":
        return one
    known = (each for part in one["parts"] if _SHORT.fullmatch(part) for each in find(part))
    short = next((each for each in known if each.kind in _REQUIRED), None)
    return one if short is None else of_name(short, is_excluded=one["excluded"])


_SHORT = re.compile(r"[A-Z][A-Z0-9-]{2,}")


_OR = re.compile(
    r"\W*(?:or|and/or|/|such as|like|e\.?g\.?|i\.?e\.?|including|especially|particularly|namely)\W*(?:the |an? )?|\s*[(/]\s*",
    re.IGNORECASE,
)
"""What stands between two names of which one is enough."""


def _is_any_named(text: str, words: frozenset[str], wanted: Sequence[Concept]) -> bool:
    return any(
        any(
            _has_all(words, name, by_root=one["kind"] != "drug") and _is_numbered(text, name)
            for name in _names(one)
        )
        or any(
            re.search(rf"\b{re.escape(short)}s?\b", text) for short in abbreviations(one["heading"])
        )
        for one in wanted
    )


def _is_numbered(text: str, name: str) -> bool:
    """Whether the number, letter or degree of a name, "type 1 diabetes", "hepatitis B", "low back pain", stands in the text beside the word that it does in the name."""
    parts = name.replace("-", " ").split()
    for place, part in enumerate(parts):
        if len(parts) == 1 or not _NUMBER.fullmatch(part.strip(",")):
            continue
        beside = parts[place - 1 : place] or parts[1:2]
        own = re.escape(part.strip(","))
        other = re.escape(beside[0].strip(",").rstrip("s"))
        between = r"s?[\W_]{0,3}(?:\w+[\W_]{1,3}(?:and|or|to|versus|vs\.?)[\W_]{1,3})?"
        pair = (other, own) if place else (own, other)
        if not re.search(rf"\b{pair[0]}{between}{pair[1]}\b", text, re.IGNORECASE):
            return False
    return True


_NUMBER = re.compile(
    r"\d{1,2}|[A-Za-z]|[IVX]{1,4}|(?i:reduced|decreased|increased|elevated|low|high)"
)
"""What stands alone in many a text: "reduced ejection fraction" is not named by "reduced mortality" and an ejection fraction."""


def _names(one: Concept) -> Iterable[str]:
    own = (one["text"], one["name"], unturned(one["heading"]))
    lay = () if one["kind"] == "drug" else in_their_place(one["text"].lower())
    also = (*one["synonyms"], *CLASS_MEMBERS.get(one["name"], ()))
    short = [found[1]] if (found := _BY_SHORT_NAME.fullmatch(one["text"])) else []
    return filter(None, (*own, *also, *short, *(other.rstrip("*") for other in lay)))


_BY_SHORT_NAME = re.compile(r"([A-Z]{2,}) (?:tests?|scans?|machines?|masks?)")
"""A "CT scan" is named by who writes of CT."""


def _has_all(words: frozenset[str], name: str, *, by_root: bool) -> bool:
    """Whether each word of a name is there in some form; of a name of one word also by another word of its family.

    ``by_root``: a disease of one word also by its root, "aphasic" for aphasia.
    """
    return any(all(is_there(words, one) for one in way) for way in _ways_of(name, by_root))


@functools.lru_cache(maxsize=4096)
def _ways_of(name: str, by_root: bool) -> tuple[Way, ...]:
    """How a name may be written; none where it has no word that tells anything."""
    parts = [one for one in words_of(name.replace("-", " ")) if one not in STOPWORDS]
    if len(parts) == 1:
        return ((forms_of(parts[0]) if by_root else frozenset(forms(parts[0])),),)
    way = tuple(
        frozenset((truncated(part), *map(truncated, spellings(part)), *family(part)))
        for part in parts
    )
    return (way,) if way else ()
