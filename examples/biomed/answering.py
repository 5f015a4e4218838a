"""The answer first: sentences of the best sources that answer the question, each with its number.

Without a model and without I/O. A sentence is taken as its source wrote it, so what is said is what the source says
(:mod:`findings` chooses them). Where no source speaks to the question there is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from .citations import cited_numbers
from .directions import Against, Direction, asked_direction, has_one_name, told_against
from .entities import Entities
from .findings import finding, telling_sentences, tells_of_change
from .naming import names_what_is_asked
from .outcomes import (
    asked_of,
    dwells,
    names_exposure,
    names_outcome,
    relates,
    tells_how_long,
    together,
)
from .records import Record
from .sentences import sentences
from .speaking import (
    GENERAL,
    Cited,
    concepts,
    coverage,
    in_one_place,
    is_named,
    roots,
    said,
    speaks,
)

NEAR = 0.25
"""How much less than the best source another one may name."""
WHOLE = 0.6
"""How much of the question a source names that is about all of it, though its sentences word it otherwise."""
ABOUT = 0.4
"""How much of the question one place of a source has to name, its title or a sentence: parts that are named here and there are about something else."""
ALL = 0.85
"""From here on a source is about a question of any length."""
LONG = 4
"""Telling words of a question that a text may word otherwise; of a shorter one it has to name what is asked about itself."""
MAX_SENTENCES = 5
BESIDE = 0.65
"""How much of the question a sentence has to name itself that is quoted from a further source."""

_NEGATIVE = re.compile(
    r"\b(no (significant |statistically |clinically )?(difference|effect|association|benefit|evidence|"
    r"relationship|correlation|improvement|increase|advantage)|(did|do|does|was|were|is|are|could|can) not|"
    r"not (significantly )?(associated|different|superior|affect|improve|reduce|effective|predict)|"
    r"ineffective|failed to|unlikely|without (a )?(significant|benefit)|neither)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(\d{1,3}(?:[, ]\d{3})+|\d{2,7})\s+(?:\w+\s+){0,3}?(?:patients|participants|adults|children|women|men|subjects)\b",
    re.IGNORECASE,
)
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


class Sentence(msgspec.Struct, frozen=True):
    """One sentence of the answer."""

    text: str
    n: int
    negative: bool
    """Whether it says that there is no effect or no difference."""
    against: Against = ""
    """Which way it says that something goes, held against the way that was asked about."""


class Found(msgspec.Struct):
    """What the sources say to the question."""

    sentences: list[Sentence]
    speaking: list[int]
    """The numbers of the sources that speak to it, best first."""
    outcome: str = ""
    """What is asked about, as the question has it."""
    direction: Direction = ""
    """Which way the question asks whether that goes."""


def find(entities: Entities, cited: Cited) -> Found:
    """The sentences that answer, from the sources that speak to the question, best source first."""
    wanted = concepts(entities)
    asked = entities.get("question", "")
    asked_about = asked_of(asked, entities.get("concepts", []))
    is_plain = bool(asked_about.ways or asked_about.exposures)
    is_long = not is_plain or (
        sum(weight >= 1 for weight, _ in wanted) >= LONG and not asked_about.of_people
    )

    def is_about_it(record: Record) -> bool:
        if record["type"] == "trial":
            return relates(record, asked_about)
        here = in_one_place(record, wanted)
        if here < ABOUT or not relates(record, asked_about):
            return False
        return (
            (is_long and here >= WHOLE)
            or together(record, asked_about)
            or (coverage(record, wanted) >= ALL and dwells(record, asked_about))
        )

    speaking = [
        (round(coverage(record, wanted), 2), -place, citation["n"], record)
        for place, (citation, record) in enumerate(cited)
        if is_named(record, entities)
        or (
            names_what_is_asked(said(record), entities)
            and is_about_it(record)
            and speaks(record, wanted, is_medical=entities.get("is_medical", True))
        )
    ]
    speaking.sort(key=lambda one: one[:2], reverse=True)
    # Beside a source that names all of it, one that names half of it speaks to something else.
    speaking = [one for one in speaking if one[0] >= speaking[0][0] - NEAR]
    chosen: list[Sentence] = []
    for place, (share, _, n, record) in enumerate(speaking):
        room = MAX_SENTENCES - len(chosen)
        if room <= 0:
            break
        told = telling_sentences(record, wanted, asked)
        # What changed, or that it did not: to name it is no answer yet.
        found = tells_of_change if asked_about.ways else finding
        naming = [one for one in told if names_outcome(one, asked_about) and found(one)]
        # Best is what names what is asked to change it, too.
        both = [one for one in naming if names_exposure(one, asked_about)]
        naming = both or (naming if dwells(record, asked_about, on_a_part=True) else [])
        is_called_otherwise = not has_one_name(asked_about.outcome)
        if not naming and is_called_otherwise and in_one_place(record, wanted) >= ALL:
            # It is on nothing else, and names the outcome in its own way: "parity was related to a decreased ISI".
            naming = [
                one
                for one in told
                if tells_of_change(one)
                and names_exposure(one, asked_about)
                and tells_how_long(one, asked_about)
            ]
        if naming or not (is_long and (share >= WHOLE or in_one_place(record, wanted) >= WHOLE)):
            told = naming
        elif is_plain:
            told = [one for one in told if found(one)]
        if place:
            told = [one for one in told if coverage({"title": one, "id": ""}, wanted) >= BESIDE]
        chosen += [
            Sentence(
                text, n, _NEGATIVE.search(text) is not None, told_against(text, asked, asked_about)
            )
            for text in told[: min(room, 2 if place == 0 else 1)]
        ]
    return Found(
        chosen,
        [one[2] for one in speaking],
        asked_about.outcome,
        asked_direction(asked, asked_about),
    )


def supports(sentence: str, record: Record) -> bool:
    """The rule for a supported sentence: all its numbers and three quarters of its telling words are
    in the cited record's title, text, outcome or named facts.
    """
    source = f"{record['title']} {record.get('text', '')} {record.get('outcome', '')}"
    source += " " + " ".join(
        [*record.get("conditions", []), *record.get("interventions", []), record.get("sponsor", "")]
    )
    numbers = set(re.findall(r"\d+(?:[.,]\d+)*", re.sub(r"\[\d+\]", "", sentence)))
    known = set(re.findall(r"\d+(?:[.,]\d+)*", source))
    known |= {str(record.get("enrollment") or ""), str(record["year"] or ""), record["id"]}
    words = {one for one in roots(re.sub(r"\[\d+\]", "", sentence)) if not one[0].isdigit()}
    words -= GENERAL
    if not numbers <= known:
        return False
    return not words or len(words & roots(source)) >= 0.75 * len(words)


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
        name = _design(record)
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
    if len(against) > 1:
        return (
            f"The sources agree: {_numbers(against)} report no effect or difference, or limit it."
        )
    if len(for_it) > 1:
        return f"No source that is quoted contradicts another: {_numbers(for_it)}."
    return "One source alone is quoted; nothing confirms or contradicts it here."


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{n}]" for n in numbers)


def _design(record: Record) -> str:
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
    given = record.get("enrollment")
    said = [int(re.sub(r"\D", "", one)) for one in _PEOPLE.findall(record.get("text", ""))]
    return max([given or 0, *said])


def unsupported(text: str, cited: Cited) -> list[str]:
    """The sentences of a text that none of the records they cite supports."""
    by_number: dict[int, Any] = {citation["n"]: record for citation, record in cited}
    return [
        one
        for one in sentences(text)
        if (numbers := cited_numbers(one))
        and not any(supports(one, by_number[n]) for n in numbers if n in by_number)
    ]
