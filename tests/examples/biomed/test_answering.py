"""The answer first: quoted findings with their numbers, their strength, and an honest nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks import biomed_support
from examples.biomed.answer import answering, speaking, synthesis, unsaid
from examples.biomed.answer.strength import strength
from examples.biomed.answer.telling_sentences import telling_sentences
from examples.biomed.citations import cited_numbers, number
from examples.biomed.entities import parse
from examples.biomed.sentences import sentences

DAY = date(2026, 11, 23)

STATIN: dict[str, Any] = {
    "type": "article",
    "id": "11",
    "title": "Statins and delirium after cardiac surgery",
    "year": 2019,
    "publication_types": ["Randomized Controlled Trial"],
    "text": "BACKGROUND: Delirium is common. We aimed to test whether statins prevent delirium after "
    "cardiac surgery. METHODS: 1,200 patients were randomised. RESULTS: Delirium occurred in 18.2% vs. "
    "26.1% of patients (p = 0.003). CONCLUSIONS: Statins reduced delirium after cardiac surgery.",
}
AGAINST: dict[str, Any] = {
    "type": "article",
    "id": "12",
    "title": "Delirium under statins: a cohort",
    "year": 2023,
    "text": "A retrospective cohort of 5400 patients after cardiac surgery. Statins were not associated "
    "with less delirium after cardiac surgery.",
}
NOTE: dict[str, Any] = {
    "type": "document",
    "id": "note.md",
    "title": "Reading a hazard ratio",
    "year": 2026,
    "text": "A hazard ratio compares how fast events happen in two arms of a trial of the world.",
}
QUESTION = "Do statins prevent delirium after cardiac surgery?"


def _find(question: str, *records: dict[str, Any]) -> tuple[answering.Found, Any]:
    cited = number({"literature": list(records)})
    return answering.find(parse(question, DAY), cited), cited


def test_conclusions_come_first_and_aims_never() -> None:
    found, _ = _find(QUESTION, STATIN)
    assert found.sentences[0].text == "Statins reduced delirium after cardiac surgery."
    assert all("aimed" not in one.text for one in found.sentences)


def test_a_source_on_the_disease_alone_does_not_speak_to_what_a_medicine_does_to_it() -> None:
    found, _ = _find("Does aspirin prevent delirium after cardiac surgery?", STATIN, AGAINST)
    assert (found.sentences, found.speaking) == ([], [])


def test_every_sentence_has_a_number_and_its_source_supports_it() -> None:
    found, cited = _find(QUESTION, STATIN, AGAINST)
    assert 2 <= len(found.sentences) <= 5
    for one in found.sentences:
        record = next(record for citation, record in cited if citation["n"] == one.n)
        assert biomed_support.supports(one.text, record)


def test_disagreement_design_size_and_years_are_said() -> None:
    found, cited = _find(QUESTION, STATIN, AGAINST)
    text = strength(found, cited)
    assert "do not agree" in text
    assert (
        "[1] says that delirium goes down, and [2] says that delirium does not differ significantly."
        in text
    )
    assert (
        "[1] 1 randomised trial, 2019, 1200 people; [2] 1 cohort study, 2023, 5400 people" in text
    )
    assert "1 randomised trial" in text
    assert "5400 participants" in text
    assert "from 2019 to 2023" in text


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"publication_types": ["Randomized Controlled Trial"]}, "3 randomised trials"),
        ({"publication_types": ["Meta-Analysis"]}, "2 meta-analyses"),
        ({"publication_types": ["Observational Study"]}, "2 observational studies"),
        ({"publication_types": ["Systematic Review"]}, "2 systematic reviews"),
        ({"publication_types": ["Practice Guideline"]}, "2 guidelines"),
        ({"publication_types": []}, "3 randomised trials"),
        ({"publication_types": [], "text": AGAINST["text"]}, "2 cohort studies"),
        (
            {"publication_types": [], "text": STATIN["text"].replace("randomised", "seen")},
            "2 articles of unknown design",
        ),
    ],
)
def test_several_of_a_design_are_named_as_several(more: dict[str, Any], said: str) -> None:
    found, cited = _find(
        QUESTION, STATIN, {**STATIN, **more, "id": "13"}, {**STATIN, **more, "id": "14"}
    )
    assert said in strength(found, cited)


def test_the_answer_opens_the_text_before_the_lists() -> None:
    found, cited = _find(QUESTION, STATIN)
    text = synthesis.write(QUESTION, cited, ["literature"], {}, [], found=found)
    opening = text.split("## ")[0]
    assert "Statins reduced delirium after cardiac surgery. [1]" in opening
    assert text.index("## Strength of evidence") < text.index("## Literature")


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup?",
        "What is the capital of Australia?",
        "How do I bake sourdough bread?",
        "What is the speed of light?",
        "Does acupuncture help migraine in pregnancy?",
    ],
)
def test_what_no_source_speaks_to_is_refused(question: str) -> None:
    found, cited = _find(question, STATIN, NOTE)
    assert found.speaking == []
    text = synthesis.write(question, [], ["literature"], {}, [], found=found)
    assert unsaid.NOTHING in text
    assert cited_numbers(text) == set()
    assert cited


def test_the_labels_of_an_abstract_and_quoted_ends_part_sentences() -> None:
    text = 'It was called "delirium." Statins were given.AIM: To see. One thing. • Another thing.'
    assert sentences(text) == [
        'It was called "delirium."',
        "Statins were given.",
        "AIM: To see.",
        "One thing.",
        "Another thing.",
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        # What is asked for goes before what is merely found, and before what was found where nothing was tried.
        (
            "Statins did not reduce delirium after cardiac surgery (P = .3).",
            "Cardiac surgery took 90 minutes in both groups (P = .9).",
        ),
        (
            "Delirium fell from 26% to 18% under statins (P = .01).",
            "Delirium after cardiac surgery remained unchanged in the control group.",
        ),
        (
            "Delirium was less frequent under statins than under placebo.",
            "The differences in delirium were most pronounced after long cardiac surgery.",
        ),
    ],
)
def test_what_answers_is_quoted_first(better: str, worse: str) -> None:
    wanted = speaking.concepts(parse(QUESTION, DAY))
    for text in (f"{better} {worse}", f"{worse} {better}"):
        record: Any = {**STATIN, "text": f"Patients were randomised. {text}"}
        assert telling_sentences(record, wanted, QUESTION)[0] == better


def test_abbreviations_and_decimals_end_no_sentence() -> None:
    text = "It fell by 2.5 mg vs. Placebo in group A. Smith et al. Found none. The end."
    assert (
        sentences(text)[0] == "It fell by 2.5 mg vs. Placebo in group A. Smith et al. Found none."
    )


@pytest.mark.parametrize(
    ("sentence", "holds"),
    [
        ("Statins reduced delirium after cardiac surgery [1].", True),
        ("Delirium occurred in 18.2% of patients [1].", True),
        ("Delirium occurred in 12.5% of patients [1].", False),
        ("Aspirin prevents stroke in children with diabetes [1].", False),
    ],
)
def test_support_is_a_rule(sentence: str, holds: bool) -> None:
    ((_, record),) = number({"literature": [STATIN]})
    assert biomed_support.supports(sentence, record) is holds


@pytest.mark.parametrize(
    ("question", "is_medical"),
    [
        ("Does Ozempic cause thyroid cancer?", True),
        ("Should displaced midshaft clavicular fractures be treated surgically?", True),
        ("Do patients wait too long?", True),
        ("What is the capital of Australia?", False),
        ("How does a blockchain reach consensus?", False),
        ("Who wrote Pride and Prejudice?", False),
    ],
)
def test_what_a_question_is_about_is_known_by_its_words(question: str, is_medical: bool) -> None:
    assert parse(question, date(2026, 11, 23))["is_medical"] is is_medical


def test_a_question_outside_medicine_is_not_answered_by_chance() -> None:
    text = "The population of Brazil was sampled. Brazil has a capital."
    record: Any = {
        "type": "document",
        "id": "1",
        "title": "Vaccine uptake",
        "year": 2020,
        "text": text,
    }
    question = parse("What is the population of Brazil?", date(2026, 11, 23))
    assert answering.find(question, number({"documents": [record]})).speaking == []
    medical = parse("Is vaccine uptake good in Brazil?", date(2026, 11, 23))
    assert answering.find(medical, number({"documents": [record]})).speaking == [1]


@pytest.mark.parametrize(
    "sentence",
    [
        "To look at statins or placebo against delirium after cardiac surgery, and to report all harm.",
        "A total of 304 patients with either statins or placebo before cardiac surgery were included.",
        "We analyzed the associations between statins or placebo and delirium after cardiac surgery.",
        # Of each kind that was quoted once instead of an answer.
        "Persons younger than 76 years with delirium after cardiac surgery not controlled with statins alone.",
        "Thus, after cardiac surgery with statins or without, we quantified delirium and related it to age.",
        "The assessment included, besides age, the measurement of delirium after cardiac surgery using a score.",
        "Of these, 12 (30%) underwent cardiac surgery with statins against delirium.",
        "Delirium after cardiac surgery under statins was defined as at least one day with a score above the one before.",
        "The risks of delirium under statins after cardiac surgery, and how to diagnose it, are hereby discussed.",
        "In a preliminary study, we explored whether delirium after cardiac surgery is improved under statins.",
        "The current study analyses the value of statins for delirium after cardiac surgery.",
        "A two-sided p value of 0.05 for delirium under statins was considered statistically significant.",
        "Statins have become the standard treatment of delirium after cardiac surgery.",
        "There is no consensus regarding statins against delirium after cardiac surgery.",
        "Seventeen patients with statins and delirium after cardiac surgery aged 10.5 +/- 5.1 years were identified.",
        "The occurrence and severity (grade III/IV) of delirium 6 months after cardiac surgery under statins.",
        "Prognostic evaluation of delirium after cardiac surgery with respect to statins on consecutive cases.",
        "The patients' mean age was 31.3 years before cardiac surgery with statins against delirium.",
    ],
)
def test_aims_methods_and_who_took_part_are_no_answer(sentence: str) -> None:
    record: Any = {**STATIN, "text": f"{sentence} {sentence} Statins reduced delirium (P = .03)."}
    wanted = speaking.concepts(parse(QUESTION, DAY))
    assert telling_sentences(record, wanted, QUESTION) == ["Statins reduced delirium (P = .03)."]


@pytest.mark.parametrize(
    "question",
    [
        "What does a hazard ratio say?",
        "What is a hazard ratio?",
        "How do I read a hazard ratio?",
        "What does a confidence interval of a hazard ratio say?",
    ],
)
def test_a_question_on_how_research_counts_is_answered_from_a_document_on_it(
    question: str,
) -> None:
    found, _ = _find(question, NOTE)
    assert [one.text for one in found.sentences] == [NOTE["text"]]


@pytest.mark.parametrize(
    "question",
    ["What is a non-inferiority margin?", "What does a p-value mean?", "What is a placebo?"],
)
def test_words_of_research_are_words_of_medicine(question: str) -> None:
    assert parse(question, DAY)["is_medical"]
