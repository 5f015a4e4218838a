"""Concepts in PubMed's syntax: each required, whatever it is called; what is excluded after NOT.

Source: PubMed Help ("Automatic Term Mapping", "Truncation", "Search field tags"). What the user wrote stands
untagged and unquoted, so that PubMed maps it to MeSH and its synonyms; the heading beside it, where one is known,
makes the search repeatable; truncated words find their other forms.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from ..terms.abbreviations import WORDS, abbreviations
from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.find import find
from ..terms.medicine_classes import class_called
from ..terms.names import branches_of, is_action, key_of, load, unturned
from ..terms.rows import spelt_out
from ..terms.word_forms import TRUNCATED, family, forms, truncated, without_covered
from ..vocabulary import CLASS_MEMBERS, CLASS_SYNONYMS
from ..words import STOPWORDS
from . import compounds
from .amounts import is_amount
from .aspect_terms import of_words
from .concept import Concept
from .gene_states import gene_of, state_names
from .grades import is_grade, written

LONGEST = 1000
"""Characters of a query that a person still reads."""
MOST_SYNONYMS = 8
MOST_FORMS = 4
"""Of one word of a name: ``lung*``, ``pulmonary``, ``pneumon*``."""

_RESERVED = str.maketrans(dict.fromkeys('"[]()*:{}', " "))


Words = Literal["all", "beside", "apart"]
"""What of a phrase's words has to be there: all of them; two side by side; one."""


def render(concepts: Sequence[Concept], longest: int = LONGEST, *, words: Words = "all") -> str:
    """The query for these concepts, at most ``longest`` characters; empty without a required one.

    Where it would be longer, each concept gets fewer other names; no concept is left out but the
    last ones of a question that names dozens.
    """
    wanted = [one for one in concepts if not one["excluded"]]
    while wanted:
        for most in (16, 12, 8, 5, 3, 2, 1):
            query = _render(wanted, [one for one in concepts if one["excluded"]], most, words)
            if len(query) <= longest:
                return query
        wanted = wanted[:-1]
    return ""


def _render(wanted: Sequence[Concept], excluded: Sequence[Concept], most: int, words: Words) -> str:
    groups: list[str] = []
    choices: dict[int, list[str]] = {}
    for one in wanted:
        found = alternatives(one, words=words)[:most]
        if not one["either"]:
            groups.append(any_of(found))
        elif one["either"] in choices:
            choices[one["either"]] += found
        else:
            choices[one["either"]] = found
            groups.append(f"\0{one['either']}")
    required = [
        any_of(choices[int(group[1:])]) if group.startswith("\0") else group for group in groups
    ]
    query = " AND ".join(dict.fromkeys(required))
    if excluded:
        left_out = any_of([name for one in excluded for name in exclusions(one)])
        query = f"{query} NOT {left_out}"
    return query


