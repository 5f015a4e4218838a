"""How strong an answer is: designs, people, years, whether the sources agree, and which of them say the contrary of what was asked. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .answering import Found
from .participants import took_part
from .records import Record
from .speaking import Cited

_DESIGNS = (
    ("Meta-Analysis", "meta-analysis"),
    ("Systematic Review", "systematic review"),
    ("Practice Guideline", "guideline"),
    ("Guideline", "guideline"),
    ("Randomized Controlled Trial", "randomised trial"),
    ("Clinical Trial", "clinical trial"),
    ("Observational Study", "observational study"),
    ("Review", "review"),
)
_IN_TEXT = (
    ("meta-analysis", r"meta-?analys"),
    ("systematic review", r"systematic review"),
    ("randomised trial", r"randomi[sz]ed"),
    ("cohort study", r"\bcohort|prospective"),
    ("retrospective study", r"retrospective"),
    ("survey", r"survey|questionnaire"),
)
_PLURALS = (("sis", "ses"), ("dy", "dies"), ("", "s"))


_CONTRARY = {"up": "down", "down": "up", "better": "worse", "worse": "better"}


def contrary(found: Found, name: str) -> str:
    """Which sources say the contrary of what was asked, or that nothing changes; empty where none does, as far as it can be told.

    Args:
        found: What the sources say.
        name: What is asked about, as Markdown.
    """
    told = {
        one: sorted({each.n for each in found.sentences if each.against == one})
        for one in ("as asked", "contrary", "unchanged")
    }
    if not found.direction or not (told["contrary"] or told["unchanged"]):
        return ""
    way = _CONTRARY[found.direction]
    lines = (
        ("as asked", f"as asked, {found.direction}"),
        ("contrary", f"the contrary, {way}"),
        ("unchanged", "that it does not change"),
    )
    said = "; ".join(f"{_numbers(told[one])} says {what}" for one, what in lines if told[one])
    goes = "go" if found.direction in ("up", "down") else "get"
    return f'**Asked about "{name}": does it {goes} {found.direction}?** {said}.'


def strength(found: Found, cited: Cited) -> str:
    """How strong the evidence is: designs, people, years, and whether the sources agree."""
    by_number = {citation["n"]: record for citation, record in cited}
    own = [by_number[n] for n in found.speaking if n in by_number]
    if not own:
        return ""
    designs: dict[str, int] = {}
    for record in own:
        name = design_of(record)
        designs[name] = designs.get(name, 0) + 1
    years = sorted(year for record in own if (year := record.get("year")))
    people = max((_people(record) for record in own), default=0)
    facts = [
        f"{len(own)} {'source speaks' if len(own) == 1 else 'sources speak'} to the question: "
        + ", ".join(f"{count} {_named(name, count)}" for name, count in designs.items()),
        f"the largest has {people} participants" if people else "",
        f"from {years[0]} to {years[-1]}" if years and years[0] != years[-1] else "",
        f"of {years[0]}" if years and years[0] == years[-1] else "",
    ]
    lines = ["; ".join(fact for fact in facts if fact) + ".", _agreement(found)]
    return "\n\n".join(line for line in lines if line)


def _agreement(found: Found) -> str:
    against = sorted({one.n for one in found.sentences if one.negative})
    for_it = sorted({one.n for one in found.sentences if not one.negative} - set(against))
    ways = {one.against: one.n for one in found.sentences}
    if ways.get("contrary", 0) != ways.get("as asked", 0) and {"contrary", "as asked"} <= {*ways}:
        return f"**The sources do not agree.** {_numbers(sorted({*against, *for_it}))} go different ways."
    if against and for_it:
        return (
            "**The sources do not agree.** "
            f"{_numbers(for_it)} report an effect or a difference; {_numbers(against)} report none, or "
            "limit it."
        )
    if len({*against, *for_it}) < len(found.speaking):
        # What the others found may be the contrary.
        return "What is quoted was not compared with the other sources that speak to the question."
    if len(against) > 1:
        return (
            f"The sources agree: {_numbers(against)} report no effect or difference, or limit it."
        )
    if len(for_it) > 1:
        # Where it is not known which way each goes, nothing is known of their agreement.
        goes = {one.against for one in found.sentences}
        known = goes in ({"as asked"}, {"contrary"})
        return f"No source that is quoted contradicts another: {_numbers(for_it)}." if known else ""
    return "One source alone speaks to the question; nothing confirms or contradicts it here."


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def design_of(record: Record) -> str:
    """The kind of study a record is of: "randomised trial", "article of unknown design"."""
    if record["type"] == "trial":
        return "registered trial"
    types = record.get("publication_types", [])
    for start, name in _DESIGNS:
        if any(one.startswith(start) for one in types):
            return name
    text = record.get("text", "")
    for name, pattern in _IN_TEXT:
        if re.search(pattern, text, re.IGNORECASE):
            return name
    return "document" if record["type"] == "document" else "article of unknown design"


def _named(design: str, count: int) -> str:
    """What so many of a design are called."""
    if count == 1:
        return design
    noun, of, rest = design.partition(" of ")
    end, plural = next(one for one in _PLURALS if noun.endswith(one[0]))
    return f"{noun.removesuffix(end)}{plural}{of}{rest}"


def _people(record: Record) -> int:
    """How many took part: as its registry says, else as its text does."""
    return record.get("enrollment") or took_part(record.get("text", ""))
