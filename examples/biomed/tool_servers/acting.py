"""Whether a foreign tool acts: changes, sends or deletes something, where a search may only read. Without I/O.

Told by its annotations (MCP, "Tool annotations": ``readOnlyHint``, ``destructiveHint``), its name and the verb that its description begins with.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ..words import word_set

_ACTS: Final = word_set(
    "add annotate append apply approve archive assign book buy call cancel clear close comment commit configure create deactivate delete deploy disable draft drop edit email enable "
    "enrol enroll erase execute forward import insert install invite kill launch log mail merge message modify move notify order overwrite patch pay post publish purchase purge push "
    "put register reject remove rename replace reply report reserve reset restart revoke run save schedule send set share sign start stop store submit subscribe sync text trigger "
    "unsubscribe update upload upsert vote withdraw write"
)
_NOUNS: Final = word_set(
    "call log message order post report share text run set store email mail comment register start"
)
"""Verbs that are nouns too: "report_getter", "text_search"; where another verb stands first they act not."""
_READS: Final = word_set(
    "search find query list lookup discover get fetch retrieve read show view count check describe summarize summarise detail details summary esearch efetch esummary getter searcher fetcher finder lister reader viewer"
)


def acts(tool: Any) -> bool:
    """Whether a tool does more than read, as far as it says."""
    hints = getattr(tool, "annotations", None)
    if getattr(hints, "readOnlyHint", None) is True:
        return False
    if getattr(hints, "destructiveHint", None) is True:
        return True
    name = _words(tool.name)
    said = _words((tool.description or "").strip()[:80])[:1]
    return _begins_to_act(name) or any(one in _ACTS - _NOUNS for one in said)


def _begins_to_act(name: list[str]) -> bool:
    """Whether the verb of a name acts: the first one, "send_email_search", and not "search_reports"."""
    verb = next((one for one in name if one in _ACTS or one in _READS), "")
    if verb in _NOUNS and name and name[0] != verb:
        return False
    return verb in _ACTS and not (verb in _NOUNS and any(one in _READS for one in name))


def _words(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    words = [one.lower() for one in re.findall(r"[A-Za-z]+", spaced)]
    return [_base(one) for one in words]


def _base(word: str) -> str:
    """A verb without the ending of the third person: "Deletes an article"."""
    if word in _ACTS or word in _READS:
        return word
    for ending, instead in (
        ("ies", "y"),
        ("es", "e"),
        ("es", ""),
        ("s", ""),
        ("ing", "e"),
        ("ing", ""),
        ("er", "e"),
        ("er", ""),
    ):
        base = word.removesuffix(ending) + instead
        if word.endswith(ending) and (base in _ACTS or base in _READS):
            return base
    return word
