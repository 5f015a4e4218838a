"""Which arm of a study a number is of, and which way an arm goes by its numbers. Without I/O.

"8% with A and 19% with B", "A and B (8% and 19%)", "11 of 60 given A".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .amounts import in_digits, parts_as_shares
from .wording import THAN, about, arm_words, clauses, compared, meets

_NUMBER = re.compile(r"(?<![\w.,/-])[-−–]?(?P<n>\d+(?:,\d{3})*(?:\.\d+)?)(?![\d]|-\w)")
_STOPS = r"and|or|versus|vs|compared|against|than|had|has|was|were|reached|developed|did|recovered|occurred|who|but|while|whereas|respectively|at|by"
_TAIL = re.compile(
    rf"\s?(?P<unit>%|percent|[a-z]+(?: ?[/a-z]+)??)?(?:\s?\([^()]*\))?\)?,? (?P<how>of|in|with|on|for|among|after|under|receiving|given|taking|without)\b(?P<arm>(?: (?!(?:{_STOPS})\b|\w+ed\b(?!\s(?!and\b|or\b)[a-z]))(?:\d[\d,]*\d|[\w’'-]+)){{0,7}})",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\b(?P<how>with|after|in|on|for|among|without)(?P<arm>(?: (?!(?:{_STOPS.replace('|who', '').replace('|did', '')})\b)[\w’'-]+){{1,4}}) \((?P<n>\d+(?:\.\d+)?)\s?(?P<unit>%)?\)",
    re.IGNORECASE,
)
"""An arm before its number: "after therapy (11%)"."""
_LABEL = re.compile(r"\b([A-Za-z-]{4,}ity|(?:[\w-]+ )?(?:predictive )?value|accuracy|prevalence)(?: (?:was|were|of|is|at))? $", re.IGNORECASE)  # fmt: skip
"""What a share is a measure of: "sensitivity was 71%"."""
_DOES = frozenset(["who", "did", "do", "not"])
_PAIR = re.compile(
    r"(?<![\w.,/-])(\d+(?:\.\d+)?)\s?%?(?:\s?\([^()]*\))?(?: [a-z]+)?,?\s(?:vs\.?|versus|and|or|compared with|against)\s[-−–]?(\d+(?:\.\d+)?)(?![\d.]*\d)",
    re.IGNORECASE,
)
_COUNTED_PAIR = re.compile(
    r"\d+ \((\d+(?:\.\d+)?)\s?%\)(?: [a-z]+)?,? (?:vs\.?|versus|and|or|compared with) \d+ \((\d+(?:\.\d+)?)\s?%\)",
    re.IGNORECASE,
)
_INTERVAL = re.compile(r"\b(?:CI|interval)\b[^)\];]*", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:without|no|not|non|un(?:supplemented|treated|exposed|vaccinated))\b", re.IGNORECASE)  # fmt: skip
_GROUPS = re.compile(
    r"(?P<a>[\w-]+(?: [\w-]+)?) in [\d,]+(?: \w+)? and (?P<b>[\w-]+(?: [\w-]+)?) in [\d,]+"
    r"|(?:randomi[sz]ed|assigned|allocated)(?: \w+)? (?:to|to receive) (?:either )?(?P<c>[\w-]+(?: [\w-]+)?) (?:or|and|versus) (?P<d>[\w-]+(?: [\w-]+)?)",
    re.IGNORECASE,
)
"""Where a text says what its arms are, in their order."""
_BY = re.compile(r"\b(?:by|of|from)\s(?:a mean of |about )?$", re.IGNORECASE)


class Arm(NamedTuple):
    """Those that a number is of."""

    words: frozenset[str]
    is_denied: bool
    """Whether they are those without it."""


class Pair(NamedTuple):
    """Two numbers that are compared, each with its arm; the second arm may not be named."""

    first: float
    one: Arm
    second: float
    other: Arm | None
    is_change: bool = False
    """Whether they are how much something changed: the larger has more of the change."""


def pairs(sentence: str, study: str = "", claimed: Sequence[Arm] = ()) -> Iterator[Pair]:
    """The pairs of numbers that a sentence compares.

    Args:
        sentence: The sentence.
        study: The whole text, which may have said the order of its arms.
        claimed: Two arms that may be meant by "respectively".
    """
    sentence = _INTERVAL.sub(" ", in_digits(sentence))
    own = list(_with_arms(sentence))
    for place, (value, unit, arm, is_change) in enumerate(own):
        for other, other_unit, other_arm, _ in own[place + 1 :]:
            if unit == other_unit and arm != other_arm:
                yield Pair(value, arm, other, other_arm, is_change)
                break
    if len({arm for _, _, arm, _ in own}) > 1:
        return
    for match in (*_PAIR.finditer(sentence), *_COUNTED_PAIR.finditer(sentence)):
        before = sentence[: match.start()]
        rest = f"{before} {sentence[match.end() :]}"
        first, second = _in_order(rest, study, claimed)
        if first is not None:
            is_change = _BY.search(before) is not None
            yield Pair(float(match[1]), first, float(match[2]), second, is_change)


def _with_arms(sentence: str) -> Iterator[tuple[float, str, Arm, bool]]:
    """Each number with its unit and those that stand behind it."""
    sentence = parts_as_shares(sentence)
    for match in _BEHIND.finditer(sentence):
        words = arm_words(match["arm"]) - _DOES
        is_denied = match["how"].lower() == "without" or bool(_DENIED.search(match["arm"]))
        if words or is_denied:
            arm = Arm(words, is_denied)
            yield float(match["n"]), "%" if match["unit"] else "", arm, False
    for match in _NUMBER.finditer(sentence):
        tail = _TAIL.match(sentence, match.end())
        if tail is None:
            if (label := _LABEL.search(sentence[: match.start()])) and sentence[match.end() :].lstrip().startswith("%"):  # fmt: skip
                yield (
                    float(match["n"].replace(",", "")),
                    "%",
                    Arm(arm_words(label[1]), False),
                    False,
                )
            continue
        is_denied = tail["how"].lower() == "without" or bool(_DENIED.search(tail["arm"]))
        named = re.sub(r"\b(?:un|non-?)(?=\w{5})", "", tail["arm"]) if is_denied else tail["arm"]
        words = arm_words(named)
        if words or is_denied:
            value = float(match["n"].replace(",", ""))
            unit = "%" if tail["unit"] in ("%", "percent") else ""
            is_change = _BY.search(sentence[: match.start()]) is not None
            yield value, unit, Arm(words, is_denied), is_change
            if whole := re.match(r" of (\d+)\b", sentence[match.end() :]):
                share = 100 * value / max(float(whole[1]), 1)
                yield share, "%", Arm(words, is_denied), is_change


def _in_order(rest: str, study: str, claimed: Sequence[Arm] = ()) -> tuple[Arm | None, Arm | None]:
    """The arms of two numbers that stand side by side: of a comparison, else as the study has them, else the one that the sentence is on."""
    plain = re.sub(r"\([^()]*\)?", " ", rest)
    if both := compared(plain):
        is_first = not re.match(r"\s*compared", plain, re.IGNORECASE)
        if all(both) and is_first:
            return Arm(both[0], False), Arm(both[1], False)
        return None, None
    if "respectively" in rest and len(claimed) == _BOTH:
        return _as_named(claimed, study)
    if match := _GROUPS.search(study):
        a, b = (match["a"], match["b"]) if match["a"] else (match["c"], match["d"])
        return Arm(about(a), False), Arm(about(b), False)
    words = about(plain)
    return (Arm(words, False) if words and not THAN.search(plain) else None), None


_BOTH = 2


def _as_named(claimed: Sequence[Arm], study: str) -> tuple[Arm | None, Arm | None]:
    """Two arms in the order in which a study names them first."""
    words = [one.group() for one in re.finditer(r"[\w-]+", study)]
    places = [
        next((n for n, word in enumerate(words) if meets(arm_words(word), one.words)), -1)
        for one in claimed
    ]
    if min(places) < 0 or places[0] == places[1] or any(one.is_denied for one in claimed):
        return None, None
    one, other = (claimed[n] for n in sorted((0, 1), key=lambda n: places[n]))
    return one, other


def is_like(arm: Arm, one: Arm, other: Arm | None) -> bool:
    """Whether an arm is one of two and not the other."""
    if other is None:
        return meets(arm.words, one.words) and arm.is_denied == one.is_denied
    if one.is_denied != other.is_denied and not one.words - other.words:
        return arm.is_denied == one.is_denied and (not arm.words or meets(arm.words, one.words))
    return meets(arm.words, one.words - other.words) and not meets(
        arm.words, other.words - one.words
    )


def are_swapped(claim: str, sentence: str, study: str) -> bool:
    """Whether a claim gives an arm the other's number."""
    mine = list(pairs(claim))
    claimed = [one for own in mine[:1] for one in (own.one, own.other) if one is not None]
    theirs = [one for one in pairs(sentence, study, claimed) if one.first != one.second]
    for own in mine:
        for value, arm in ((own.first, own.one), (own.second, own.other)):
            if arm is not None and any(_is_of_the_other(value, arm, one) for one in theirs):
                return True
    return any(
        _is_of_the_other(value, arm, one)
        for value, _, arm, _ in _with_arms(in_digits(claim))
        for one in theirs
    )


