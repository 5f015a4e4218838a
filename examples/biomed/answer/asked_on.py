"""Whom or what a session's question asks on, "and after surgery?", "and together with CBT?": whether what is quoted is of that. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..entities import Entities, Setting
from ..leaving_out import without_what_may_come
from ..markdown import escape
from ..queries.concept import Concept
from ..records import Record
from .conditions import scope_of
from .naming import names_one
from .subgroups import Subgroup, of_whom


def told_of_other_setting(
    quoted: Sequence[tuple[str, Record]], settings: Sequence[Setting]
) -> tuple[str, list[str]]:
    """What to know first of quoted sentences, as Markdown, and which settings that were asked on they are not of.

    Args:
        quoted: The sentences, each with its source.
        settings: In whom or after what was asked.
    """
    lost = [
        one["text"]
        for one in settings
        if quoted and not any(_is_of(text, record, one) for text, record in quoted)
    ]
    notes = [
        f'**Nothing was found on "{escape(one)}".** What is quoted is of others, or does not tell.'
        for one in lost
    ]
    return " ".join(notes), lost


def is_of_settings(text: str, record: Record, settings: Sequence[Setting]) -> bool:
    """Whether a sentence or its source is of every setting that is asked on."""
    return all(_is_of(text, record, one) for one in settings)


def _is_of(text: str, record: Record, one: Setting) -> bool:
    """Whether a quoted sentence or its source is of a setting: all that it names are named there."""
    return all(
        names_one(scope_of(text), each)
        or (
            _had(record, each)
            if _EVENT.match(one["text"])
            else of_whom(record, Subgroup(one["text"], (each,), False)) in ("them", "both")
        )
        for each in one["by"]
    )


_EVENT = re.compile(r"(?:after|during|before|following|undergoing)\b", re.IGNORECASE)
_WHEN = re.compile(rf"\b{_EVENT.pattern}[^,.;:()]{{0,80}}", re.IGNORECASE)
"""At what a title says that it is, "to prevent hair loss during chemotherapy"."""
_WHO = re.compile(
    r"\b(?:people|patients|adults|children|women|men|those|persons|participants|survivors|infants|cases)\b[^,.;:()]{0,100}",
    re.IGNORECASE,
)


def _had(record: Record, one: Concept) -> bool:
    """Whether a source is of those who had something: by its title, or where it tells who took part. What is counted in them they have not had."""
    title = without_what_may_come(record["title"])
    when = _WHEN.findall(record["title"])
    places = [title, *when, *_WHO.findall(record.get("text", "")), *record.get("conditions", [])]
    return any(names_one(one_place, one) for one_place in places)


_TOGETHER = re.compile(
    r"\b(?:together|combined|in combination) with\b|\bplus\b|\bon top of\b|\badded to\b|\balongside\b",
    re.IGNORECASE,
)
_COMBINED = re.compile(
    r"\b(?:combin\w+|together|concomitant\w*|concurrent\w*|addition\w*|added|add-on|adding|adjunct\w*|augment\w*|plus|both)\b|\+",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(?:with|and)\b", re.IGNORECASE)
_ALONE = re.compile(r"\balone\b|\bmonotherapy\b", re.IGNORECASE)


def asks_together(entities: Entities) -> bool:
    """Whether a question asks for two things done or taken together."""
    return _TOGETHER.search(entities.get("question", "")) is not None


def is_of_one_alone(text: str) -> bool:
    """Whether a sentence is on each of two things alone: of the two together it says nothing."""
    return bool(_ALONE.search(text)) and not _COMBINED.search(text) and not _WITH.search(text)


def tells_of_both(text: str) -> bool:
    """Whether a sentence is on two things together."""
    return _COMBINED.search(text) is not None
