"""The one of several that a question asks for, early or late, by mouth or by vein, and whether what is quoted is on another, or left it out. Without I/O.

Only what excludes each other is held here. Of a source that is of both, or that does not say, nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ..markdown import escape
from ..records import Record
from ..sentences import sentences
from ..terms.everyday import PEOPLE
from ..words import STOPWORDS, word_set
from .asked import Question
from .contraries import contraries_of, told_of_the_other
from .measured import Source
from .question_parts import CHANGES
from .speaking import roots
from .ways import telling

_ADMITTED = r"in-?patients?|hospitali[sz]ed (?:[\w-]+ ){0,2}?(?:patients|adults|children|people|infants|women|men)|(?:patients|adults|children|people|infants|women|men) (?:who (?:are|were) )?(?:in hospital|hospitali[sz]ed|admitted)"
_SELF: Final = (
    (_ADMITTED, r"out-?patients?|ambulatory (?:patients|care)|treated at home"),
    (
        r"(?:nursing|care)[- ]homes?|residential care|institutionali[sz]ed|long-term care",
        r"community[- ](?:dwelling|living)|living (?:at home|in the community|independently)",
    ),
    (
        r"morning(?! (?:sickness|stiffness|cortisol))",
        r"evening|bedtime|night-?time|at night|nightly",
    ),
    (
        r"(?<!without )ST(?:-segment)?[- ]elevation",
        r"(?:non-|without )ST(?:-segment)?[- ]elevation",
    ),
)
"""Each says it of itself, whatever stands beside it."""
_OF_A_NOUN: Final = (
    (r"early|earlier|immediate(?:ly)?|prompt(?:ly)?", r"late|later|delayed|deferred|postponed"),
    (r"pre-?hospital|in the ambulance", r"in-hospital(?! (?:mortality|deaths?|outcomes?))"),
    (r"out-of-hospital", r"in-hospital(?! (?:mortality|deaths?|outcomes?))"),
    (r"short(?:er)?(?:-term|-course|-duration)?", r"long(?:er)?(?:-term|-course|-duration)?|prolonged|extended"),
    (r"continuous(?:ly)?|(?<!intermittent )infus(?:ions?|ed)", r"intermittent(?:ly)?|bolus"),
    (r"single(?:-dose)?|one-off", r"multiple(?:-dose)?|repeated"),
    (r"high(?:er)?[- ](?:dose|intensity|flow)s?", r"low(?:er)?[- ](?:dose|intensity|flow)s?"),
    (r"daily|every day", r"weekly|once a week", r"monthly|once a month", r"annual(?:ly)?|yearly|once a year"),
    (
        r"oral(?:ly)?|by mouth",
        r"intravenous(?:ly)?|iv",
        r"subcutaneous(?:ly)?",
        r"intramuscular(?:ly)?",
        r"topical(?:ly)?",
        r"inhaled|nebuli[sz]ed",
        r"intranasal(?:ly)?|nasal",
        r"transdermal(?:ly)?",
        r"rectal(?:ly)?",
        r"vaginal(?:ly)?(?! (?:birth|delivery|deliveries|bleeding))",
        r"epidural",
        r"spinal|intrathecal(?:ly)?",
        r"sublingual(?:ly)?",
    ),
    (r"laparoscopic|keyhole|minimally invasive|endovascular|robotic", r"open(?!-label| label)"),
    (r"pre-?operative(?:ly)?", r"post-?operative(?:ly)?", r"intra-?operative(?:ly)?"),
    (r"antenatal(?:ly)?|prenatal(?:ly)?", r"postnatal(?:ly)?|post-?partum"),
    (r"neo-?adjuvant", r"adjuvant"),
    (r"supervised|(?:hospital|cent(?:er|re)|clinic|facility)-based|hospital", r"unsupervised|home-based|home|at home|self-directed"),
    (r"elective|planned|scheduled", r"emergency|urgent|unplanned"),
    (r"first|first-ever|initial", r"second|recurrent|repeat(?:ed)?|third"),
    (r"first-line", r"second-line|third-line"),
    (r"provoked", r"unprovoked|idiopathic"),
    (r"acute|new-onset|decompensated", r"chronic|stable"),
    (r"mild(?:ly)?", r"severe(?:ly)?|critical(?:ly)?"),
    (r"symptomatic", r"asymptomatic"),
    (r"complicated", r"uncomplicated"),
    (r"isch(?:a)?emic", r"h(?:a)?emorrhagic"),
    (r"community-acquired", r"hospital-acquired|nosocomial|ventilator-associated"),
    (r"type 1|type I", r"type 2|type II"),
    (r"pre-?menopausal", r"post-?menopausal"),
    (r"singletons?", r"twins?|multiple"),
    (r"[\w-]+-?resistant", r"[\w-]+-?(?:susceptible|sensitive)"),
    (r"partial", r"total|radical"),
    (r"urban", r"rural"),
)  # fmt: skip
"""Each says it of what stands beside it: early surgery, late surgery."""


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{text})(?![\w])", re.IGNORECASE)


_EACH: Final = tuple(
    (_pattern(own), _pattern("|".join((*group[:at], *group[at + 1 :]))), is_bound)
    for groups, is_bound in ((_SELF, False), (_OF_A_NOUN, True))
    for group in groups
    for at, own in enumerate(group)
)


class Asked(NamedTuple):
    """The one that a question asks for."""

    text: str
    """As the question has it: ``delayed angiography``."""
    own: re.Pattern[str]
    others: re.Pattern[str]
    of: frozenset[str]
    """The roots of what it is said of; empty where it is said of itself."""


_STOPS: Final = word_set(
    "and or than versus vs to in with for at on by is was are were does do after before during when"
)
_BEHIND = 3
"""Words in which what it is said of stands behind it."""
_NEAR = 4
"""Words between which both stand in a text."""


def asked_alternatives(question: str, outcome: str) -> list[Asked]:
    """What a question asks for where there are others of it; nothing of which it names two, nor what is a part of the outcome that it asks about."""
    text = question.replace(outcome, " ; ", 1) if outcome else question
    found: list[Asked] = []
    for own, others, is_bound in _EACH:
        match = own.search(text)
        if match is None or _DENIES.search(text[: match.start()]):
            continue
        behind = list(_behind(text[match.end() :])) if is_bound else []
        of = roots(" ".join(telling(" ".join(behind)) or behind))
        if (is_bound and not of) or _says(question, others, of):
            continue
        found.append(Asked(" ".join([match[0].strip(), *behind]), own, others, of))
    return found


_DENIES = re.compile(r"\b(?:without|not|no|non|never)[ -]$", re.IGNORECASE)


def _stops(word: str) -> bool:
    """Whether a word ends what one of several is said of."""
    return word.lower() in _STOPS or CHANGES.fullmatch(word) is not None


def _behind(text: str) -> Iterator[str]:
    """The words behind one of several, as far as they are of what it is said of."""
    clause = re.split(r"[,;:.?()]", text.lstrip(" -"))[0]
    for word in clause.split()[:_BEHIND]:
        if _stops(word):
            return
        if word.lower() not in STOPWORDS:
            yield word


def _says(text: str, which: re.Pattern[str], of: frozenset[str]) -> str:
    """How a text says one of several, of what is asked about; empty where it does not."""
    for match in which.finditer(text):
        said = match[0].strip(" -")
        before = re.split(r"[,;:.()]", text[: match.start()])[-1].split()[-_NEAR:]
        after = re.split(r"[,;:.()]", text[match.end() :])[0].split()[: _NEAR + 1]
        end = next((at for at, word in enumerate(after) if _stops(word)), None)
        is_last, after = end == 0 or not after or after[0].isdigit(), after[:end]
        at = next((at for at, word in enumerate(after) if of & roots(word)), None)
        if at is not None:
            return " ".join([said, *after[: at + 1]])
        if not of or (is_last and of & roots(" ".join(before))):
            return said
    return ""


def told_of_other_alternative(
    quoted: Sequence[tuple[str, Source]], question: Question
) -> tuple[str, list[str]]:
    """What to know first where the source that is quoted first is on another of several than was asked for, and none is on that, as Markdown; and what that is.

    Args:
        quoted: The sentences, each with its source.
        question: What was asked.
    """
    records = list({one.n: one.whole for _, one in quoted}.values())
    if not records:
        return "", []
    told = told_of_the_other(
        [source.full(text) for text, source in quoted],
        [source.record["title"] for _, source in quoted],
        contraries_of(question.text, question.entities.get("concepts", [])),
    )[1]
    notes, lost = [], []
    for one in asked_alternatives(question.text, question.asked.outcome):
        if one.text in lost or any(one.own.search(each) for each in told):
            # That is told already.
            continue
        if any(_is_of(record, one) for record in records):
            continue
        if any(one.own.search(text) for text, _ in quoted):
            continue
        other = next(filter(None, (_says(text, one.others, one.of) for text in _whom(records[0]))), "")  # fmt: skip
        if other:
            lost.append(one.text)
            notes.append(
                f'**Nothing was found on "{escape(one.text)}".** What is quoted is on "{escape(other)}".'
            )
    return " ".join(notes), lost


def _is_of(record: Record, one: Asked) -> bool:
    """Whether a record names what is asked for, in its title or of what is asked about."""
    return one.own.search(record["title"]) is not None or any(
        _says(text, one.own, one.of) for text in _whom(record)
    )


def _whom(record: Record) -> list[str]:
    """A record's places, without what it left out."""
    return [without_left_out(one) for one in (record["title"], *sentences(record.get("text", "")))]


