"""What a question that goes on asks by its own words: what it names, and which kind of value; and how much of that a sentence tells. Without I/O.

"Any pneumothorax?" names one thing, "how often were the visits?" a thing and a kind of value, "until when?" a kind of value alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from ..entities import Entities
from ..queries.concept import NAMED, Concept
from ..words import content_words, stems, word_set
from .asked import Question, read_question
from .aspects import Aspect, asked_aspects, tells
from .deciding import is_light
from .figures import FIGURES, IN_WORDS, STATISTICS, Figure, asked_figures, gives
from .measured import Source
from .naming import names_one
from .populations import is_of_people
from .question_parts import CHANGES
from .ways import Way, all_words, forms_of, has, others

_BY_NAME: Final = {one.name: one for one in FIGURES}
_NUMBER: Final = rf"(?:\d[\d.,]*|{IN_WORDS})"
_TIME: Final = r"(?:minute|min|hour|hr|day|night|week|month|year)s?"


class _Kind(NamedTuple):
    """A kind of value that is asked for in few words, "until when?"."""

    asked: re.Pattern[str]
    said: re.Pattern[str]


def _kind(asked: str, said: str) -> _Kind:
    begins = rf"^\W*(?:(?:and|but|so|or|then)\s+)*(?:{asked})\b"
    return _Kind(re.compile(begins, re.IGNORECASE), re.compile(said, re.IGNORECASE))


_KINDS: Final = (
    _kind(
        r"(?:until|till|up to|to) (?:when|(?:what|which) (?:age|week|day|month|year)s?)|when (?:do|does|did|should|can|is|are|was|were) (?:they|it|you|one|people|patients) (?:stop|end|finish)\w*",
        rf"\b(?:until|till|through|(?<=\d )(?:to|and)|(?<=\d)[-–](?=\d))\s?[^.;,]{{0,20}}\d[^.;,]{{0,12}}?\b{_TIME}\b|\bfor (?:a (?:median|mean) of )?{_NUMBER}[ -]{_TIME}\b",
    ),
    _kind(
        r"(?:from|since|at|in) (?:when|(?:what|which) (?:age|week|day|month|year)s?)|when (?:do|does|did|should|is|are|was|were) (?:they|it|you|one|people|patients|treatment|the \w+)(?: (?:to|be))* (?:start|begin|began|given|introduced)\w*",
        rf"\b(?:from|at|after|within|between|(?:start|beg)\w+ (?:at|in|from|on))\b[^.;,]{{0,25}}\d[^.;]{{0,20}}?\b{_TIME}\b|\b{_NUMBER}[ -]?(?:to|-|–)[ -]?{_NUMBER} {_TIME}\b (?:before|after|of)\b|\bat least \d+ {_TIME} but\b",
    ),
    _kind(
        r"when (?:was|were|is|are) (?:it|they|this|these|that|the [\w-]+) (?:[a-z]+ed|taken|given|done|seen)",
        rf"\b(?:before|after|at|on|within|between|during)\b[^.;]{{0,30}}(?:\b\d[\d.]*[ -]?{_TIME}\b|\b{_TIME} \d|\b(?:baseline|admission|discharge|birth|diagnosis|surgery|operation|entry|randomi[sz]ation)\b)",
    ),
    _kind(
        r"how (?:often|frequently|many times)|how many (?:[\w-]+ )?(?:a|per|each|every) (?:minute|hour|day|night|week|month|year)",
        rf"\b(?:once|twice|thrice|{_NUMBER} times)\b|\b(?:every|each|per|an?) (?:other |{_NUMBER} )?(?:hour|day|night|week|month|year|season)s?\b(?! of age)|(?<!person[- ])(?<!patient[- ])\b(?:twice-|once-)?(?:daily|nightly|weekly|fortnightly|biweekly|monthly|quarterly|yearly|annual(?:ly)?|hourly)\b|\b(?:at|in) {_NUMBER}[- ]?{_TIME}(?:ly)? intervals?\b"
        rf"|\b(?:baseline|(?:day|week|month|year)s?)(?: \d[\d.]*)?, (?:(?:at |and )?(?:day|week|month|year)?s? ?\d[\d.]*(?:, | ?and )?)+",
    ),
    _kind(
        r"how (?:cold|cool|hot|warm)|(?:at )?(?:what|which) temperatures?|(?:what was )?the temperature",
        r"\d ?(?:°|º|deg(?:ree)?s?)(?: ?[CF]\b| Celsius| Fahrenheit)?",
    ),
    _kind(
        r"how (?:much )?(?:more |less )?(?:cheap|expensive|costly|dear)(?:er)?",
        _BY_NAME["a cost"].said.pattern,
    ),
    _kind(
        r"how (?:is|are|was|were) (?:it|they|this|these|that|the \w+) (?:given|taken|done|used|administered|delivered|applied|injected|performed|carried out)",
        r"\b(?:orally|oral|intravenous(?:ly)?|subcutaneous(?:ly)?|intramuscular(?:ly)?|topical(?:ly)?|inhaled|nasal|nasally|infusions?|injections?|injected|tablets?|capsules?|patch(?:es)?|drops|sprays?|sessions?|painted|given as|administered|delivered|applied)\b",
    ),
    _kind(
        r"how much (?:of (?:it|this|that) )?(?:is|are|was|were|do|does|did|should|must|can|per|a|each)\b[^?]*|how much(?=\W*$)|how much (?:[\w-]+ ){1,3}?(?:do|does|did|should|must|can|could) (?:it|they|you|one|people|patients|babies|children|women|men) (?:get|take|receive|use|eat|drink|need|have to)\w*|how many (?:doses|shots|jabs|injections|tablets|pills|drops|puffs|infusions|capsules)",
        rf"{_BY_NAME['a dose'].said.pattern}|\b(?:single|{_NUMBER}|\d+) (?:[\w-]+ )?(?:doses?|injections?|infusions?|shots?|vaccinations?|applications?)\b",
    ),
    _kind(
        r"how (?:long|much time) (?:do|does|did|will|would) (?:it|they|this|the [\w -]{2,30}?|an? [\w -]{2,30}?) (?:take|last)",
        rf"\b(?:time|duration|took|takes?|lasted|length)\b(?:[^.;]|\.\d){{0,60}}\d(?:[^.;]|\.\d){{0,30}}?\b{_TIME}\b|\b{_NUMBER}[ -]?(?:minute|min|hour)s?\b[- ](?:sessions?|procedures?|operations?|visits?|infusions?)|\bover {_NUMBER} (?:minutes|hours)\b",
    ),
    _kind(
        rf"(?:(?:for|over|in|within|after) )?(?:how long(?! (?:do|does|did|will|can) (?:they|people|patients) (?:live|survive))|how many {_TIME})|how (?:early|late|soon|quickly|fast)",
        _BY_NAME["a time"].said.pattern,
    ),
)  # fmt: skip
FULL: Final = 0.8
"""From here on a sentence names all that is asked."""
_OTHERWISE: Final = 0.9
_SURE: Final = 6
"""Letters by which a word is known in another form."""
_BEST_RANK: Final = 4
_COUNT: Final = re.compile(
    rf"(?<![\w.,/-])(?:\d[\d,]*|{IN_WORDS}(?:-{IN_WORDS})?)(?! ?(?:%|percent|{_TIME}\b|[-–]year|[mµμ]?g\b|m?l\b))(?![\d.,]*\d)(?= (?:\([\d.]+ ?%\) )?(?!percent)[a-z])|\d ?%|\bnone\b",
    re.IGNORECASE,
)
"""How many of something, and no time or amount."""
BY_ITS_KIND: Final = 0.25
"""What a sentence is worth that gives the kind of value, and tells what was done, where it names nothing of the question."""
_OF_CHANGE: Final = re.compile(r"\bby how much\b", re.IGNORECASE)
_LASTS: Final = re.compile(
    rf"\bfor (?:a (?:median|mean|total) of |up to |at least |only |about )?{_NUMBER}(?:[ -](?:to|or|and)[ -]{_NUMBER})?[ -]{_TIME}\b|\b{_NUMBER}[- ](?:minute|hour|day|week|month|year)s?[- ](?:course|treatment|therapy|programme|program|sessions?|trial|study|of)\b"
    rf"|\b{_NUMBER} {_TIME} of (?!age|follow)|\b(?:took|lasted|duration|time)\b",
    re.IGNORECASE,
)
"""Tells how long something is done; an age and a time at which it is looked at are times, too."""
_FOLLOWED: Final = re.compile(r"\bfollow(?:ed|-?ups?)?\b", re.IGNORECASE)
_GIVEN: Final = re.compile(
    r"\b(?:assigned|randomi[sz]ed|received|receive|given|allocated|treated|taken|consisted|delivered|ate|underwent|undergo|intervention|took place|evaluated|examined|assessed|measured|monitored|screened|tested|seen|calculated|recorded|reviewed|followed)\b",
    re.IGNORECASE,
)
_LOOKED_AT: Final = re.compile(
    r"\b(?:check|examin|assess|evaluat|measur|monitor|test|visit|review|scan|record)(?:ed|s)?\b|\bseen\b",
    re.IGNORECASE,
)
"""Is done to know, and not to treat."""
_CLAUSE: Final = re.compile(r"\b(?:was|were|did|had) [^?]*\b\w+", re.IGNORECASE)
OPENS: Final = re.compile(
    r"^\W*(?:(?:and|but|or|so|also|then|what about|how about|what of|is there|are there|was there|were there|any|ok(?:ay)?)\b[, ]*)+",
    re.IGNORECASE,
)
_LEFT: Final = word_set(
    "it they them this that those these anyone anybody someone somebody everyone everybody nobody people patients participants happen happened matter matters "
    "bad badly suffer suffers go goes problem problems trouble troubles issue issues exactly really take took get got see seen need needed part "
    "trial trials study studies maintained kept continued given used applied done taken afterwards afterward later eventually because completely entirely altogether totally day days night nights week weeks month months year years hour hours minute minutes"
)
"""Words of such a question that name nothing to look for."""


class Own(NamedTuple):
    """What a question asks by its own words."""

    question: Question
    """As it is read by itself."""
    names: tuple[_Name, ...]
    kind: re.Pattern[str] | None
    """What a sentence has that gives the kind of value; None where none is asked for."""
    figures: tuple[Figure, ...]
    """The same of kinds that may be of anything: a share, a count."""
    is_of_methods: bool
    """Whether it is told with what was done."""

    sides: tuple[Aspect, ...]
    """The sides of a thing that it asks for where it names none, "any side effects?"."""

    @property
    def is_empty(self) -> bool:
        return not (self.names or self.kind or self.sides)

    def unnamed(self, source: Source, text: str) -> list[str]:
        """What of it a sentence does not name, of that which the title of its source does not name either."""
        title, full = source.record["title"], source.full(text)
        left = [one for one in self.names if not one.share_in(title, title)] or self.names
        return [one.text for one in left if not one.share_in(text, full)]

    def gives(self, text: str) -> bool:
        """Whether a sentence gives a value of the kind that is asked for; true where none is."""
        if self.kind is not None:
            return self.kind.search(text) is not None
        if any(one.name == "a count" for one in self.figures):
            return _COUNT.search(STATISTICS.sub(" ", text)) is not None
        return gives(text, self.figures)

    def value(self, source: Source, text: str) -> float:
        """How well a sentence answers, 0 to 1 by what it names; 0 where it does not give the kind of value.

        What is done is named in many ways, "how often did they train?": where it has no name in the vocabulary, the kind of value counts alone.
        """
        if self.is_empty or not self.gives(text):
            return 0.0
        title, full = source.record["title"], source.full(text)
        if not self.names:
            about = self.question.entities.get("concepts", [])
            is_on_side = all(tells(one, full, about) for one in self.sides)
            return FULL + (1 - FULL) * max(0.0, self.rank(text) / _BEST_RANK) if is_on_side else 0.0
        left = [one for one in self.names if not one.share_in(title, title)] or self.names
        named = sum(one.share_in(text, full) for one in left) / len(left)
        if named or self.kind is None or any(one.concept for one in self.names):
            return named
        return BY_ITS_KIND if _GIVEN.search(text) else 0.0

    def is_enough(self, unnamed: Sequence[str], value: float) -> bool:
        """Whether what a sentence names of it is enough: all, or the head of a name that no table has, "car accidents"."""
        if not unnamed or value == BY_ITS_KIND:
            return True
        if len(self.names) < 2 or any(one.concept for one in self.names if one.text in unnamed):
            return False
        # Of "how much tissue was removed" the verb is said in many ways.
        is_verb = _CLAUSE.search(self.question.text) and unnamed == [self.names[-1].text]
        return bool(is_verb) or self.names[-1].text not in unnamed

    def is_of_whom(self, text: str) -> bool:
        """Whether a sentence tells of those who have, or who had, what it names last: "in patients with haemorrhage"."""
        last = re.escape(self.names[-1].text.split()[-1][:_SURE])
        return (
            re.search(
                rf"\b(?:with|without|in|among|after|of|on|who)\s(?:[\w-]+ ){{0,4}}?{last}",
                text,
                re.IGNORECASE,
            )
            is not None
        )

    def rank(self, text: str) -> float:
        """Which of several that name as much comes first: by how the value is told, -2 to 4."""
        if self.kind is None:
            return 0.0
        lasts = self.kind is _KINDS[-1].said and bool(_LASTS.search(text))
        followed = bool(_FOLLOWED.search(text)) and not any(
            _FOLLOWED.search(one.text) for one in self.names
        )
        looked_at = bool(_LOOKED_AT.search(self.question.text) and _LOOKED_AT.search(text))
        return 2 * lasts + bool(_GIVEN.search(text)) + looked_at - 2 * followed


class _Name(NamedTuple):
    """A thing that a question names."""

    text: str
    concept: Concept | None
    ways: tuple[Way, ...]

    def share_in(self, text: str, full: str) -> float:
        """How a sentence names it: 1 as it is, a little less by another name, 0 not at all."""
        if stems(self.text) <= stems(text):
            return 1.0
        if self.concept is not None and (
            names_one(text, self.concept) or names_one(full, self.concept)
        ):
            return _OTHERWISE
        return _OTHERWISE if any(has(all_words(full), way) for way in self.ways) else 0.0


def asked_words(query: str, entities: Entities) -> Own:
    """What a question asks by its own words.

    Args:
        query: As it was asked.
        entities: What is read in it.
    """
    kind = None if _OF_CHANGE.search(query) else _kind_of(query)
    rest = OPENS.sub("", query)
    if kind is not None:
        rest = kind.asked.sub(" ", rest)
    figures = () if kind else asked_figures(query)
    names = _names(rest, entities, is_counted=bool(figures))
    of_methods = kind is not None or any(one.is_of_methods for one in figures)
    sides = () if names or kind else asked_aspects(query)
    return Own(
        read_question(entities), names, kind.said if kind else None, figures, of_methods, sides
    )


def _kind_of(query: str) -> _Kind | None:
    return next((one for one in _KINDS if one.asked.match(query)), None)


_COUNTS: Final = word_set(
    "rate rates number numbers percentage proportion share chance many much often long"
)

_HOW_MANY: Final = re.compile(r"\bhow many (?P<what>[a-z][\w-]{3,}s|mice|children|women|men)\b")


def _names(rest: str, entities: Entities, *, is_counted: bool) -> tuple[_Name, ...]:
    found: list[_Name] = []
    left = rest.lower()
    for one in entities.get("concepts", []):
        is_name = one["kind"] in NAMED or (one["kind"] == "topic" and " " in one["text"])
        # Of "jaw problems" the jaw is named.
        is_name = is_name and one["text"].split()[-1].lower() not in _LEFT
        if (
            not is_name
            or one["excluded"]
            or is_of_people(one["text"])
            or one["text"].lower() not in left
        ):
            continue
        left = left.replace(one["text"].lower(), " ")
        found.append(_Name(one["text"], one, tuple(others(one["text"], [one]))))
    counted = _HOW_MANY.search(left) if is_counted else None
    for word in content_words(left):
        is_empty = word in _LEFT or is_light(word) or CHANGES.fullmatch(word) is not None
        is_empty = (
            is_empty or len(word) < 2 or is_of_people(word) or (is_counted and word in _COUNTS)
        )
        if is_empty and not (counted and counted["what"] == word):
            continue
        about = [
            one
            for one in entities.get("concepts", [])
            if one["text"].lower() == word and one["kind"] in (*NAMED, "topic")
        ]
        found.append(
            _Name(word, about[0] if about else None, ((forms_of(word),), *others(word, about)))
        )
    return tuple(sorted(found, key=lambda one: rest.lower().find(one.text.lower())))
