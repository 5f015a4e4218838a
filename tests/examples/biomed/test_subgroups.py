"""Who asks for people with a disease, a habit or a treatment is told where what is quoted is not of them."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.subgroups import asked_subgroup
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

DAY = date(2026, 11, 23)
WHOLE = (
    "METHODS: 10,100 patients with type 2 diabetes were randomised to canagliflozin or placebo. {also}"
    "RESULTS: Hospitalisation for heart failure was reduced by canagliflozin (5.5 vs 8.7 per 1000 patient-years; HR 0.67, 95% CI 0.52-0.87). "
    "Among {whom}, canagliflozin {did}. CONCLUSIONS: Canagliflozin lowered the risk of hospitalisation for heart failure in type 2 diabetes."
)
TITLE = "Canagliflozin and heart failure in type 2 diabetes"


def _found(
    whom: str, *, said: str = "", did: str = "reduced blood pressure by 5 mmHg", also: str = ""
) -> Found:
    text = WHOLE.format(whom=said or whom, did=did, also=also)
    record = Record(type="article", id="1", title=TITLE, url="", year=None, text=text)
    question = f"Does canagliflozin reduce heart failure hospitalisation in {whom}?"
    return find(parse(question, DAY), number({"literature": [record]}))


@pytest.mark.parametrize(
    ("question", "text", "is_denied"),
    [
        ("Does it slow decline in people with diabetic kidney disease?", "people with diabetic kidney disease", False),
        ("Does aspirin prevent stroke in women who smoke?", "women who smoke", False),
        ("Does vitamin D reduce falls in diabetics?", "diabetics", False),
        ("Do statins reduce mortality in patients on dialysis?", "patients on dialysis", False),
        ("Does exercise lower blood pressure in HIV-positive patients?", "HIV-positive patients", False),
        ("Does dapagliflozin slow kidney disease in people without diabetes?", "people without diabetes", True),
        ("Does dapagliflozin slow kidney disease, what about people without diabetes?", "people without diabetes", True),
        ("Should people without diabetes take dapagliflozin for kidney disease?", "people without diabetes", True),
        ("Does dapagliflozin harm patients with asthma?", "patients with asthma", False),
        ("Does semaglutide reduce weight in people who had bariatric surgery?", "people who had bariatric surgery", False),
    ],
)  # fmt: skip
def test_whom_a_question_asks_for_is_read(question: str, text: str, is_denied: bool) -> None:
    one = asked_subgroup(parse(question, DAY))
    assert one is not None
    assert (one.text, one.is_denied) == (text, is_denied)


@pytest.mark.parametrize(
    "whom", ["smokers", "people taking insulin", "patients with chronic kidney disease"]
)
def test_a_result_of_all_is_told_not_to_be_of_those_asked_for(whom: str) -> None:
    found = _found(whom)
    assert found.sentences
    assert found.lost == [whom]
    assert f"Nothing was found on {whom} alone" in found.of_others


@pytest.mark.parametrize(
    "whom", ["smokers", "people taking insulin", "patients with chronic kidney disease"]
)
def test_a_result_of_those_asked_for_comes_first_and_is_told_as_theirs(whom: str) -> None:
    found = _found(whom, did="reduced heart failure hospitalisation by half (HR 0.49, 0.30-0.80)")
    assert found.sentences[0].text.startswith(f"Among {whom}")
    assert (found.lost, found.of_others) == ([], "")


def test_a_study_of_them_is_of_them() -> None:
    found = _found("people with type 2 diabetes", said="smokers")
    assert (found.lost, found.of_others) == ([], "")


@pytest.mark.parametrize(
    ("question", "once"),
    [
        ("Does metformin reduce mortality in people with cirrhosis?", "In 250 patients with compensated hepatic cirrhosis the drug was continued by 172."),
        ("Does metformin reduce mortality in patients with cirrhosis?", "Bleeding was rare in patients with decompensated alcoholic cirrhosis."),
        ("Does metformin reduce mortality in patients with heart failure?", "The drug was continued among participants with advanced ischaemic heart failure."),
        ("Does metformin reduce mortality in patients with chronic kidney disease?", "The drug was stopped in 20 patients with end-stage renal disease."),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("title", "is_lost"),
    [("Metformin and survival", False), ("Metformin in patients with breast cancer", True)],
)
def test_who_is_named_once_under_a_narrower_name_is_who_a_study_without_others_is_of(
    question: str, once: str, title: str, *, is_lost: bool
) -> None:
    text = (
        "BACKGROUND: Metformin is widely used. METHODS: The records of ten hospitals were read. We looked at who went on with metformin. "
        f"RESULTS: {once} CONCLUSIONS: Metformin reduced mortality and was well tolerated."
    )
    record = Record(type="article", id="1", title=title, url="", year=None, text=text)
    found = find(parse(question, DAY), number({"literature": [record]}))
    assert found.sentences
    assert bool(found.lost) is is_lost


@pytest.mark.parametrize(
    ("whom", "also"),
    [
        ("smokers", "At baseline 18% were smokers. "),
        ("people without chronic kidney disease", "They were with or without chronic kidney disease. "),
    ],
)  # fmt: skip
def test_those_asked_for_among_others_are_told_to_be_so(whom: str, also: str) -> None:
    found = _found(whom, said="patients with a prior amputation", also=also)
    assert found.lost == []
    assert f"have {whom} among others" in found.of_others


@pytest.mark.parametrize(
    "title",
    [
        "Dapagliflozin in chronic kidney disease with and without diabetes",
        "Dapagliflozin in chronic kidney disease with or without type 2 diabetes",
        "Dapagliflozin in chronic kidney disease regardless of diabetes",
        "Dapagliflozin in kidney disease of people with diabetes and those without",
    ],
)
def test_a_study_with_and_without_it_answers_of_those_without(title: str) -> None:
    text = (
        "RESULTS: In participants with type 2 diabetes, dapagliflozin slowed decline of kidney function (HR 0.64, 95% CI 0.52-0.79). "
        "In participants without diabetes, dapagliflozin slowed decline of kidney function as well (HR 0.50, 0.35-0.72)."
    )
    record = Record(type="article", id="1", title=title, url="", year=None, text=text)
    question = "Does dapagliflozin slow kidney disease in people without diabetes?"
    found = find(parse(question, DAY), number({"literature": [record]}))
    (only,) = found.sentences
    assert only.text.startswith("In participants without diabetes")
    assert found.lost == []


def test_a_study_that_says_in_whom_it_was_tried_is_of_them() -> None:
    records: list[Record] = [
        {
            "type": "article",
            "id": "1",
            "title": "Doppler ultrasonography for esophageal varices",
            "year": 2020,
            "text": "Esophageal varices are seen in 35% of patients in compensated cirrhosis. We evaluated duplex Doppler ultrasonography for esophageal varices "
            "in patients with compensated hepatic cirrhosis by endoscopy. Fifty-six patients took part. Duplex Doppler ultrasonography predicted esophageal "
            "varices (P<0.05).",
        }
    ]
    question = "Is diagnosis of esophageal varices in patients with compensated hepatic cirrhosis possible by duplex Doppler ultrasonography?"
    found = find(parse(question, date(2026, 11, 23)), number({"literature": records}))
    assert found.sentences
    assert not found.lost
