"""Which sentences of a source answer a question, best first: taken as it wrote them. Without I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..queries.concept import Concept
from ..queries.intent import ASKS_YES_OR_NO
from ..sentences import sentences
from .asked import Question
from .asked_on import asks_together, is_of_one_alone, tells_of_both
from .aspects import Aspect, counted, dwells_on, itself_first, tells
from .bounds import held
from .by_age import by_age_first
from .carried_on import carried
from .cause_sentences import (
    is_factor,
    is_of_what_was_said,
    is_on_reasons,
    on_causes,
    reasons_first,
    reasons_of,
)
from .causes import asks_why
from .conditions import fitting_first, is_of_other_arm, other_arms
from .deciding import deciding_first, has_more
from .definitions import says_meaning
from .directions import asked_direction, has_one_name, ways_of
from .families import Named, beside, exact_first, how, without_parts
from .findings import finding, tells_of_change
from .harms import counts_harmed, tells_of_more
from .how_common import asks_share_of_one, counts_it
from .measured import AHEAD, ALL, WHOLE, Source, share_named
from .naming import names_one
from .number_sentences import with_figure, with_number_first
from .of_whom import has_title
from .outcomes import (
    comes_back_to,
    dwells,
    is_of_outcome,
    is_titled,
    names_exposure,
    names_outcome,
    tells_how_long,
    tells_the_risk,
)
from .readings import is_of_composite
from .recurrences import PRIMARY, prevents_another
from .short_forms import written_out
from .speaking import in_one_place
from .study_facts import fact_sentences
from .study_names import calls
from .superlatives import give_each, tell_most_frequent
from .telling_sentences import LONGEST, LONGEST_ALONE, SHORTEST, telling_sentences
from .ways import all_words, has
from .zones import parts_of

MOST_OF_A_FACT = 1
"""Sentences that tell a fact of a study: one does."""


def told_by(source: Source, question: Question) -> list[str]:
    """The sentences of a source that answer, best first: each tells of the side that is asked for."""
    if question.fact is not None:
        return fact_sentences(source.record, question.fact)[:MOST_OF_A_FACT]
    told = _answering(source, question)
    about = question.entities.get("concepts", [])
    for side in question.facets.aspects:
        # Of many words a text that comes back to it may say it otherwise in one place.
        if not (question.has_many and source.share >= WHOLE and dwells_on(source.whole, side)):
            told = _of_side(source, told, side, about)
        told = itself_first(told, side)
    if question.effect:
        causes = on_causes(source, told, question)
        is_of_reasons = not causes and asks_why(question.text) and is_on_reasons(source)
        told = reasons_of(source, question) if is_of_reasons else causes
    elif asks_why(question.text) and is_of_what_was_said(source) and is_on_reasons(source):
        told = reasons_of(source, question)
    told = [one for one in told if counted(source.whole, source.full(one), question.text, about)]
    title, text = source.record["title"], source.record.get("text", "")
    known = f"{question.text} {question.names}"
    arms = other_arms(title, text, known)
    told = [one for one in told if not is_of_other_arm(source.full(one), title, arms, known)]
    for one in question.named:
        if one.is_outcome and not question.asked.ways:
            # "What is the risk of nausea?" asks for nothing else, of a text that is not on nausea alone.
            naming = [each for each in told if how(written_out(each, source.short), one)]
            if question.figures:
                # "Six had a stroke" before what a stroke is a part of.
                naming = [*_counting(source, question, one, naming), *naming]
            parts = sentences(written_out(text, source.short))
            told = naming or (told if sum(how(each, one) == "same" for each in parts) > 1 else [])
    told = without_parts(told, question.named)
    if question.most and (each := give_each(source, question)):
        return each
    if question.frequent is not None:
        things = [one for one in question.wanted if one[0] >= 1]
        first = tell_most_frequent(source, question.frequent, things)
        if first:
            return [*first, *(one for one in told if one not in first)]
    if asks_why(question.text):
        told = reasons_first(source, told, question)
    if question.figures:
        counting = with_figure(source, told, question)
        told = [*told, *(one for one in counting if _is_of_sides(source, one, question))]
    if _ASKS_BENEFIT.search(question.text) and not question.asked.ways:
        # What it is good for is told by the conclusion and the primary outcome, and not by a harm.
        concluded = {one.text for one in parts_of(sentences(text)) if one.zone == "concluded"}
        told.sort(key=lambda one: one not in concluded and not PRIMARY.search(one))
    told = exact_first(
        fitting_first(told, question.text, title, question.bounds, question.names), question.named
    )
    things = [one for one in question.wanted if one[0] >= 1]
    is_whether = ASKS_YES_OR_NO.match(question.text) and not question.is_plain
    if is_whether and len(things) > 1 and not question.bounds:
        # "Do they irritate the throat?" is answered by who names all of it, before any conclusion; a phrase by what was found on it.
        told.sort(key=lambda one: share_named(source.full(one), things) < ALL)
    told = _of_whom_first(source, told, question)
    # A composite comes after what is told of the one part that is asked about.
    told.sort(key=lambda one: is_of_composite(source.full(one), question.text, question.asked))
    if not question.asked.exposures and asked_direction(question.text, question.asked):
        # "Is it raised in gout?" is answered by who says which way it goes, before what it goes along with.
        told.sort(key=lambda one: not (ways_of(one) and not _GOES_ALONG.search(one)))
    if asks_share_of_one(question):
        told = [one for one in told if counts_it(source.full(one), question)]
    if question.figures:
        told = with_number_first(source, told, question)
    if asks_together(question.entities):
        # "Fluoxetine alone was superior to CBT alone" says nothing of the two together.
        told = [one for one in told if not is_of_one_alone(one)]
        told.sort(key=lambda one: not tells_of_both(one))
    told = by_age_first(source, deciding_first(source, told, question), question)
    return [*carried_on(source, told, question), *told]


def carried_on(source: Source, told: Sequence[str], question: Question) -> list[str]:
    """The sentences of a source that say whether what it found holds of whom a question asks for; none where what it found does not answer."""
    if not told or not question.asked.ways:
        return []
    found = carried(source.record.get("text", ""), told, question)
    return [one for one in found if one not in told]


def _of_whom_first(source: Source, told: list[str], question: Question) -> list[str]:
    """Of a source that is on other diseases the sentences first that name the one that is asked about: "in patients with traumatic brain injury, death was higher"."""
    for one in question.entities.get("concepts", []):
        if (
            one["kind"] != "condition"
            or one["excluded"]
            or is_of_outcome(one["text"], question.asked)
        ):
            continue
        if not names_one(source.whole["title"], one):
            told = sorted(told, key=lambda each: not names_one(source.full(each), one))
    return told


def _of_side(source: Source, told: list[str], side: Aspect, about: Sequence[Concept]) -> list[str]:
    """The sentences that tell of a side; of side effects those first that tell what was seen more often."""
    if side.name != "side effects":
        return [one for one in told if tells(side, _result(source, one), about)]
    more = [one for one in told if tells_of_more(_result(source, one))]
    return [
        *more,
        *(one for one in told if one not in more and tells(side, _result(source, one), about)),
    ]


_ASKS_BENEFIT = re.compile(
    r"^\W*(?:is|are|was|were|do|does|did|can|should)\b.*\b(?:beneficial|useful|effective|efficacious|helpful|worthwhile|benefits?|works?|helps?)\b",
    re.IGNORECASE,
)
_GOES_ALONG = re.compile(
    r"\bcorrelat\w+|\barea under\b|\bcurves?\b|\b(?:AUC|ROC)\b|\bcut-?offs?\b", re.IGNORECASE
)


def _is_of_sides(source: Source, told: str, question: Question) -> bool:
    """Whether a sentence tells of every side that is asked for: how many take a medicine is no answer to how many do not take it."""
    about = question.entities.get("concepts", [])
    return all(tells(side, source.full(told), about) for side in question.facets.aspects)


def _is_on_all(source: Source, told: str, question: Question) -> bool:
    """Whether a sentence is on the whole of an outcome that is asked about, and that has parts and other names."""
    text = written_out(told, source.short)
    return any(one.is_outcome and how(text, one) == "same" for one in question.named)


def _counting(source: Source, question: Question, one: Named, known: Sequence[str]) -> list[str]:
    """The sentences that give the number of the very outcome, beside those that are known."""
    return [
        each
        for each in _telling(source, question)
        if each not in known
        and source.gives(each)
        and how(written_out(each, source.short), one) == "same"
    ]


def _result(source: Source, told: str) -> str:
    """What a sentence tells, apart from the title that a registered result is told under."""
    return source.record.get("outcome", "") or source.full(told)


def _telling(source: Source, question: Question, *, longest: int = LONGEST) -> list[str]:
    def as_read(text: str) -> str:
        return beside(text, question.named)

    return telling_sentences(
        source.record, question.wanted, question.text, as_read, longest=longest
    )


def _answering(source: Source, question: Question) -> list[str]:
    """The sentences of a source that answer, whichever side of it they tell of."""
    if question.meaning:
        parts = sentences(source.record.get("text", ""))
        return [
            one
            for one in parts
            if SHORTEST <= len(one) <= LONGEST and says_meaning(source.full(one), question.meaning)
        ]
    asked = question.asked
    told = _telling(source, question)
    # What changed, or that it did not: to name it is no answer yet.
    found = tells_of_change if asked.ways else finding
    on_it = [one for one in told if names_outcome(source.full(one), asked)]
    # What people said has no figures and no direction.
    is_said = not asked.ways and is_of_what_was_said(source)
    naming = [one for one in on_it if is_said or found(one)]
    if question.harm and not naming and asked_direction(question.text, asked) == "up":
        # How many were harmed is told, where nothing is held against it: "seven (1.6%) attempted suicide".
        naming = [one for one in on_it if counts_harmed(source.full(one), asked)]
    if not naming and asked.ways and asked.exposures:
        # A sentence that lists the ratio of each group is long, and tells it all the same.
        naming = [
            one
            for one in _telling(source, question, longest=LONGEST_ALONE)
            if len(one) > LONGEST
            and found(one)
            and names_outcome(source.full(one), asked)
            and names_exposure(source.full(one), asked)
        ]
    # Best is what names what is asked to change it, too.
    both = [
        one
        for one in naming
        if names_exposure(source.full(one), asked)
        or any(held(one, each) == "same" for each in question.bounds)
    ]
    on_all = [
        one
        for one in naming
        if _is_on_all(source, one, question)
        and not is_of_composite(source.full(one), question.text, asked)
    ]
    if both and not any(one in on_all for one in both):
        # "All-cause mortality did not differ", of a source that is on nothing else, before a part of it.
        both = [*on_all, *both] if dwells(source.whole, asked) else both
    on_outcome = naming
    if not both and not dwells(source.whole, asked, on_a_part=True):
        # Under a title that says what was tried a sentence on the very outcome is on that.
        own = [one for one in naming if has(all_words(source.full(one)), asked.head)]
        naming = own if is_titled(source.whole, asked) else []
    # One on the whole that names nothing of whom is asked about comes with the one that does.
    naming = [*both, *has_more(source, both, naming, question)] if both else naming
    here = in_one_place(source.whole, question.wanted)
    if not naming and not has_one_name(asked.outcome) and here >= ALL:
        # It is on nothing else, and names the outcome in its own way: "parity was related to a decreased ISI".
        naming = [
            one
            for one in told
            if tells_of_change(one)
            and names_exposure(source.full(one), asked)
            and tells_how_long(one, asked)
        ]
    if not naming and comes_back_to(source.whole, asked):
        naming = [one for one in told if tells_the_risk(source.full(one), asked)]
    if not naming:
        naming = [one for one in told if is_factor(source.whole, source.full(one), asked)]
    if not naming and prevents_another(source, question):
        naming = [one for one in told if PRIMARY.search(one) and found(one)]
    if question.is_plain:
        is_about_all = question.is_long and max(source.share, here) >= WHOLE
        is_asked_on = bool(asked.ways and question.entities.get("follow_up"))
        if naming or not is_about_all or is_asked_on:
            # Who asks on knows what else was found: "and pneumonia?" is not answered by that.
            return naming
        # Of a source that is about all of it the sentence on what is asked about, before what else it found.
        on_outcome = on_outcome if asked.ways else []
        exact = [one for one in on_outcome if has(all_words(source.full(one)), asked.head)]
        return exact or on_outcome or [one for one in told if found(one)]
    # "There was no interaction" has no figure, and answers who asks for that side.
    about = question.entities.get("concepts", [])
    sides = question.facets.aspects
    if not sides or any(
        all(tells(side, source.full(one), about) for side in sides) for one in naming
    ):
        told = [*naming, *has_more(source, naming, told, question)] if naming else told
    things = [one for one in question.wanted if one[0] >= 1]
    least = (WHOLE if question.has_many else 1) if question.is_topic else 0
    if calls(question.text, source.record):
        # Who is called by name need not say it again.
        return told
    if source.lead >= AHEAD and in_one_place(source.whole, things) >= least:
        return told
    if sides and has_title(source.record):
        # "Survival was 92% at 10 years", under a title that says after what: the sentence need not.
        title = source.whole["title"]
        left = [one for one in things if not share_named(title, [one])]
        if all(any(share_named(source.full(each), [one]) for each in told) for one in left):
            if not left:
                return told
            # No sentence need name all of them: "adverse events were similar" answers who asks whether they are more frequent.
            things = left
            least = max(share_named(source.full(one), things) for one in told)
    # Beside others that are as near, a sentence says itself what it is about.
    shares = [share_named(source.full(one), things) for one in told]
    return [one for one, share in zip(told, shares, strict=True) if share > 0 and share >= least]
