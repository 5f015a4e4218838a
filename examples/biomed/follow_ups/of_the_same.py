"""A whole question that does not say of what: "how many had a stroke?", "when is it started?", "which dose is better?". Without I/O.

It is known by its grammar: it points back, "they", "the treatment", or it tells of people in the past whom nobody has named, "how many needed an
operation?", or it compares and does not say with what, "did more people die?". What it lacks is what the topic is about.
"""

from __future__ import annotations

import re
from typing import Final

from ..answer.families import spans
from ..answer.outcomes import asked_of
from ..terms.find import find
from ..words import stems
from .asked_anew import SAFE, Frame, frame_of
from .changes import Changed, Read
from .measured import is_measured
from .named_parts import parts_of

_MOST: Final = 12
"""Words of such a question."""
_OPENS: Final = re.compile(r"^\W*(?:(?:and|but|so|or|then|ok(?:ay)?)\b[, ]*)*", re.IGNORECASE)
_PEOPLE: Final = (
    r"(?:people|patients?|participants|adults|children|infants|babies|women|men|mothers|users)"
)
_ANYBODY: Final = rf"(?:anyone|anybody|somebody|someone|everyone|everybody|nobody|(?:any|many|most|some|all|none|both|more|fewer|less)(?: of (?:them|these|those))?(?: {_PEOPLE})?|(?:the )?{_PEOPLE})"
_PAST: Final = r"(?:\w{2,}ed|had|got|were|was|did|felt|fell|lost|kept|went|came|took|gave|quit|left|died|bled|slept|broke|became|withdrew|made|dropped)"
_STUDY: Final = (
    r"(?:treatment|therapy|trial|study|course|follow-?up|drug|medicine|intervention|groups?)"
)
_ASKS: Final = r"(?:(?:in|for|at|from) (?:whom|what|which)|how|when|where|what|which|who|do|does|did|is|are|was|were|has|have|had|can|could|will|would|should)"
_POINTS: Final = re.compile(rf"^{_ASKS}\b.*\b(?P<it>it|they|them|those|these|the {_STUDY})\b(?!\s+(?:who|that|with|of)\b)", re.IGNORECASE)  # fmt: skip
_IMPERSONAL: Final = re.compile(
    r"\b(?:is|are|was|be) it (?:\w+ )?\w+ (?:to \w|that\b)", re.IGNORECASE
)
"""Points back to nothing: "when is it safe to drive?"."""
_YES_OR_NO: Final = re.compile(
    r"^(?:(?P<be>is|are|was|were)|do|does|did|can|could|will|would|should|has|have|had) (?:it|they|this|that|these|those)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_IN_THE_PAST: Final = re.compile(
    rf"^how (?:many|much|often|long|soon)(?: {_PEOPLE})? {_PAST}\b"
    rf"|^(?:did|had|was|were|has|have) {_ANYBODY}\b"
    rf"|^who (?:else |also )?(?:stayed|{_PAST})\b(?! (?:the|an?|this|that)\b)"
    r"|^who (?:benefits?|responds?|relapses?|improves?|dies|does)\b(?: \w+){0,2}$"
    rf"|^(?:what|when|where|why|how (?:long|often|much|soon)) (?:do|does|did|were|was) (?:the )?{_PEOPLE}\b"
    r"|^(?:is|are|was|were) there (?:also |really )?(?:more|fewer|less)\b(?!.*\bthan\b)"
    r"|^what (?:went|happened|changed|improved)\b",
    re.IGNORECASE,
)
_UNCOMPARED: Final = re.compile(
    rf"^(?:do|does|will|would) (?:more|fewer|less)(?: {_PEOPLE})? (?!than\b)\w+(?!.*\bthan\b)",
    re.IGNORECASE,
)
_WHICH_DOSE: Final = re.compile(
    r"^(?P<asked>which|what) (?P<what>dose|dosage|strength|regimen|schedule)\b(?!\s+of\b)(?P<rest>\s+[^?]+)",
    re.IGNORECASE,
)
_WHICH_ONE: Final = re.compile(
    r"^which (?:one |of (?:them|these|those|the two|both) |treatment |drug |medicine )?(?P<be>is|was|are|were) (?:the )?(?P<how>(?:more|less) \w+|better|worse|safer|cheaper|cheapest|safest|best|worst|stronger|faster|(?:most|least) \w+)\W*$",
    re.IGNORECASE,
)
_HIGHEST: Final = {"safest": "safer", "cheapest": "cheaper", "best": "better", "worst": "worse"}
_HARM: Final = re.compile(
    r"^(?:(?:is|are|was|were) there )?any (?:harms?|risks?|dangers?|damage) (?:to|for) (?P<whom>[\w -]{3,40})$",
    re.IGNORECASE,
)
_CHANGES: Final = re.compile(
    r"^(?P<what>what (?:else |mostly |also )?(?:increases|raises|causes|predicts|lowers|reduces|prevents|worsens|triggers|affects|relieves|helps)) (?:it|them|this|that)$",
    re.IGNORECASE,
)
_IT: Final = re.compile(r"\bit\b|(?<!of )\bthem\b", re.IGNORECASE)
_THEY: Final = re.compile(r"\b(?:they|those|these)\b|(?<=of )them\b", re.IGNORECASE)
_OF_PEOPLE: Final = re.compile(
    r"\bold\b|\bof them\b|\b(?:they|those|these)\b (?:\w+ )?(?:follow|treat|observ|monitor|tak|took|us(?:e|ing)|get|got|hav|had|liv|need|stop|stay|feel|felt|given|recruit|randomi|smok|drink|die)\w*",
    re.IGNORECASE,
)
_PLACED: Final = re.compile(
    r"\b(?:with|in|for|among|of|to|after|on)\s+(?:(?!(?:had|have|got|get|was|were|did)\b)[\w-]+\s+){0,2}$",
    re.IGNORECASE,
)

