"""Who asks as people speak is answered by who wrote as abstracts do: what is done by a verb, an age by a decade, and no filler word is asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering
from examples.biomed.answer.speaking import carriers
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.queries.spoken import plainly
from examples.biomed.terms.find import find
from examples.biomed.terms.names import key_of, load
from tests.examples.biomed.asking import parsed

DAY = date(2026, 11, 23)


def _found(question: str, *about: tuple[str, str]) -> answering.Found:
    records: list[Any] = [
        {"type": "article", "id": str(place), "title": title, "year": 2020, "text": text}
        for place, (title, text) in enumerate(about, 1)
    ]
    return answering.find(parse(question, DAY), number({"literature": records}))


@pytest.mark.parametrize(
    ("question", "title", "sentence"),
    [
        ("Should my neighbour bother taking aspirin at 75, or does it just make them bleed?", "Aspirin in healthy elderly people", "Aspirin led to more bleeding than placebo in healthy elderly people (HR 1.38, P<0.001)."),
        ("Does having your tonsils out stop kids getting sore throats?", "Tonsillectomy for recurrent sore throat in children", "Tonsillectomy reduced sore throats in children (3.1 vs. 5.8 a year, P<0.001)."),
        ("If I come off my antidepressants will I go downhill again?", "Discontinuation of antidepressants", "Relapse was more frequent after discontinuation of antidepressants (56% vs. 39%, P<0.001)."),
        ("Does taking azithromycin every day keep COPD attacks away?", "Azithromycin to prevent COPD exacerbations", "Azithromycin taken daily decreased the frequency of exacerbations (1.48 vs. 1.83 a year, P=0.01)."),
        ("Does sewing up perineal tears make them heal any better?", "Suturing of perineal tears", "Perineal tears healed better after suturing (95% vs. 80%, P=0.02)."),
        ("Do babies given the nirsevimab jab end up in hospital less?", "Nirsevimab in infants", "Hospitalization was less frequent in infants with nirsevimab (0.6% vs. 1.6%, P=0.07)."),
        ("Do you get thrush more on secukinumab?", "Secukinumab in psoriasis", "Candida infections were more frequent with secukinumab (4.2% vs. 1.2%)."),
        ("Does vaping give you a sore throat?", "E-cigarettes for smoking cessation", "Throat or mouth irritation was more frequent with e-cigarettes (65.3% vs. 51.2%)."),
    ],
)  # fmt: skip
def test_the_sentence_that_answers_is_quoted_first(
    question: str, title: str, sentence: str
) -> None:
    found = _found(question, (title, f"We studied 300 people. {sentence}"))
    assert [one.text for one in found.sentences][:1] == [sentence]


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Should I have my wisdom teeth out?", "Tooth Extraction"),
        ("Does having your womb taken out cause weight gain?", "Hysterectomy"),
        ("having both ovaries removed before 45", "Ovariectomy"),
        ("Is it worth getting your hip replaced at 90?", "Arthroplasty, Replacement, Hip"),
        ("Is it safe to have your adenoids out at three?", "Adenoidectomy"),
        ("How long does it hurt after breaking your wrist?", "Wrist Fractures"),
        ("Does being knocked out for the operation harm old folk?", "Anesthesia, General"),
    ],
)
def test_what_is_done_by_a_verb_is_searched_for_by_its_heading(question: str, heading: str) -> None:
    assert heading in [one["heading"] for one in parsed(question)["concepts"]]


@pytest.mark.parametrize(
    "word", ["gallbladder", "fibroids", "voice box", "foreskin", "large bowel", "lymph nodes"]
)
def test_whatever_is_taken_out_of_the_body_has_an_operation(word: str) -> None:
    headings = {one.heading for one in find(f"{word} removal; removal of the {word}; {word} out")}
    assert len(headings) == 1
    assert load().of_key(key_of(headings.pop()))


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Are statins any good for the over-75s?", "Are statins effective for people over 75 years of age?"),
        ("Is grommet surgery safe for kids of two?", "Is grommet surgery safe for kids aged two?"),
        ("Does getting jabbed keep people from catching flu?", "Does getting jabbed prevent flu?"),
        ("Does cranberry juice ward off cystitis?", "Does cranberry juice prevent cystitis?"),
        ("Does exercise make a difference to survival?", "Does exercise affect survival?"),
        ("Should women who have had several babies get a longer stay?", "Should multiparous women get a longer stay?"),
        ("Are kids who are short of growth hormone more tired?", "Are kids who are with growth hormone deficiency more tired?"),
        ("Does cancer of the back passage spread?", "Does cancer of the rectum spread?"),
        ("Can steroids save your life in pneumonia?", "Can steroids reduce mortality in pneumonia?"),
        ("Do statins save any lives?", "Do statins reduce mortality?"),
        ("What saves lives in sepsis?", "What reduces mortality in sepsis?"),
        ("Does going private cost lives?", "Does going private increase mortality?"),
        ("Does screening help smokers live longer?", "Does screening improve survival?"),
        ("Does palliative care keep people alive for longer?", "Does palliative care improve survival?"),
        ("Does vaping get people off the fags?", "Does vaping get people smoking cessation?"),
    ],
)  # fmt: skip
def test_a_turn_of_speech_is_read_as_an_abstract_words_it(question: str, read: str) -> None:
    assert plainly(question) == read


@pytest.mark.parametrize(
    "question",
    [
        "Is there any use of ketamine in children?",
        "Do hearing aids help people live with tinnitus?",
        "Does training help patients survive without support?",
        "Is there any good evidence for statins?",
        "Do kids of two parents who smoke cough more?",
        "Does a break in treatment matter?",
        "Can patients come off the ventilator sooner?",
        "What does the co-op sell?",
        "Is removal of the drain early safe?",
        "Is adherence worth the effort?",
    ],
)
def test_what_means_something_else_is_left_as_it_is(question: str) -> None:
    assert plainly(question) == question


@pytest.mark.parametrize(
    ("question", "title", "text"),
    [
        ("Does having your tonsils out cause bleeding?", "Adenoidectomy in children", "Adenoidectomy caused bleeding in 1% of children."),
        ("Does colchicine muck up your kidneys?", "Colchicine after stroke", "Diarrhoea was more frequent with colchicine (11.2% vs. 6.1%)."),
        ("Is secukinumab any good for sore joints?", "Secukinumab in psoriasis", "Secukinumab cleared the skin in 79% of patients."),
    ],
)  # fmt: skip
def test_another_operation_or_outcome_is_no_answer(question: str, title: str, text: str) -> None:
    found = _found(question, (title, f"We studied 300 people. {text}"))
    assert not found.sentences or found.lost


@pytest.mark.parametrize(
    ("question", "title", "sentence"),
    [
        ("Does chewing gum stop holes in kids' teeth?", "Sugar-free chewing gum and dental caries in children", "Sugar-free chewing gum reduced caries increment by 28% (P=0.01)."),
        ("Should people be cooled down after their heart stopped?", "Hypothermia after cardiac arrest", "Therapeutic hypothermia reduced mortality after cardiac arrest (41% vs. 55%, P=0.02)."),
        ("Can high flow oxygen burst a baby's lung?", "High-flow oxygen in infants with bronchiolitis", "One case of pneumothorax occurred in each group of high-flow oxygen."),
        ("Is being induced more painful?", "Induction of labor or expectant management", "Women with induction of labor rated pain lower (8 vs. 9 of 10, P<0.001)."),
        ("Which gout tablet is more deadly, febuxostat or allopurinol?", "Febuxostat or allopurinol in gout", "Mortality was higher with febuxostat than with allopurinol (7.8% vs. 6.4%; HR 1.22; 1.01-1.47)."),
        ("Does the sugar tablet metformin make you run short of B12?", "Metformin and vitamin B12 deficiency", "Metformin was associated with vitamin B12 deficiency (OR 1.13; 1.06-1.20)."),
        ("Does the endometriosis pill thin your bones?", "Elagolix for endometriosis", "Bone mineral density fell by 2.6% with elagolix in endometriosis."),
        ("Do going deaf and losing your marbles go together?", "Hearing loss and dementia", "Hearing loss predicted dementia (HR 1.9; 95% CI 1.4-2.6)."),
        ("Can smokers get CT scans for lung cancer to live longer?", "Lung cancer mortality in smokers with CT screening", "Lung-cancer mortality of smokers was lower with CT screening than without (0.76; 0.61-0.94)."),
    ],
)  # fmt: skip
def test_what_people_say_of_the_body_is_held_against_what_abstracts_say(
    question: str, title: str, sentence: str
) -> None:
    found = _found(question, (title, f"We studied 300 people. {sentence}"))
    assert [one.text for one in found.sentences][:1] == [sentence]
    assert not found.lost


@pytest.mark.parametrize(
    ("question", "unread"),
    [
        ("Do tumours burst into nasal cavities?", "caries"),
        ("Does the gout clinic reduce flares?", "gout reduce"),
        ("Was the fever induced by the vaccine?", "labour induction"),
        ("Do they bring the patient down to theatre?", "lower the patient"),
        ("Is the coma induced in children worse?", "labour induction"),
    ],
)
def test_a_turn_that_means_something_else_stays(question: str, unread: str) -> None:
    assert unread not in plainly(question).lower()


@pytest.mark.parametrize(
    ("question", "left"),
    [
        ("Are iron tablets better than iron injections in anaemia?", set()),
        ("Which gout tablet is more deadly?", {"tablet"}),
        ("Do pills for asthma help?", {"pills"}),
        ("Does the flu jab help?", set()),
    ],
)
def test_a_medicine_by_its_form_is_asked_for_only_where_forms_are_compared(
    question: str, left: set[str]
) -> None:
    assert carriers(parse(question, DAY)) == left


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ("Does colchicine help when the sac around the heart is inflamed?", "Pericarditis"),
        ("aspirin for an inflamed gallbladder", "Cholecystitis"),
        ("inflammation of the pancreas after endoscopy", "Pancreatitis"),
    ],
)
def test_an_inflamed_part_of_the_body_is_its_disease(said: str, heading: str) -> None:
    assert heading in [one.heading for one in find(plainly(said))]
