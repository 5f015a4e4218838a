"""What is said with every call of a foreign tool: the source, the order, that abstracts are wanted. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .schema import choices_of, letters_of, types_of

_LETTERS_OF_SOURCE = {
    "pubmed": ("pubmed", "medline"),
    "trials": ("clinicaltrials", "clinicaltrialsgov", "ctgov", "nct"),
}
_CHOICES = {
    "sort": ("relevance", "bestmatch", "relevancy", "score"),
    "sortby": ("relevance", "bestmatch", "relevancy", "score"),
    "order": ("desc", "descending"),
    "sortorder": ("desc", "descending"),
    "format": ("json", "markdown", "md", "text"),
    "outputformat": ("json", "markdown", "md", "text"),
    "responseformat": ("json", "markdown", "md", "text"),
    "retmode": ("json", "xml"),
    "rettype": ("abstract", "full"),
    "detail": ("full", "detailed", "abstract"),
    "detaillevel": ("full", "detailed", "abstract"),
}
"""By a parameter's letters, the choices of it that serve a search, best first."""


def constant_of(capability: str, name: str, form: Mapping[str, Any]) -> Any:
    """The value of a parameter that is the same for every search: the only one it may have, that which names the source, the one that serves best;
    None where nothing tells it."""
    if "const" in form:
        return form["const"]
    choices = {letters_of(str(one)): one for one in choices_of(form)}
    if len(choices) == 1:
        return next(iter(choices.values()))
    wanted = (
        *_LETTERS_OF_SOURCE.get(capability.split("_")[0], ()),
        *_CHOICES.get(letters_of(name), ()),
    )
    return next((choices[one] for one in wanted if one in choices), None)


_WITH_ABSTRACTS = re.compile(
    r"(?:include|with|return|show|fetch|get)(?:the)?(?:full)?abstracts?|abstracts?(?:included)?"
)


def constants_of(capability: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """What is said with every call: of what is required, and that abstracts are wanted where a tool asks whether they are."""
    found = {}
    required = schema.get("required") or []
    for name, form in (schema.get("properties") or {}).items():
        if not isinstance(form, dict):
            continue
        if capability.startswith("pubmed") and "boolean" in types_of(form):
            if _WITH_ABSTRACTS.fullmatch(letters_of(name)):
                found[name] = True
        elif name in required and "default" not in form:
            value = constant_of(capability, name, form)
            if value is not None:
                found[name] = value
    return found