_FOR_ILL: Final = re.compile(
    r"\b(?:cause|increase|raise|trigger|induce|worsen|affect)\b", re.IGNORECASE
)


def of_the_same(topic: str, query: str, read: Read) -> Changed | None:
    """The question asked of what the topic is about; None where it says itself of what it asks, or the topic does not say plainly what it is about.

    Args:
        topic: The question before.
        query: What was asked on.
        read: Reads a question's entities.
    """
    asked = _OPENS.sub("", query).strip().rstrip(" ?.!")
    if len(asked.split()) > _MOST or _IMPERSONAL.search(asked):
        return None
    if (effects := _of_its_outcome(topic, query, asked, read)) is not None:
        return effects
    which, harm = _WHICH_DOSE.match(asked) or _WHICH_ONE.match(asked), _HARM.match(asked)
    if which is None and harm is None and not _lacks_its_subject(asked):
        return None
    frame = frame_of(topic, read)
    if frame is None or _names_another(asked, topic, read):
        return None
    told = f"{query!r} is asked of {frame.who!r}"
    whom = f"{_against(frame)}{_place(frame, topic, asked, read)}"
    be = "Is" if frame.does == "Does" else "Are"
    if harm is not None:
        return Changed(f"{be} {frame.who} safe for {harm['whom']}?", told)
    if which is None and any(one.kind == "drug" for one in find(asked)):
        # Of the two that are compared it is asked of one.
        return Changed(f"{_THEY.sub(_their_name, asked)}{frame.place}?", told)
    if which is None:
        return Changed(f"{_with_its_subject(asked, frame)}{whom}?", told)
    if which.re is _WHICH_DOSE:
        place = _place(frame, topic, asked, read)
        return Changed(
            f"{which['asked'].capitalize()} {which['what']} of {frame.who}{which['rest']}{place}?",
            told,
        )
    if not frame.against:
        return None
    how = (
        _HIGHEST.get(which["how"].lower(), which["how"])
        .replace("most ", "more ")
        .replace("least ", "less ")
    )
    return Changed(f"{be} {frame.who} {how} than {frame.against}{frame.place}?", told)


def _of_its_outcome(topic: str, query: str, asked: str, read: Read) -> Changed | None:
    """What else changes what the topic asks about, "what increases it?"."""
    changes = _CHANGES.match(asked)
    frame = frame_of(topic, read) if changes else None
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    if changes is None or frame is None or not outcome:
        return None
    return Changed(
        f"{changes['what'].capitalize()} {outcome}{frame.place}?",
        f"{query!r} is asked of {outcome!r}",
    )


def _lacks_its_subject(asked: str) -> bool:
    judged = _YES_OR_NO.match(asked)
    if judged and not _OF_PEOPLE.search(asked):
        # "Is it dose dependent?" and "does it work?" are asked of the whole topic, "is it toxic?" of what it is about.
        return bool(SAFE.search(judged["rest"]) if judged["be"] else find(judged["rest"]))
    return any(one.search(asked) for one in (_POINTS, _IN_THE_PAST, _UNCOMPARED))


def _names_another(asked: str, topic: str, read: Read) -> bool:
    """Whether it names something to take that the topic does not, or people of another disease: it is a question of its own."""
    there = stems(topic)
    outcomes = [(start, end) for start, end, _ in spans(asked)]
    return any(
        not stems(one.text) <= there
        and not any(start <= one.start and one.end <= end for start, end in outcomes)
        and (
            one.kind == "drug"
            or (
                (one.role == "condition" or one.kind == "topic")
                and _PLACED.search(asked[: one.start])
            )
        )
        for one in parts_of(asked, read)
    )


def _with_its_subject(asked: str, frame: Frame) -> str:
    """The question with what it is asked of in the place of "it", else after it."""
    text = f"{asked[0].upper()}{asked[1:]}"
    has_it = _IT.search(text)
    if has_it or not _OF_PEOPLE.search(text):
        named = _IT.sub(lambda _: frame.who, text, count=1)
        if named == text:
            named = _THEY.sub(lambda _: frame.who, text, count=1)
        if named != text:
            return _THEY.sub(_their_name, named)
    return f"{_THEY.sub(_their_name, text)} with {frame.who}"


def _their_name(match: re.Match[str]) -> str:
    """``those on it`` → ``patients on it``, ``of them`` → ``of the patients``."""
    is_part = match.string[: match.start()].lower().endswith("of ")
    return "the patients" if is_part else "patients"


def _against(frame: Frame) -> str:
    return f" compared with {frame.against}" if frame.against else ""


def _place(frame: Frame, topic: str, asked: str, read: Read) -> str:
    """In whom the topic asks; where it says no more than what is treated or prevented, and the question names no other outcome, for that."""
    if frame.place or any(
        one.role in ("condition", "outcome") or is_measured(one.text)
        for one in parts_of(asked, read)
    ):
        return frame.place
    if _FOR_ILL.search(topic):
        return ""
    named = [
        one.text for one in find(topic) if one.kind == "condition" and one.text not in frame.who
    ]
    outcome = asked_of(topic, read(topic)["concepts"]).outcome
    if named and outcome.endswith(named[0]):
        return f" for {outcome}"
    return f" for {named[0]}" if named else ""
