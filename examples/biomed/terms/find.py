"""Names in a text: the longest first, each with what it is called and its MeSH heading."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..vocabulary import CLASS_PATTERNS
from ..words import STOPWORDS, word_set
from .abbreviations import ABBREVIATIONS, IN_SMALL, SPELT_OUT, WORDS
from .brands import BRANDS, OTHER_NAMES
from .distinct import DISTINCT
from .english import is_english
from .everyday import EVERYDAY, PEOPLE
from .lay import FELT, LAY
from .medicine_classes import HEADING_OF
from .names import Kind, Name, Names, key_of, load, unturned
from .readings import READINGS, is_a_unit, is_shouted, reading
from .word_forms import spellings

LONGEST = 8
"""Words of a name."""
MOST_SYNONYMS = 8

GENERAL_TREES = (
    "E05",  # methods of investigation: "Prospective Studies", "Risk"
    "N05.715",
    "N06.850",
    "H01",
    "H02",
    "K01",
    "L01",
    "V",
    "Z01.433",
)
"""Where MeSH names what research does, not what a question is about."""

TAKEN = (
    "Vitamin A",
    "Vitamin D",
    "Vitamin E",
    "Vitamin K",
    "Vitamins",
    "Botulinum Toxins",
    "Botulinum Toxins, Type A",
    "Probiotics",
    "Trimethoprim, Sulfamethoxazole Drug Combination",
    "Thyroxine",
    "Tissue Plasminogen Activator",
)
"""What MeSH lists as a substance, and a question as a medicine."""

PEOPLES = ("M01.686",)
"""Origins: "European" describes whom a study was made with."""

GENERAL = word_set(
    "absence accident accidents age agent association attention attitude behavior behaviour cell change chronic "
    "classification control crisis data death development diagnosis disease disorder dose drug emergency "
    "emotion environment event experience face factor family growth hand head health history human infant "
    "infection information injury intelligence knowledge lead learning life light man marker medicine men "
    "method methods mood name names need organization outcome patient patients people perception "
    "perfusion population pressure prevention prognosis program recurrence report research risk role safety sign "
    "space stress student surgery syndrome system technology therapeutics therapy thinking time tissue trial therapeutic "
    "treatment trust value water wind woman women work"
)
"""Single words that are also headings, and alone too broad to be a drug's or a disease's name."""

NO_MEDICINES = word_set(
    "air alcohol ethanol oxygen water nitrogen glucose cholesterol protein collagen gelatin honey milk sugar salt "
    "silver gold iron copper lead zinc carbon hydrogen smoke tobacco light serum plasma blood urea ammonia helium "
    "cellulose starch wax coffee tea cocoa garlic pollen dust formaldehyde acetone lactate creatinine bilirubin "
    "cortisol tyrosine glycine alanine leucine histamine serotonin dopamine adenosine cobalt latex sand soap"
)
"""What is in the dictionaries of medicines and is in most questions none."""

DISEASE_TAILS = word_set(
    "syndrome syndromes disease diseases disorder disorders neuropathy neuropathies dystrophy dystrophies "
    "leukaemia leukemia lymphoma sarcoma deficiency deficiencies cancer carcinoma"
)

SILENT = STOPWORDS | EVERYDAY | PEOPLE

_WORD = re.compile(r"[^\W_]+(?:['’]s\b)?")


@dataclass(frozen=True)
class Found:
    """A name in a text."""

    start: int
    end: int
    text: str
    kind: Kind
    name: str
    """As a reader would write it: ``type 2 diabetes``, ``semaglutide``."""
    heading: str
    synonyms: tuple[str, ...]
    """A few, the shortest first, without those that only differ in form."""
    id: str
    branches: frozenset[str] = frozenset()
    """Of MeSH, by their letters: ``C`` for diseases."""


def find(text: str, *, general: bool = False) -> list[Found]:
    """All names in ``text``, from left to right; none overlaps another.

    Args:
        text: A question.
        general: Also those that name what research does ("evidence-based practice").
    """
    return list(_found(text, general))


@functools.lru_cache(maxsize=256)
def _found(text: str, general: bool) -> tuple[Found, ...]:
    """One question is looked through a dozen times, for its concepts, its aspects and its notes."""
    return tuple(_find(text, load(), general))


def _find(text: str, names: Names, general: bool) -> Iterator[Found]:
    words = list(_WORD.finditer(text))
    classes = list(_classes(text))
    place = 0
    while place < len(words):
        found = _longest(text, words, place, names, general)
        start = words[place].start()
        of_class = next((one for one in classes if one.start == start), None)
        if of_class is not None and (found is None or found.end <= of_class.end):
            found = of_class
        found = found or _tailed(text, words, place, names)
        if found is None:
            place += 1
            continue
        yield found
        place = next(
            (n for n in range(place, len(words)) if words[n].start() >= found.end), len(words)
        )


def _longest(
    text: str, words: list[re.Match[str]], place: int, names: Names, general: bool
) -> Found | None:
    for last in range(min(len(words), place + LONGEST), place, -1):
        start, end = words[place].start(), words[last - 1].end()
        found = _named(text, start, end, names, general)
        if found is not None:
            return found
    return None


def _classes(text: str) -> Iterator[Found]:
    """Drug classes, as questions write them."""
    for name, rule in CLASS_PATTERNS.items():
        for match in re.finditer(rule, text, re.IGNORECASE):
            yield Found(match.start(), match.end(), match[0], "drug", name, "", (), name)


def _tailed(text: str, words: list[re.Match[str]], place: int, names: Names) -> Found | None:
    """A disease the table does not have, by its last word: ``Phelan-Somebody syndrome``."""
    for last in range(min(len(words), place + 4) - 1, place, -1):
        run = words[place : last + 1]
        written = text[run[0].start() : run[-1].end()]
        if (
            run[-1][0].lower() in DISEASE_TAILS
            and re.fullmatch(r"[\w'’ -]+", written)
            and not any(word[0].lower() in SILENT or word[0].isdigit() for word in run[:-1])
            and not any(
                _longest(text, words, later, names, general=False)
                for later in range(place + 1, last)
            )
        ):
            return Found(run[0].start(), run[-1].end(), written, "condition", written, "", (), "")
    return None


def _named(text: str, start: int, end: int, names: Names, general: bool) -> Found | None:
    written = text[start:end]
    if re.search(r"[;:.?!()\[\]]|,(?! ?type)", written):
        return None
    if written in READINGS and is_a_unit(text, start, end):
        return None
    if _PLACE_AND_NUMBER.fullmatch(written):
        return None
    if written.isupper() and written.lower() in WORDS and text.isupper() and " " in text.strip():
        return None
    if written.lower() in STOPWORDS and (not spelt_out(written) or is_shouted(text, start, end)):
        return None
    target = spelt_out(written, text)
    rows = _rows(written, names, target)
    key = key_of(written)
    if len(key) <= 4 and written.isupper() and not text.isupper():
        # "CAR" among small letters is an abbreviation, and no car.
        rows = [row for row in rows if row.kind == "gene" or _has_capitals(written, row)]
    if not rows:
        return None
    # "Vitamin D" is the heading of that name before it is a synonym of a medicine.
    row = min(rows, key=lambda one: (not _is_heading(one, key), _ORDER[one.kind]))
    kind, name = row.kind, shown(row, written, target)
    if kind == "topic" and key in _OF_MEDICINES:
        kind, name = "drug", unturned(row.name).lower()
    elif kind == "topic" and (row.heading in TAKEN or any(one.kind == "drug" for one in rows)):
        kind = "drug"
    if row.heading in FELT:
        kind = "condition"
    if kind == "drug" and key not in _OF_MEDICINES and is_english(written.lower()):
        # A word of English that MeSH has no substance of is food, "lamb", and no brand either, "calypso".
        if row.id.startswith("DB"):
            kind = "topic"
        elif row.supplement and key_of(row.name) != key:
            return None
    if kind in ("drug", "condition") and not target and _too_general(key, row):
        kind = "topic"
    if not general and not target and _says_little(written, kind, row):
        return None
    branches = frozenset(tree[:1] for tree in row.trees)
    synonyms = _short(row, key, name)
    # What is listed twice, as a medicine and under a heading, is one thing.
    heading = row.heading or next((one.heading for one in rows if one.heading), "")
    return Found(start, end, written, kind, name, heading, synonyms, row.id, branches)


_PLACE_AND_NUMBER = re.compile(r"(?:at|by|to|in|on|of|for) \d+")
"""Of "at 150 than at 10" no AT-10, though a medicine is called so."""


def _is_heading(row: Name, key: str) -> bool:
    return bool(row.heading) and key_of(unturned(row.name)) == key


def _says_little(written: str, kind: Kind, row: Name) -> bool:
    if row.trees and all(one.startswith(PEOPLES) for one in row.trees):
        return True
    if kind == "topic" and all(
        word in GENERAL or word in SILENT for word in re.split(r"[\s-]+", written.lower())
    ):
        return True
    return (
        kind != "drug"
        and bool(row.trees)
        and all(one.startswith(GENERAL_TREES) for one in row.trees)
    )


_ORDER = {"drug": 0, "condition": 1, "topic": 2, "gene": 3}


def _rows(written: str, names: Names, target: str | None) -> list[Name]:
    if target:
        key = key_of(target)
        return [DISTINCT[key]] if key in DISTINCT else names.of_key(key)
    # Two letters, or a word in capitals, is as likely something else.
    gene = names.gene(written) if len(written) > 2 else None
    if gene is not None and any(one.isdigit() for one in written):
        return [gene]
    key = key_of(written)
    if len(key) < 3 or key.isdigit():
        return []
    if own := DISTINCT.get(key) or DISTINCT.get(_american(key)):
        return [own]
    if target := LAY.get(key) or LAY.get(written.lower()):
        return names.of_key(key_of(target))
    rows = (
        names.of_key(key)
        or names.of_key(_american(key))
        or next((found for one in _other_tails(key) if (found := names.of_key(one))), [])
        or names.of_key(HEADING_OF.get(key, ""))
    )
    if len(key) <= 4 and " " not in key:
        # An abbreviation is one only as it is written: "aids" is not AIDS, "met" no gene.
        rows = [row for row in rows if _as_written(written, row)]
    if not rows and gene is not None and written.isupper() and len(written) > 3:
        return [gene]
    return rows


def spelt_out(written: str, text: str = "") -> str | None:
    """The key of what an abbreviation stands for in a text."""
    if one := reading(written, text):
        return one.target
    return ABBREVIATIONS.get(written) or IN_SMALL.get(written)


def _other_tails(key: str) -> Iterator[str]:
    """``gastric carcinoma`` is indexed as gastric cancer."""
    organ, _, tail = key.rpartition(" ")
    if organ and tail in _TUMOURS:
        yield f"{organ} cancer"
        yield f"{organ} neoplasm"


_TUMOURS = word_set("carcinoma tumor tumour malignancy cancer neoplasia")


def _has_capitals(written: str, row: Name) -> bool:
    known = spelt_out(written) or LAY.get(key_of(written))
    return known is not None or any(
        name.upper() == name and key_of(name) == key_of(written)
        for name in (row.name, *row.synonyms)
    )


def _american(key: str) -> str:
    return " ".join((spellings(word) or [word])[0] for word in key.split())


def _as_written(written: str, row: Name) -> bool:
    for name in (row.name, *row.synonyms):
        if key_of(name) == key_of(written):
            return not name.isupper() or written.isupper() or written[:-1].isupper()
    return True


def _too_general(key: str, row: Name) -> bool:
    return key in GENERAL or (row.kind == "drug" and (key in NO_MEDICINES or len(key) < 4))


def shown(row: Name, written: str, target: str | None = None) -> str:
    """A name as an answer uses it: medicines and genes by their own, all else as the question has it; an
    abbreviation is spelt out."""
    if row.kind == "gene":
        return row.name
    name = unturned(row.name)
    if row.kind == "drug":
        return name.lower()
    if target or (target := spelt_out(written)):
        return SPELT_OUT.get(target) or _small(name)
    return _small(written)


def _small(text: str) -> str:
    """Lower case, but for words with a capital or a digit inside, and for names of people."""
    return " ".join(
        word
        if re.search(r"[A-Z0-9].*[A-Z0-9]|['’]s$|\w-[A-Z]", word) or word.lower() in _EPONYMS
        else word.lower()
        for word in text.split()
    )


_OF_MEDICINES = frozenset(key_of(one) for one in (*BRANDS, *OTHER_NAMES))

_EPONYMS = word_set(
    "alzheimer parkinson crohn hodgkin kaposi marfan turner down cushing addison graves hashimoto sjogren "
    "sjögren raynaud tourette huntington kawasaki guillain barre barré barrett behcet behçet wilson gaucher "
    "fabry pompe ebola zika lyme ewing merkel wilms paget meniere ménière bell asperger rett"
)


def _short(row: Name, key: str, name: str) -> tuple[str, ...]:
    kept: list[str] = []
    keys = [key, key_of(name)]
    for one in sorted((unturned(name) for name in (row.name, *row.synonyms)), key=len):
        mine = key_of(one)
        if one.isupper() and len(one) < 6:
            continue  # an abbreviation of something else as well
        if row.trees and mine in DISTINCT:
            continue  # narrower than the heading
        if (
            mine in keys
            or len(mine) < 3
            or any(f" {mine} ".find(f" {known} ") >= 0 for known in keys)
        ):
            continue
        keys.append(mine)
        kept.append(one)
    return tuple(kept[:MOST_SYNONYMS])
