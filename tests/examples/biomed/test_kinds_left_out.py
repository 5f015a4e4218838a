"""Kinds of studies that a question does not want, and compounds with "-free" that it does."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed


def _arguments(source: Any, question: str) -> dict[str, Any]:
    calls = plan(source, question, parsed(question), QueryOptions().as_state())
    return dict(calls[0]["arguments"])


_REPORTS = '("case reports"[pt] OR case series[ti])'
_REVIEWS = "(review[pt] OR systematic review[pt])"
_ANIMALS = "(animals[mh] NOT humans[mh])"


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("excluding case reports, rituximab in membranous nephropathy", _REPORTS),
        ("no case reports: rituximab in membranous nephropathy", _REPORTS),
        ("studies other than case reports on rituximab in membranous nephropathy", _REPORTS),
        ("Ketamine for depression, case reports excluded", _REPORTS),
        ("metformin in PCOS not meta-analyses", "(meta-analysis[pt] OR systematic review[pt])"),
        ("excluding reviews, statins in dialysis patients", _REVIEWS),
        ("probiotics for IBS rather than narrative reviews", _REVIEWS),
        ("CBD in epilepsy without case series or letters", f"({_REPORTS} OR letter[pt])"),
        ("letters and editorials left out: e-cigarettes", "(letter[pt] OR editorial[pt])"),
        ("curcumin in colitis excluding animal studies", _ANIMALS),
        ("curcumin in colitis, human studies only", _ANIMALS),
        ("BCG vaccine and Alzheimer disease, only in humans", _ANIMALS),
        ("resveratrol and insulin resistance in human studies", _ANIMALS),
        (
            "aspirin in preeclampsia, no cohort studies",
            '(("Cohort Studies"[mh] OR cohort*[ti]) NOT randomized controlled trial[pt])',
        ),
    ],
)
def test_a_kind_of_study_that_is_not_wanted_is_excluded_and_said(question: str, ends: str) -> None:
    query = _arguments("literature", question)["query"]
    required, _, unwanted = query.partition(" NOT ")
    assert unwanted == ends
    assert "[pt]" not in required
    assert "excluded" not in _arguments("trials", question).get("term", "")
    assert [one for one in parsed(question)["notes"] if "left out as a kind of study" in one]


def test_the_registry_leaves_a_design_or_a_type_of_study_out() -> None:
    cohorts = _arguments("trials", "aspirin in preeclampsia other than cohort studies and reviews")
    assert cohorts["designs"] == ["NOT AREA[DesignObservationalModel]COHORT"]
    observed = _arguments("trials", "vitamin D and falls but not observational studies")
    assert observed["study_types"] == ["INTERVENTIONAL", "EXPANDED_ACCESS"]
    unrandomized = _arguments("trials", "tirzepatide non-randomised trials")
    assert unrandomized["designs"] == ["NOT AREA[DesignAllocation]RANDOMIZED"]


@pytest.mark.parametrize(
    "question",
    [
        "case reports of rituximab in membranous nephropathy",
        "why are there no randomized trials of parachutes",
        "statins in rats without diabetes",
        "not only case reports: rituximab in membranous nephropathy",
    ],
)
def test_a_kind_of_study_that_is_not_denied_stays(question: str) -> None:
    assert parsed(question)["excluded_designs"] == []


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("steroid-free remission in ulcerative colitis with vedolizumab", "steroid free"),
        ("opioid-free anaesthesia in bariatric surgery", "opioid free"),
        ("sugar-free gum for dental caries", "sugar free"),
        ("hormone-free interval of oral contraceptives", "hormone free"),
        ("event-free survival in diffuse large B-cell lymphoma", "event free"),
        ("drug-free remission in rheumatoid arthritis", "drug free"),
        ("interferon-free regimens for hepatitis C", "interferon free"),
        ("aspirin-free strategy after PCI with ticagrelor", "aspirin free"),
        ("ventilator-free days in ARDS", "ventilator free"),
        ("sugar free gum for dental caries", "sugar free"),
        ("pain free walking distance in claudication", "pain free"),
        ("Does a dairy free diet help acne?", "dairy free"),
    ],
)
def test_what_is_free_of_something_is_wanted_as_a_phrase(question: str, phrase: str) -> None:
    query = _arguments("literature", question)["query"]
    assert f'"{phrase}"' in query
    assert " NOT " not in query
    asked = _arguments("trials", question)
    assert not {"excluded_interventions", "excluded_conditions"} & asked.keys()
    assert phrase.replace(" ", "-") in asked["term"]


@pytest.mark.parametrize(
    ("question", "excluded"),
    [
        ("metformin in people free of diabetes", ["diabetes"]),
        ("exercise in women free from osteoporosis", ["osteoporosis"]),
        ("gluten-free diet in celiac disease", []),
    ],
)
def test_people_free_of_something_are_without_it(question: str, excluded: list[str]) -> None:
    assert parsed(question)["excluded"] == excluded