def alternatives(concept: Concept, *, words: Words = "all") -> list[str]:
    """What a concept may be called, the most telling first.

    Args:
        concept: Of it.
        words: What of a phrase has to be there; where it is one word of it, a topic is told without its word of everyday, too.
    """
    if concept["kind"] in ("phrase", "word"):
        called = [concept["parts"], *([one] for one in concept["synonyms"])]
        return without_covered(
            _distinct(one for parts in called for one in _of_phrase(parts, words))
        )
    text, name, heading = (concept[key] for key in ("text", "name", "heading"))
    if text.lower() in STOPWORDS or (text.isupper() and text.lower() in WORDS):
        text = name  # PubMed leaves "ALL" and "AS" out, and finds "fit" for FIT
    # As a user cut it off: the heading stands beside it.
    found = [text.lower() if TRUNCATED.fullmatch(text) else plain(text)]
    if heading == "Non-Smokers":  # no "smoker*": that is who is not meant
        return ["non smokers", f'"{heading}"[mh]', "nonsmok*", "never smokers", "never smoking"]
    if concept["kind"] == "gene":
        return _distinct([*found, plain(name), *map(plain, concept["synonyms"][:MOST_SYNONYMS])])
    if members := CLASS_MEMBERS.get(name):
        found += _headed(heading or _heading_of_class(name))
        found += [plain(one) for one in (name, *CLASS_SYNONYMS.get(name, ()), *members)]
        return _distinct(found)
    if concept["kind"] == "drug":
        found += [plain(name)] if name.lower() != text.lower() else []
        found += _headed(heading)
        if " " in found[0]:
            found += _all_words(found[0])
        if heading and key_of(unturned(heading)) not in (key_of(text), key_of(name)):
            found += [plain(unturned(heading)), *map(plain, abbreviations(heading)[:1])]
        return _distinct(found)
    found += _headed(heading)
    quoted = compounds.quoted(text)
    whole = (
        [*quoted] if quoted and compounds.is_against(text) else [*quoted, *_all_words(plain(text))]
    )
    if (of := class_called(name, text)) and not of.heading:
        # No heading has them together: they are found by their names.
        names = [plain(one) for one in (*of.members[:MOST_SYNONYMS], *of.called[:MOST_FORMS])]
        return _distinct([*(() if quoted else found), *whole, *names])
    if quoted:
        return _distinct(whole)
    own = plain(text).lower().split()
    if (concept["kind"] == "topic" or not heading) and not branches_of(heading) & _PLACES:
        # Of "working memory" the one word tells; a known disease with a word less is another disease.
        silent = STOPWORDS | EVERYDAY | PEOPLE if words == "apart" else STOPWORDS
        own = [word for word in own if word not in silent] or own
    if len(own) > 1:
        found += _all_words(" ".join(own))
    elif words == "apart" or " " not in plain(text):
        found += forms(own[0])  # of "ACE-i" the first part alone is no name
    if name.lower() != text.lower():
        found += [plain(name), *_all_words(name)]
    found += _uncovered([plain(one) for one in concept["synonyms"]], [text, name])
    return _distinct(found)


def _headed(heading: str) -> list[str]:
    """A heading, and the medicines that act so where it is a class of them."""
    if not heading:
        return []
    action = [f'"{heading}"[pa]'] if is_action(heading) else []
    return [f'"{heading}"[mh]', *action]


def _heading_of_class(name: str) -> str:
    called = (name, *CLASS_SYNONYMS.get(name, ()))
    rows = (row for one in called for row in load().of_key(key_of(one)))
    return next((row.heading for row in rows if row.heading), "")


def _uncovered(synonyms: Sequence[str], names: Iterable[str]) -> list[str]:
    """The synonyms, without those that the words of a name before them find anyway: "lung tumour" beside "lung cancer"."""
    known = [_word_forms(name) for name in names]
    kept = []
    for one in synonyms:
        words = _words_of_a_name(one)
        if words and not any(
            all(any(_finds(form, word) for word in words for form in forms) for forms in name)
            for name in known
        ):
            kept.append(one)
            known.append(_word_forms(one))
    return kept[:MOST_SYNONYMS]


def _finds(form: str, word: str) -> bool:
    return word.startswith(form[:-1]) if form.endswith("*") else word == form


def _word_forms(name: str) -> list[list[str]]:
    return [_forms_in_a_name(word) for word in _words_of_a_name(name)]


def _words_of_a_name(name: str) -> list[str]:
    return [word for word in plain(name).lower().split() if word not in STOPWORDS]


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
_PLACES = frozenset("Z")
"""Of these every word tells: the Middle East is not the East."""


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
        called = _distinct(map(plain, (concept["text"], concept["name"], *members)))
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
        forms = [one for one in _forms_in_a_name(name) if one.endswith("*")]
        stem = next((one for one in forms if name.startswith(one[:-1])), truncated(name))
        terms += [f"non{stem}[ti]", f"pre{stem}[ti]", f'"non {stem}"[ti]']
    is_taken = concept["kind"] == "drug" or "D" in branches_of(concept["heading"])
    return any_of([*terms, *(_compared(concept) if is_taken else ())])


def _compared(medicine: Concept) -> list[str]:
    """How a title says that a medicine is what another is compared with, or what people do not tolerate."""
    name = plain(medicine["text"])
    near = [f'"{word} {name}"[ti:~3]' for word in ("versus", "vs", "compared", "than")]
    return [*near, f'"{name.removesuffix("s")} intoleran*"[ti]']


