"""An answer is to what was asked: of whom, which side of it, each thing that is named; else it says what is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed import catalogue
from examples.biomed.answer import answering, populations, synthesis, unsaid
from examples.biomed.answer.of_whom import AMONG, NOT, ON, speaks_of
from examples.biomed.answer.populations import asked_populations
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.follow_ups import conversation
from examples.biomed.options import QueryOptions

DAY = date(2026, 11, 23)


def _article(title: str, text: str, *headings: str) -> dict[str, Any]:
    return {
        "type": "article",
        "id": str(1000 + len(title)),
        "title": title,
        "year": 2020,
        "text": text,
        "keywords": list(headings),
    }


ADULTS = _article(
    "Montelukast in asthma",
    "We randomised 300 patients with asthma. Montelukast reduced exacerbations of asthma compared with placebo (p = 0.01). "
    "Montelukast improves asthma control.",
    "Adult",
    "Middle Aged",
    "Female",
    "Male",
    "Humans",
)
CHILDREN = _article(
    "Montelukast in children with asthma",
    "We randomised 200 children with asthma. Montelukast reduced exacerbations of asthma compared with placebo (p = 0.02).",
    "Child",
    "Female",
    "Male",
    "Humans",
)
HARMS = _article(
    "Tolerability of montelukast in asthma",
    "A cohort of 900 patients with asthma. Adverse events were more common with montelukast than with placebo in asthma (12% vs. 7%, p = 0.03).",
    "Adult",
    "Humans",
)


def _answer(question: str, *records: dict[str, Any]) -> tuple[answering.Found, str]:
    cited = number({"literature": list(records)})
    found = answering.find(parse(question, DAY), cited)
    return found, synthesis.write(question, cited, ["literature"], {}, [], found=found)


def test_who_is_of_others_is_quoted_only_after_the_answer_says_so() -> None:
    found, text = _answer("Does montelukast reduce exacerbations in children with asthma?", ADULTS)
    assert found.sentences
    assert found.lost == ["children"]
    first = text.split("\n\n")[1]
    assert first == "**Nothing was found on children.** The results quoted here are of adults."


def test_who_is_of_them_speaks_alone() -> None:
    question = "Does montelukast reduce exacerbations in children with asthma?"
    found, text = _answer(question, ADULTS, CHILDREN)
    assert (found.speaking, found.lost) == ([2], [])
    assert "Nothing was found" not in text


@pytest.mark.parametrize(
    ("question", "record", "speaks"),
    [
        ("Is it useful in women?", ("Male",), NOT),
        ("Is it useful in women?", ("Female", "Male"), AMONG),
        ("Is it useful in women?", ("Female",), ON),
        ("Is it useful in the elderly?", ("Aged", "Middle Aged"), AMONG),
        ("Is it useful in the elderly?", ("Child",), NOT),
        ("Is it useful in adults?", ("Child", "Infant"), NOT),
        ("Is it useful in adults?", (), ON),
        ("Is it useful in pregnant women?", ("Female",), NOT),
        ("Is it useful in pregnant women?", ("Pregnancy", "Female"), ON),
        ("Is it useful in humans?", ("Animals", "Rats"), NOT),
        ("Is it useful in rats?", ("Animals", "Rats"), ON),
        ("Is it useful in African Americans?", ("Hispanic Americans",), NOT),
    ],
)
def test_the_headings_of_an_article_say_whom_it_is_of(
    question: str, record: tuple[str, ...], speaks: int
) -> None:
    (wanted,) = asked_populations(question)
    one: Any = _article("A treatment", "It was tried. It worked well.", *record)
    assert speaks_of(one, wanted) == speaks


@pytest.mark.parametrize(
    ("sex", "ages", "question", "speaks"),
    [
        ("FEMALE", "", "in women", ON),
        ("ALL", "", "in women", AMONG),
        ("MALE", "", "in women", NOT),
        ("ALL", "from 18 Years", "in children", NOT),
        ("ALL", "6 Years to 17 Years", "in children", ON),
        ("ALL", "12 Years to 75 Years", "in adolescents", AMONG),
        ("ALL", "up to 6 Months", "in infants", ON),
        ("ALL", "from 65 Years", "in older adults", ON),
    ],
)
def test_a_registry_says_who_may_take_part(sex: str, ages: str, question: str, speaks: int) -> None:
    (wanted,) = asked_populations(question)
    trial: Any = {"type": "trial", "id": "NCT1", "title": "A trial", "sex": sex, "ages": ages}
    assert speaks_of(trial, wanted) == speaks


def test_one_mention_in_passing_is_not_whom_an_article_is_of() -> None:
    record: Any = _article(
        "Appendicitis in old age",
        "The diagnosis is hard in children and in the elderly. We studied 80 elderly patients.",
        "Aged",
    )
    (wanted,) = asked_populations("in children")
    assert speaks_of(record, wanted) == NOT


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Do women do better than men?", []),
        ("Is it safe in pregnant women?", [["pregnant women"]]),
        ("in preterm infants", [["newborns"]]),
        ("in children or adolescents", [["children", "adolescents"]]),
        ("Is the mother-child relationship protective?", []),
        ("in a children's hospital", []),
    ],
)
def test_whom_a_question_is_about_is_read(question: str, names: list[list[str]]) -> None:
    assert [[one.name for one in each] for each in asked_populations(question)] == names


@pytest.mark.parametrize(
    "question",
    [
        "Is montelukast safe in asthma?",
        "What are the side effects of montelukast in asthma?",
        "How toxic is montelukast in asthma?",
        "Does montelukast reduce exacerbations of asthma, and what about side effects?",
        "What does montelukast for asthma cost?",
        "Which dose of montelukast is best in asthma?",
        "montelukast asthma quality of life",
    ],
)
def test_a_finding_on_another_side_is_no_answer(question: str) -> None:
    found, text = _answer(question, ADULTS)
    assert not found.sentences
    assert text.split("\n\n")[1].startswith(unsaid.NOTHING)


@pytest.mark.parametrize(
    "question",
    [
        "Is montelukast safe in asthma?",
        "What are the side effects of montelukast in asthma?",
        "How toxic is montelukast in asthma?",
        "Does montelukast reduce exacerbations of asthma, and what about side effects?",
    ],
)
def test_a_finding_on_the_side_that_is_asked_for_is_one(question: str) -> None:
    found, _ = _answer(question, ADULTS, HARMS)
    assert [(one.n, one.text[:14]) for one in found.sentences] == [(2, "Adverse events")]


@pytest.mark.parametrize(
    ("question", "unsaid"),
    [
        ("Does montelukast help in asthma and psoriasis?", "psoriasis"),
        ("Does montelukast with prednisolone help in asthma?", "prednisolone"),
        ("Is montelukast better than zafirlukast in asthma?", "zafirlukast"),
        ("Does montelukast help in asthma after tonsillectomy?", "tonsillectomy"),
    ],
)
def test_a_source_names_each_thing_that_a_question_does(question: str, unsaid: str) -> None:
    found, text = _answer(question, ADULTS)
    assert (found.sentences, found.speaking, found.unsaid) == ([], [], [unsaid])
    assert f"none of them speaks of {unsaid}." in text


def test_of_things_to_choose_from_one_is_enough() -> None:
    found, _ = _answer("Does montelukast or zafirlukast help in asthma?", ADULTS)
    assert found.sentences


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Is montelukast effective in type 1 diabetes?", "Montelukast in type 2 diabetes"),
        ("Is interferon effective in hepatitis B?", "Interferon in hepatitis C"),
    ],
)
def test_a_number_belongs_to_its_word(question: str, title: str) -> None:
    found, _ = _answer(
        question, _article(title, f"1 of 2 patients did better (B, 1). {title} improved survival.")
    )
    assert not found.sentences


def _ids(question: str) -> set[str]:
    found = catalogue.search("trials", question, parse(question, DAY), QueryOptions().as_state())
    return {one["id"] for one in found}


@pytest.mark.parametrize(
    "question",
    [
        "Does semaglutide reduce weight in adults without diabetes?",
        "semaglutide in non-diabetic people",
        "semaglutide trials excluding type 2 diabetes",
    ],
)
def test_the_catalogue_lists_no_trial_in_what_is_left_out(question: str) -> None:
    assert _ids(question) == {"NCT03574597", "NCT03548935", "NCT04788511"}


def test_nor_one_of_a_medicine_that_is() -> None:
    assert "NCT03987919" not in _ids("GLP-1 trials not with tirzepatide")


def test_a_source_in_what_is_left_out_does_not_speak() -> None:
    question = "Does montelukast reduce exacerbations without asthma?"
    assert not _answer(question, ADULTS)[0].speaking


@pytest.mark.parametrize(
    ("asked_on", "lost"),
    [
        ("and in children?", ["children"]),
        ("what about pregnant women?", ["pregnant women"]),
        ("and in adults?", []),
    ],
)
def test_what_is_asked_on_from_a_topic_counts(asked_on: str, lost: list[str]) -> None:
    topic = "Does montelukast reduce exacerbations of asthma in adults?"
    query = conversation.turn(asked_on, topic, [], lambda text: parse(text, DAY)).query
    found, _ = _answer(query, ADULTS)
    assert found.sentences
    assert found.lost == lost


def test_every_population_can_be_asked_for_and_be_found() -> None:
    for one in populations.POPULATIONS:
        tagged: Any = _article("A treatment", "It was tried.", *sorted(one.headings)[:1])
        assert speaks_of(tagged, [one]) > NOT, one.name


def test_harm_is_told_by_a_result_and_not_by_a_trial_s_title() -> None:
    found = catalogue.search(
        "literature", "semaglutide", parse("semaglutide", DAY), QueryOptions().as_state()
    )
    question = "Is semaglutide safe in children?"
    answer = answering.find(parse(question, DAY), number({"literature": found}))
    assert not answer.sentences


def test_a_share_is_of_what_its_prevalence_is_asked_of() -> None:
    record = _article(
        "Psoriasis and its company",
        "We followed 400 patients with psoriasis; some had asthma. The prevalence of psoriasis rose to 12% (p = 0.01).",
    )
    assert not _answer("What is the prevalence of asthma in psoriasis?", record)[0].sentences
    assert _answer("What is the prevalence of psoriasis?", record)[0].sentences


def test_things_that_no_source_names_together_are_said() -> None:
    second = _article("Psoriasis", "Psoriasis was treated. Psoriasis improved by 20% (p = 0.01).")
    _, text = _answer("Is asthma associated with psoriasis?", ADULTS, second)
    assert "none of them speaks of asthma and psoriasis together." in text


@pytest.mark.parametrize(
    ("question", "lost"),
    [
        (
            "Does montelukast reduce exacerbations of asthma in those over 70 years?",
            ["older people"],
        ),
        ("Does montelukast reduce exacerbations of asthma under 12 years of age?", ["children"]),
        ("Does montelukast reduce exacerbations of asthma over 18 years of age?", []),
    ],
)
def test_years_name_people_too(question: str, lost: list[str]) -> None:
    assert _answer(question, ADULTS)[0].lost == lost


def test_women_are_no_mice() -> None:
    mice = _article(
        "Creatine in pregnancy of the spiny mouse",
        "Creatine was measured in pregnant mice. Creatine in plasma decreased during pregnancy (p = 0.01).",
        "Animals",
        "Female",
        "Mice",
        "Pregnancy",
    )
    question = "Does creatine in plasma decrease in pregnant women?"
    found, text = _answer(question, mice)
    assert found.lost == ["pregnant women"]
    assert "The results quoted here are of animals." in text
    assert _answer("Does creatine in plasma decrease in pregnant mice?", mice)[0].lost == []


def test_a_word_that_names_what_is_treated_is_no_harm_of_it() -> None:
    record = _article(
        "Tomography in abdominal injury",
        "We studied 300 patients. Chest injury was associated with abdominal injury on computed tomography (p = 0.01).",
    )
    assert not _answer("Is computed tomography safe in abdominal injury?", record)[0].sentences
    assert not _answer("Does computed tomography cause complications in abdominal injury?", record)[
        0
    ].sentences


@pytest.mark.parametrize(
    "text",
    ["Older children had asthma.", "Children aged 5 to 9 had asthma.", "They were older than 4."],
)
def test_who_is_only_older_than_others_is_no_older_person(text: str) -> None:
    (wanted,) = asked_populations("in the elderly")
    record: Any = _article("Asthma", text)
    assert speaks_of(record, wanted) == NOT


def test_a_cost_of_a_treatment_is_a_cost() -> None:
    question = (
        "Does montelukast reduce the cost of treatment of asthma exacerbations in adults at home?"
    )
    assert not _answer(question, ADULTS)[0].sentences
