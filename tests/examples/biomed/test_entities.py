"""What the rules read out of a question decides what the sources are asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan, pubmed_query
from tests.examples.biomed.asking import parsed


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "GLP-1 receptor agonist trials",
            {"intent": "trials", "drug_classes": ["GLP-1 receptor agonist"], "drugs": []},
        ),
        ("GLP1-RAs for weight loss", {"drug_classes": ["GLP-1 receptor agonist"]}),
        (
            "phase III trials of Ozempic in type 2 diabetes since 2020 by Novo Nordisk",
            {
                "drugs": ["semaglutide"],
                "conditions": ["type 2 diabetes"],
                "phases": ["PHASE3"],
                "companies": ["Novo Nordisk"],
                "date_from": "2020",
                "date_to": None,
            },
        ),
        ("phase 1/2 and phase 2a", {"phases": ["PHASE1", "PHASE2"]}),
        ("early phase 1 studies", {"phases": ["EARLY_PHASE1"]}),
        ("phase IV", {"phases": ["PHASE4"]}),
        ("What is nct03574597 about?", {"intent": "lookup", "nct_ids": ["NCT03574597"]}),
        ("PMID: 37952131", {"intent": "lookup", "pmids": ["37952131"]}),
        (
            "recruiting melanoma trials",
            {"intent": "recruiting", "statuses": ["RECRUITING"], "conditions": ["melanoma"]},
        ),
        ("not yet recruiting", {"statuses": ["NOT_YET_RECRUITING"]}),
        (
            "tirzepatide vs semaglutide",
            {"intent": "compare", "drugs": ["tirzepatide", "semaglutide"]},
        ),
        ("systematic review of statins", {"intent": "review", "drug_classes": ["statin"]}),
        ("atorvastatin", {"drugs": ["atorvastatin"], "drug_classes": []}),
        ("Phelan-McDermid syndrome", {"conditions": ["Phelan-McDermid syndrome"]}),
        ("treatment of cystic fibrosis", {"conditions": ["cystic fibrosis"]}),
        ("imatinib in chronic myeloid leukaemia", {"drugs": ["imatinib"]}),
        ("between 2018 and 2021", {"date_from": "2018", "date_to": "2021"}),
        ("2019-2022", {"date_from": "2019", "date_to": "2022"}),
        ("in the last five years", {"date_from": "2021", "date_to": None}),
        ("before 2020", {"date_from": None, "date_to": "2019"}),
        ("after 2020", {"date_from": "2021", "date_to": None}),
        ("published in 2015", {"date_from": "2015", "date_to": "2015"}),
        ("GSK trials", {"companies": ["GlaxoSmithKline"]}),
    ],
)
def test_a_question_is_read(query: str, expected: dict[str, Any]) -> None:
    found = parsed(query)
    assert {key: found[key] for key in expected} == expected  # type: ignore[literal-required]


@hypothesis(deadline=None)
@given(st.text(min_size=1, max_size=300))
def test_any_text_is_read_or_refused_as_empty(query: str) -> None:
    if not query.split():
        with pytest.raises(ValueError, match="empty"):
            parsed(query)
        return
    found = parsed(query)
    assert found == parsed(query)
    for source in ("literature", "trials", "documents"):
        plan(source, query, found, QueryOptions().as_state())


def test_a_question_has_a_bounded_length() -> None:
    with pytest.raises(ValueError, match="2000"):
        parsed("x " * 1500)


def _query(query: str, **options: Any) -> str:
    return pubmed_query(parsed(query), QueryOptions(**options).as_state())


def test_pubmed_gets_synonyms_and_filters() -> None:
    term = _query("GLP-1 receptor agonist trials")
    assert term.startswith("clinical trial[pt] AND (GLP 1 receptor agonist OR ")
    assert " OR semaglutide OR " in term
    assert _query("semaglutide in obesity") == (
        'semaglutide AND (obesity OR "Obesity"[mh] OR obes* OR overweight)'
    )
    assert _query("review of metformin").startswith("(systematic review[pt] OR ")
    assert '"clinical trial, phase ii"[pt]' in _query("metformin", phases=["PHASE2"])


def test_what_no_name_is_known_for_is_required_by_its_words() -> None:
    term = _query("Does yoga help back pain?")
    yoga, pain = term.split(" AND (back pain")
    assert yoga.startswith("(yoga OR ")
    assert pain
    assert _query("acupressure wristbands") == "(acupressur* AND wristband*)"


def test_quotes_in_a_question_cannot_break_out() -> None:
    term = _query('"x" syndrome" OR all[sb] disease')
    assert term.count('"') % 2 == 0


def test_the_plan_names_tools_and_arguments() -> None:
    options = QueryOptions(limit=7, time_budget_ms=1000).as_state()
    found = parsed("semaglutide for obesity by Novo Nordisk")
    (call,) = plan("trials", "q", found, options)
    assert call["tool"] == "trials_search"
    assert call["arguments"]["intervention"] == "semaglutide"
    assert call["arguments"]["condition"] == "obesity"
    assert call["arguments"]["sponsor"] == '"Novo Nordisk"'
    assert call["arguments"]["limit"] == 7
    assert call["arguments"]["timeout_ms"] == 900
    precise, wider = plan("literature", "q", parsed("semaglutide and retinopathy risk"), options)
    assert precise["arguments"]["query"] == "semaglutide AND retinopath*"
    assert wider["arguments"]["query"] == "semaglutide"
    assert (wider["only_below"], wider["widened"]) == (1, "'retinopathy'")
    (get,) = plan("literature", "q", parsed("PMID 1"), options)
    assert get["tool"] == "pubmed_get"
    assert plan("literature", "q", parsed("the"), options) == []


def test_an_article_and_a_trial_named_together_are_both_looked_up() -> None:
    found = parsed("Is PMID 37952131 the paper of NCT03574597?")
    get, search = plan("literature", "q", found, QueryOptions().as_state())
    assert get["arguments"]["pmids"] == ["37952131"]
    assert search["arguments"]["query"] == "NCT03574597[si]"
    (trial,) = plan("trials", "q", found, QueryOptions().as_state())
    assert trial["arguments"]["nct_id"] == "NCT03574597"
