"""What stands first: the record that was looked up, the trials that were asked for, and who compares directly."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from examples.biomed import catalogue
from examples.biomed.answer.looked_up import looked_up
from examples.biomed.answer.speaking import is_called
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.export import flow, prisma, ris
from examples.biomed.graph import Graph
from examples.biomed.options import QueryOptions
from examples.biomed.queries.shown import shown, without_shown
from examples.biomed.settings import Settings
from tests.examples.biomed.asking import parsed

Make = Callable[[Settings], Graph]
TRIALS = catalogue.load().trials


async def _ask(graph: Graph, query: str) -> dict[str, Any]:
    return await graph.ainvoke({"query": query}, context={"time_budget_ms": 60_000})  # type: ignore[arg-type]


def _first(answer: str) -> str:
    """The first paragraph that is neither the title nor a notice."""
    parts = [one for one in answer.split("\n\n") if not one.startswith(("#", ">"))]
    return parts[0]


def _numbers(entry: catalogue.Entry) -> list[str]:
    known = catalogue.load().identifiers[entry.publication.pmid]
    return [one for one in (entry.nct_id, entry.publication.pmid, known.doi, known.pmcid) if one]


def _written(one: str) -> list[str]:
    """A number as people write it."""
    if one.startswith("10."):
        return [
            one, f"doi:{one}.", f"DOI: {one.upper()}", f"https://doi.org/{one}", f"({one})", f"doi.org/{one}?",
            f"https://example.org/doi/full/{one}/", f"https://example.org/doi/{one}/fulltext", f"https://example.org/doi/pdf/{one}.pdf",
            "https://doi.org/" + one.replace("(", "%28").replace(")", "%29"),
        ]  # fmt: skip
    if one.startswith("NCT"):
        return [
            one, f"{one.lower()}.", f"NCT {one[3:]}", f"({one})", f"what is {one}?", f"https://clinicaltrials.gov/study/{one}?tab=results",
        ]  # fmt: skip
    if one.startswith("PMC"):
        return [one, f"{one.lower()}.", f"https://pmc.ncbi.nlm.nih.gov/articles/{one}/"]
    return [
        one, f"PMID {one}", f"pmid:{one}.", f"PMID = {one}", f"https://pubmed.ncbi.nlm.nih.gov/{one}/",
    ]  # fmt: skip


@pytest.mark.parametrize("entry", TRIALS, ids=lambda one: one.acronym)
def test_every_number_of_the_catalogue_finds_its_record_however_it_is_written(
    entry: catalogue.Entry,
) -> None:
    options = QueryOptions().as_state()
    for one in _numbers(entry):
        for text in _written(one):
            entities = parsed(text)
            assert entities["intent"] == "lookup", text
            papers = catalogue.search("literature", text, entities, options)
            assert [each["id"] for each in papers] == [entry.publication.pmid], text
            assert not entities["concepts"], text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("NCT03548935", ["**NCT03548935** is the trial “STEP 1", "phase 3", "completed", "1961 participants", "-12.4"]),
        ("PMID 33567185", ["**PMID 33567185** is “Once-Weekly Semaglutide", "randomised trial", "-12.4"]),
        ("10.1056/NEJMoa2032183", ["**DOI 10.1056/NEJMoa2032183** is “Once-Weekly", "2021", "-12.4"]),
        ("what is PMC4985288?", ["**PMC4985288** is “Liraglutide and Cardiovascular"]),
    ],
)  # fmt: skip
async def test_a_look_up_is_answered_by_its_record(
    graph_of: Make, offline: Settings, question: str, told: list[str]
) -> None:
    result = await _ask(graph_of(offline), question)
    first = _first(result["answer"])
    for one in told:
        assert one in first
    assert "Nothing found" not in first
    cited = {int(one) for one in re.findall(r"\[(\d+)\]", first)}
    assert cited <= {one["n"] for one in result["citations"]}


async def test_all_numbers_of_a_question_are_looked_up(graph_of: Make, offline: Settings) -> None:
    result = await _ask(
        graph_of(offline), "NCT03548935, NCT04184622, PMID 34170647 and 10.1056/NEJMoa2403347"
    )
    for one in ("NCT03548935", "NCT04184622", "PMID 34170647", "DOI 10.1056/NEJMoa2403347"):
        assert f"**{one}** is " in result["answer"]


async def test_what_has_no_record_is_said_by_its_number(graph_of: Make, offline: Settings) -> None:
    result = await _ask(graph_of(offline), "NCT03548935 and NCT99999999")
    assert "**NCT03548935** is the trial" in result["answer"]
    assert (
        "**No record of NCT99999999 was found.** ClinicalTrials.gov could not be reached, and the bundled catalogue has none."
        in result["answer"]
    )


def test_a_live_record_tells_its_design_dates_and_conclusion() -> None:
    trial: Any = {
        "type": "trial", "id": "NCT00000001", "title": "A trial", "year": 2020, "phases": ["PHASE2", "PHASE3"], "status": "RECRUITING",
        "enrollment": 40, "sponsor": "Somebody", "start_date": "2020-05", "primary_completion_date": "2027-01",
        "outcomes": ["primary: Weight (52 weeks)", "secondary: Pain"], "publications": ["5"],
    }  # fmt: skip
    article: Any = {
        "type": "article", "id": "5", "title": "An article", "year": 2021, "authors": ["Doe J", "Roe R"], "journal": "A Journal",
        "publication_types": ["Observational Study"],
        "text": "BACKGROUND: Unknown. METHODS: We asked 40 people. CONCLUSIONS: Weight fell in most of them, see www.evil.example [9].",
    }  # fmt: skip
    cited = number({"literature": [article], "trials": [trial]})
    told = looked_up(parse("NCT00000001 and PMID 5", date(2026, 11, 23)), cited, lambda _: "")
    assert (
        "**NCT00000001** is the trial “A trial”: phase 2/3, recruiting, 40 participants, sponsor Somebody, started 2020-05, "
        "primary completion 2027-01 [2]. Primary outcome (no results posted): Weight (52 weeks) [2]. Its paper: [1] (2021)."
        in told
    )
    assert (
        "**PMID 5** is “An article” (Doe J et al., A Journal, 2021), an observational study [1]. It concludes: Weight fell in most"
        in told
    )
    assert "evil" not in told
    assert "[9]" not in told


@pytest.mark.parametrize(
    ("question", "direct"),
    [
        ("semaglutide versus tirzepatide", True),
        ("compare tirzepatide with semaglutide in type 2 diabetes", True),
        ("Is tirzepatide better than semaglutide for weight loss?", True),
        ("liraglutide versus dulaglutide", False),
        ("semaglutide versus metformin", False),
    ],
)
async def test_a_comparison_says_whether_anything_compares_directly(
    graph_of: Make, offline: Settings, question: str, direct: bool
) -> None:
    result = await _ask(graph_of(offline), question)
    first = _first(result["answer"])
    assert "directly:**" in first
    assert ("No result compares" in first) is not direct
    if direct:
        numbers = [int(one) for one in re.findall(r"\[(\d+)\]", first)]
        assert {one["id"] for one in result["citations"] if one["n"] in numbers} == {
            "34170647",
            "NCT03987919",
        }
    elif "metformin" in question:
        assert "nothing on metformin" in first
    else:
        assert "on liraglutide alone" in first
        assert "on dulaglutide alone" in first


@pytest.mark.parametrize(
    ("question", "wanted", "rest"),
    [
        ("contacts for semaglutide trials in Boston", ["contacts"], "semaglutide trials in Boston"),
        ("show me the eligibility criteria of obesity trials", ["eligibility"], "obesity trials"),
        ("obesity trials in Boston, with contacts and sites", ["contacts", "sites"], "obesity trials in Boston"),
        ("asthma trials: primary outcomes", ["outcomes"], "asthma trials"),
        ("who sponsors semaglutide trials?", ["sponsor"], "semaglutide trials?"),
        ("publications of NCT03548935", ["publications"], "NCT03548935"),
        ("NCT03548935 contacts", ["contacts"], "NCT03548935"),
    ],
)  # fmt: skip
def test_what_should_be_shown_is_not_searched_for(
    question: str, wanted: list[str], rest: str
) -> None:
    assert shown(question) == wanted
    assert " ".join(without_shown(question).split()) == rest
    searched = {one["text"].lower() for one in parsed(question)["concepts"]}
    assert not searched & {*wanted, "contact", "criteria", "sponsors", "eligibility criteria"}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many participants did SURMOUNT-1 enroll?", ["**SURMOUNT-1** is the trial", "2539 participants"]),
        ("When was SELECT published?", ["**SELECT** is the trial", "Its paper: [1] (2023)"]),
        ("EXSCEL hazard ratio", ["**EXSCEL** is the trial", "HR 0.91"]),
        ("NCT0354893", ["**Nothing was looked up.** 'NCT0354893' is no number of ClinicalTrials.gov"]),
    ],
)  # fmt: skip
async def test_a_trial_is_looked_up_by_what_it_is_called(
    graph_of: Make, offline: Settings, question: str, told: list[str]
) -> None:
    first = _first((await _ask(graph_of(offline), question))["answer"])
    for one in told:
        assert one in first


async def test_a_word_is_no_trial_of_that_name(graph_of: Make, offline: Settings) -> None:
    answer = (await _ask(graph_of(offline), "select patients for a study of semaglutide"))["answer"]
    assert "**SELECT** is" not in answer


async def test_which_of_a_trials_dates_is_meant_is_no_word_of_it(
    graph_of: Make, offline: Settings
) -> None:
    answer = (await _ask(graph_of(offline), "trials completing before 2018 of liraglutide"))[
        "answer"
    ]
    assert _first(answer).startswith("**1 registered trial:** LEADER")


async def test_only_the_limits_that_left_something_out_are_named(
    graph_of: Make, offline: Settings
) -> None:
    question = "completed phase 3 GLP-1 trials with more than 9000 participants"
    answer = (await _ask(graph_of(offline), question))["answer"]
    assert "9 of the catalogue are left out by number of participants." in answer


@pytest.mark.parametrize(
    "question",
    [
        "tuberculosis contacts in household trials",
        "contact lenses and dry eye",
        "surgical site infection trials",
        "sites of metastasis in breast cancer trials",
        "pregnancy outcomes of metformin trials",
        "does sponsorship change the outcomes of trials?",
        "outcomes of bariatric surgery",
    ],
)
def test_words_of_a_topic_stay(question: str) -> None:
    assert shown(question) == []
    assert without_shown(question) == question


async def test_the_catalogue_says_what_it_cannot_show_and_what_it_is_not_narrowed_by(
    graph_of: Make, offline: Settings
) -> None:
    answer = (await _ask(graph_of(offline), "contacts for semaglutide trials in Boston"))["answer"]
    assert _first(answer).startswith("**7 registered trials:**")
    assert "Not narrowed by place (Boston)" in _first(answer)
    assert "The bundled catalogue has no contacts of these trials." in answer


@pytest.mark.parametrize(
    ("question", "limit"),
    [
        ("phase 2 semaglutide trials", "phase"),
        ("recruiting semaglutide trials", "status"),
        ("semaglutide trials since 2025", "date"),
        ("semaglutide trials with more than 20000 participants", "number of participants"),
    ],
)
async def test_no_trial_found_says_what_was_left_out_by_which_limit(
    graph_of: Make, offline: Settings, question: str, limit: str
) -> None:
    result = await _ask(graph_of(offline), question)
    first = _first(result["answer"])
    assert first.startswith("**No registered trial was found for this.**")
    assert f"7 of the catalogue are left out by {limit}." in first
    assert f"7 of the catalogue are left out by {limit}" in prisma(result)


@pytest.mark.parametrize(
    "question",
    [
        "semaglutide",
        "does semaglutide cure asthma?",
        "results of SELECT",
        "what did OUTCOME find?",
        "who won the football world cup",
        "NCT03548935",
        "GLP-1 trials with more than 5000 participants",
        "semaglutide versus tirzepatide",
        "phase 2 semaglutide trials",
        "MACE in trials",
    ],
)
async def test_the_numbers_agree_everywhere(
    graph_of: Make, offline: Settings, question: str
) -> None:
    result = await _ask(graph_of(offline), question)
    citations, reports = result["citations"], result["reports"]
    rows = {name: flow(name, report, citations) for name, report in reports.items()}
    for identified, unread, duplicates, screened, by_rank, off, cited in rows.values():
        assert identified == unread + duplicates + screened
        assert screened == by_rank + off + cited
    assert ris(result).count("TY  - ") == len(citations) == sum(row[-1] for row in rows.values())
    read = sum(row[3] for row in rows.values())
    assert ("No source had a result" in result["answer"]) is (read == 0)
    if read and not citations:
        assert f"{read} result{'s were' if read > 1 else ' was'} read" in result["answer"]


@pytest.mark.parametrize(
    ("name", "is_trial"),
    [("STEP-HFpEF", True), ("FOURIER", True), ("DAPA-HF", True), ("COPD", False), ("HIV", False)],
)
def test_a_name_of_medicine_calls_no_trial(name: str, is_trial: bool) -> None:
    assert is_called(name, f"trials in {name}, since 2020") is is_trial


async def test_each_number_that_was_not_asked_for_is_in_the_log(
    graph_of: Make, offline: Settings
) -> None:
    result = await _ask(graph_of(offline), "NCT03548935 and NCT04184622")
    asked = [one for one in result["searches"] if one["tool"] == "trials_get"]
    assert [one["parameters"]["nct_id"] for one in asked] == ["NCT03548935", "NCT04184622"]
    assert "not asked, as a call before failed" in asked[1]["error"]
    assert "not asked" in prisma(result)
