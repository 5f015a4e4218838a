"""Outcomes by their other names: who asks for heart attacks is answered by MACE with a note, and never by a part as if it were the whole."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed import entities
from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.families import FAMILIES, Named, asked, beside, how
from examples.biomed.answer.question_parts import parts_of
from examples.biomed.citations import number
from examples.biomed.records import Record


def _found(question: str, title: str, text: str) -> Found:
    record = Record(type="article", id="1", title=title, url="", year=None, text=text)
    return find(entities.parse(question, date(2026, 11, 23)), number({"literature": [record]}))


def _named(name: str) -> Named:
    return Named(FAMILIES[name], name, True)


@pytest.mark.parametrize(
    ("text", "name", "is_"),
    [
        ("MACE fell", "cardiovascular events", "same"),
        ("Heart attacks and strokes were fewer", "cardiovascular events", "same"),
        ("MACE fell", "stroke", "wider"),
        ("Intracranial haemorrhage was rarer", "major bleeding", "narrower"),
        ("Major and intracranial hemorrhage; major bleeding fell", "major bleeding", "same"),
        ("Death from any cause did not differ", "death", "same"),
        ("Cardiovascular death did not differ", "death", "narrower"),
        ("Mortality fell", "cardiovascular death", "wider"),
        ("All-cause mortality did not differ", "death", "same"),
        ("All-cause mortality did not differ", "cancer death", "wider"),
        ("In-hospital mortality fell", "death", "same"),
        ("Age-specific mortality fell", "death", "same"),
        ("Lung cancer mortality fell (112 deaths)", "death", "narrower"),
        ("Fewer died of breast cancer", "death", "narrower"),
        ("Infection-related mortality fell", "death", "narrower"),
        ("Deaths from pneumonia were fewer", "death", "narrower"),
        ("Respiratory deaths were fewer", "death", "narrower"),
        ("Deaths from noncardiovascular causes fell", "death", "narrower"),
        ("Deaths from noncardiovascular causes fell", "cardiovascular death", ""),
        ("Non-cardiac mortality fell", "cardiovascular death", ""),
        ("Progression-free survival was longer", "death", ""),
        ("Graft survival was 90%", "death", ""),
        ("They lost 14.9% of body weight", "weight loss", "same"),
        ("The mean change in body weight was 3 kg", "weight loss", "same"),
        ("Patients reached end-stage renal disease", "kidney failure", "same"),
        ("Gastrointestinal adverse events were common", "nausea", "wider"),
        ("Acidosis was rare", "lactic acidosis", "wider"),
        ("Wound infections fell", "infection", "narrower"),
        ("Blood pressure fell", "death", ""),
        ("Serious cardiovascular adverse events were more frequent", "heart attacks", "wider"),
        ("Cardiac ischaemic events were more frequent", "cardiovascular events", "same"),
        ("Fewer were admitted for heart failure", "hospital admission", "narrower"),
        ("Hospitalisations for heart failure fell", "heart failure admission", "same"),
        ("Somnolence was reported by 8%", "daytime sleepiness", "same"),
        ("Participants missed 5 days of work", "sick leave", "same"),
        ("Congenital anomalies were found in 2%", "birth defects", "same"),
        ("Repeat surgery was needed in 9%", "reoperation", "same"),
        ("Hyponatraemia was seen in 2%", "low sodium", "same"),
        ("A low sodium diet was advised", "low sodium", ""),
        ("Pressure injuries were rarer", "pressure ulcers", "same"),
        ("Vasomotor symptoms fell by half", "hot flushes", "same"),
        ("Bone mineral density rose", "bone density", "same"),
    ],
)
def test_an_outcome_stands_to_another(text: str, name: str, is_: str) -> None:
    assert how(text, _named(name)) == is_


def test_every_wider_outcome_is_one() -> None:
    assert {wider for one in FAMILIES.values() for wider in one.wider} <= FAMILIES.keys()


def test_a_text_is_read_with_the_words_of_the_question() -> None:
    named = asked("Does it prevent kidney failure?", "kidney failure")
    assert beside("ESKD was rarer.", named) == "ESKD (kidney failure) was rarer."
    assert beside("Kidney failure was rarer.", named) == "Kidney failure was rarer."


def test_whom_it_is_asked_of_is_no_part_of_anything() -> None:
    """An abstract on cardiovascular events is not one on the patients after a stroke."""
    named = asked("Does aspirin reduce mortality after stroke?", "mortality")
    assert beside("MACE was rarer.", named) == "MACE was rarer."


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Does elagolix thin the bones?", "Bone mineral density fell by 2%"),
        ("Does elagolix weaken bones?", "Bone mineral density fell by 2%"),
        ("Is elagolix bad for the heart?", "Serious cardiovascular adverse events were seen in 1%"),
        ("Does elagolix hurt the kidneys?", "Acute kidney injury was seen in 1%"),
        ("Is elagolix safe for the baby?", "Birth defects were seen in 1%"),
        ("Does elagolix cause hot flashes?", "Vasomotor symptoms were reported by 24%"),
        ("Do women on elagolix take fewer days off work?", "Sick leave was 2 days shorter"),
        ("Did women on elagolix need another operation? Was there repeat surgery?", "Reoperations were needed by 4%"),
        ("Does elagolix cause heart attacks?", "Serious cardiovascular adverse events were seen in 1%"),
    ],
)  # fmt: skip
def test_an_outcome_in_the_words_of_patients_is_found_in_those_of_a_trial(
    question: str, sentence: str
) -> None:
    text = f"BACKGROUND: Endometriosis hurts. METHODS: 872 women had elagolix or placebo. RESULTS: Pain fell. {sentence} with elagolix. CONCLUSIONS: Elagolix relieves pain."
    found = _found(question, "Elagolix for endometriosis", text)
    assert found.sentences, found.unsaid
    assert found.sentences[0].text.startswith(sentence)


@pytest.mark.parametrize(
    ("question", "text", "first"),
    [
        (
            "Does canagliflozin prevent kidney failure?",
            "End-stage kidney disease was less frequent with canagliflozin (HR 0.68, 95% CI 0.54-0.86).",
            "End-stage kidney disease",
        ),
        (
            "Canagliflozin lowers cardiovascular events?",
            "Canagliflozin reduced MACE (HR 0.86, 95% CI 0.75-0.97).",
            "Canagliflozin reduced MACE",
        ),
    ],
)
def test_another_name_answers(question: str, text: str, first: str) -> None:
    found = _found(question, "Canagliflozin in diabetic nephropathy", text)
    assert found.sentences[0].text.startswith(first)
    assert (found.of_others, found.lost) == ("", [])


def test_a_composite_answers_with_a_note() -> None:
    found = _found(
        "Does ezetimibe reduce strokes?",
        "Ezetimibe after acute coronary syndrome",
        "Ezetimibe reduced major adverse cardiovascular events (32.7% vs 34.7%; p=0.016).",
    )
    assert found.sentences
    assert "of which strokes is a part" in found.of_others
    assert found.lost == []


def test_a_part_does_not_answer_for_the_whole() -> None:
    found = _found(
        "Does evolocumab reduce deaths?",
        "Evolocumab in atherosclerotic disease",
        "Cardiovascular death did not differ between evolocumab and placebo (1.8% vs 1.7%; p=0.62).",
    )
    assert found.lost == ["deaths"]
    assert "Nothing was found on deaths as a whole" in found.of_others


@pytest.mark.parametrize(
    ("claim", "parts"),
    [
        ("awake proning reduces mortality in COVID-19", ("awake proning", "mortality")),
        ("GLP-1 receptor agonists reduce cardiovascular events?", ("GLP-1 receptor agonists", "cardiovascular events")),
        ("What reduces mortality?", ("", "")),
        ("Weight increases after surgery", ("", "")),
    ],
)  # fmt: skip
def test_a_claim_asks_too(claim: str, parts: tuple[str, str]) -> None:
    assert parts_of(claim) == parts


SELENIUM = (
    "We gave selenium or placebo to 900 adults. Lung cancer mortality was lower with selenium (HR 0.70, 95% CI 0.55-0.90). "
    "All-cause mortality did not differ (310 deaths; HR 0.98, 95% CI 0.85-1.13). Selenium did not lower the incidence of lung cancer."
)


@pytest.mark.parametrize("asked_for", ["all-cause mortality", "mortality"])
def test_deaths_of_one_cause_do_not_answer_for_all_deaths_beside_a_sentence_on_them(
    asked_for: str,
) -> None:
    found = _found(f"Does selenium reduce {asked_for}?", "Selenium and mortality", SELENIUM)
    assert [one.text.split(" did")[0] for one in found.sentences] == ["All-cause mortality"]
    assert not found.lost


def test_where_deaths_of_one_cause_alone_are_reported_it_is_said_first() -> None:
    text = SELENIUM.replace("All-cause mortality did not differ", "Hair loss did not differ")
    found = _found("Does selenium reduce mortality?", "Selenium and mortality", text)
    assert found.sentences[0].text.startswith("Lung cancer mortality was lower")
    assert "**Nothing was found on mortality as a whole.**" in found.of_others
    assert found.lost == ["mortality"]
    assert not found.sentences[0].against


@pytest.mark.parametrize(
    ("asked_for", "quoted", "never"),
    [
        ("lung cancer mortality", "Lung cancer mortality was lower", "incidence"),
        ("lung cancer", "Selenium did not lower the incidence", "mortality"),
    ],
)
def test_how_many_die_of_a_disease_is_not_how_many_get_it(
    asked_for: str, quoted: str, never: str
) -> None:
    found = _found(f"Does selenium reduce {asked_for}?", "Selenium and lung cancer", SELENIUM)
    told = " ".join(one.text for one in found.sentences)
    assert quoted in told
    assert never not in told
