"""What part of an abstract each of its sentences is: before what was found, the finding, the conclusion, or beside them. Without I/O.

By the labels of structured abstracts, with which all sentences up to the next label go. NLM maps those it meets to five categories
(BACKGROUND, OBJECTIVE, METHODS, RESULTS, CONCLUSIONS; "Structured Abstracts", nlm.nih.gov); here the first three are one, and what is
none of an article's content (who paid, where it is registered) is a fourth.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal, NamedTuple

Zone = Literal["", "before", "found", "concluded", "beside"]
"""Empty where no label says."""

_NAMES: Final[tuple[tuple[Zone, str], ...]] = (
    (
        "concluded",
        r"(?:authors?['’] |reviewers?['’] |main |overall )?conclusions?|interpretations?|meaning|discussion|(?:clinical |public health |practice |policy )?implications?|"
        r"(?:clinical |translational )?(?:relevance|significance)|summary|what (?:this|the|our) (?:study|paper|review|trial) adds|(?:key|take[- ]?home) messages?|bottom line|added value of this study|"
        r"implications of all the available evidence|recommendations?",
    ),
    (
        "found",
        r"(?:main |principal |key |primary |major )?(?:results?|findings)|(?:data|evidence) synthesis|measurements and (?:main )?results?|observations?|case (?:reports?|presentation)|outcomes?",
    ),
    (
        "beside",
        r"(?:primary )?(?:funding|financial support)(?: sources?)?|sources? of (?:funding|support)|(?:clinical )?(?:trials?|study|systematic review|review|protocol) registrations?(?: (?:number|no|information))?|"
        r"registration(?: number)?|trial registry|clinical ?trials?(?:\.gov)?(?: (?:identifier|number))?|prospero|sponsor|level(?:s)? of evidence|competing interests|conflicts? of interest|disclosures?|"
        r"key ?words|copyright|(?:strengths and )?limitations?",
    ),
    (
        "before",
        r"(?:background|introduction|importance|context|rationale|objectives?|aims?|purpose|questions?|goals?|hypothes[ie]s|problem|need|evidence before this study|"
        r"what is (?:already )?known(?: (?:on|about) this (?:topic|subject))?|what is not known|key question|research question|study question)|"
        r"(?:\w+ )?(?:methods?|materials?|design|settings?|participants?|patients?|subjects|populations?|sample|interventions?|exposures?|measures|measurements|methodology|procedures?)|"
        r"(?:main |primary |secondary )?(?:outcomes?|end ?points?)(?: and)?(?: (?:measures?|measurements?|assessments?|variables?))|data (?:sources?|extraction|collection|analysis|selection)|study (?:selection|appraisal|eligibility)(?: .+)?|"
        r"search (?:strategy|methods)|selection criteria|eligibility(?: criteria)?|inclusion criteria|statistical (?:analysis|methods)|analysis|duration|location|place|time|dates?|review methods",
    ),
    ("", r"key points|abstract|structured abstract|what is (?:already )?known and what this (?:study|paper) adds"),
)  # fmt: skip
_RULES = tuple((zone, re.compile(names, re.IGNORECASE)) for zone, names in _NAMES)
_LABEL = re.compile(r"(?P<label>[A-Z][A-Za-z'’,&/()\[\]. -]{2,70}?)\s?[:.](?:\s+|$)(?=\S|$)")
_SPLIT = re.compile(r"\s*(?:,|/|&|\band\b)\s*", re.IGNORECASE)


class Part(NamedTuple):
    """A sentence of an abstract."""

    text: str
    """Without its label."""
    zone: Zone
    is_labelled: bool
    """Whether a label of its own stands before it."""


def label_of(text: str) -> tuple[Zone, str] | None:
    """The zone that a text's first label begins, and the rest of the text; None where it begins with none."""
    match = _LABEL.match(text)
    if match is None:
        return None
    # "RESULTS." is a label, "Results." of a sentence of one word another thing's.
    if match[0].rstrip().endswith(".") and not match["label"].isupper():
        return None
    zone = _zone(match["label"].strip().replace("(s)", "s").replace("(S)", "S"))
    return None if zone is None else (zone, text[match.end() :])


def parts_of(parts: Sequence[str]) -> list[Part]:
    """The sentences, each with its zone; a sentence without a label goes on with the zone before.

    Where a text labels its aim and nothing that was found, the label is that of its sentence alone.
    """
    found: list[Part] = []
    zone: Zone = ""
    for one in parts:
        text, is_labelled = one, False
        while (label := label_of(text)) is not None:
            zone, text = label
            is_labelled = True
        if text.strip():
            found.append(Part(text.strip(), zone, is_labelled))
    if not {"found", "concluded"} & {one.zone for one in found}:
        return [one if one.is_labelled else one._replace(zone="") for one in found]
    return found


def _zone(label: str) -> Zone | None:
    """Of one name, else of several: "DESIGN, SETTING, AND PARTICIPANTS", "CONCLUSIONS AND RELEVANCE"."""
    for zone, rule in _RULES:
        if rule.fullmatch(label):
            return zone
    names = [one for one in _SPLIT.split(label) if one]
    zones = [next((zone for zone, rule in _RULES if rule.fullmatch(one)), None) for one in names]
    if len(names) < 2 or None in zones:
        return None
    if "found" in zones:
        return "found"
    return next((one for one, _ in _RULES if one in zones), None)


_CONCLUDES = re.compile(
    r"^(?:in (?:conclusion|summary)|to conclude|to summari[sz]e|taken together|thus|therefore|hence|accordingly|we (?:therefore )?conclude|we found (?:no|little|strong|clear) evidence|"
    r"(?:these|our|the(?: present)?) (?:results|findings|data|study|trial|analysis|observations) (?:\w+ ){0,2}(?:suggests?|indicates?|shows?|supports?|confirms?|demonstrates?|provides?))\b",
    re.IGNORECASE,
)


def concludes(sentence: str) -> bool:
    """Whether a sentence says by its first words that it concludes."""
    return _CONCLUDES.search(sentence) is not None
