"""Concepts in PubMed's syntax: each required, whatever it is called; what is excluded after NOT.

Source: PubMed Help ("Automatic Term Mapping", "Truncation", "Search field tags"). What the user wrote stands
untagged and unquoted, so that PubMed maps it to MeSH and its synonyms; the heading beside it, where one is known,
makes the search repeatable; truncated words find their other forms.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from ..terms.abbreviations import WORDS, abbreviations
from ..terms.english import is_english
from ..terms.everyday import EVERYDAY, PEOPLE
from ..terms.find import find
from ..terms.medicine_classes import class_called
from ..terms.names import branches_of, is_action, key_of, load, unturned
from ..terms.rows import spelt_out
from ..terms.word_forms import TRUNCATED, forms, truncated, without_covered
from ..vocabulary import CLASS_MEMBERS, CLASS_SYNONYMS
from ..words import STOPWORDS
from . import compounds
from .amounts import is_amount
from .aspect_terms import of_words
from .concept import Concept
from .grades import is_grade, written
from .notations import has_greek, written_out
from .pubmed_exclusions import exclusions
from .pubmed_words import (
    MOST_FORMS,
    all_words,
    any_of,
    distinct,
    finds,
    forms_in_a_name,
    plain,
    words_of_a_name,
)

LONGEST = 1000
"""Characters of a query that a person still reads."""
MOST_SYNONYMS = 8

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
            distinct(one for parts in called for one in _of_phrase(parts, words))
        )
    text, name, heading = (concept[key] for key in ("text", "name", "heading"))
    if text.lower() in STOPWORDS or (text.isupper() and text.lower() in WORDS):
        text = name  # PubMed leaves "ALL" and "AS" out, and finds "fit" for FIT
    # As a user cut it off: the heading stands beside it.
    found = [text.lower() if TRUNCATED.fullmatch(text) else plain(text)]
    if heading == "Non-Smokers":  # no "smoker*": that is who is not meant
        return ["non smokers", f'"{heading}"[mh]', "nonsmok*", "never smokers", "never smoking"]
    if concept["kind"] == "gene":
        return distinct([*found, plain(name), *map(plain, concept["synonyms"][:MOST_SYNONYMS])])
    if members := CLASS_MEMBERS.get(name):
        found += _headed(heading or _heading_of_class(name))
        found += [plain(one) for one in (name, *CLASS_SYNONYMS.get(name, ()), *members)]
        return distinct(found)
    if concept["kind"] == "drug":
        found += [plain(name)] if name.lower() != text.lower() else []
        found += _headed(heading)
        if " " in found[0]:
            found += all_words(found[0])
        if heading and key_of(unturned(heading)) not in (key_of(text), key_of(name)):
            found += [plain(unturned(heading)), *map(plain, abbreviations(heading)[:1])]
        return distinct(found)
    found += _headed(heading)
    if code := compounds.code(text):
        return code
    quoted = compounds.quoted(text)
    whole = (
        [*quoted] if quoted and compounds.is_against(text) else [*quoted, *all_words(plain(text))]
    )
    if (of := class_called(name, text)) and not of.heading:
        # No heading has them together: they are found by their names.
        names = [plain(one) for one in (*of.members[:MOST_SYNONYMS], *of.called[:MOST_FORMS])]
        return distinct([*(() if quoted else found), *whole, *names])
    if quoted:
        return distinct(whole)
    own = plain(text).lower().split()
    if (concept["kind"] == "topic" or not heading) and not branches_of(heading) & _PLACES:
        # Of "working memory" the one word tells; a known disease with a word less is another disease.
        silent = STOPWORDS | EVERYDAY | PEOPLE if words == "apart" else STOPWORDS
        own = [word for word in own if word not in silent] or own
    if len(own) > 1:
        found += all_words(" ".join(own))
    elif words == "apart" or " " not in plain(text):
        found += forms(own[0])  # of "ACE-i" the first part alone is no name
    if name.lower() != text.lower():
        found += [plain(name), *all_words(name)]
    found += _uncovered([plain(one) for one in concept["synonyms"]], [text, name])
    return distinct(found)


_PLACES = frozenset("Z")
"""Of these every word tells: the Middle East is not the East."""


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
        words = words_of_a_name(one)
        if words and not any(
            all(any(finds(form, word) for word in words for form in forms) for forms in name)
            for name in known
        ):
            kept.append(one)
            known.append(_word_forms(one))
    return kept[:MOST_SYNONYMS]


def _word_forms(name: str) -> list[list[str]]:
    return [forms_in_a_name(word) for word in words_of_a_name(name)]


def _of_phrase(parts: Sequence[str], words: Words) -> list[str]:
    """A phrase by its words: ``(nurs* AND staff*)``."""
    groups = [group for part in parts if (group := _of_words([part]))]
    if len(groups) < 2 or words == "apart":
        return _of_words(parts)
    if words == "all":
        return [f"({' AND '.join(map(any_of, groups))})"]
    if len(groups) == 3:
        # One in the middle, and one of those around it.
        beside = without_covered(distinct([*groups[0], *groups[2]]))
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
        elif code := compounds.code(part):
            found += code
        elif quoted := compounds.quoted(part):
            found += [*quoted, *(() if compounds.is_against(part) else all_words(part))]
        elif _is_called_so(part):
            found.append(f"{part}[tiab]")
        elif aspect := of_words(part):
            own = " ".join(words)
            found += [own, *(one for one in aspect.terms if one != f'"{own}"')]
        elif len(words) == 2 and words[0] == "non":
            found += [" ".join(words), truncated("".join(words))]
        elif len(words) == 1 and has_greek(words[0]):
            found += [words[0], *_without_greek(words[0])]
        elif len(words) == 1:
            found += [words[0], *_known_as(part), *forms(words[0])]
        else:
            found += [" ".join(words), *_known_as(part), *all_words(part)]
    return without_covered(distinct(found))


def _without_greek(word: str) -> list[str]:
    """``ε4`` as it may be written without its letter: "epsilon4", "epsilon 4"; and "e4"."""
    said = [one if " " not in one else f'"{one}"' for one in map(plain, written_out(word))]
    return [*said, word.replace("ε", "e")] if "ε" in word else said


_SHORTEST_CALLED = 4
"""Letters of a word in capitals that is what a study is called: of three it may be any abbreviation."""


def _is_called_so(part: str) -> bool:
    """Whether a word of English is in capitals that a question does not have throughout: what a study is called, SPRINT, and nobody runs."""
    return (
        len(part) >= _SHORTEST_CALLED
        and part.isupper()
        and part.isalpha()
        and is_english(part.lower())
        and not spelt_out(part)
    )


@functools.lru_cache(maxsize=1000)
def _known_as(part: str) -> tuple[str, ...]:
    """The heading of a name of several words, and of an abbreviation what it stands for."""
    if part.islower() and " " not in part:
        return ()  # the forms of a single word find as much
    name = next((one for one in find(part) if one.text == part and one.kind != "gene"), None)
    if name is None:
        return ()
    longer = name.name if spelt_out(part) else ""
    return (*_headed(name.heading), *((plain(longer), *all_words(longer)) if longer else ()))