def _of_phrase(parts: Sequence[str], words: Words) -> list[str]:
    """A phrase by its words: ``(nurs* AND staff*)``."""
    groups = [group for part in parts if (group := _of_words([part]))]
    if len(groups) < 2 or words == "apart":
        return _of_words(parts)
    if words == "all":
        return [f"({' AND '.join(map(any_of, groups))})"]
    if len(groups) == 3:
        # One in the middle, and one of those around it.
        beside = without_covered(_distinct([*groups[0], *groups[2]]))
        return [f"({any_of(groups[1])} AND {any_of(beside)})"]
    return [f"({any_of(one)} AND {any_of(other)})" for one, other in pairwise(groups)]


def _of_words(parts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for part in parts:
        words = plain(part).lower().split()
        if TRUNCATED.fullmatch(part):
            found.append(part.lower())
        elif is_amount(part):
            found.append(f'"{" ".join(words)}"')  # apart, a number says nothing
        elif is_grade(part):
            found += written(part)
        elif quoted := compounds.quoted(part):
            found += [*quoted, *(() if compounds.is_against(part) else _all_words(part))]
        elif aspect := of_words(part):
            own = " ".join(words)
            found += [own, *(one for one in aspect.terms if one != f'"{own}"')]
        elif len(words) == 2 and words[0] == "non":
            found += [" ".join(words), truncated("".join(words))]
        elif len(words) == 1:
            found += [words[0], *_known_as(part), *forms(words[0])]
        else:
            found += [" ".join(words), *_known_as(part), *_all_words(part)]
    return without_covered(_distinct(found))


@functools.lru_cache(maxsize=1000)
def _known_as(part: str) -> tuple[str, ...]:
    """The heading of a name of several words, and of an abbreviation what it stands for."""
    if part.islower() and " " not in part:
        return ()  # the forms of a single word find as much
    name = next((one for one in find(part) if one.text == part and one.kind != "gene"), None)
    if name is None:
        return ()
    longer = name.name if spelt_out(part) else ""
    return (*_headed(name.heading), *((plain(longer), *_all_words(longer)) if longer else ()))


def _all_words(name: str) -> list[str]:
    """All telling words of a name in any order and form: ``((gastr* OR stomach) AND (cancer* OR neoplasm*))``.

    A letter or number by itself tells nothing: it stays with the word beside it, ``("type 1" AND diabet*)``.
    """
    units = _units(_words_of_a_name(name))
    if not 1 < len(units) <= 4:
        return []
    forms_of_units = [[f'"{one}"'] if " " in one else _forms_in_a_name(one) for one in units]
    whole = {one: truncated(one) for one in units if " " not in one}
    # "Rheumatoid arthritis": what is found by the other word is no form of this one.
    kept = [
        [
            form
            for form in forms
            if not any(_finds(form, other) for other in whole if other != one)
            or form == whole.get(one)
        ]
        for one, forms in zip(units, forms_of_units, strict=True)
    ]
    return [f"({' AND '.join(map(any_of, kept))})"] if all(kept) else []


def _units(words: Sequence[str]) -> list[str]:
    """The words, each letter and number together with the word before it, or, at the beginning, after it."""
    units: list[str] = []
    for word in words:
        is_bare = len(word) == 1 or word.isdigit()
        if units and (is_bare or units == [one for one in units if len(one) == 1 or one.isdigit()]):
            units[-1] = f"{units[-1]} {word}"
        else:
            units.append(word)
    return units


def _forms_in_a_name(word: str) -> list[str]:
    return without_covered([truncated(word), *family(word)])[:MOST_FORMS]


def plain(text: str) -> str:
    """Foreign text as search words: nothing of PubMed's syntax is left in it."""
    text = re.sub(r"['’]s\b", "", text)
    words = text.translate(_RESERVED).replace("-", " ").split()
    return " ".join(word.lower() if word in ("AND", "OR", "NOT") else word for word in words)


def any_of(parts: Sequence[str]) -> str:
    """The parts joined by OR, in parentheses where there are several."""
    return "".join(parts) if len(parts) < 2 else f"({' OR '.join(parts)})"


def _distinct(parts: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for part in parts:
        if part:
            seen.setdefault(part.lower(), part)
    return list(seen.values())
