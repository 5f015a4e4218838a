"""A question as entities and an intent, by rules alone: the same question, the same result."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from typing_extensions import TypedDict

from .queries import background, identifiers, slips, trial_filters, trial_people
from .queries.as_written import as_written
from .queries.askers import without_asker
from .queries.concept import Concept
from .queries.concepts import asked, concepts
from .queries.dates import period, without_dates
from .queries.intent import Intent, intent_of
from .queries.kinds_left_out import left_out
from .queries.kinds_left_out import told as told_kinds
from .queries.languages import other_language
from .queries.negation import reaching, spans
from .queries.notations import in_words
from .queries.notes import told
from .queries.pico import without_labels
from .queries.scope import is_medical
from .queries.shown import shown, without_shown
from .queries.sizes import enrollment, with_sizes_masked
from .queries.spoken import plainly
from .queries.topical import asked_designs, companies, topical
from .terms.find import find
from .terms.respelling import mended
from .vocabulary import (
    CLASS_MEMBERS,
    DRUG_ENDINGS,
    NOT_DRUGS,
)
from .words import content_words, unique, words_of

MAX_QUERY_CHARS = 2000


class Setting(TypedDict):
    """In whom or after what a session's question asks."""

    text: str
    """As it was asked: ``after surgery``."""
    by: list[Concept]
    """What a text of them names."""


class Entities(TypedDict):
    """What a question names. All plain JSON values; lists are empty where nothing was named."""

    question: str
    """As it was read, on one line."""
    intent: Intent
    drugs: list[str]
    drug_classes: list[str]
    conditions: list[str]
    genes: list[str]
    excluded: list[str]
    """Drugs and conditions wanted left out: "in adults without diabetes"."""
    companies: list[str]
    phases: list[str]
    statuses: list[str]
    nct_ids: list[str]
    pmids: list[str]
    dois: list[str]
    pmcids: list[str]
    """Articles by their numbers in PubMed Central, ``PMC1234567``."""
    registry_ids: list[str]
    """Trials by the numbers of other registries and of sponsors: ``ISRCTN74851356``, ``2017-003436-36``, ``NN9536-4373``."""
    date_from: str | None
    date_to: str | None
    date_field: str | None
    """Which of a trial's dates is meant: ``start``, ``primary_completion``, ``first_posted`` …; None: not said."""
    places: list[str]
    """Where trials should have a site, by name."""
    distance: str
    """``distance(48.1,11.6,50km)``, in the registry's words; empty: not said."""
    sex: str | None
    """``FEMALE`` or ``MALE`` where a question is about one of them."""
    age_groups: list[str]
    """``CHILD``, ``ADULT``, ``OLDER_ADULT``."""
    age_from: int | None
    """In years."""
    age_to: int | None
    min_enrollment: int | None
    max_enrollment: int | None
    with_results: bool
    """Whether only studies that have posted results are wanted."""
    randomized: bool
    """Whether only randomised trials are."""
    designs: list[str]
    """The kinds of studies asked for, out of ``designs.DESIGNS``."""
    excluded_designs: list[str]
    """The kinds of studies wanted left out, out of those and ``kinds_left_out``: "excluding case reports"."""
    excluded_places: list[str]
    """Where trials should have no site."""
    shows: list[str]
    """What should be shown of each trial, out of ``queries.shown.SHOWN``; no word of the search."""
    terms: list[str]
    concepts: list[Concept]
    """What the question is about, one by one; searches are made of these."""
    aspects: list[Concept]
    """What it asks of them: harm, dose, stage, setting; PubMed's first query requires these, too."""
    is_medical: bool
    """Whether it names a thing of medicine; else a source has to name more of it to speak to it."""
    language: str | None
    """The question's, where it is not English: it is then passed on as it is."""
    planned: list[str]
    """Queries that a model planned for PubMed, checked against the question; empty by rules."""
    planned_trials: list[dict[str, str]]
    """The same for the registry: ``condition``, ``intervention``, ``term``."""
    planned_documents: list[str]
    """The same for the documents, in plain words."""
    follow_up: str
    """How a question that goes on from the one before was read, in words; empty for one that is whole by itself."""
    of_sources: list[str]
    """What a follow-up asks of the studies that answer: how many took part (``people``), the ``dose``, the ``p`` value."""
    only: list[Concept]
    """What a session's question is to be answered from alone: "only ultrasound"."""
    except_for: list[Concept]
    """What it is not to be answered from: "excluding ultrasound"."""
    settings: list[Setting]
    """In whom or after what it asks."""
    notes: list[str]
    """What a reader should know of how the question was read."""