_WHO = r"(?:people|persons?|patients|participants|adults|adolescents|children|women|men|those|individuals|subjects|infants|volunteers|cases)"
_LEFT_OUT: Final = tuple(
    re.compile(one, re.IGNORECASE)
    for one in (
        r"(?:^|(?<=[.;:] )|(?<=[;:]))(?P<what>[^.;:]{3,160}?),? (?:were|was|are) (?:not eligible|ineligible|excluded|not included|left out)\b(?! from the (?:analys|final))",
        r"\b(?:excluding|we excluded|exclusion criteria (?:were|included|are|was)|(?:main |key )?exclusions?:?(?: were| included)?) (?P<what>[^.;]{3,160})",
        rf"\b{_WHO} (?:who (?:had|were|have) )?(?:without|free of|with no|no(?: known| prior| previous)?)(?: an?)? (?:history of |known |previous |prior |evidence of )?(?P<what>[\w-]+(?: (?!(?:were|was|who|and|or|in|at|on|from|to|with|after|undergoing|received|had|aged|treated|took|is|are)\b)[\w-]+){{0,3}})",
        r"(?<![\w-])non-(?P<what>(?:pregnant|diabetic|smoking|hospitali[sz]ed|cirrhotic|critically|ventilated|obese|hispanic)\w*)",
    )
)
"""Whom a source says to have left out."""
_OPENS = re.compile(
    rf"^(?:and |but |we )?(?:the )?(?:{_WHO} )?(?:(?:with|who|having|on|taking|planning|undergoing|receiving|known to have|had|were) )?",
    re.IGNORECASE,
)
_DENIED_IN_QUESTION = re.compile(r"\b(?:without|not|no|non|exclud\w+)[ -](?:[\w-]+ ?){1,3}", re.IGNORECASE)  # fmt: skip