def _is_of_the_other(value: float, arm: Arm, pair: Pair) -> bool:
    first, second = _is_about(value, pair.first), _is_about(value, pair.second)
    if first == second:
        return False
    if pair.other is None:
        is_one = is_like(arm, pair.one, None)
        is_other = arm.is_denied and not pair.one.is_denied
        return is_other if first else is_one and not is_other
    if first:
        return is_like(arm, pair.other, pair.one)
    return is_like(arm, pair.one, pair.other)


def _is_about(value: float, exact: float) -> bool:
    return value == exact or (value == round(value) and abs(value - exact) <= 0.5)


def way_of(claim: str, sentence: str, study: str) -> str:
    """Which way what a sentence counts goes for what a claim is on, by the numbers alone: ``up``, ``down``, ``same``; empty where that cannot be told.

    Of how much something changed, ``up`` is more of that change.
    """
    subject = (compared(claim) or (about(claim), frozenset()))[0]
    for one in pairs(sentence, study):
        if one.first == one.second:
            return "same"
        if one.other is None:
            continue
        denied = any(about(match[1]) & one.one.words for match in _LEFT_OUT.finditer(claim))
        arm = Arm(subject, denied)
        if is_like(arm, one.one, one.other):
            return "up" if one.first > one.second else "down"
        if is_like(arm, one.other, one.one):
            return "down" if one.first > one.second else "up"
    return ""


_LEFT_OUT = re.compile(
    r"\b(?:without|no|non|forgoing|omitting|withholding|stopping)[ -](\w+)", re.IGNORECASE
)


def tells_change(sentence: str) -> bool:
    """Whether the numbers that a sentence compares are how much something changed."""
    return any(one.is_change for part in clauses(sentence) for one in pairs(part))
