"""Whether a source is of what a question wants left out: a trial in diabetes, under a question "without diabetes". Without I/O."""

from __future__ import annotations

from .entities import Entities
from .naming import names_one
from .queries.concept import NAMED
from .queries.negation import reaching, spans
from .records import Record
from .terms.find import find


def is_of_left_out(record: Record, entities: Entities) -> bool:
    """Whether its title, its conditions or interventions name a medicine or a disease that the question wants left out.

    What they deny themselves, "obesity, without diabetes", they do not name.
    """
    unwanted = [one for one in entities.get("concepts", []) if one["excluded"]]
    unwanted = [one for one in unwanted if one["kind"] in NAMED]
    if not unwanted:
        return False
    places = [record["title"], *record.get("conditions", []), *record.get("interventions", [])]
    return any(names_one(without_denied(place), one) for place in places for one in unwanted)


def without_denied(text: str) -> str:
    """A text without what it says is not there: of "obesity without diabetes" the obesity."""
    for start, end in reversed(spans(text, reaching(text, find(text)))):
        text = f"{text[:start]};{text[end:]}"
    return text
