"""Which rows of the table a written name stands for: by its own key, by what an abbreviation or an everyday name means, or in other words."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from ..words import word_set
from .abbreviations import ABBREVIATIONS, IN_SMALL
from .distinct import DISTINCT
from .lay import LAY
from .medicine_classes import HEADING_OF
from .names import Name, Names, key_of
from .readings import reading
from .word_forms import spellings

KEPT = 32_768
"""Phrases whose rows are kept: an abstract is looked through several times in one question, and has some thousands."""


@functools.lru_cache(KEPT)
def rows_of(written: str, names: Names, target: str | None) -> tuple[Name, ...]:
    """The rows that a written name may stand for, in the table's order; none for what is no name.

    Args:
        written: As the text has it.
        names: The table.
        target: The key of what an abbreviation stands for there; None where it is none.
    """
    return tuple(_rows_of(written, names, target))


def _rows_of(written: str, names: Names, target: str | None) -> list[Name]:
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
    if LAY.get(key) or LAY.get(written.lower()):
        return names.of_key(_meant(written.lower()))
    rows = (
        names.of_key(key)
        or names.of_key(_american(key))
        or next((found for one in _other_tails(key) if (found := names.of_key(_meant(one)))), [])
        or names.of_key(HEADING_OF.get(key, ""))
    )
    if len(key) <= 4 and " " not in key:
        # An abbreviation is one only as it is written: "aids" is not AIDS, "met" no gene.
        rows = [row for row in rows if _as_written(written, row)]
    if not rows and gene is not None and written.isupper() and len(written) > 3:
        return [gene]
    if rows or "-" not in written:
        return rows
    return next(
        (found for one in _in_one_word(written) if (found := _rows_of(one, names, None))), []
    )


def _in_one_word(written: str) -> Iterator[str]:
    """``osteo-arthritis`` as MeSH has it, "osteoarthritis"; a letter or a number stays apart."""
    for match in _HYPHEN.finditer(written):
        yield f"{written[: match.start()]}{written[match.end() :]}"


_HYPHEN = re.compile(r"(?<=[a-z]{2})-(?=[a-z]{4})", re.IGNORECASE)


def _meant(written: str) -> str:
    """The key of what an everyday name stands for, of any other its own."""
    key = key_of(written)
    return key_of(LAY.get(key) or LAY.get(written, key))


def spelt_out(written: str, text: str = "") -> str | None:
    """The key of what an abbreviation stands for in a text."""
    if one := reading(written, text):
        return one.target
    found = ABBREVIATIONS.get(written) or IN_SMALL.get(written)
    if found is None and len(written) > 2 and written.endswith("s") and written[:-1].isupper():
        return ABBREVIATIONS.get(written[:-1])  # "ICDs", "UTIs"
    return found


def _other_tails(key: str) -> Iterator[str]:
    """``gastric carcinoma`` is indexed as gastric cancer, a broken wrist as a wrist fracture, heart trouble as a heart disease, ``cancer of the bladder`` as bladder cancer."""
    if broken := _BROKEN.fullmatch(key):
        yield f"{broken[1]} fracture"
    if of_it := _OF_THE.fullmatch(key):
        yield f"{of_it[2]} {of_it[1]}"
    organ, _, tail = key.rpartition(" ")
    if organ and tail in _TROUBLES:
        yield f"{organ} disease"
        yield f"{organ} disorder"
    if organ and tail in _TUMOURS:
        yield f"{organ} cancer"
        yield f"{organ} neoplasm"


_TROUBLES = word_set("problem trouble complaint")
_TUMOURS = word_set("carcinoma tumor tumour malignancy cancer neoplasia")
_BROKEN = re.compile(r"(?:broken|fractured) (\w+(?: \w+)?)")
_OF_THE = re.compile(
    r"(cancer|fracture|infection|inflammation|swelling) (?:of|in) (?:the )?(\w+(?: \w+)?)"
)


def has_capitals(written: str, row: Name) -> bool:
    known = spelt_out(written) or LAY.get(key_of(written))
    return known is not None or any(
        name.upper() == name and key_of(name) == key_of(written)
        for name in (row.name, *row.synonyms)
    )


def _american(key: str) -> str:
    return " ".join(map(_in_american, key.split()))


@functools.lru_cache(KEPT)
def _in_american(word: str) -> str:
    return (spellings(word) or [word])[0]


def _as_written(written: str, row: Name) -> bool:
    for name in (row.name, *row.synonyms):
        if key_of(name) == key_of(written):
            return not name.isupper() or written.isupper() or written[:-1].isupper()
    return True
