"""Whether a source is of what a question wants left out: a trial in diabetes, under a question "without diabetes". Without I/O."""

from __future__ import annotations

import re
from typing import Final

from .answer.naming import names_one
from .entities import Entities
from .queries.concept import NAMED, Concept
from .queries.negation import reaching, spans
from .records import Record
from .terms.find import find
from .terms.names import branches_of
from .words import content_words

_OF_BOTH: Final = (
    (re.compile(r"\bwith\s*(?:and|or|and/or|versus|vs\.?|/|,)\s*without\b", re.IGNORECASE), "without"),
    (re.compile(r"\bwith (?P<what>[\w -]{3,60}?),? (?:and|or|versus|vs\.?) (?:(?:in )?(?:those|people|patients|adults) )?without(?=\W*(?:$|[,.;:)]))", re.IGNORECASE), r"without \g<what>"),
    (re.compile(r"\b(?:regardless|irrespective(?:ly)?|independent(?:ly)?) of (?:the |their )?(?:presence of |history of )?", re.IGNORECASE), "without "),
    (re.compile(r"\b(?P<what>\w{4,})(?: \w+)? ?(?:and|or|versus|vs\.?|/) ?non[- ]?(?P=what)\b", re.IGNORECASE), r"non-\g<what>"),
)  # fmt: skip
"""How a study tells that it is of both, "with and without diabetes", and what it says of those that the question is about."""


def is_of_left_out(record: Record, entities: Entities) -> bool:
    """Whether its title, its conditions or interventions name a medicine or a disease that the question wants left out.

    What they deny themselves, "obesity, without diabetes", they do not name; nor what they have with and without.
    """
    unwanted = [one for one in entities.get("concepts", []) if one["excluded"]]
    return any(_is_of(record, one) for one in unwanted if one["kind"] in NAMED or _is_taken(one))


def is_outside(record: Record, entities: Entities) -> bool:
    """Whether a record is of what a session leaves out: it does not name what alone is asked for, "only ultrasound", has in its title what is not, or is a
    text of another time than the question's."""
    head = " ".join([record["title"], *record.get("interventions", [])])
    whole = f"{head} {record.get('text', '')}"
    if not all(names_one(whole, one) for one in entities.get("only", [])) or any(
        names_one(head, one) for one in entities.get("except_for", [])
    ):
        return True
    year = record.get("year")
    if record["type"] == "trial" or not year:
        return False
    first, last = entities.get("date_from"), entities.get("date_to")
    return bool(first and year < int(first[:4])) or bool(last and year > int(last[:4]))


def _is_taken(one: Concept) -> bool:
    return one["kind"] == "drug" or "D" in branches_of(one["heading"])


def _is_of(record: Record, one: Concept) -> bool:
    """Whether a record is of a thing. Of a medicine that its title compares another with it is of the other, too."""
    if _is_taken(one) and _is_of_another(without_denied(record["title"]), one):
        return False
    title = without_what_may_come(_FREE_OF_IT.sub(" ", record["title"]))
    places = [title, *record.get("conditions", []), *record.get("interventions", [])]
    named = [without_denied(_of_those(place)) for place in places]
    return any(names_one(place, one) or _has_in_it(place, one) for place in named)


_FREE_OF_IT: Final = re.compile(r"\b(?P<what>[\w-]{3,}?)[ -]free(?= \w)", re.IGNORECASE)
"""Of "steroid-free remission" there are no steroids."""
_OF_WHAT_MAY_COME: Final = re.compile(
    r"(?<!secondary )\b(?:prevention of|preventing|to prevent|prophylaxis (?:of|against|for)|(?:incidence|risk|onset|development|occurrence) of|incident|new-onset)"
    r" (?!(?:recurren|second|further|repeat|another)\w*)(?:(?!(?:in|among|with|after|following|for|by|and|of)\b)[\w-]+ ?){1,4}",
    re.IGNORECASE,
)
"""What is prevented nobody has yet: "hydrocortisone for the prevention of septic shock" is of people without it."""
_DISEASE_OF: Final = re.compile(r"(?P<organ>[\w-]{4,}) (?:diseases?|disorders?)$", re.IGNORECASE)


def _has_in_it(place: str, one: Concept) -> bool:
    """Whether a place is of people with something of the organ whose disease is left out: "patients with mechanical heart valves" have a valve disease."""
    match = _DISEASE_OF.search(one["text"])
    organ = re.escape(match["organ"]) if match else ""
    who = r"\b(?:patients|people|adults|children|women|men|those) with (?:[\w-]+ ){0,3}"
    return bool(organ) and re.search(rf"{who}{organ}s?\b", place, re.IGNORECASE) is not None


_VERSUS: Final = re.compile(
    r",?\s*\b(?:versus|vs\.?|(?:as |when )?compared (?:with|to|against)|in comparison (?:with|to)|(?:better|worse|safer|more \w+|less \w+) than|"
    r"(?:non-?)?(?:inferior|superior)\w* to|instead of|rather than|(?:as )?alternatives? to)\s+",
    re.IGNORECASE,
)
_COMPARISON: Final = re.compile(
    r"\bcompari(?:son|ng)\s+(?:(?:of|between)\s+)?(?P<first>[^,:;]+?)\s+(?:and|with|to)\s+(?P<second>[^,:;]+)",
    re.IGNORECASE,
)
_NOTHING: Final = re.compile(
    r"^\W*(?:(?:the|an?|matching|matched) )*(?:placebos?|sham|dummy|no|non|usual|standard|routine|controls?|observation|nothing|baseline|healthy)\b",
    re.IGNORECASE,
)
_INTOLERANT: Final = re.compile(
    r"[\w-]+(?: [\w-]+)?[ -]+intoleran\w+|\b(?:intoleran(?:t|ce)|contraindicat\w+|unable|cannot)\s+(?:of|to|for|tolerate|take)\s+(?:take |tolerate )?[\w-]+",
    re.IGNORECASE,
)


def _is_of_another(title: str, medicine: Concept) -> bool:
    """Whether a title names a medicine only as what another thing is compared with, or as what people do not tolerate."""
    if not names_one(title, medicine):
        return False
    if not names_one(_INTOLERANT.sub(" ", title), medicine):
        return True
    pair = _COMPARISON.search(title)
    first, *others = [pair["first"], pair["second"]] if pair else _VERSUS.split(title)
    is_studied = names_one(first, medicine) or _NOTHING.match(first) or not content_words(first)
    return bool(others) and not is_studied


def without_what_may_come(title: str) -> str:
    """A title without what is prevented in those who are in it, or may come of it."""
    return _OF_WHAT_MAY_COME.sub(" ", title)


def is_of_both(place: str, one: Concept) -> bool:
    """Whether a place is of people with and without one thing."""
    those = _of_those(place)
    return those != place and names_one(place, one) and not names_one(without_denied(those), one)


def _of_those(place: str) -> str:
    """A place that is of people with and without something, as if of the latter."""
    for rule, instead in _OF_BOTH:
        place = rule.sub(instead, place)
    return place


def without_denied(text: str) -> str:
    """A text without what it says is not there: of "obesity without diabetes" the obesity."""
    for start, end in reversed(spans(text, reaching(text, find(text)))):
        text = f"{text[:start]};{text[end:]}"
    return text
