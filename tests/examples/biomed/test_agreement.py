"""What is said of agreement and of direct comparison holds of every source that speaks, quoted or not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from examples.biomed.answer import answering, synthesis
from examples.biomed.answer.agreement import directly
from examples.biomed.answer.answering import Found, Sentence
from examples.biomed.answer.comparing import direct
from examples.biomed.answer.strength import strength
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

DAY = date(2026, 11, 23)


def _sources(*texts: str, title: str = "A study") -> Any:
    return number(
        {
            "documents": [
                {"type": "document", "id": f"{n}.md", "title": title, "text": text, "year": None}
                for n, text in enumerate(texts)
            ]
        }
    )


def _sentence(n: int, against: Any = "", *, negative: bool = False) -> Sentence:
    return Sentence("PPIs raise the risk.", n, negative, against)


@pytest.mark.parametrize(
    "quoted",
    [
        [_sentence(1)],
        [_sentence(1, "as asked"), _sentence(2, "as asked")],
        [_sentence(1, negative=True), _sentence(2, negative=True)],
    ],
)
def test_beside_a_source_that_is_not_quoted_nothing_is_said_of_agreement(
    quoted: list[Sentence],
) -> None:
    told = strength(Found(quoted, [1, 2, 3], "dementia"), _sources("A.", "B.", "C."))
    assert "not compared with the other sources" in told
    assert "contradicts" not in told
    assert "agree:" not in told


def test_where_all_that_speak_are_quoted_their_agreement_is_said_as_far_as_it_is_known() -> None:
    cited = _sources("A.", "B.")
    same = strength(
        Found([_sentence(1, "as asked"), _sentence(2, "as asked")], [1, 2], "dementia"), cited
    )
    assert "The sources agree: [1][2]" in same
    unknown = strength(Found([_sentence(1, "as asked"), _sentence(2)], [1, 2], "dementia"), cited)
    assert "agree" not in unknown
    alone = strength(Found([_sentence(1)], [1]), cited)
    assert "One source alone speaks to the question" in alone


PPI = "Do proton pump inhibitors raise the risk of dementia?"


def _article(n: int, year: int, people: int, conclusion: str, kind: str) -> Any:
    return {
        "type": "article",
        "id": str(n),
        "title": f"Proton pump inhibitors and dementia: study {n}",
        "year": year,
        "publication_types": [kind],
        "text": f"It is debated whether proton pump inhibitors cause dementia. We followed {people} patients. {conclusion}",
    }


COHORT, TRIAL = "Observational Study", "Randomized Controlled Trial"
YES = "Proton pump inhibitors were associated with a higher risk of dementia (HR 1.44, 95% CI 1.36-1.52)."
NO = "Proton pump inhibitors were not associated with dementia (HR 1.02, 95% CI 0.90-1.16)."
FIGURES = "With proton pump inhibitors the hazard ratio for dementia was 1.05 (95% CI 0.93-1.18)."
SLIGHT = "Dementia was slightly more common with proton pump inhibitors (OR 1.2; 95% CI 0.9-1.6; P = 0.2)."


def _answered(question: str, *records: Any) -> tuple[answering.Found, str]:
    cited = number({"literature": list(records)})
    found = answering.find(parse(question, DAY), cited)
    return found, synthesis.write(question, cited, ["literature"], {}, [], found=found)


FIVE = (
    _article(1, 2016, 73679, YES, COHORT),
    _article(2, 2018, 3000, YES, COHORT),
    _article(3, 2019, 17598, NO, TRIAL),
    _article(4, 2021, 900, FIGURES, TRIAL),
    _article(5, 2023, 1200, SLIGHT, TRIAL),
)


def test_all_that_speak_are_compared_and_where_they_disagree_it_is_said_how() -> None:
    found, written = _answered(PPI, *FIVE)
    assert sorted(found.speaking) == [1, 2, 3, 4, 5]
    assert (
        "[1][2] say that risk of dementia goes up, and [3][4][5] say that risk of dementia does not differ significantly."
        in written.replace("the risk", "risk")
    )
    assert "[1][2] 2 observational studies, 2016–2018, up to 73679 people" in written
    assert "[3][4][5] 3 randomised trials, 2019–2023, up to 17598 people" in written
    assert "not told plainly" not in written


def test_a_source_that_is_not_quoted_counts_too() -> None:
    """Five sentences are quoted at most; what a sixth source concludes is not lost."""
    more = (_article(n, 2020, 500, NO if n == 9 else YES, COHORT) for n in range(6, 10))
    found, written = _answered(PPI, *FIVE[:2], *more)
    nine = 6
    assert nine in found.speaking
    assert nine not in {one.n for one in found.sentences}
    assert "**The sources do not agree.**" in written
    assert "and [6] says that" in written


def test_whom_the_sides_are_on_is_said_where_it_tells_them_apart() -> None:
    young = {
        **FIVE[2],
        "title": "Proton pump inhibitors and dementia in children",
        "text": f"Children took part. {NO}",
    }
    _, written = _answered(PPI, FIVE[0], FIVE[1], young)
    assert "on children" in written


@pytest.mark.parametrize(
    ("title", "text", "compares"),
    [
        ("Rituximab versus cyclophosphamide in vasculitis", "Both were given.", True),
        ("A trial", "Rituximab was not inferior to cyclophosphamide in remission.", True),
        ("A trial", "Rituximab was given after cyclophosphamide.", False),
        ("Rituximab in vasculitis", "It was better than placebo.", False),
    ],
)
def test_a_document_that_names_both_sides_compares_them(
    title: str, text: str, compares: bool
) -> None:
    question = parse("rituximab versus cyclophosphamide", DAY)
    assert direct(question, _sources(text, title=title)) == ([1] if compares else [])


def _conclusion(title: str, text: str) -> Any:
    return {"type": "article", "title": title, "url": "", "year": 2020, "text": text}


def _told(question: str, *records: Any) -> str:
    numbered = [{"id": str(n), **one} for n, one in enumerate(records, 1)]
    cited = number({"literature": numbered})
    return strength(answering.find(parse(question, DAY), cited), cited)


DOWN, SAME = "says that stroke goes down", "says that stroke does not differ significantly"


@pytest.mark.parametrize(
    ("question", "said", "also"),
    [
        (
            "Does apixaban reduce stroke in atrial fibrillation?",
            "In atrial fibrillation apixaban did not reduce stroke (HR 0.97; 95% CI 0.85-1.11).",
            ("Apixaban in patients with AF", "Apixaban reduced stroke compared with aspirin (HR 0.45; 95% CI 0.32-0.62)."),
        ),
        (
            "Do statins reduce stroke in patients with chronic kidney disease?",
            "Statins did not reduce stroke in chronic kidney disease.",
            ("Rosuvastatin in patients undergoing haemodialysis", "METHODS: 2776 patients with end-stage renal disease took part. CONCLUSIONS: Rosuvastatin reduced stroke in these patients."),
        ),
        (
            "Does vitamin C reduce stroke in cirrhosis?",
            "Vitamin C did not reduce stroke in cirrhosis.",
            ("A trial of a supplement", "METHODS: 200 people with compensated hepatic cirrhosis took part. CONCLUSIONS: Ascorbic acid reduced stroke in these patients."),
        ),
    ],
)  # fmt: skip
def test_a_source_that_says_it_in_other_words_counts(
    question: str, said: str, also: tuple[str, str]
) -> None:
    told = _told(question, _conclusion("A study", said), _conclusion(*also))
    assert f"[2] {DOWN}" in told
    assert f"[1] {SAME}" in told


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Apixaban after embolic stroke", "METHODS: 1000 patients with stroke and no AF took part. CONCLUSIONS: Apixaban reduced recurrent stroke."),
        ("Apixaban in people without atrial fibrillation", "CONCLUSIONS: Apixaban reduced stroke."),
        ("Apixaban in venous thromboembolism", "CONCLUSIONS: Apixaban reduced stroke."),
        ("Rivaroxaban in atrial fibrillation", "CONCLUSIONS: Rivaroxaban reduced stroke."),
        ("Apixaban in atrial fibrillation", "CONCLUSIONS: Apixaban reduced renal failure in atrial fibrillation."),
    ],
)  # fmt: skip
def test_a_source_on_something_else_does_not(title: str, text: str) -> None:
    on_it = _conclusion("Apixaban and AF", "CONCLUSIONS: Apixaban did not reduce stroke in AF.")
    told = _told(
        "Does apixaban reduce stroke in atrial fibrillation?", on_it, _conclusion(title, text)
    )
    assert "The sources do not agree" not in told
    assert "The sources agree" not in told


def test_a_source_on_any_of_it_agrees_with_none_on_one_kind_of_it() -> None:
    """A trial of two anaesthetics in surgery says nothing of early surgery."""
    spinal = _conclusion(
        "Spinal or general anaesthesia for hip fracture surgery",
        "METHODS: 1600 patients took part. RESULTS: Death was 3.9% after spinal and 4.1% after general anaesthesia (RR 0.97; 0.59-1.57). "
        "CONCLUSIONS: Surgery under spinal anaesthesia was not superior with respect to mortality.",
    )
    early = _conclusion(
        "Early or delayed surgery for hip fracture",
        "METHODS: 2970 patients took part. CONCLUSIONS: Accelerated surgery did not reduce mortality (p = 0.40).",
    )
    again = _conclusion(
        "Early surgery for hip fracture in older people",
        "CONCLUSIONS: Accelerated surgery did not lower mortality (p = 0.70).",
    )
    question = "Does early surgery reduce mortality?"
    assert "The sources agree" not in _told(question, spinal, early)
    assert "The sources agree" in _told(question, early, again)


def test_a_verb_of_the_finding_is_no_part_of_a_diseases_name() -> None:
    said = "Spironolactone reduced mortality in {}."
    preserved = "heart failure with preserved ejection fraction"
    told = _told(
        "Does spironolactone reduce mortality in heart failure with reduced ejection fraction?",
        _conclusion("Spironolactone in HFrEF", said.format("HFrEF")),
        _conclusion(f"Spironolactone in {preserved}", said.format(preserved)),
    )
    assert told.startswith("1 source speaks")


def test_who_asks_for_no_way_is_told_of_two_that_are_opposite() -> None:
    told = _told(
        "Does coffee affect blood pressure?",
        _conclusion("Coffee", "CONCLUSIONS: Coffee increased systolic blood pressure."),
        _conclusion("Coffee", "CONCLUSIONS: Coffee lowered blood pressure."),
    )
    assert (
        "[1] says that blood pressure goes up, and [2] says that blood pressure goes down" in told
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Azithromycin decreased exacerbations.",
        "Azithromycin reduced all-cause exacerbations.",
        "Low-dose azithromycin lowered exacerbations.",
    ],
)
def test_a_word_of_the_outcome_or_of_the_dose_is_no_way(sentence: str) -> None:
    question = "Does azithromycin prevent exacerbations of COPD?"
    found, _ = _answered(
        question, {"id": "1", **_conclusion("Azithromycin in COPD", f"CONCLUSIONS: {sentence}")}
    )
    assert [one.against for one in found.readings] == ["as asked"]


def test_of_two_doses_each_has_its_own_way() -> None:
    text = (
        "CONCLUSIONS: Bleeding was higher with high-dose edoxaban but lower with low-dose edoxaban."
    )
    question = "Does edoxaban reduce bleeding?"
    found, _ = _answered(question, {"id": "1", **_conclusion("Edoxaban and bleeding", text)})
    assert [one.against for one in found.readings] == [""]


def test_where_no_outcome_is_asked_about_an_effect_and_none_are_no_disagreement() -> None:
    cited = _sources("A.", "B.")
    quoted = [_sentence(1), _sentence(2, negative=True)]
    assert "do not agree" not in strength(Found(quoted, [1, 2]), cited)
    assert "do not agree" in strength(Found(quoted, [1, 2], "the risk"), cited)


def test_what_a_later_sentence_says_of_something_else_does_not_lead() -> None:
    text = (
        "METHODS: 2,717 adults with sleep apnoea received CPAP or usual care. RESULTS: CPAP reduced snoring and daytime sleepiness and improved mood. "
        "CONCLUSIONS: CPAP did not prevent cardiovascular events in patients with obstructive sleep apnoea."
    )
    record: Any = {
        "type": "document",
        "id": "one",
        "title": "CPAP in obstructive sleep apnoea",
        "url": "",
        "year": 2016,
        "text": text,
    }
    read = parse("Does CPAP make you less sleepy?", date(2026, 11, 23))
    found = answering.find(read, number({"documents": [record]}))
    assert "sleepiness" in found.sentences[0].text
    assert directly(found) == ""


@pytest.mark.parametrize(
    ("question", "text", "said"),
    [
        (
            "Does tight glucose control reduce deaths?",
            "Deaths were more frequent with tight glucose control (OR 1.31; 95% CI 0.85-2.00).",
            "deaths go up, but not significantly",
        ),
        (
            "Does nasal oxygen increase intubation?",
            "Intubation was less frequent with nasal oxygen (38% v 47%), but the difference was not significant (P=0.18).",
            "intubation goes down, but not significantly",
        ),
        (
            "Does spinal anaesthesia reduce delirium?",
            "Delirium occurred in 20.5% after spinal anaesthesia and 19.7% after general anaesthesia (RR 1.04; 95% CI 0.84-1.30).",
            "delirium does not differ significantly",
        ),
        ("Does physiotherapy increase back pain?", "Back pain improved in both groups, slightly more with physiotherapy.", ""),
    ],
)  # fmt: skip
def test_a_difference_that_is_not_significant_keeps_its_way(
    question: str, text: str, said: str
) -> None:
    sources = _sources(text, title="A randomised trial")
    told = directly(answering.find(parse(question, DAY), sources))
    assert told == (f"**[1] says that {said}.**" if said else "")


@pytest.mark.parametrize(
    ("disease", "said"),
    [("dental caries", "dental caries does not"), ("diabetes", "diabetes does not"), ("falls", "falls do not")],
)  # fmt: skip
def test_what_does_not_differ_is_one_or_many(disease: str, said: str) -> None:
    records = [
        Record(type="article", id=str(n), title=f"Fluoride and {disease} in adults", url="", year=2020,
               text=f"METHODS: {n}00 adults had fluoride or placebo. RESULTS: Fluoride did not reduce {disease} (P=0.6). CONCLUSIONS: Fluoride did not reduce {disease}.")
        for n in (3, 4)
    ]  # fmt: skip
    cited = number({"literature": records})
    found = answering.find(parse(f"Does fluoride reduce {disease}?", date(2026, 11, 30)), cited)
    assert said in strength(found, cited)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Does lung cancer screening improve survival?", "Screening for lung cancer reduced mortality (P=0.01)."),
        ("Does lung cancer screening reduce mortality?", "Screening significantly prolonged survival (P=0.01)."),
        ("Does lung cancer screening help people live longer?", "Screening reduced mortality (rate ratio 0.76; 95% CI 0.61-0.94)."),
        ("Does lung cancer screening save lives?", "Screening improved survival (P=0.01)."),
    ],
)  # fmt: skip
def test_a_lower_mortality_is_a_better_survival(question: str, text: str) -> None:
    sources = _sources(text, title="Screening for lung cancer: a randomised trial")
    found = answering.find(parse(question, DAY), sources)
    assert [one.against for one in found.sentences] == ["as asked"]
    assert not directly(found)


def test_trials_that_go_apart_on_saving_lives_are_both_told() -> None:
    sources = _sources(
        "RESULTS: Mortality was 41% with hypothermia and 55% with normothermia. "
        "CONCLUSIONS: In patients resuscitated after cardiac arrest, therapeutic hypothermia reduced mortality.",
        "RESULTS: 50% died with hypothermia, 48% with normothermia (RR 1.04; 95% CI 0.94-1.14). "
        "CONCLUSIONS: In patients with coma after cardiac arrest, targeted hypothermia did not lead to a lower incidence of death by 6 months than targeted normothermia.",
        title="Hypothermia versus normothermia after cardiac arrest",
    )
    found = answering.find(parse("Does hypothermia after cardiac arrest save lives?", DAY), sources)
    assert {one.n for one in found.sentences} == {1, 2}
    assert "The sources do not agree." in strength(found, sources)


def test_that_nothing_contradicts_a_source_is_said_only_where_nothing_else_was_found() -> None:
    found = Found([_sentence(1)], [1])
    assert "nothing confirms or contradicts it here" in strength(found, _sources("A."))
    beside = strength(found, _sources("A.", "B."))
    assert "contradicts" not in beside
    assert "the others listed were not held against it" in beside


@pytest.mark.parametrize(
    ("question", "first", "second", "said"),
    [
        (
            "Does colchicine reduce cardiovascular events?",
            "Cardiovascular events were less frequent with colchicine than with placebo (HR 0.77; 95% CI 0.61-0.96).",
            "The risk of cardiovascular events was significantly lower with colchicine than with placebo.",
            "cardiovascular events go down",
        ),
        (
            "Does chlorhexidine prevent pneumonia?",
            "Pneumonia was reduced by chlorhexidine (RR 0.67; 95% CI 0.47-0.97).",
            "Chlorhexidine lowered pneumonia from 24% to 15% (P=0.02).",
            "pneumonia goes down",
        ),
    ],
)
def test_lower_with_it_is_not_little_of_it(
    question: str, first: str, second: str, said: str
) -> None:
    sources = _sources(first, second, title="A randomised trial")
    found = answering.find(parse(question, DAY), sources)
    assert f"The sources agree: [1][2] say that {said}." in strength(found, sources)
