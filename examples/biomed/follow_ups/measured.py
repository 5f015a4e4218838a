"""Whether what a follow-up names is measured, and no thing that is done or taken: after "does exercise lower depression?", "and falls?". Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ..answer.families import asked
from ..terms.find import Found, find
from ..terms.names import trees_of
from ..words import stems, word_set

OUTCOMES: Final = word_set(
    "mortality death survival disability cost safety hospitalisation hospitalization recurrence relapse pain weight function functioning risk incidence "
    "prevalence quality life outcome complication effect side harm tolerability adherence dose dosage dosing duration mechanism prognosis bleeding "
    "symptom benefit efficacy effectiveness prevention diagnosis screening treatment "
    "mood balance gait appetite energy stress mobility memory capacity score level performance strength tolerance density sensitivity specificity accuracy predictive rate response remission"
)
"""What is measured or asked of a thing, and is none itself."""
SIDES: Final = word_set(
    "cost safety side effect harm tolerability adherence dose dosage dosing duration mechanism prognosis prevalence incidence prevention diagnosis "
    "screening treatment"
)
"""Those of them that are asked of the whole: they stand beside what is measured, and not in its place."""
_MEASURED: Final = ("F01.470", "F02", "G", "E01", "N06.850", "N01.224")
"""Where MeSH has what the body and the mind do: blood pressure, sleep, mortality."""
_BEFALLS: Final = ("C23.550.260", "F01.145.126.980")
_TUMOURS: Final = "C04"
_DONE: Final = ("G07.203", "G11.427.410.698", "I03")
"""Food and exercise are there, too."""


def is_measured(text: str) -> bool:
    """Whether a few words name what trials measure: by a word for it, by a family of outcomes, or by their place in MeSH."""
    if stems(text) & OUTCOMES or any(one.words == text for one in asked(text, text)):
        return True
    trees = _trees(find(text))
    return any(one.startswith(_MEASURED) for one in trees) and not any(
        one.startswith(_DONE) for one in trees
    )


def is_befalling(text: str) -> bool:
    """Whether what a few words name is no disease to be treated for but a sign, an injury or a level in blood that may come of what is taken:
    bleeding, hearing loss, hyponatraemia, throat irritation."""
    trees = _trees(find(text))
    if any(one.startswith(_SIGNS) for one in trees) or _LEVEL.search(text) or is_event(text):
        return True
    # What no table has but for the part of the body that it is of, and no treatment either.
    is_known = bool(stems(text) & OUTCOMES) or not all(one.startswith(_BODY) for one in trees)
    return not is_known and _BEFALLING.search(text) is not None


def is_level(text: str) -> bool:
    """Whether what a few words name is a level in blood: hyperglycaemia, a low sodium."""
    return _LEVEL.search(text) is not None


def with_level(query: str) -> str:
    """A question that ends in a level of something, by the name that this is known by: a "low sodium" is a "low blood sodium"."""
    match = _SUBSTANCE.search(query)
    if match is None:
        return query
    how, what = match["how"], match["what"]
    for name in (f"{how} {what}", f"{how} blood {what}", f"{how} {what} level"):
        if any(one.kind == "condition" and one.text == name for one in find(name)):
            return f"{query[: match.start()]}{name}{query[match.end() :]}"
    return query


_SUBSTANCE: Final = re.compile(
    r"\b(?P<how>low|high|raised) (?P<what>(?:blood )?[\w-]+)(?: (?:level|concentration)s?)?(?: in (?:the |their )?(?:blood|serum))?(?=\W*$)",
    re.IGNORECASE,
)


def can_do(text: str) -> bool:
    """Whether what a few words name is what a body does and a treatment as well: walking, running."""
    return any(one.startswith(_MOVES) for one in _trees(find(text)))


def is_operation(text: str) -> bool:
    """Whether it is an operation or an anaesthetic."""
    return any(one.startswith(_CUT) for one in _trees(find(text)))


_MOVES: Final = "G11.427.410.568"
_CUT: Final = ("E03", "E04")


def is_infection(text: str) -> bool:
    """Whether what a few words name is an infection."""
    return any(one.startswith("C01") for one in _trees(find(text)))


def is_sign(text: str) -> bool:
    """Whether what a few words name is felt or seen: pain, itching, diarrhoea."""
    return any(one.startswith(_FELT) for one in _trees(find(text)))


_FELT: Final = "C23.888"
_SIGNS: Final = (_FELT, "C23.550.414", "C26")
_BODY: Final = "A"
_DISEASES: Final = tuple(f"C{n:02}" for n in range(1, 21))
"""Without signs, injuries and poisonings."""
_LEVEL: Final = re.compile(
    r"\bhyp(?:o|er)\w+a?emia\b|^(?:too (?:much|little)|(?:very )?(?:low|high|raised)) (?!dose|intensity|risk)",
    re.IGNORECASE,
)
_BEFALLING: Final = re.compile(
    r"(?:[st]ion|[a-z]ness|[ae]nce|ity|dysfunction|swelling|nightmare|rupture|fracture|fall|loss)s?\W*$"
)
"""How words end for what befalls somebody, "irritation", "resistance", "toxicity"."""


def is_disease(text: str) -> bool:
    """Whether a few words name diseases, also as widely as "infections"."""
    return any(one.kind == "condition" for one in find(text)) or any(
        one.startswith(_DISEASES) for one in _trees(find(text))
    )


def is_part_of_body(text: str) -> bool:
    """Whether a few words are an organ or another part of the body, by its place in MeSH, and nothing else."""
    found = find(text)
    is_whole = len(found) == 1 and found[0].text == text
    return is_whole and bool(trees := _trees(found)) and all(one.startswith(_BODY) for one in trees)


def is_event(text: str) -> bool:
    """Whether what a few words name befalls people, and is no state that they are treated for: death, suicide, harm to oneself."""
    return any(one.startswith(_BEFALLS) for one in _trees(find(text)))


def is_measured_like(text: str, outcome: str) -> bool:
    """Whether both are substances that are measured in blood, and no medicine: LDL after triglycerides."""
    here, there = find(text), find(outcome)
    if any(one.kind == "drug" for one in here):
        return False
    one, other = ({tree.split(".")[0] for tree in _trees(found)} for found in (here, there))
    return any(tree.startswith("D") for tree in one & other)


def branches(text: str) -> set[str]:
    """The branches of MeSH's diseases that what a few words name is in, C14 for hypertension; C23, of signs, makes no kin."""
    return {tree.split(".")[0] for tree in _trees(find(text)) if tree.startswith("C")} - {"C23"}


def is_tumour(text: str) -> bool:
    """Whether what a few words name is a tumour."""
    return any(tree.startswith(_TUMOURS) for tree in _trees(find(text)))


def _trees(found: Sequence[Found]) -> list[str]:
    return [tree for one in found for tree in trees_of(one.heading)]