def parse(query: str, today: date) -> Entities:
    """Read a question.

    Args:
        query: The question, up to 2000 characters. One that is not in English is passed on as it is.
        today: What ``last five years`` counts from.

    Raises:
        ValueError: The question is empty or too long.
    """
    text = " ".join(query.split())
    if not text:
        raise ValueError("query should not be empty")
    if len(text) > MAX_QUERY_CHARS:
        raise ValueError(f"query should have at most {MAX_QUERY_CHARS} characters")
    whole, text = text, identifiers.without_tags(text)
    language = other_language(text)
    text, respelt = (text, []) if language else mended(text)
    told_before, text = ("", text) if language else background.apart(without_asker(text))
    text = text if language else plainly(in_words(text))
    first, last, field = period(text, today)
    text = without_labels(text)
    said = text
    unwanted, text = left_out(trial_filters.with_denied_statuses(trial_filters.with_distance(text)))
    intent = intent_of(text)
    subject = without_shown(text)
    topic = topical(subject, intent)
    about = slips.kept_as_written(concepts(topic, is_english=language is None), respelt)
    of_it = asked(topic, about) if language is None else []
    taken = background.subject(told_before, about)
    about = [*about, *taken]
    wanted = [one for one in about if not one["excluded"]]
    # What is left out narrows nothing: "not in women" asks for no study of women.
    meant, parts = _apart(text)
    denied = " ; ".join(parts)
    of_people = " ; ".join(one for one in parts if _WHO.fullmatch(one))
    uncounted = with_sizes_masked(meant)
    youngest, oldest = trial_people.ages(uncounted)
    least, most = enrollment(meant)
    return {
        "question": said or whole,
        "intent": intent,
        "drugs": unique(
            [
                *(
                    one["name"]
                    for one in wanted
                    if one["kind"] == "drug" and one["name"] not in CLASS_MEMBERS
                ),
                *_drugs_by_ending(wanted),
            ]
        ),
        "drug_classes": unique(
            one["name"] for one in wanted if one["kind"] == "drug" and one["name"] in CLASS_MEMBERS
        ),
        "conditions": unique(one["name"] for one in wanted if one["kind"] == "condition"),
        "genes": unique(one["name"] for one in wanted if one["kind"] == "gene"),
        "excluded": unique(one["name"] for one in about if one["excluded"]),
        "companies": companies(text),
        "phases": _kept(trial_filters.phases, meant, denied, PHASES),
        "statuses": _kept(trial_filters.statuses, meant, denied, STATUSES),
        "nct_ids": identifiers.nct_ids(whole),
        "pmids": identifiers.pmids(whole),
        "dois": identifiers.dois(whole),
        "pmcids": identifiers.pmcids(whole),
        "registry_ids": identifiers.registry_ids(whole),
        "date_from": first,
        "date_to": last,
        "date_field": field,
        "places": trial_filters.places(meant),
        "distance": trial_filters.distance(meant),
        "sex": _sex(meant, of_people),
        "age_groups": _kept(trial_people.age_groups, uncounted, of_people, AGE_GROUPS),
        "age_from": youngest,
        "age_to": oldest,
        "min_enrollment": least,
        "max_enrollment": most,
        "with_results": trial_filters.wants_results(meant),
        "randomized": trial_filters.is_randomized(meant),
        "designs": asked_designs(text),
        "excluded_designs": unwanted,
        "excluded_places": trial_filters.places(denied),
        "shows": shown(text),
        "terms": content_words(without_dates(subject)),
        "concepts": about,
        "aspects": of_it,
        "is_medical": is_medical(text) or any(map(_is_respelt, about)),
        "language": language,
        "planned": [],
        "planned_trials": [],
        "planned_documents": [],
        "follow_up": "",
        "of_sources": [],
        "only": [],
        "except_for": [],
        "settings": [],
        "notes": [
            *slips.told(respelt, about, of_it),
            *told(about, language, text),
            *told_kinds(unwanted),
            *background.notes(told_before, said, taken),
            *([IN_PUBMEDS_SYNTAX] if as_written(whole) else []),
        ],
    }


