"""Which classes a medicine is of, by the stem of its name: metoprolol is a beta blocker, and so is a medicine of next year that ends in -olol.

MeSH has a heading for each class; which medicines act so is not in the table that is shipped, and its chemical tree is no help: a macrolide
there is also everolimus. The stems are in :mod:`.stems`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from .names import key_of
from .stems import TABLE


class MedicineClass(NamedTuple):
    """A class of medicines."""

    name: str
    heading: str
    """Its MeSH heading, which is its name then; empty where MeSH has none."""
    called: tuple[str, ...]
    """What else it is called, in the singular."""
    members: tuple[str, ...]
    """Those that are named one by one, in small letters."""
    stems: re.Pattern[str] | None
    """How the names of the others end or begin."""
    others: re.Pattern[str] | None
    """Names that have a stem, and are of another class."""
    wider: tuple[str, ...]
    """Classes that all of it are of."""

    def has(self, word: str) -> bool:
        """Whether a name, in small letters, is of one of its own members, not of a narrower class's."""
        if word in self.members:
            return True
        if self.stems is None or not self.stems.fullmatch(word):
            return False
        return self.others is None or not self.others.fullmatch(word)


def _class(line: str) -> MedicineClass:
    name, called, rest = (part.strip() for part in line.split("|"))
    marks = [mark.replace("_", " ") for mark in rest.split()]
    others = [mark[1:] for mark in marks if mark.startswith("!")]
    own = [mark for mark in marks if mark[0] not in "!>"]
    return MedicineClass(
        name.removeprefix("~"),
        "" if name.startswith("~") else name,
        tuple(one.strip() for one in called.split(";") if one.strip()),
        tuple(one for one in own if one.strip("-") == one),
        _any_of([one for one in own if one.strip("-") != one]),
        _any_of(others),
        tuple(mark[1:] for mark in marks if mark.startswith(">")),
    )


def _any_of(marks: Iterable[str]) -> re.Pattern[str] | None:
    rules = [
        f".*{re.escape(mark[1:])}"
        if mark.startswith("-")
        else f"{re.escape(mark[:-1])}.+"
        if mark.endswith("-")
        else re.escape(mark)
        for mark in marks
    ]
    return re.compile("|".join(rules)) if rules else None


CLASSES: Final = tuple(_class(line) for line in TABLE.splitlines())
_BY_KEY: Final = {
    key_of(called): one for one in reversed(CLASSES) for called in (one.name, *one.called)
}
HEADING_OF: Final = {
    key_of(called): key_of(one.heading) for one in CLASSES if one.heading for called in one.called
}
"""By the key of what else a class is called, that of its heading."""


def class_called(*names: str) -> MedicineClass | None:
    """The class that goes by one of some names; None where none is a class's."""
    return next((one for name in names if name and (one := _BY_KEY.get(key_of(name)))), None)


def classes_of(name: str) -> frozenset[str]:
    """The classes that a medicine or a class is of, the wider ones too, by their names in :mod:`.stems`; a class is of itself.

    Args:
        name: A medicine's nonproprietary name, with a salt or several of them: "Amlodipine, Valsartan Drug Combination".
    """
    return _classes_of(name.lower())


@functools.lru_cache(maxsize=4000)
def _classes_of(name: str) -> frozenset[str]:
    own = _BY_KEY.get(key_of(name))
    found: set[str] = {own.name} if own else set()
    for word in {name, *re.findall(r"[\w-]{5,}", name)}:
        found.update(one.name for one in CLASSES if one.has(word))
    for one in CLASSES:
        # A wider class may stand before or after its narrower ones.
        if one.name in found:
            found |= _wider(one)
    return frozenset(found)


def _wider(one: MedicineClass) -> set[str]:
    found: set[str] = set()
    for name in one.wider:
        wide = _BY_KEY[key_of(name)]
        found |= {wide.name, *_wider(wide)}
    return found
