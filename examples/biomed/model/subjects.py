"""Whether a source says of another group, or of another thing, what a model's sentence says, or denies it. Without I/O."""

from __future__ import annotations

import re

from .wording import THAN, about, clauses, meets, ways


def is_of_another_subject(clause: str, told: list[str]) -> bool:
    """Whether a source says of another thing what a clause says of one that the source names only elsewhere."""
    verb = _VERB.search(clause)
    if not verb or not (subject := about(clause[: verb.start()])) or THAN.search(clause):
        return False
    rest = about(clause[verb.end() :]) - subject
    parts = [part for one in told for part in clauses(one)]
    if not rest or not subject <= frozenset().union(*map(about, parts)):
        return False
    on_it = [one for one in parts if rest <= about(one)]
    others = [
        match
        for one in on_it
        if (match := _VERB.search(one)) and rest <= about(one[match.end() :]) and about(one[: match.start()])
    ]  # fmt: skip
    return (
        bool(others)
        and len(others) == len(on_it)
        and not any(meets(subject, about(one)) for one in on_it)
    )


_VERB = re.compile(
    r"\b(?:(?:was|were|is|are) (?:\w+ly )?(?:associated|linked|correlated) (?:with|to)|(?:significantly |also )?(?:increas|reduc|lower|rais|prolong|shorten|improv|impair|worsen|prevent)(?:s|es|ed|d)|caus(?:es|ed)|led to)\b",
    re.IGNORECASE,
)


def is_denied_there(clause: str, told: list[str]) -> bool:
    """Whether a clause that tells no way says of something that it is so, of which its source says that it is not, or the other way round."""
    own = about(clause)
    is_denied = _NOT.search(clause) is not None
    if (
        len(own) < _FEW
        or ways(clause) - {"unchanged"}
        or ("unchanged" in ways(clause)) != is_denied
    ):
        return False
    near = [
        (len(own & about(part)), _NOT.search(part) is not None)
        for one in told
        for part in clauses(one)
        if not ways(part) - {"unchanged"} and ("unchanged" not in ways(part) or _NOT.search(part))
    ]
    most = max((shared for shared, _ in near), default=0)
    best = {denied for shared, denied in near if shared == most}
    return most >= _ALIKE * len(own) and best == {not is_denied}


_NOT = re.compile(r"\b(?:not|no|none|never|neither|nor|cannot)\b|n['’]t\b", re.IGNORECASE)


_FEW = 2
"""Words of a clause that tell what it is about."""


_ALIKE = 0.7
"""The share of its words that another says of the same thing."""


def is_of_another_group(clause: str, told: list[str]) -> bool:
    """Whether a clause tells of one group what its source tells of the other alone: "all cases were in the vaccine group" of "all in the placebo group"."""
    own = groups(clause)
    if not own or THAN.search(clause) or "unchanged" in ways(clause):
        return False
    on = about(clause) - own
    known = frozenset().union(*(about(one) for one in told))
    if not own <= known:
        return False
    for one in told:
        for part in clauses(one):
            theirs = groups(part)
            is_same = ways(part) == ways(clause) and (
                ways(part) or (_ALL_OF.search(clause) and _ALL_OF.search(one))
            )
            if (
                theirs
                and is_same
                and not theirs & about(clause)
                and not own & about(part)
                and not THAN.search(part)
                and len(on & about(one)) >= max(1, len(on) // 2)
            ):
                return True
    return False


_ALL_OF = re.compile(r"\b(?:all|only|every|none)\b", re.IGNORECASE)


_GROUP = re.compile(
    r"\b(?:with|on|after|receiving|given|taking|in (?=(?:the )?[\w-]+(?: [\w-]+)? (?:group|arm)\b))(?P<group>(?: [\w-]+){1,4})\W*$|\b(?P<named>[\w-]+(?: [\w-]+)?) (?:group|arm)\b",
    re.IGNORECASE,
)


def groups(clause: str) -> frozenset[str]:
    """The words of the group that a clause names last, "with A", "in the A group"."""
    plain = re.sub(r"\([^()]*\)|\[\d+\]", "", clause).strip()
    match = _GROUP.search(plain)
    return about(match["group"] or match["named"]) if match else frozenset()
