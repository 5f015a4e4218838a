"""Abbreviations that a text introduces itself: "folic acid (FA)", and every FA after it is folic acid. Without I/O."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from ..queries.concept import Concept
from ..terms.names import key_of, unturned
from ..terms.rows import spelt_out

_INTRODUCED = re.compile(
    r"(?<=\s)[(\[]([A-Za-z0-9][\w/-]{1,9})(?:\([^()]*\))?(?:[;,] [^()\[\]]*)?[)\]]"
)
_WORD = re.compile(r"\S+")


def short_forms(text: str) -> dict[str, str]:
    """By an abbreviation, what the words before its brackets say it stands for.

    The letters of an abbreviation have to stand in those words in their order, the first at the beginning of a word (the rule of Schwartz and
    Hearst); a number or a word in brackets introduces nothing.
    """
    found: dict[str, str] = {}
    for match in _INTRODUCED.finditer(text):
        short = match[1]
        if not any(one.isupper() for one in short) or short in found:
            continue
        before = re.split(r"[.;:()\[\]]\s", text[: match.start()])[-1]
        words = [(one.start(), one[0]) for one in _WORD.finditer(before)]
        many = min(len(short) + 5, 2 * len(short))
        begin = words[-many][0] if len(words) >= many else 0
        if long := _long_form(short, before[begin:].strip()):
            found[short] = long
    return found


_SHORT = re.compile(r"(?<![\w-])[A-Za-z0-9]*[A-Z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*(?=s?(?!\w))")


def understood(text: str, about: Sequence[Concept]) -> dict[str, str]:
    """By an abbreviation that a text uses, what a question calls what the vocabulary has it stand for: "AF" in a text that never writes it out."""
    wanted = {key_of(one["heading"]): one["text"] for one in about if one["heading"]}
    found = {}
    for short in set(_SHORT.findall(text)) if wanted else ():
        target = spelt_out(short, text)
        if target and (name := wanted.get(key_of(target))) and name != short:
            found[short] = name
    return found


def beside_abbreviated(text: str, about: Sequence[Concept]) -> str:
    """A text with the abbreviation that a question uses beside what it stands for: "transient ischaemic attack (TIA)"."""
    for one in about:
        own = one["text"]
        if not _SHORT.fullmatch(own) or one["excluded"]:
            continue
        names = {one["name"], unturned(one["heading"]), *one["synonyms"]}
        long = sorted((name for name in names if " " in name), key=len, reverse=True)
        if not long:
            continue
        some = "|".join(map(_in_any_spelling, long))
        text = re.sub(
            rf"(?<![\w-])(?:{some})s?(?![\w-])(?! ?[(\[]{re.escape(own)}\b)",
            lambda match, own=own: f"{match[0]} ({own})",  # type: ignore[misc]
            text,
            flags=re.IGNORECASE,
        )
    return text


_SPELT_TWO_WAYS = re.compile(r"e(?=[mcs])|or\b|[ -]")


@functools.cache
def _in_any_spelling(name: str) -> str:
    """A pattern for a name, as the British and the Americans spell it, with hyphens or without."""
    both = {"e": "[ao]?e", "or": "ou?r"}
    return _SPELT_TWO_WAYS.sub(
        lambda one: both.get(one[0].lower(), r"[ -]"),
        re.escape(name).replace("\\ ", " ").replace("\\-", "-"),
    )


def _long_form(short: str, before: str) -> str:
    """The shortest end of a text that an abbreviation's letters stand in; empty for none."""
    at = len(before)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (
            before[at].lower() != letter or (place == 0 and at > 0 and before[at - 1].isalnum())
        ):
            at -= 1
        if at < 0:
            return ""
    long = before[at:]
    return "" if len(long) <= len(short) or short in long.split() else long


def written_out(text: str, short: dict[str, str]) -> str:
    """A text with what its abbreviations stand for after each of them, but where one is introduced: "FA folic acid", "IL-2 interleukin"."""
    if not short:
        return text
    some = "|".join(re.escape(one) for one in sorted(short, key=len, reverse=True))
    return re.sub(
        rf"(?<![\w(\[-])({some})s?(?:-\w+)*(?!\w)",
        lambda match: f"{match[0]} {short[match[1]]}",
        text,
    )
