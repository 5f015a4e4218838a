"""What a study is called for short, "ADRENAL": by its text, and by a question. Without I/O."""

from __future__ import annotations

import re
from typing import Final

from ..records import Record
from ..terms.english import is_english
from ..terms.find import find
from .short_forms import short_forms

_NAME: Final = r"(?:[A-Z][A-Za-z]*[A-Z]|[A-Z]{2,})[A-Za-z]*(?:[- ]?(?:[IVX]{1,4}|\d{1,2}))?(?:-[A-Z]{2,}[A-Za-z]*)*(?!\w)"
_CALLED = re.compile(
    rf"\(\s*(?:the )?(?P<a>{_NAME})(?: (?:trial|study))?\s*\)|\b(?P<b>{_NAME})(?: (?:randomi[sz]ed|clinical|controlled|phase \w+))*(?: (?:trials?|study|investigators|collaborators|substudy))(?!\w)"
)
"""Where a text tells what its study is called: "(ADRENAL)", "the CORP trial"."""
_ENTITLED = re.compile(rf"(?:^|[:.] )(?:the )?(?P<a>{_NAME})(?=$|[:.])")
"""Where a title does: "…: TREAD-UK"."""


def names_of(record: Record) -> frozenset[str]:
    """What a record calls its study for short: ``CORP``; no abbreviation of medicine, nor one that the text writes out."""
    text = f"{record['title']}. {record.get('text', '')}"
    known = short_forms(text)
    found = {record.get("acronym", "")}
    in_title = () if record["title"].isupper() else _ENTITLED.finditer(record["title"])
    for match in (*_CALLED.finditer(text), *in_title):
        name = next(one for one in match.groups() if one)
        if name not in known or record["title"].count(f"({name})"):
            found.add(name)
    return frozenset(
        one.upper().replace(" ", "-")
        for one in found
        if len(one) > 2 and one not in _DESIGNS and not _is_of_medicine(one)
    )


_DESIGNS = frozenset(["RCT", "RCTS", "MRI", "HIV", "USA", "UK", "NHS", "COVID-19", "DNA", "RNA"])


def _is_of_medicine(name: str) -> bool:
    """ "COPD", "CKD"; what is also a word of English, "STEP", is a study's name."""
    return not is_english(name.lower()) and bool(find(name))


_IN_CAPITALS = re.compile(r"(?<![\w-])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:[- ]?(?:[IVX]{1,4}|\d{1,2}))?(?![\w-])")  # fmt: skip


def calls(question: str, record: Record) -> bool:
    """Whether a question calls a record's study by its short name, in capitals as it has it."""
    asked = {one.upper().replace(" ", "-") for one in _IN_CAPITALS.findall(question)}
    return bool(asked) and bool(asked & names_of(record))
