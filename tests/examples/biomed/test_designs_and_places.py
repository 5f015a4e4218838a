"""Kinds of studies, statuses, regions and numbers of PubMed Central, as both services are asked for them."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer import speaking
from examples.biomed.errors import SourceError
from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from examples.biomed.queries.trials_query import parameters
from tests.examples.biomed.asking import parsed


def _pubmed(question: str) -> str:
    calls = plan("literature", question, parsed(question), QueryOptions().as_state())
    return str(calls[0]["arguments"]["query"])


def _registry(question: str) -> dict[str, str]:
    calls = plan("trials", question, parsed(question), QueryOptions().as_state())
    return parameters(calls[0]["arguments"])


@pytest.mark.parametrize(
    "question",
    [
        "PMC7745181",
        "What does PMC 7745181 say about remdesivir?",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC7745181/",
        "PMCID: PMC7745181",
        "pmcid 7745181",
    ],
)
def test_a_number_of_pubmed_central_is_looked_up_and_is_no_word(question: str) -> None:
    assert _pubmed(question) == "PMC7745181"
    assert plan("trials", question, parsed(question), QueryOptions().as_state()) == []


def test_it_stands_beside_the_other_numbers() -> None:
    question = "Is PMC7745181 the paper of NCT04280705?"
    assert _pubmed(question) == "(NCT04280705[si] OR PMC7745181)"
    (trial,) = plan("trials", question, parsed(question), QueryOptions().as_state())
    assert trial["arguments"]["nct_id"] == "NCT04280705"


@pytest.mark.parametrize(
    ("question", "record"),
    [
        ("PMC7745181", {"pmcid": "PMC7745181"}),
        ("10.1056/NEJMoa2007764", {"doi": "10.1056/nejmoa2007764"}),
    ],
)
def test_an_article_named_by_any_number_speaks_to_the_question(
    question: str, record: dict[str, str]
) -> None:
    found: Any = {"type": "article", "id": "32445440", "title": "Remdesivir", "year": 2020}
    assert speaking.is_named(found | record, parsed(question))
    assert not speaking.is_named(found, parsed(question))


@pytest.mark.parametrize(
    ("question", "first", "narrowed"),
    [
        (
            "observational studies of semaglutide and pancreatitis",
            '("observational study"[pt] OR ',
            "AREA[StudyType](OBSERVATIONAL)",
        ),
        (
            "cohort studies on coffee and liver cancer",
            '("Cohort Studies"[mh] OR ',
            "AREA[StudyType](OBSERVATIONAL) AND AREA[DesignObservationalModel]COHORT",
        ),
        (
            "any case-control studies of talc and ovarian cancer?",
            '("Case-Control Studies"[mh] OR ',
            "AREA[StudyType](OBSERVATIONAL) AND AREA[DesignObservationalModel]CASE_CONTROL",
        ),
        (
            "Are there cross-sectional studies of burnout in nurses?",
            '("Cross-Sectional Studies"[mh] OR ',
            "AREA[StudyType](OBSERVATIONAL) AND AREA[DesignTimePerspective]CROSS_SECTIONAL",
        ),
        (
            "retrospective studies of tocilizumab",
            '("Retrospective Studies"[mh] OR ',
            "AREA[StudyType](OBSERVATIONAL) AND AREA[DesignTimePerspective]RETROSPECTIVE",
        ),
        (
            "Does metformin reduce cancer risk in cohort studies?",
            '("Cohort Studies"[mh] OR ',
            "AREA[StudyType](OBSERVATIONAL) AND AREA[DesignObservationalModel]COHORT",
        ),
        (
            "real-world evidence for dupilumab",
            "(real world[tiab] OR ",
            "AREA[StudyType](OBSERVATIONAL)",
        ),
        (
            "crossover trials of caffeine",
            '("Cross-Over Studies"[mh] OR ',
            "AREA[StudyType](INTERVENTIONAL) AND AREA[DesignInterventionModel]CROSSOVER",
        ),
        (
            "double-blind trials of ketamine for depression",
            '("Double-Blind Method"[mh] OR ',
            "AREA[StudyType](INTERVENTIONAL) AND AREA[DesignMasking](DOUBLE OR TRIPLE OR QUADRUPLE)",
        ),
        (
            "expanded access programs for ALS",
            '("Compassionate Use Trials"[mh] OR ',
            "AREA[StudyType](EXPANDED_ACCESS)",
        ),
        ("meta-analyses of statins", "(meta-analysis[pt] OR systematic review[pt])", ""),
        (
            "clinical practice guidelines for gout",
            "(guideline[pt] OR practice guideline[pt])",
            "",
        ),
        ("case reports of hydralazine induced lupus", '("case reports"[pt] OR ', ""),
        (
            "randomised trials of vitamin D for depression",
            "randomized controlled trial[pt]",
            "AREA[DesignAllocation]RANDOMIZED",
        ),
    ],
)
def test_the_kind_of_study_is_a_filter_and_no_topic(
    question: str, first: str, narrowed: str
) -> None:
    assert _pubmed(question).startswith(first)
    assert _registry(question).get("filter.advanced", "") == narrowed
    texts = " ".join(one["text"].lower() for one in parsed(question)["concepts"])
    assert not any(
        word in texts for word in ("cohort", "stud", "trial", "control", "retrospective", "access")
    )


@pytest.mark.parametrize(
    "question",
    ["Does coffee prevent liver cancer? A cohort study", "Is the cohort of this study elderly?"],
)
def test_a_title_that_names_its_design_asks_for_the_topic(question: str) -> None:
    assert parsed(question)["designs"] == []


def test_a_design_that_is_none_of_the_registry_is_refused() -> None:
    with pytest.raises(SourceError, match="AREA\\[DesignObservationalModel\\]COHORT"):
        parameters({"term": "x", "designs": ["AREA[NCTId]NCT1 OR AREA[Sex]ALL"]})


@pytest.mark.parametrize(
    ("question", "statuses"),
    [
        ("trials enrolling by invitation in lupus", ["ENROLLING_BY_INVITATION"]),
        ("suspended trials of CAR-T in lymphoma", ["SUSPENDED"]),
        ("expanded access no longer available for Duchenne", ["NO_LONGER_AVAILABLE"]),
        ("expanded access temporarily not available", ["TEMPORARILY_NOT_AVAILABLE"]),
        ("Is compassionate use of remdesivir still available?", ["AVAILABLE"]),
        ("expanded access programs for ALS that are available", ["AVAILABLE"]),
        ("approved for marketing expanded access in cystic fibrosis", ["APPROVED_FOR_MARKETING"]),
        ("studies withheld on diabetes", ["WITHHELD"]),
        ("withdrawn trials of aducanumab", ["WITHDRAWN"]),
        ("what treatments are available for gout?", []),
    ],
)
def test_every_status_of_the_registry_is_known_by_its_words(
    question: str, statuses: list[str]
) -> None:
    assert parsed(question)["statuses"] == statuses


@pytest.mark.parametrize(
    ("question", "region", "some", "none"),
    [
        ("trials of semaglutide in Europe", "Europe", ["Germany", "Norway"], ["Japan"]),
        ("trials of semaglutide in the EU", "European Union", ["Germany"], ["Norway"]),
        ("asthma trials in Asia", "Asia", ["Japan", "India", "Israel"], ["Egypt"]),
        ("dengue trials in Latin America", "Latin America", ["Mexico", "Brazil"], ["Canada"]),
        ("malaria trials in sub-Saharan Africa", "Sub-Saharan Africa", ["Kenya"], ["Egypt"]),
        ("tuberculosis trials in Southeast Asia", "Southeast Asia", ["Vietnam"], ["China"]),
        ("heart failure trials in Scandinavia", "Northern Europe", ["Sweden"], ["Germany"]),
        ("MERS trials in the Middle East", "Middle East", ['"Saudi Arabia"'], ["Greece"]),
    ],
)
def test_a_region_is_its_countries_and_is_said_so(
    question: str, region: str, some: list[str], none: list[str]
) -> None:
    found = parsed(question)
    assert found["places"] == [region]
    countries = _registry(question)["query.locn"].split(" OR ")
    assert set(some) <= set(countries)
    assert not set(none) & set(countries)
    assert any(
        note.startswith(f"{region!r} was read as sites in any of") for note in found["notes"]
    )


def test_south_africa_is_a_country() -> None:
    assert parsed("HIV trials in South Africa")["places"] == ["South Africa"]


def test_outside_a_region_none_of_its_countries_has_a_site() -> None:
    asked = _registry("hepatitis B trials outside the EU")
    assert "query.locn" not in asked
    assert asked["filter.advanced"].startswith('NOT AREA[LocationCountry]("Austria" OR ')
    assert "InterventionName" not in asked["filter.advanced"]
