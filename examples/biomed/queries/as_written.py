"""A search that its writer has put in PubMed's own syntax, ``"frozen shoulder"[mesh] AND hydrodilat*[tiab]``: made as it is. Without I/O.

Source: PubMed Help ("Search field tags", "Combining search terms with Boolean operators").
"""

from __future__ import annotations

import re

_TAG = re.compile(
    r"(?<=[\w*\"”)])\s?\[\s*(?:mesh(?:[: ](?:terms?|noexp|major topic))?|mh(?::noexp)?|majr(?::noexp)?|mesh major topic|sh|subheading|tiab(?::~\d+)?|ti(?::~\d+)?|ab|tw|ot"
    r"|all(?: fields)?|title(?:/abstract)?(?::~\d+)?|abstract|text words?|pt|publication type|nm|supplementary concept|pa|au|1au|author|ad|affiliation|ta|journal|dp|pdat|edat|date - publication"
    r"|la|lang|language|sb|si|filter)\s*\]",
    re.IGNORECASE,
)
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"'})


def as_written(text: str) -> str:
    """The search, on one line; empty for a question, and for a search that PubMed could not read: parentheses or quotes that do not close."""
    search = " ".join(text.translate(_MARKS).split())
    if not _TAG.search(search) or search.endswith("?") or search.count('"') % 2:
        return ""
    depth = 0
    for one in re.sub(r'"[^"]*"', "", search):
        depth += (one == "(") - (one == ")")
        if depth < 0:
            return ""
    return "" if depth else search