IN_PUBMEDS_SYNTAX = (
    "PubMed is searched for this as it is written; the other sources for the words of it"
)

PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")
STATUSES = (
    "RECRUITING", "NOT_YET_RECRUITING", "ENROLLING_BY_INVITATION", "ACTIVE_NOT_RECRUITING", "COMPLETED", "SUSPENDED",
    "TERMINATED", "WITHDRAWN", "UNKNOWN", "AVAILABLE", "NO_LONGER_AVAILABLE", "TEMPORARILY_NOT_AVAILABLE", "APPROVED_FOR_MARKETING",
    "WITHHELD",
)  # fmt: skip
AGE_GROUPS = ("CHILD", "ADULT", "OLDER_ADULT")
_ADULTS = re.compile(r"\badults?\b", re.IGNORECASE)


_LONG = 7
"""Letters of a slip that is sure enough to tell that a question is about medicine."""


def _is_respelt(one: Concept) -> bool:
    return one["kind"] in ("drug", "condition") and len(one["text"]) >= _LONG


_WHO = re.compile(
    r"(?:(?:young|younger|old|older|elderly|adult|male|female)\s+)?(?:adults?|children|kids|infants?|newborns?|adolescents?|teenagers?|"
    r"seniors|elderly|women|men|males?|females?|boys|girls|people)",
    re.IGNORECASE,
)
"""People, and nothing that they have: "obese adults" are left out for being obese."""


def _apart(text: str) -> tuple[str, list[str]]:
    """The text without what is wanted left out, and that."""
    whole = re.sub(r"(?i)\bactive, (?=not recruiting)", "active ", text)
    found = spans(whole, reaching(whole, find(whole)))
    meant = whole
    for start, end in reversed(found):
        meant = f"{meant[:start]};{meant[end:]}"
    return meant, [whole[start:end] for start, end in found]


def _kept(
    read: Callable[[str], Sequence[str]], meant: str, left_out: str, known: Sequence[str]
) -> list[str]:
    """What is named; where something is left out instead, all but that."""
    if named := list(read(meant)):
        return named
    unwanted = set(read(left_out))
    if known is AGE_GROUPS and _ADULTS.search(left_out):
        unwanted |= {"ADULT", "OLDER_ADULT"}
    return [one for one in known if one not in unwanted] if unwanted else []


def _sex(meant: str, left_out: str) -> str | None:
    if (found := trial_people.sex(meant)) is not None:
        return found
    other = {"FEMALE": "MALE", "MALE": "FEMALE"}
    return other.get(trial_people.sex(left_out) or "")


def _drugs_by_ending(wanted: list[Concept]) -> list[str]:
    """Words the table does not have, with the ending of an international nonproprietary name."""
    drugs = []
    for one in wanted:
        for word in words_of(one["text"]) if one["kind"] in ("word", "phrase") else ():
            if len(word) > 6 and word.endswith(DRUG_ENDINGS) and word not in NOT_DRUGS:
                drugs.append(word)
    return drugs
