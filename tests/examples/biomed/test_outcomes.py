"""An answer speaks of what is asked about, and of what is asked to change it; else nothing is found that answers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, synthesis, unsaid
from examples.biomed.answer.outcomes import asked_of
from examples.biomed.citations import number
from examples.biomed.entities import parse

DAY = date(2026, 11, 23)


def _source(text: str) -> dict[str, Any]:
    return {"type": "article", "id": "11", "title": "A study", "year": 2019, "text": text}


def _answer(question: str, text: str) -> tuple[list[str], str]:
    cited = number({"literature": [_source(text)]})
    found = answering.find(parse(question, DAY), cited)
    written = synthesis.write(question, cited, ["literature"], {}, [], found=found)
    return [one.text for one in found.sentences], written


@pytest.mark.parametrize(
    ("question", "outcome", "exposure"),
    [
        ("Does asthma worsen sleep?", "sleep", "asthma"),
        ("Does sleep get worse in asthma?", "sleep", ""),
        ("Is sleep worse in asthma?", "sleep", ""),
        ("Do inhaled corticosteroids affect growth in children?", "growth", "inhaled corticosteroids"),
        ("Does smoking in pregnancy reduce birth weight?", "birth weight", "smoking"),
        ("Does mortality increase at weekends?", "mortality", ""),
        ("Do statins have an effect on mortality?", "mortality", "statins"),
        ("Is obesity a risk factor for asthma in children?", "asthma", "obesity"),
        ("Ear drops: do they reduce cochlear toxicity?", "cochlear toxicity", "they"),
        ("Do the changes in weight predict mortality?", "mortality", "the changes"),
        ("Do children with epilepsy gain weight?", "weight", "epilepsy"),
        ("Is smoking linked to wound infection after surgery?", "wound infection", "smoking"),
        ("Are obese patients at a higher risk of infection?", "infection", "obese patients"),
        ("Are women more likely to die after stroke?", "die", "women"),
        ("Do older patients have higher complication rates?", "complication rates", "older patients"),
        ("Does parental smoking make wheezing worse?", "wheezing", "parental smoking"),
        ("Does delayed surgery increase perforation?", "perforation", "delayed surgery"),
        ("What is the effect of diabetes on mortality?", "mortality", "diabetes"),
        ("Is there a relationship between depression and sleep?", "sleep", "depression"),
        ("Does radiotherapy reduce recurrence of rectal cancer?", "recurrence of rectal cancer", "radiotherapy"),
        ("What is the best dose of aspirin?", "", ""),
        ("semaglutide in obesity", "", ""),
    ],
)  # fmt: skip
def test_what_a_question_asks_about_is_read(question: str, outcome: str, exposure: str) -> None:
    asked = asked_of(question, parse(question, DAY)["concepts"])
    assert (asked.outcome, asked.exposure if outcome else "") == (outcome, exposure)


@pytest.mark.parametrize(
    ("question", "text", "quoted"),
    [
        (
            "Does asthma worsen sleep?",
            "Obesity was associated with worse asthma control (p = 0.01). Asthma was more common in women.",
            "",
        ),
        (
            "Does asthma worsen sleep?",
            "Asthma control was similar in both groups. Asthma was associated with more insomnia (p = 0.01).",
            "Asthma was associated with more insomnia (p = 0.01).",
        ),
        (
            "Does breastfeeding reduce obesity in children?",
            "Obese children had a higher mortality after injuries (p = 0.02).",
            "",
        ),
        (
            "Does breastfeeding reduce obesity in children with asthma?",
            "Obesity was more common in children with asthma (p = 0.02).",
            "",
        ),
        (
            "Does smoking in pregnancy affect birth weight?",
            "Smoking in pregnancy was more common in the young (p = 0.03). Relapse after birth was less likely with help.",
            "",
        ),
        (
            "Does smoking in pregnancy affect birth weight?",
            "Smoking in pregnancy lowered birth weight by 190 g (p = 0.03).",
            "Smoking in pregnancy lowered birth weight by 190 g (p = 0.03).",
        ),
        (
            "Does pregnancy increase mortality in epilepsy?",
            "Epilepsy in pregnancy was followed by more deaths than in controls (p = 0.04).",
            "Epilepsy in pregnancy was followed by more deaths than in controls (p = 0.04).",
        ),
        (
            "Does obesity increase mortality after surgery?",
            "Mortality after surgery was looked at in obesity. Fractures were more likely in obesity (p = 0.02).",
            "",
        ),
        (
            "Does physical activity protect against depression?",
            "Activities of daily living were scored after stroke, and depression. Depression was less common in men (p = 0.02).",
            "",
        ),
        (
            "Does smoking cause preterm birth?",
            "Preterm birth was more common in women with asthma (p = 0.01). Infections were followed by preterm birth, "
            "adjusted for smoking.",
            "",
        ),
        (
            "Does epidural analgesia prolong labour?",
            "Epidural analgesia was given in more labours in the last year (p = 0.01).",
            "",
        ),
        (
            "Does breastfeeding reduce mortality after pneumonia?",
            "Breastfeeding reduced mortality after diarrhoea (p = 0.01).",
            "",
        ),
        (
            "Does asthma worsen sleep?",
            "Sleep was reported by 40% of the patients with asthma. Asthma was found in 12%.",
            "",
        ),
        (
            "Does radiotherapy reduce recurrence of rectal cancer?",
            "Radiotherapy for rectal cancer was followed by more wound infections (p = 0.01).",
            "",
        ),
        (
            "Does treatment delay lower breast cancer survival?",
            "Delayed treatment of breast cancer did not affect overall survival.",
            "Delayed treatment of breast cancer did not affect overall survival.",
        ),
        (
            "Does neck pain reduce quality of life?",
            "Neck pain and quality of life were looked at. Neck pain was associated with a worse HRQoL (p = 0.01).",
            "Neck pain was associated with a worse HRQoL (p = 0.01).",
        ),
        (
            "Does fenofibrate improve sleep apnea?",
            "Fenofibrate reduced sleep apnoea (p = 0.02).",
            "Fenofibrate reduced sleep apnoea (p = 0.02).",
        ),
        (
            "Does caregiver support reduce depression?",
            "Support of caregivers did not reduce depressive symptoms (p = 0.3).",
            "Support of caregivers did not reduce depressive symptoms (p = 0.3).",
        ),
    ],
)
def test_a_sentence_that_answers_names_what_is_asked_about(
    question: str, text: str, quoted: str
) -> None:
    sentences, written = _answer(question, text)
    assert sentences == ([quoted] if quoted else [])
    assert (unsaid.NOTHING in written) is not bool(quoted)


def test_a_long_question_is_answered_by_a_source_that_words_it_otherwise() -> None:
    question = "Does cognitive behavioural therapy reduce relapse after clozapine withdrawal in schizophrenia?"
    text = (
        "Relapse after clozapine withdrawal in schizophrenia was compared with and without cognitive behavioural "
        "therapy. A return of psychosis was less likely with it (p = 0.01)."
    )
    sentences, _ = _answer(question, text)
    assert sentences == ["A return of psychosis was less likely with it (p = 0.01)."]


def test_a_disease_is_named_by_its_abbreviation_and_its_family() -> None:
    cut = "Sunitinib prolonged survival in RCC (p = 0.01)."
    assert _answer("Does sunitinib improve survival in renal cell carcinoma?", cut)[0] == [cut]
    other = "Potassium citrate reduced urinary calculi (p = 0.02)."
    assert _answer("Does potassium citrate prevent urinary stones?", other)[0] == [other]


def test_parts_of_a_question_that_are_named_here_and_there_are_about_something_else() -> None:
    question = (
        "Should rural nurses who see diabetes be trained in insulin pumps, diet and footwear?"
    )
    text = (
        "Rural nurses were asked. Diabetes was common. Insulin pumps were rare. Footwear was worn. "
        "Training was more frequent with diet (p = 0.01)."
    )
    assert _answer(question, text)[0] == []
    whole = f"Nurses in rural places see diabetes, insulin pumps and diets. {text}"
    assert _answer(question, whole)[0]
