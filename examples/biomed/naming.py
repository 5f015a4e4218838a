"""Whether a source names what a question names: a medicine, and a disease or a gene, by any of their names. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .entities import Entities
from .queries.concept import NAMED, Concept
from .queries.word_forms import family, forms, spellings, truncated
from .terms.abbreviations import abbreviations
from .terms.names import unturned
from .vocabulary import CLASS_MEMBERS
from .words import STOPWORDS, words_of


def names_what_is_asked(text: str, entities: Entities) -> bool:
    """Whether a text names one of the question's medicines, if it has any, and one of its diseases or genes, if it has any.

    A text on a medicine for another disease, or on the disease alone, does not speak to a question about both.
    """
    wanted = [
        one for one in entities.get("concepts", []) if one["kind"] in NAMED and not one["excluded"]
    ]
    taken = [one for one in wanted if one["kind"] == "drug"]
    had = [one for one in wanted if one["kind"] != "drug"]
    words = frozenset(words_of(text)) | frozenset(words_of(text.replace("-", " ")))
    return all(not some or _is_any_named(text, words, some) for some in (taken, had))


def _is_any_named(text: str, words: frozenset[str], wanted: Sequence[Concept]) -> bool:
    return any(
        any(_has_all(words, name) for name in _names(one))
        or any(
            re.search(rf"\b{re.escape(short)}s?\b", text) for short in abbreviations(one["heading"])
        )
        for one in wanted
    )


def _names(one: Concept) -> Iterable[str]:
    own = (one["text"], one["name"], unturned(one["heading"]))
    return filter(None, (*own, *one["synonyms"], *CLASS_MEMBERS.get(one["name"], ())))


def _has_all(words: frozenset[str], name: str) -> bool:
    """Whether each word of a name is there in some form; of a name of one word also by another word of its family."""
    parts = [one for one in words_of(name.replace("-", " ")) if one not in STOPWORDS]
    if len(parts) == 1:
        return any(_is_there(words, form) for form in forms(parts[0]))
    return bool(parts) and all(
        any(
            _is_there(words, form)
            for form in (truncated(part), *map(truncated, spellings(part)), *family(part))
        )
        for part in parts
    )


def _is_there(words: frozenset[str], form: str) -> bool:
    if form.endswith("*"):
        return any(one.startswith(form[:-1]) for one in words)
    return form in words