def left_out(text: str) -> list[str]:
    """Whom or what a text says to have been left out, each as it calls it."""
    return [
        each.strip()
        for rule in _LEFT_OUT
        for match in rule.finditer(text)
        for each in re.split(r",\s*|\s+(?:and|or)\s+", match["what"])
        if each.strip()
    ]


def without_left_out(text: str) -> str:
    """A text without what it says to have left out."""
    for rule in _LEFT_OUT:
        text = rule.sub(" ; ", text)
    return text


def _run(text: str, of: frozenset[str], name: str) -> str:
    """The words of a text from the first on that has one of some roots, as long as they are of a name, or of people."""
    words = re.findall(r"[\w-]+", text)
    first = next(at for at, word in enumerate(words) if roots(word) & of)
    last, named = first, name.lower().split()
    while last + 1 < len(words) and (words[last + 1].lower() in named or words[last + 1] in PEOPLE):
        last += 1
    return " ".join(words[first : last + 1])


def told_of_left_out(quoted: Sequence[tuple[str, Source]], question: str) -> tuple[str, list[str]]:
    """What to know first where the source that is quoted first left out those whom a question asks for, and none is of them, as Markdown; and who they are."""
    sources = list({one.n: one for _, one in quoted}.values())
    if not sources:
        return "", []
    first = sources[0].record
    asked = _DENIED_IN_QUESTION.sub(" ", question)
    said = roots(" ".join(place for one in sources for place in _whom(one.whole)))
    for sentence in (first["title"], *sentences(first.get("text", ""))):
        for each in left_out(sentence):
            name = _OPENS.sub("", each)
            words = telling(name)
            own = [word for word in words if roots(word) & roots(asked)]
            if (
                not own
                or 2 * len(own) < len(words)
                or not any(not roots(word) & said for word in own)
            ):
                continue
            theirs = _run(asked, roots(" ".join(own)), name)
            return (
                f'**Nothing was found on "{escape(theirs)}".** The source that is quoted first left out "{escape(each)}".',
                [theirs],
            )
    return "", []
