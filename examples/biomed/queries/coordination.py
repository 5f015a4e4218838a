"""Names that share a word: "type 1 and type 2 diabetes", "breast or ovarian cancer", "hepatitis B and C". Without I/O."""

from __future__ import annotations

import re

from ..terms.find import find
from ..terms.names import key_of, load

_BEFORE = re.compile(
    r"(?<![\w-])((?:[\w'’-]+ )?[\w'’-]+)\s*(?:,?\s+(?:and|or|and/or|vs\.?|versus|compared (?:to|with)|than|to|from|(?:but |and )?not|rather than)\s+|/)(?:in |with |for )?$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(\s*(?:,?\s+(?:and|or|and/or|vs\.?|versus)\s+|/))([A-E]|\d{1,2}|I{1,3}V?)\b(?![-'’])"
)
_TYPES = re.compile(r"\btypes? (1|i) (and|or|vs\.?|versus|&|/)\s*(2|ii) diabetes\b", re.IGNORECASE)

_DESCRIBED = re.compile(
    r"(?<![\w-])(\w+[- ]\w+)(\s+(?:and|or|vs\.?|versus|compared (?:to|with)|than)\s+\w+[- ]\w+ )(\w+)(?![\w-])",
    re.IGNORECASE,
)


def _with_noun(match: re.Match[str]) -> str:
    """ "Drug-eluting vs bare-metal stents": the noun stands with both."""
    first, between, noun = match.groups()
    is_whole = not load().of_key(key_of(first)) and load().of_key(key_of(f"{first} {noun}"))
    return f"{first} {noun}{between}{noun}" if is_whole else match[0]


def completed(text: str) -> str:
    """The text with each such name written out, so that both are seen."""
    text = _TYPES.sub(r"type \1 diabetes \2 type \3 diabetes", text)
    text = _DESCRIBED.sub(_with_noun, text)
    for name in reversed(find(text)):
        after = _AFTER.match(text, name.end)
        head, _, last = name.text.rpartition(" ")
        if after and head and len(last) <= 3 and _is_name(whole := f"{head} {after[2]}"):
            text = f"{text[: name.end]}{after[1]}{whole}{text[after.end() :]}"
        if " " not in name.text or name.kind == "gene":
            continue
        before = _BEFORE.search(text, 0, name.start)
        if before and (more := _tail(before[1], name.text)):
            end = before.end(1)
            text = f"{text[:end]} {more}{text[end:]}"
    return text


def _tail(first: str, name: str) -> str:
    """What of ``name`` belongs to ``first`` too; empty for nothing."""
    words = name.split()
    for start in (first, first.rpartition(" ")[2]):
        if any(one.kind in ("drug", "condition") and one.text == start for one in find(start)):
            continue
        for place in range(1, len(words)):
            tail = " ".join(words[place:])
            if _is_name(f"{start} {tail}") and f"{start} {tail}".lower() != name.lower():
                return tail
    return ""


def _is_name(text: str) -> bool:
    names = load()
    return bool(names.of_key(key_of(text))) or any(
        one.text == text and one.heading for one in find(text)
    )
