"""A question as concepts: what it is about, one by one, and what it wants left out.

A concept is a noun phrase: a name of the table (a drug, a disease, a gene, a heading of MeSH) or words that
stand together between verbs, prepositions and punctuation. Words of everyday and of research that name no
topic are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..terms.broad import GENERAL
from ..terms.everyday import PEOPLE
from ..terms.find import Found, find
from ..terms.names import singular
from ..terms.rows import spelt_out
from ..vocabulary import FILLER
from ..words import content_words, word_set
from . import compared, compounds, contrasts, negation
from .aspects import aspects
from .concept import DESCRIBING, NAMED, Concept, of_name, of_parts
from .gene_states import gene_of
from .grades import grades, is_grade
from .joined import is_left_out
from .noun_phrases import AGES, BREAKS, SYMBOL, describes, of_phrase, phrases, speaks
from .preparing import prepared
from .trial_people import AGES_IN_YEARS
from .written_names import written

_COMPOUND = re.compile(
    r"(?<![\w-])([A-Za-z]\w*)-(negative|naive|naïve|resistant|refractory|sensitive|dependent)\b",
    re.IGNORECASE,
)
"""``HER2-negative`` is a kind of its own, and not about HER2; nor is "platinum-resistant" treated with platinum."""
_NAIVE = ("naive", "naïve")
_UNTREATED = ("untreated", "naive")
"""What else the treatment-naive are called."""
_UNMOVED = ("resistant", "refractory")
_NO_KIND = re.compile(
    rf"(?<![\w-])(non)[- ](?=[a-z]{{5}})({negation.ADJECTIVE.pattern})\b", re.IGNORECASE
)
"""``non-pharmacological``: the word without it says the contrary."""
_DONE = word_set(
    "surgery operation medication medications drug drugs medicine medicines child children adult adults women men pregnant"
)
"""Words that are no topic by themselves, and may be left out."""


def concepts(question: str, *, is_english: bool = True) -> list[Concept]:
    """The concepts of a question, in its order; none for one without a topic.

    Args:
        question: The question, without what only narrows a search.
        is_english: Whether an unknown word may be a misspelt English one.
    """
    text = prepared(question)
    names = _names(text, is_english=is_english)
    if not is_english and (known := [one for one in names if _is_international(one)]):
        # Its other words are words of no search in English.
        return _once([of_name(one, is_excluded=False) for one in known])
    names = negation.reaching(text, names)
    found = _concepts(text, names)
    if not found:
        # About research itself: then its own words are the topic.
        found = _concepts(text, [one for one in find(text, general=True) if " " in one.text])
    return found or _last_resort(text)


def asked(question: str, about: Sequence[Concept]) -> list[Concept]:
    """What a question in English asks of its concepts: harm, dose, stage, setting; see :func:`.aspects.aspects`."""
    text = prepared(question)
    names = negation.reaching(text, _names(text, is_english=True))
    for start, end in negation.with_denial(text, negation.spans(text, names)):
        text = f"{text[:start]};{' ' * (end - start - 1)}{text[end:]}"
    for ages in AGES_IN_YEARS:
        text = ages.sub(" ; ", text)
    return aspects(text, about)


def _names(text: str, *, is_english: bool) -> list[Found]:
    names = [one for one in find(text) if not _is_everyday(one) and not _is_done(text, one)]
    return compounds.made_of(text, written(text, names, is_english=is_english))


def _concepts(text: str, names: list[Found]) -> list[Concept]:
    found: list[tuple[int, int, Concept]] = []
    rest = text
    apart = negation.spans(text, names)
    for (start, end), (begin, _) in zip(apart, negation.with_denial(text, apart), strict=True):
        within = [one for one in names if start <= one.start and one.end <= end]
        found += _left_out(text, start, end, within)
        start = begin
        rest = f"{rest[:start]};{' ' * (end - start - 1)}{rest[end:]}"
        names = [one for one in names if one.end <= start or one.start >= end]
    for match in (*_COMPOUND.finditer(rest), *_NO_KIND.finditer(rest)):
        start, end = match.span()
        if any(one.start <= start and one.end >= end for one in names):
            continue
        kind = of_parts([" ".join(match.groups())], is_excluded=False, is_named=True)
        told = [str(one) for one in match.groups() if one.lower() != "non"]
        if not all(map(_is_telling, told)):
            if told[-1].lower() not in _NAIVE:
                continue
            kind["synonyms"] = list(_UNTREATED)
        if told[-1].lower() in _UNMOVED:
            kind["synonyms"] = [f"{told[0]} {one}" for one in _UNMOVED if one != told[-1].lower()]
        found.append((start, end, kind))
        rest = f"{rest[:start]};{' ' * (end - start - 1)}{rest[end:]}"
        names = [one for one in names if one.end <= start or one.start >= end]
    kinds = [
        (start, end, words)
        for start, end, words in grades(rest)
        if not any(one.start < end and start < one.end for one in names)
    ]
    for start, end, words in kinds:
        found.append((start, end, of_parts([words], is_excluded=False)))
        rest = f"{rest[:start]}{';'.ljust(end - start)}{rest[end:]}"
    for phrase in phrases(_without_sides(rest, names), names):
        found += of_phrase(phrase)
    found += _of_contrasts(rest, found)
    found.sort(key=lambda one: one[0])
    wanted = {_identity(one) for _, _, one in found if not one["excluded"]}
    # "In diabetic and nondiabetic rats" is about both.
    found = [part for part in found if not part[2]["excluded"] or _identity(part[2]) not in wanted]
    compared.mark_choices(text, found, frozenset(contrasts.told_apart(rest)))
    compared.mark_places(text, found)
    compared.mark_sides(rest, found)
    about = [concept for _, _, concept in found]
    if compared.is_comparison(text):
        about = compared.told_apart(about)
    if any(one["heading"] == "Non-Smokers" for one in about):
        about.append(_smokers())
    return _once(about)


def _is_telling(word: str) -> bool:
    return speaks(word, shouted=False) and singular(word.lower()) not in GENERAL


def _without_sides(text: str, names: list[Found]) -> str:
    """The text without the sides of comparisons, but for those of a name: each is a concept of its own."""
    for side in contrasts.sides(text):
        if not any(one.start < side.end and side.start < one.end for one in names):
            blank = ";".ljust(side.end - side.start)
            text = f"{text[: side.start]}{blank}{text[side.end :]}"
    return text


def _of_contrasts(
    text: str, found: list[tuple[int, int, Concept]]
) -> Iterator[tuple[int, int, Concept]]:
    for side in contrasts.sides(text):
        if not any(start <= side.start < end for start, end, _ in found):
            one = of_parts([side.words], is_excluded=False, is_named=True)
            yield side.start, side.end, {**one, "synonyms": list(side.also)}


_INTERNATIONAL = 5
"""Letters of a name that is the same in many languages; of fewer only an abbreviation is."""


def _is_international(name: Found) -> bool:
    is_name = name.kind in NAMED and len(name.text) >= _INTERNATIONAL
    return is_name or (name.kind in NAMED and name.text.isupper())


def _is_everyday(name: Found) -> bool:
    word = name.text.lower()
    if name.text.isupper() and spelt_out(name.text):
        return False  # CF is no "cf."
    # "allows" is the name of a medicine, too.
    return word in BREAKS or (
        name.kind == "drug" and name.text.islower() and singular(word) in BREAKS
    )


_TO_DO = re.compile(
    r"\b(?:(?:safe|ok|okay|fine|dangerous|risky|harmful|able|unable|fit|allowed|likely|possible|impossible|wise|best|need|want|wait|wish|how|when|time|long) to"
    r"|(?:can|could|may|might|should|must|will|would|do|does|did) (?:i|you|we|they|he|she|people|patients|children|adults|women|men)) $",
    re.IGNORECASE,
)


def _is_done(text: str, name: Found) -> bool:
    """Whether what is called as an animal is something that people do: "is it safe to fly?"."""
    return name.branches == {"B"} and bool(_TO_DO.search(text, 0, name.start))


def _last_resort(text: str) -> list[Concept]:
    words = [
        word
        for word in content_words(text)
        if word not in PEOPLE and word not in FILLER and len(word) > 3
    ]
    return [of_parts([word], is_excluded=False) for word in words]


def required(found: Sequence[Concept]) -> list[Concept]:
    """The concepts a result has to have: every name and phrase, and lone nouns where these are fewer
    than two. A lone adjective or verb describes, and is required only where there is nothing else.
    """
    wanted = [one for one in found if not one["excluded"]]
    strong = [one for one in wanted if one["kind"] != "word" or SYMBOL.fullmatch(one["text"])]
    topics = [
        one for one in strong if one["heading"] not in AGES and not contrasts.is_side(one["text"])
    ]
    if len(topics) >= 2:
        return strong
    nouns = [
        one
        for one in wanted
        if one["kind"] == "word"
        and not DESCRIBING.search(one["text"].lower())
        and (singular(one["text"].lower()) not in GENERAL or one["text"].lower() == "surgery")
    ]
    return [one for one in wanted if one in strong or one in nouns] or wanted


def decides(one: Concept) -> bool:
    """Whether a search does without a concept only after those that describe: an adjective or a verb by itself, a word of everyday."""
    is_symbol = SYMBOL.fullmatch(one["text"]) is not None
    is_said = is_symbol or not (describes(one["text"]) or is_grade(one["text"]))
    return one["kind"] != "word" or is_said


def named(found: Sequence[Concept]) -> list[Concept]:
    """The drugs, diseases and genes among the wanted ones."""
    return [one for one in found if one["kind"] in NAMED and not one["excluded"]]


def _left_out(
    text: str, start: int, end: int, names: list[Found]
) -> Iterator[tuple[int, int, Concept]]:
    """What a question wants left out: each medicine and disease in the span, else the span as a whole."""
    if negation.BEFORE.search(text, 0, start) and not any(one.kind == "condition" for one in names):
        return
    if len(names) == 1 and names[0].kind == "drug" and _STATE.fullmatch(text, names[0].end, end):
        yield start, end, of_parts([text[start:end]], is_excluded=True)
        return
    if gene_of(text[start:end]):
        yield start, end, of_parts([text[start:end]], is_excluded=True)
        return
    is_head = bool(names) and (
        names[-1].end >= end or all(one.kind in ("drug", "condition") for one in names)
    )
    if is_head and all(is_left_out(one) for one in names):
        for one in names:
            yield one.start, one.end, of_name(one, is_excluded=True)
    elif len(names) == 1 and names[0].end - names[0].start == end - start:
        yield start, end, of_name(names[0], is_excluded=True)
    else:
        words = [match[0] for match in negation.WORD.finditer(text, start, end)]
        telling = [one.lower() in _DONE or speaks(one, shouted=False) for one in words]
        if any(telling):
            # Of "central lines" the line tells as well: it is no line that is left out.
            yield (
                start,
                end,
                of_parts([" ".join(words[telling.index(True) :])], is_excluded=True),
            )


_STATE = re.compile(
    r" (?:deficienc(?:y|ies)|resistance|allerg(?:y|ies)|toxicity|overdose|intolerance|withdrawal|dependence|exposure)",
    re.IGNORECASE,
)
"""What people have of a medicine: without "B12 deficiency" they are not without B12."""


def _once(found: list[Concept]) -> list[Concept]:
    """Without what was said before."""
    kept: dict[str, Concept] = {}
    for one in found:
        kept.setdefault(_identity(one), one)
    return list(kept.values())


def _smokers() -> Concept:
    return {**of_parts(["smokers"], is_excluded=True), "kind": "topic", "heading": "Smokers"}


def _identity(concept: Concept) -> str:
    return concept["heading"] or concept["name"].lower()
