"""The sentence on what is asked comes before one on something near it: the outcome, the cut-off, all people before some, the trial in whom it was asked."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.answer.answering import Found, find
from examples.biomed.answer.bounds import bounds_of, held
from examples.biomed.answer.question_parts import parts_of
from examples.biomed.answer.speaking import concepts
from examples.biomed.citations import number
from examples.biomed.entities import parse
from examples.biomed.records import Record

TODAY = date(2026, 11, 30)


def _found(question: str, *sources: tuple[str, str]) -> Found:
    records = [
        Record(type="document", id=str(place), title=title, url="", year=2022, text=text)
        for place, (title, text) in enumerate(sources)
    ]
    return find(parse(question, TODAY), number({"documents": records}))


def _quoted(question: str, *sources: tuple[str, str]) -> list[str]:
    return [one.text for one in _found(question, *sources).sentences]


CALPROTECTIN = (
    "Calprotectin for inflammatory bowel disease in primary care",
    "METHODS: 2210 patients with bowel symptoms. RESULTS: At 50 µg/g sensitivity was 93.1% and specificity 71.5%. At 250 µg/g sensitivity was 80.2% and "
    "specificity 90.4%. The negative predictive value at 50 µg/g was 98.7%. CONCLUSIONS: Calprotectin can rule out inflammatory bowel disease.",
)
CALPROTECTIN_IN_CHILDREN = (
    "Calprotectin in children",
    "METHODS: 340 children aged 4-17 years with bowel symptoms. RESULTS: Sensitivity for inflammatory bowel disease at 50 µg/g was 97.8% and specificity 68.0%. "
    "CONCLUSIONS: Calprotectin is useful in children.",
)
PREDNISOLONE = (
    "Oral steroids in COPD exacerbations: time to recovery",
    "METHODS: 300 patients with COPD exacerbations were randomised to prednisolone or placebo. RESULTS: Treatment failure occurred in 23% with prednisolone and "
    "33% with placebo (P=0.04). Dyspnoea resolved faster with prednisolone (median 4 vs 6 days; P=0.01). Hyperglycaemia was more frequent with prednisolone "
    "(15% vs 4%). CONCLUSIONS: Prednisolone reduced treatment failure.",
)
KNEES = (
    "Unicompartmental or total knee replacement",
    "METHODS: 528 patients with medial osteoarthritis were randomised to unicompartmental or total knee replacement. RESULTS: Oxford scores did not differ (38 vs "
    "37; P=0.12). Knee stiffness occurred in 1.5% of unicompartmental and 4.2% of total knee replacement patients. CONCLUSIONS: The Oxford scores did not differ "
    "significantly, and unicompartmental replacement was more cost-effective over 5 years.",
)
RDW = (
    "Red cell distribution width in rheumatoid arthritis",
    "Our aim was to study red cell distribution width (RDW) in rheumatoid arthritis (RA). 80 patients with RA and 80 healthy people were included. RDW was measured "
    "in both groups. RDW values in patients with RA were higher than those in the control group. This increase in RDW was statistically significant (p < 0.001). A "
    "positive correlation was found between RDW and CRP values (r = 0.4). Receiver operating curve analysis showed that RDW had an area under the curve of 0.71.",
)
HEADACHE = (
    "Post-dural puncture headache after caesarean",
    "Post-dural puncture headache (PDPH) is a frequent complication of spinal anaesthesia (SA). This study was undertaken to learn whether needle type matters. 400 "
    "women had SA for caesarean section. In the second group, which had a cutting needle, 9% had PDPH (P=0.01). The overall incidence of PDPH was 4% (n=16). No "
    "other neurological complications were seen. Blood patches were given to three women.",
)


@pytest.mark.parametrize(
    ("question", "source", "first"),
    [
        ("Does prednisolone speed resolution of dyspnoea in COPD?", PREDNISOLONE, "Dyspnoea resolved"),
        ("Does prednisolone hasten recovery from dyspnoea in COPD exacerbations?", PREDNISOLONE, "Dyspnoea resolved"),
        ("Does total knee replacement stiffen more than unicompartmental replacement?", KNEES, "Knee stiffness"),
        ("Is RDW raised in rheumatoid arthritis?", RDW, "RDW values in patients"),
        ("Is red cell distribution width increased in rheumatoid arthritis?", RDW, "RDW values in patients"),
        ("How common is PDPH after spinal anaesthesia?", HEADACHE, "The overall incidence"),
        ("Is calprotectin less sensitive at 250 µg/g than at 50?", CALPROTECTIN, "At 250 µg/g"),
        ("What is the sensitivity of calprotectin at 250 µg/g?", CALPROTECTIN, "At 250 µg/g"),
        ("What is the sensitivity of calprotectin for inflammatory bowel disease?", CALPROTECTIN, "At 50 µg/g"),
    ],
)  # fmt: skip
def test_what_is_asked_comes_before_what_is_near_it(
    question: str, source: tuple[str, str], first: str
) -> None:
    found = _found(question, source)
    assert found.sentences[0].text.startswith(first)
    assert not found.lost


def test_the_number_of_all_comes_before_that_of_some_unless_those_are_asked_for() -> None:
    both = (CALPROTECTIN_IN_CHILDREN, CALPROTECTIN)
    of_all = _quoted(
        "What is the sensitivity of calprotectin for inflammatory bowel disease?", *both
    )
    assert of_all[0].startswith("At 50 µg/g sensitivity was 93.1%")
    of_children = _quoted("What is the sensitivity of calprotectin in children?", *both)
    assert "97.8%" in of_children[0]


def test_a_trial_that_names_the_outcome_is_quoted_though_others_are_as_near() -> None:
    other = (
        "Prednisolone and blood sugar in COPD exacerbations",
        "METHODS: 90 patients with COPD exacerbations had prednisolone or placebo. RESULTS: Hyperglycaemia occurred in 20% and 5% (P=0.02). "
        "CONCLUSIONS: Prednisolone raised blood sugar in COPD exacerbations.",
    )
    (told,) = _quoted("Does prednisolone speed dyspnoea resolution in COPD?", other, PREDNISOLONE)
    assert told.startswith("Dyspnoea resolved faster")


@pytest.mark.parametrize(
    ("question", "title", "text", "told"),
    [
        (
            "Does hydrocortisone prevent septic shock in patients without shock?",
            "Hydrocortisone for prevention of septic shock",
            "METHODS: 380 adults with severe sepsis who were not in shock. RESULTS: Septic shock developed in 21.2% with hydrocortisone and 22.9% with placebo "
            "(P=0.70). CONCLUSIONS: Hydrocortisone did not reduce the risk of septic shock among adults with severe sepsis.",
            "Septic shock developed in 21.2%",
        ),
        (
            "Does vedolizumab induce remission without steroids in ulcerative colitis?",
            "Steroid-free remission with vedolizumab in ulcerative colitis",
            "METHODS: 230 patients with ulcerative colitis had vedolizumab or placebo. RESULTS: Steroid-free remission at week 52 was achieved by 42% with "
            "vedolizumab and 16% with placebo (P<0.001). CONCLUSIONS: Vedolizumab is effective.",
            "Steroid-free remission",
        ),
    ],
)
def test_the_trial_in_those_without_it_is_not_left_out(
    question: str, title: str, text: str, told: str
) -> None:
    assert _quoted(question, (title, text))[0].startswith(told)


def test_the_trial_after_a_first_one_answers_on_a_second_by_its_primary_outcome() -> None:
    after_stroke = (
        "Colchicine for prevention of vascular events after ischaemic stroke",
        "METHODS: 3154 patients with ischaemic stroke had colchicine or usual care. RESULTS: A primary endpoint event occurred in 9.8% of those on colchicine and "
        "11.7% of those on usual care (HR 0.84; 95% CI 0.68-1.05). Diarrhoea was more frequent with colchicine (11.2% vs 6.1%). CONCLUSIONS: More trials are due.",
    )
    walking = ("Colchicine and walking after ischaemic stroke", after_stroke[1])
    question = "Does colchicine prevent recurrent stroke?"
    assert _quoted(question, after_stroke)[0].startswith("A primary endpoint event")
    assert not _quoted(question, walking)
    after_infarction = (
        "Colchicine after acute myocardial infarction",
        "RESULTS: Death, infarction or stroke occurred in 9.1% on colchicine and 11.3% on placebo (P<0.001). CONCLUSIONS: Colchicine significantly reduced death, "
        "infarction or stroke.",
    )
    for asked in (question, "Does colchicine reduce second strokes in people who had a stroke?"):
        assert _quoted(asked, after_infarction, after_stroke)[0].startswith("A primary endpoint")


FLUOXETINE = (
    "Fluoxetine for adolescents with depression",
    "DESIGN: 439 adolescents had fluoxetine, an antidepressant, or placebo. RESULTS: Antidepressants improved suicidal thinking significantly in all groups. "
    "Antidepressants were superior to placebo (P=.001). Seven (1.6%) of 439 patients on antidepressants attempted suicide. CONCLUSION: Fluoxetine has the best tradeoff.",
)


def test_an_outcome_is_not_told_by_its_neighbour() -> None:
    question = "Do antidepressants cause suicide attempts in adolescents?"
    assert _quoted(question, FLUOXETINE)[0].startswith("Seven (1.6%)")
    told = FLUOXETINE[1].replace("Seven (1.6%) of 439 patients on antidepressants attempted suicide. ", "")  # fmt: skip
    without = _found(question, (FLUOXETINE[0], told))
    assert not without.sentences or without.unsaid or without.lost


@pytest.mark.parametrize(
    "told",
    [
        "At baseline 12% had had falls.",
        "Falls before the study were reported by 12%.",
        "Of 40 residents with falls 12% used a walking frame.",
    ],
)
def test_a_harm_that_was_there_before_is_not_counted(told: str) -> None:
    mirtazapine = (
        "Mirtazapine in residents with dementia",
        f"METHODS: 204 residents. RESULTS: {{}} {told} CONCLUSIONS: Agitation did not differ.",
    )
    fell = "Falls occurred in 12% on mirtazapine."
    question = "Does mirtazapine cause falls?"
    assert told not in _quoted(question, (mirtazapine[0], mirtazapine[1].format("")))
    assert _quoted(question, (mirtazapine[0], mirtazapine[1].format(fell))) == [fell]


def test_under_a_title_of_what_was_tried_only_the_asked_outcome_answers() -> None:
    steroids = (
        "Antenatal betamethasone in late preterm birth",
        "METHODS: 2831 women had two injections or placebo. RESULTS: Respiratory morbidity was less common (11.6% vs 14.4%). {} CONCLUSIONS: Fewer had respiratory "
        "complications.",
    )
    sepsis = "There were no differences in neonatal sepsis."
    question = "Does antenatal betamethasone increase neonatal sepsis?"
    assert _quoted(question, (steroids[0], steroids[1].format(sepsis))) == [sepsis]
    assert not _quoted(question, (steroids[0], steroids[1].format("")))
    assert not _quoted("antenatal betamethasone and neonatal sepsis", (steroids[0], steroids[1].format("")))  # fmt: skip


def test_a_trial_in_those_who_have_it_is_left_out() -> None:
    of_shock = (
        "Hydrocortisone plus fludrocortisone for septic shock",
        "METHODS: 1241 patients with septic shock had hydrocortisone or placebo. RESULTS: Septic shock resolved in 80% with hydrocortisone and 70% with placebo. "
        "CONCLUSIONS: Hydrocortisone reduced septic shock.",
    )
    again = (
        "Colchicine for the secondary prevention of stroke",
        "METHODS: 300 patients. CONCLUSIONS: Colchicine did not reduce death.",
    )
    assert not _quoted(
        "Does hydrocortisone prevent septic shock in patients without shock?", of_shock
    )
    assert not _quoted("Does colchicine reduce death in patients without stroke?", again)


NORWOOD = (
    "Norwood procedure in hypoplastic left heart: late results",
    "METHODS: 412 infants. RESULTS: Survival was 71% at 5 years and 64% at 10 years. Tricuspid regurgitation predicted death (HR 2.7). CONCLUSIONS: Mid-term "
    "results are acceptable.",
)
PRAMIPEXOLE = (
    "Pramipexole and compulsive shopping",
    "It is accepted that compulsive shopping results from several factors. Pramipexole could be one. We explored this adverse drug reaction. From a cohort of 90 "
    "compulsive shoppers the data of the 11 patients on pramipexole were analysed. An algorithm was used for causality. The probability that compulsive shopping is "
    'due to pramipexole is "probable" in 8 cases out of 11, and "doubtful" in three.',
)
LITHIUM = (
    "Sex and the response to lithium",
    "Women have been said to respond less to lithium in bipolar disorder than men. To investigate this we studied 510 patients with bipolar disorder on lithium. "
    "Response was rated on a scale. Regression showed no difference between the sexes in relapse or in response.",
)
CEFTRIAXONE = (
    "Doxycycline for acne: the skin flora",
    "METHODS: 120 patients with acne received doxycycline or placebo. RESULTS: Lesions fell by 45% with doxycycline and 20% with placebo (P<0.01). Tetracycline "
    "resistance was higher with doxycycline (31% vs 8%). CONCLUSIONS: Doxycycline reduced acne lesions.",
)
ADHERENCE = (
    "Adherence to DOACs: a systematic review",
    "METHODS: 48 studies with 594,784 patients. RESULTS: Good adherence was seen in 66%. CONCLUSIONS: Up to 30% of patients with atrial fibrillation are "
    "non-adherent to DOACs.",
)
BALANCED = (
    "Saline or balanced crystalloids in critically ill adults",
    "METHODS: 5037 ICU patients were assigned to balanced multielectrolyte solution (BMES) or saline. RESULTS: Death occurred in 21.8% of the BMES group and 22.0% of "
    "the saline group. CONCLUSIONS: We found no evidence that the risk of death or acute kidney injury was lower with the use of BMES than with saline.",
)
APOE = (
    "APOE genotype and ARIA with lecanemab",
    "METHODS: 1795 participants. RESULTS: ARIA-E occurred in 12.6% with lecanemab and 1.7% with placebo. ARIA-E was 5.4% in APOE4 noncarriers, 10.9% in heterozygotes "
    "and 32.6% in homozygotes. CONCLUSIONS: Lecanemab resulted in moderately less decline than placebo.",
)
ON_SITE = (
    "Onsite revascularization in shock",
    "METHODS: 601 older patients with cardiogenic shock. RESULTS: Onsite revascularization was not associated with lower mortality in cardiogenic shock (OR 0.83; 95% "
    "CI 0.47-1.45). CONCLUSIONS: Hospitals differed little.",
)
TUR = (
    "Experience and transurethral resection",
    "Sixty-seven patients were operated on by three surgeons. The weight of what was resected was recorded. There were no differences in blood loss. The mean "
    "absorbed fluid was similar between the groups (p=0.24). Four patients (6%) presented with TUR syndrome, without a difference between the groups. Stay was short.",
)


@pytest.mark.parametrize(
    ("question", "source", "told"),
    [
        ("5-year survival after Norwood", NORWOOD, "Survival was 71%"),
        ("Can pramipexole cause compulsive shopping?", PRAMIPEXOLE, "The probability"),
        ("Do women respond worse than men to lithium?", LITHIUM, "Regression showed no difference between the sexes"),
        ("Does doxycycline lead to antibiotic resistance?", CEFTRIAXONE, "Tetracycline resistance"),
        ("How many adhere to DOACs?", ADHERENCE, "Up to 30%"),
        ("Does on-site revascularisation reduce mortality in cardiogenic shock?", ON_SITE, "Onsite revascularization"),
        ("Do balanced crystalloids reduce kidney injury?", BALANCED, "We found no evidence"),
        ("Does APOE4 homozygosity increase ARIA with lecanemab?", APOE, "ARIA-E was 5.4%"),
        ("How often does TUR syndrome occur?", TUR, "Four patients (6%)"),
    ],
)  # fmt: skip
def test_who_is_one_sentence_away_answers(
    question: str, source: tuple[str, str], told: str
) -> None:
    assert _quoted(question, source)[0].startswith(told)


def test_a_share_of_something_else_in_those_who_have_it_does_not_count_them() -> None:
    asthma = (
        "Asthma care in two towns",
        "METHODS: 400 people with asthma. RESULTS: Patients with asthma used inhalers daily in 13% and 20% (p<.05). Asthma was better controlled in towns (55% vs "
        "41%). CONCLUSIONS: Asthma care differs.",
    )
    counted = (asthma[0], asthma[1].replace("METHODS: 400", "RESULTS: Asthma was found in 8% of adults. METHODS: 400"))  # fmt: skip
    assert not _quoted("How common is asthma?", asthma)
    assert _quoted("How common is asthma?", counted) == ["Asthma was found in 8% of adults."]


def test_a_near_miss_stays_refused() -> None:
    assert not _quoted("10-year survival after Fontan", NORWOOD)
    assert not _quoted("Does ceftriaxone cause antibiotic resistance?", CEFTRIAXONE)
    assert not _quoted("Can donepezil cause compulsive shopping?", PRAMIPEXOLE)


def test_a_thing_without_other_names_has_to_be_named() -> None:
    # A name that is empty is met by every text.
    assert all(one for _, either in concepts(parse("TUR syndrome", TODAY)) for one in either)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("at 150 µg/g than at 10", [(150, "µg/g"), (10, "µg/g")]),
        ("above 2.0 ng/mL", [(2.0, "ng/ml")]),
        ("LDL of 70 mg/dl", [(70, "mg/dl")]),
        ("2.4 mg per day", []),
    ],
)
def test_levels_are_read(text: str, bounds: list[tuple[float, str]]) -> None:
    assert [(one.least, one.unit) for one in bounds_of(text) if one.kind == "level"] == bounds


def test_levels_in_two_units_do_not_meet() -> None:
    (wanted,) = bounds_of("at 10 ng/mL")
    assert held("At 10 ng/mL it was 70%.", wanted) == "same"
    assert held("At 20 ng/mL it was 70%.", wanted) == "other"
    assert held("At 20 µg/g it was 70%.", wanted) == ""


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Does hydrocortisone speed shock resolution?", ("hydrocortisone", "shock resolution")),
        ("Does walking speed predict falls?", ("walking speed", "falls")),
        ("Does gait speed differ between men and women?", ("", "")),
        ("Do smokers cough more than others?", ("smokers", "cough")),
        ("Does on-site surgery reduce deaths?", ("on-site surgery", "deaths")),
    ],
)
def test_a_question_is_taken_apart(question: str, parts: tuple[str, str]) -> None:
    assert parts_of(question) == parts
