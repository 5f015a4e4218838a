"""Who asks for the most frequent of its kind, or how many there were of one thing, is quoted the sentence on that, and no other result."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.most_frequent import asked_most_frequent
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TITLE = "Transoral thyroidectomy for papillary thyroid carcinoma: a cohort study"
TEXT = (
    "BACKGROUND: Transoral thyroidectomy leaves no scar in the neck. "
    "METHODS: 240 adults with papillary thyroid carcinoma had transoral thyroidectomy or open thyroidectomy. "
    "RESULTS: Transoral thyroidectomy took longer than open thyroidectomy (142 vs 96 minutes, P<0.001). "
    "Complications were 30% more frequent after transoral thyroidectomy. "
    "The most common complication was transient hypocalcaemia, followed by numbness of the chin. "
    "Mental nerve injury was the second most frequent complication. "
    "Conversion to open surgery was necessary in four patients. "
    "Levothyroxine was used most often after total thyroidectomy. "
    "Persistent hoarseness was seen in 2% of all patients. "
    "Smoking doubled the risk. "
    "CONCLUSIONS: Transoral thyroidectomy is feasible in papillary thyroid carcinoma."
)


def _first(question: str) -> str:
    records = [
        Record(type="article", id="1", title=TITLE, url="", year=2020, text=TEXT),
        Record(
            type="article",
            id="2",
            title="Radioiodine for papillary thyroid carcinoma",
            url="",
            year=2019,
            text="CONCLUSIONS: Radioiodine did not lower recurrence of papillary thyroid carcinoma.",
        ),
    ]
    found = answering.find(parse(question, date(2026, 12, 1)), number({"literature": records}))
    return found.sentences[0].text if found.sentences else ""


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the most common complication of transoral thyroidectomy?", "transient hypocalcaemia"),
        ("Which complication is most frequent after transoral thyroidectomy?", "transient hypocalcaemia"),
        ("commonest complication of transoral thyroidectomy", "transient hypocalcaemia"),
        ("What is the second most common complication of transoral thyroidectomy?", "Mental nerve injury"),
        ("Which medicine is most often used after total thyroidectomy for papillary thyroid carcinoma?", "Levothyroxine"),
        ("How often was conversion needed in transoral thyroidectomy?", "Conversion to open surgery was necessary in four"),
        ("How many conversions were there in transoral thyroidectomy?", "Conversion to open surgery was necessary in four"),
        ("How often do patients have hoarseness after transoral thyroidectomy?", "hoarseness was seen in 2%"),
    ],
)  # fmt: skip
def test_the_most_frequent_and_the_number_of_one_thing_lead(question: str, told: str) -> None:
    assert told in _first(question)


@pytest.mark.parametrize(
    "question",
    [
        "How common is major depression after stroke?",
        "What is the median time to primary treatment of breast cancer?",
        "Is pneumonia the most common complication of stroke?",
        "What was the main outcome measure?",
        "Does it leave most patients free of pain?",
    ],
)
def test_what_asks_for_something_else_is_none_of_them(question: str) -> None:
    assert asked_most_frequent(question) is None


def test_a_risk_is_of_what_its_source_is_on() -> None:
    records = [
        Record(
            type="article",
            id="1",
            title="Risk factors for coronary events in women",
            url="",
            year=2015,
            text="RESULTS: Of 9,681 women 706 had a coronary event. Smoking increased risk two- to five-fold, more than in men. CONCLUSIONS: Coronary events of women have causes of their own.",
        )
    ]
    for question in (
        "How much does smoking increase coronary risk in women?",
        "Does smoking increase coronary risk in women?",
    ):
        found = answering.find(parse(question, date(2026, 12, 1)), number({"literature": records}))
        assert found.sentences[0].text.startswith("Smoking increased risk two- to five-fold")


@pytest.mark.parametrize(("at", "told"), [("250", "82%"), ("50", "97%")])
def test_a_cut_off_without_its_unit_is_that_cut_off(at: str, told: str) -> None:
    record = Record(
        type="article",
        id="1",
        title="Faecal calprotectin for inflammatory bowel disease in primary care",
        url="",
        year=2021,
        text="At 50 micrograms per gram calprotectin had a sensitivity of 97% for inflammatory bowel disease. At 250 micrograms per gram sensitivity was 82% for inflammatory bowel disease.",
    )
    question = f"What is the sensitivity of calprotectin at {at} for inflammatory bowel disease?"
    found = answering.find(parse(question, date(2026, 12, 1)), number({"literature": [record]}))
    assert told in found.sentences[0].text
