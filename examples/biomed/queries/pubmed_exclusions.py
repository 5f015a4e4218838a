"""What PubMed leaves out, after NOT: no article that denies what is unwanted, or has it beside what is wanted."""

from __future__ import annotations

from ..terms.names import branches_of
from ..terms.word_forms import truncated
from ..vocabulary import CLASS_MEMBERS
from .concept import Concept
from .gene_states import gene_of, state_names
from .pubmed_words import any_of, distinct, forms_in_a_name, plain

_PEOPLE_ALONE = {
    "Child": '("Child"[mh] NOT "Adult"[mh])',
    "Child, Preschool": '("Child, Preschool"[mh] NOT "Adult"[mh])',
    "Infant": '("Infant"[mh] NOT "Adult"[mh])',
    "Infant, Newborn": '("Infant, Newborn"[mh] NOT "Adult"[mh])',
    "Adolescent": '("Adolescent"[mh] NOT "Adult"[mh])',
    "Adult": '("Adult"[mh] NOT ("Child"[mh] OR "Infant"[mh] OR "Adolescent"[mh]))',
    "Aged": '("Aged"[mh] NOT "Middle Aged"[mh])',
    "Women": '("Female"[mh] NOT "Male"[mh])',
    "Men": '("Male"[mh] NOT "Female"[mh])',
    "Pregnant Women": '"Pregnancy"[mh]',
    "Pregnant People": '"Pregnancy"[mh]',
    "Smokers": '("Smokers"[mh] NOT "Non-Smokers"[mh])',
}
"""An article on these people alone: one on others as well is still wanted."""
_OF_PEOPLE = {
    "men": "Men", "male": "Men", "males": "Men", "women": "Women", "females": "Women", "adults": "Adult", "adult": "Adult", "child": "Child",
    "children": "Child", "elderly": "Aged", "pregnant": "Pregnant Women",
}  # fmt: skip
_SUBJECTS = frozenset("CD")


def exclusions(concept: Concept) -> list[str]:
    """What an article about an unwanted thing has: the heading of a disease or a medicine. Of all else who does *without* it
    is indexed with it too: then a title counts that has the word. A title that denies it, or has both, excludes nothing."""
    heading, text = concept["heading"], plain(concept["name"] or concept["text"])
    people = _PEOPLE_ALONE.get(heading) or _PEOPLE_ALONE.get(_OF_PEOPLE.get(text.lower(), ""))
    if people:
        return [people]
    if heading and (concept["kind"] in ("drug", "condition") or branches_of(heading) & _SUBJECTS):
        return [f'("{heading}"[mh] NOT {_denied(text, concept)})']
    if members := CLASS_MEMBERS.get(concept["name"]):
        called = distinct(map(plain, (concept["text"], concept["name"], *members)))
        titles = any_of([f'"{one}"[ti]' for one in called])
        return [f"({titles} NOT {any_of(_compared(concept))})"]
    if gene := gene_of(text):
        titles = any_of([f'"{one}"[ti]' for one in state_names(text)])
        free = [f'"{word} {gene}"[ti:~3]' for word in (*_DENYING, "negative", "wild")]
        return [f"({titles} NOT {any_of(free)})"]
    if len(text.split()) > 4:
        return [f'"{text}"[ti]']
    return [f'("{text}"[ti] NOT {_denied(text, concept)})']


_DENYING = ("without", "no", "not", "non", "free")


def _denied(name: str, concept: Concept) -> str:
    """How a title says that people have or take none of it, or has those who do beside those who do not: "with or without diabetes"."""
    last = {"drug": ("naive",), "condition": ("negative",)}.get(concept["kind"], ())
    terms = [f'"{word} {name}"[ti:~2]' for word in (*_DENYING, *last)]
    if name.isalpha() and name.islower():
        forms = [one for one in forms_in_a_name(name) if one.endswith("*")]
        stem = next((one for one in forms if name.startswith(one[:-1])), truncated(name))
        terms += [f"non{stem}[ti]", f"pre{stem}[ti]", f'"non {stem}"[ti]']
    if concept["kind"] == "condition" and concept["heading"]:
        # Who is kept from a disease does not have it.
        terms.append(f'"{concept["heading"]}/prevention and control"[mh]')
    is_taken = concept["kind"] == "drug" or "D" in branches_of(concept["heading"])
    return any_of([*terms, *(_compared(concept) if is_taken else ())])


def _compared(medicine: Concept) -> list[str]:
    """How a title says that a medicine is what another is compared with, or what people do not tolerate."""
    name = plain(medicine["text"])
    near = [f'"{word} {name}"[ti:~3]' for word in ("versus", "vs", "compared", "than")]
    return [*near, f'"{name.removesuffix("s")} intoleran*"[ti]']
