"""What people paste: a search in PubMed's syntax, a whole case before the question, who they are and what they need it for."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.options import QueryOptions
from examples.biomed.plans import plan
from tests.examples.biomed.asking import parsed, pubmed


def _calls(source: Any, question: str, **chosen: Any) -> list[dict[str, Any]]:
    options = QueryOptions(**chosen).as_state()
    return [dict(one) for one in plan(source, question, parsed(question), options)]


@pytest.mark.parametrize(
    "search",
    [
        '("heart failure"[tiab] OR "cardiac failure"[tiab]) AND sglt2 inhib*[tiab] NOT review[pt]',
        '"frozen shoulder"[mesh] AND hydrodilatation',
        "smith j[au] AND colchicine[ti]",
        "asthma[mh] AND 2015:2018[dp] AND English[la]",
        '"knee pain"[tiab:~3] OR gonalgia[tiab]',
    ],
)
def test_a_search_in_pubmeds_syntax_is_made_as_it_is_written(search: str) -> None:
    first, *wider = _calls("literature", search)
    assert first["arguments"]["query"] == search
    assert not {"date_from", "date_to"} & set(first["arguments"])
    assert all(one["only_below"] == 1 and "its fields" in one["widened"] for one in wider)
    assert any("as it is written" in one for one in parsed(search)["notes"])
    for one in _calls("trials", search):
        texts = [value for value in one["arguments"].values() if isinstance(value, str)]
        assert not any("[" in text for text in texts)


def test_curly_quotes_are_quotes_to_pubmed_and_chosen_dates_are_kept() -> None:
    (first, *_) = _calls("literature", "“frozen shoulder”[mesh]", date_from="2020")
    assert first["arguments"]["query"] == '"frozen shoulder"[mesh]'
    assert first["arguments"]["date_from"] == "2020"


@pytest.mark.parametrize(
    "text", ["what does asthma[mh] mean?", "(asthma[mh] AND sleep", '"asthma[mh]', "asthma [1]"]
)
def test_a_question_and_what_pubmed_could_not_read_are_read_as_words(text: str) -> None:
    assert "[mh] " not in pubmed(text).replace('"[mh]', "")
    assert not any("as it is written" in one for one in parsed(text)["notes"])


def test_names_in_quotes_joined_by_or_are_choices() -> None:
    found = parsed('("heart failure" OR "cardiac failure") AND dapagliflozin')
    assert len({one["either"] for one in found["concepts"] if one["kind"] == "condition"}) == 1
    assert " OR cardiac failure" in pubmed('("heart failure" OR "cardiac failure") AND yoga')


def test_a_word_cut_off_is_no_makers_name_for_a_medicine() -> None:
    assert parsed("sglt2 inhib* AND gout")["drugs"] == []
    assert parsed("metform* AND gout")["drugs"] == ["metformin"]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Nurse: how often should a central line be changed?", "central"),
        ("As a pharmacist I want to know whether levothyroxine can be taken with iron", "levothy"),
        ("As a GP, should I prescribe statins after a stroke?", "statin"),
        ("I'm a dentist and I wonder whether chlorhexidine stains teeth", "chlorhex"),
        ("Vet here: is meloxicam safe in cats?", "meloxicam"),
        ("I am a physiotherapist treating a runner. Does eccentric loading help?", "eccentr"),
        ("My doctor told me to take allopurinol, does it prevent gout?", "allopurinol"),
        ("We are planning a systematic review of yoga for asthma", "yoga"),
        ("I am looking for recent evidence on zinc for the common cold", "zinc"),
    ],
)
def test_who_asks_is_no_word_of_the_question(question: str, asked: str) -> None:
    query = pubmed(question)
    assert asked in query
    for word in (
        "nurs",
        "pharmacist",
        "gp AND",
        "dentist",
        "vet",
        "doctor",
        "am AND",
        "review[pt]",
        "physiotherap",
    ):
        assert word not in query


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Does nurse-led follow-up reduce readmission in heart failure?", "nurs"),
        ("Pharmacist interventions to improve adherence in hypertension", "pharmac"),
        ("Does being a nurse cause back pain?", "nurs"),
        ("What do dentists think of fluoride?", "dent"),
        ("systematic reviews of yoga for asthma", "systematic review[pt]"),
    ],
)
def test_whom_a_question_is_about_is_kept(question: str, word: str) -> None:
    assert word in pubmed(question)


THYROID = (
    "I am a 54 year old teacher and my doctor has found a 9 mm nodule in my left thyroid lobe on ultrasound, with normal TSH. "
    "There is no family history of gout. The fine needle aspiration was Bethesda III and thyroid cancer was not ruled out. "
    "I do not want surgery if it can be avoided. Is molecular testing useful, and how often do these nodules turn out to be malignant?"
)
UNIT = (
    "Our dialysis unit has seen three cases of calciphylaxis in the last two years, all in women with obesity and diabetes who were "
    "taking warfarin. Phosphate binders were used in all of them. We have no protocol. Does sodium thiosulfate improve survival?"
)


def test_of_a_case_what_is_asked_is_required_and_one_thing_that_it_is_about() -> None:
    query = pubmed(THYROID)
    assert all(one in query for one in ("molecular testing", "nodul*", "malign*", "thyroid cancer"))
    assert not any(
        one in query for one in ("teacher", "doctor", "lobe", "TSH", "Bethesda", "gout", "NOT ")
    )
    assert parsed(THYROID)["excluded"] == []
    assert any("searched for what is asked" in one for one in parsed(THYROID)["notes"])


def test_the_narrowest_disease_of_a_case_is_its_subject_and_its_dates_are_no_filter() -> None:
    found = parsed(UNIT)
    assert found["conditions"] == ["calciphylaxis"]
    assert (found["date_from"], found["sex"]) == (None, None)


def test_a_question_that_names_its_subject_takes_nothing_from_the_case() -> None:
    case = (
        "My mother is 81 and had a hip fracture six weeks ago. She has been on alendronate for five years and her bone density has gone "
        "down. She also has reflux. The hospital wants to start denosumab. How common is osteonecrosis of the jaw with denosumab?"
    )
    found = parsed(case)
    assert found["conditions"] == ["osteonecrosis"]
    assert found["drugs"] == ["denosumab"]


def test_what_or_joins_beside_a_comparison_are_choices() -> None:
    query = pubmed(
        "vasopressin versus noradrenaline in septic shock: mortality or renal replacement therapy"
    )
    assert " OR renal replacement therapy OR " in query
    assert ") AND (noradrenaline OR " in query
    (first, *_) = _calls("trials", "budesonide versus placebo in croup: cough or stridor or sleep")
    assert "OR" in str(first["arguments"])
