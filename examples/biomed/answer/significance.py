"""Whether the figures of a sentence show a difference: intervals that hold 1 or 0, and P values. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = r"[-−–+]?\d+(?:\.\d+)?|[-−–+]?\.\d+"
_BOUNDS = rf"(?P<low>{_NUMBER})\s?%?\s*(?:to|through|and|[-−–—,;])\s*(?P<high>{_NUMBER})"
_INTERVAL = re.compile(
    r"(?:\b(?:CIs?|CrI)(?![a-z])|\bconfidence (?:intervals?|limits?)\b|\bcredible intervals?\b)(?:\s*\(CI\))?[\s,:;=(\[{]*(?:(?:90|95|99)(?:\.\d)?\s?%[\s,:;=(\[{]*)?(?:from |of |was |were |between )?"
    + _BOUNDS
    + r"(?!\d)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    rf"(?:\b(?:a?HR|a?OR|a?RR|IRR|SMR|SIR)\b|\bratios?|\brelative risk)(?:\s*\(\w+\))?[\s,:=]*(?:of |was |were )?\d+(?:\.\d+)?\s*[(\[]\s*(?:95\s?%\s*)?{_BOUNDS}\s*[)\],;]"
)
_RATIO = re.compile(
    r"\b(?:a?HRs?|a?ORs?|a?RRs?|IRRs?|SMRs?|SIRs?)\b|(?i:\bratios?\b|\brelative risks?\b)"
)
_DIFFERENCE = re.compile(
    r"\b(?:differences?|MD|WMD|SMD|RD|ARD|ARR|changes?|reductions?|increases?|gains?|loss|beta|coefficients?|slope)\b|β",
    re.IGNORECASE,
)
_P = re.compile(
    r"\bp(?:[\s-]?values?)?\s*(?P<how>=|<|>|≤|≥|of|was|were)\s*(?P<value>0?\.\d+|0|1(?:\.0+)?|n\.?s\.?\b)",
    re.IGNORECASE,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\bp(?:[\s-]?values?)?\s*(?:(?:for|of)\s+(?:\w+[\s-]){0,3}?|[-(_ ]\s*)(?:trend|interaction|heterogeneity|non-?inferiority|equivalence)\)?\s*(?:=|<|>|≤|≥|of|was)\s*[\d.]+"
    r"|\bp\s*(?:=|<|>|≤|≥)\s*[\d.]+\s*(?:for|in tests? of|on)\s+(?:the )?(?:trend|interaction|heterogeneity|non-?inferiority|equivalence)",
    re.IGNORECASE,
)
"""Tests that say nothing of the effect itself."""
_NOT_IN_WORDS = re.compile(
    r"\b(?:non-?significan\w*|insignifican\w*|(?:not|n['’]t|never|neither|nor|no|without|lacked|lack of|failed to (?:reach|achieve|attain|show)|short of) (?:[\w-]+ ){0,3}?significan\w*|"
    r"significan\w+ (?:was|were) not|(?:by|to) chance|borderline significan\w*)\b|\((?:P ?= ?)?(?-i:NS)\)",
    re.IGNORECASE,
)
_IN_WORDS = re.compile(r"\bsignificant(?:ly)?\b", re.IGNORECASE)
_LEVEL = 0.05


def is_significant(text: str) -> bool | None:
    """Whether a sentence's figures, or its words on them, show a difference or an effect; None where they do not say, or say both.

    An interval of a ratio shows none if it holds 1, one of a difference if it holds 0; a P value from 0.05 on shows none.
    Tests of trend, of interaction and of non-inferiority are on something else.
    """
    found = {*_told(_plain(text))}
    return found.pop() if len(found) == 1 else None


def ratio_goes(text: str) -> str:
    """``up`` or ``down`` where the one ratio of a sentence is above or below 1 with its whole interval; else empty."""
    text = _plain(text)
    found = {
        ("up" if low > 1 else "down")
        for low, high, null in _intervals(text)
        if null == 1 and not low <= 1 <= high
    }
    return found.pop() if len(found) == 1 and is_significant(text) else ""


def _plain(text: str) -> str:
    """Decimal points as points, and no test that is on something else."""
    return _OF_SOMETHING_ELSE.sub(" ", re.sub(r"(?<=\d)·(?=\d)", ".", text))


def _told(text: str) -> Iterator[bool]:
    for low, high, null in _intervals(text):
        if null is None:
            # A share's own interval shows nothing; one on both sides of 0 is a difference's.
            if low < 0 < high:
                yield False
        else:
            yield not low <= null <= high
    for match in _P.finditer(text):
        if match["value"][:1].lower() == "n":
            yield False
            continue
        value, is_above = float(match["value"]), match["how"] in (">", "≥")
        if is_above:
            if value >= _LEVEL:
                yield False
        elif value < _LEVEL or (value == _LEVEL and match["how"] in ("<", "≤")):
            yield True
        elif value > _LEVEL and match["how"] not in ("<", "≤"):
            yield False
    if _NOT_IN_WORDS.search(text):
        yield False
    if _IN_WORDS.search(_NOT_IN_WORDS.sub(" ", text)):
        yield True


def _intervals(text: str) -> Iterator[tuple[float, float, float | None]]:
    """Each interval with the value that means no effect: 1 for a ratio, 0 for a difference, None where neither is named before it."""
    seen: set[tuple[int, int]] = set()
    for match in (*_INTERVAL.finditer(text), *_IN_BRACKETS.finditer(text)):
        if match.span("low") in seen:
            continue
        seen.add(match.span("low"))
        before = text[: match.start("low")]
        ratio = max((one.end() for one in _RATIO.finditer(before)), default=-1)
        difference = max((one.end() for one in _DIFFERENCE.finditer(before)), default=-1)
        low, high = sorted(_value(match[name]) for name in ("low", "high"))
        null = 1.0 if ratio > difference and low >= 0 else 0.0 if difference >= 0 else None
        yield low, high, null


def _value(text: str) -> float:
    return float(re.sub(r"[−–]", "-", text))
