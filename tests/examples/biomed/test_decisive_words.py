"""A first query requires every content word of its question, each by any of its names; wider ones do without the least decisive."""

from __future__ import annotations

import re

import pytest

from benchmarks.biomed_kinds import parts
from benchmarks.missing_words import missing
from examples.biomed.options import QueryOptions
from examples.biomed.plans import ENOUGH, plan, pubmed_queries
from examples.biomed.queries.aspect_terms import ASPECTS
from tests.examples.biomed.asking import parsed, pubmed

OPTIONS = QueryOptions().as_state()


@pytest.mark.parametrize(
    ("question", "required"),
    [
        (
            "Does a negative D-dimer rule out pulmonary embolism in pregnancy?",
            ["d dimer", "negativ*", '"Pulmonary Embolism"[mh]', '"Pregnancy"[mh]'],
        ),
        ("quality of life after radical prostatectomy", ['"Quality of Life"[mh]', "radical*", '"Prostatectomy"[mh]']),
        (
            "chemotherapy for metastatic breast cancer in elderly women",
            ["metasta*", '"Breast Neoplasms"[mh]', '"Aged"[mh]', "women", "chemotherapy"],
        ),
        ("adverse effects of methotrexate in psoriasis", ['"adverse effects"[sh]', "methotrexate", "psoriasis"]),
        ("statins for primary prevention of stroke", ['"Primary Prevention"[mh]', "statins", "stroke"]),
        ("lung cancer screening with low-dose CT in smokers", ['"Mass Screening"[mh]', "low dose", "CT", "smokers"]),
        ("mechanism of action of metformin", ["mechanis*", "metformin"]),
        ("optimal dose of vitamin D in pregnancy", ["dosage*", "vitamin D", "pregnancy"]),
        ("night shift work and breast cancer in nurses", ['"Shift Work Schedule"[mh]', "breast cancer", "nurses"]),
        ("hand hygiene compliance among nurses in intensive care", ['"Hand Hygiene"[mh]', "complian*", "nurses", "icu"]),
        ("watchful waiting versus surgery for asymptomatic inguinal hernia", ["asymptomat*", "surg*", "watchful waiting"]),
        ("telemedicine follow-up after stroke in rural areas", ["rural*", '"Follow-Up Studies"[mh]', "telemedicine", "stroke"]),
        ("waiting time for hip replacement and functional outcome", ["wait*", '"Recovery of Function"[mh]', "replace*"]),
        ("delayed cord clamping in preterm infants", ["delay*", "clamp*", "preterm infants"]),
        ("therapeutic hypothermia for neonatal encephalopathy", ["neonat*", "hypotherm*", "encephalopathy"]),
        ("fluoride varnish for caries prevention in preschool children", ["varnish*", '"Dental Caries"[mh]', "prevent*"]),
        ("cost-effectiveness of HPV vaccination in boys", ['"Cost-Benefit Analysis"[mh]', "HPV", "vaccin*", "boy*"]),
        ("prone position in awake patients with COVID-19", ["awake*", "prone position", "COVID 19"]),
        ("severe asthma biologics and exacerbation rate", ["sever*", "biologics", "exacerb*", "asthma"]),
        ("patient safety culture in nursing homes", ['"Patient Safety"[mh]', "culture", "nursing homes"]),
        ("long-term outcomes of bariatric surgery", ["long term", "bariatric surgery"]),
        ("subclinical hypothyroidism and recurrent miscarriage", ["subclin*", "hypothyroidism", "miscarriag*"]),
        ("barriers to breastfeeding among mothers", ["barrier*", "breastfeeding", "mothers"]),
        ("BRCA1 mutation carriers and salpingo-oophorectomy", ["BRCA1", "mutation", "carrier*", "oophorectom*"]),
        ("Do women survive sepsis more often than men?", ['"Sex Factors"[mh]', "sepsis"]),
        ("diagnostic accuracy of high-sensitivity troponin", ['"Sensitivity and Specificity"[mh]', "high sensitivity", "troponin"]),
        ("incidence of type 1 diabetes in children", ['"Incidence"[mh]', "type 1 diabetes", "children"]),
        ("clozapine monitoring and agranulocytosis", ["monitor*", "clozapine", "agranulocytosis"]),
        ("parental satisfaction with paediatric day surgery", ["satisf*", "parent*", "day"]),
    ],
)  # fmt: skip
def test_every_content_word_is_required(question: str, required: list[str]) -> None:
    groups = parts(pubmed(question))
    for one in required:
        assert any(one in group for group in groups), (one, groups)
    assert missing(question, pubmed(question)).missing == []


@pytest.mark.parametrize(
    ("question", "sides", "topic"),
    [
        ("early vs late tracheostomy", (["early", "immediat*"], ["late", "delay*"]), "tracheostomy"),
        ("high-dose versus low-dose aspirin", (["high dose", "higher dose"], ["low dose", "lower dose"]), "aspirin"),
        ("laparoscopic or open appendectomy", (["laparoscop*", "minimally invasive"], ["open*"]), "appendectomy"),
        ("amoxicillin short course vs long course", (["short course"], ["long course", "prolonged course"]), "amoxicillin"),
        ("restrictive versus liberal transfusion", (["restrict*"], ["liberal*"]), "transfus*"),
        ("oral or intravenous iron", (["oral*"], ["intraven*"]), "iron"),
        ("is early surgery better than delayed surgery?", (["early", "prompt*"], ["delay*", "late"]), "surg*"),
        ("unilateral versus bilateral cochlear implants", (["unilater*"], ["bilater*"]), "cochlear implants"),
    ],
)  # fmt: skip
def test_the_sides_of_a_comparison_are_both_required_each_by_any_of_its_names(
    question: str, sides: tuple[list[str], list[str]], topic: str
) -> None:
    groups = parts(pubmed(question))
    of_side = []
    for names in sides:
        (group,) = (one for one in groups if names[0] in one and topic not in one)
        assert all(group.startswith(name) or f" OR {name}" in group for name in names)
        of_side.append(group)
    assert of_side[0] != of_side[1]
    assert any(topic in one for one in groups if one not in of_side)


def test_what_may_be_either_way_is_no_comparison() -> None:
    (either,) = (
        one for one in parts(pubmed("rituximab in early or late disease")) if "early" in one
    )
    assert "late" in either


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("PET-CT for lymphoma", ["pet", "Positron Emission tomography", "ct", "computed tomography"]),
        ("tPA for stroke", ["tPA", "tissue plasminogen activator", '"Tissue Plasminogen Activator"[mh]']),
        ("alteplase for stroke", ["alteplase", '"Tissue Plasminogen Activator"[mh]', "Tissue Plasminogen Activator"]),
        ("MTX in psoriasis", ["MTX", "methotrexate", '"Methotrexate"[mh]']),
        ("statins and muscle pain", ["statins", '"Hydroxymethylglutaryl-CoA Reductase Inhibitors"[pa]', "simvastatin"]),
        ("GLP-1 receptor agonists", ['"Glucagon-Like Peptide-1 Receptor Agonists"[mh]', "semaglutide", "tirzepatide"]),
        ("SGLT2 inhibitors", ['"Sodium-Glucose Transporter 2 Inhibitors"[mh]', "empagliflozin"]),
        ("DPP-4 inhibitors", ['"Dipeptidyl-Peptidase IV Inhibitors"[mh]', "sitagliptin"]),
        ("TNF blockers", ['"Tumor Necrosis Factor Inhibitors"[mh]', "infliximab"]),
        ("beta-blockers", ['"Adrenergic beta-Antagonists"[pa]', "beta blockers"]),
        ("ACE inhibitor", ['"Angiotensin-Converting Enzyme Inhibitors"[pa]', "ACE inhibitor"]),
        ("ACE-i", ['"Angiotensin-Converting Enzyme Inhibitors"[mh]', "ACE i"]),
        ("PPIs", ['"Proton Pump Inhibitors"[pa]', "PPIs", "proton pump inhibitors"]),
        ("SSRIs", ['"Selective Serotonin Reuptake Inhibitors"[pa]', "SSRIs"]),
        ("DOACs", ['"Factor Xa Inhibitors"[mh]', "DOACs", "apixaban", "rivaroxaban"]),
        ("new oral anticoagulants", ["direct oral anticoagulant", "dabigatran"]),
        ("loop diuretics", ['"Sodium Potassium Chloride Symporter Inhibitors"[mh]', "loop diuretics"]),
        ("statines and muscle pain", ["statines", '"Hydroxymethylglutaryl-CoA Reductase Inhibitors"[mh]']),
        ("proton pump inhibtors", ["proton pump inhibtors", '"Proton Pump Inhibitors"[mh]']),
    ],
)  # fmt: skip
def test_other_names_stand_beside_the_users_own(question: str, names: list[str]) -> None:
    term = pubmed(question)
    for one in names:
        assert one in term, (one, term)


@pytest.mark.parametrize(
    "question",
    [
        "early treatment of severe sepsis in rural hospitals",
        "adverse effects of methotrexate in psoriasis",
        "nurse staffing levels and quality of life of patients with advanced cancer",
    ],
)
def test_wider_searches_leave_out_the_least_decisive_first_and_say_so(question: str) -> None:
    found = parsed(question)
    counts = [len(parts(term)) for term, _ in pubmed_queries(question, found, OPTIONS)]
    assert counts == sorted(counts, reverse=True)
    first, *wider = plan("literature", question, found, OPTIONS)
    assert "widened" not in first
    assert all(one["widened"] and one["only_below"] in (1, ENOUGH) for one in wider)
    *_, last = pubmed_queries(question, found, OPTIONS)
    for name in found["conditions"] or found["drugs"]:
        assert name.split()[0] in last[0]


def test_what_describes_is_left_out_before_what_is_asked() -> None:
    question = "quality of life in mild asthma"
    first, second, *_ = pubmed_queries(question, parsed(question), OPTIONS)
    assert "mild*" in first[0]
    assert '"Quality of Life"[mh]' in first[0]
    assert "mild*" not in second[0]
    assert '"Quality of Life"[mh]' in second[0]
    assert second[1] == "'mild'"


def test_what_is_left_out_of_a_question_is_no_aspect_of_it() -> None:
    term = pubmed("quality of life in heart failure without severe anaemia")
    wanted = term.partition(" NOT ")[0]
    assert "sever*" not in wanted
    assert '"Quality of Life"[mh]' in wanted


def test_a_question_in_another_language_has_no_aspects() -> None:
    assert (
        parsed("Welche Nebenwirkungen hat die Behandlung mit Cortison bei Kindern?")["aspects"]
        == []
    )


def test_every_aspect_has_a_heading_or_words_of_its_own() -> None:
    for one in ASPECTS:
        assert one.terms, one.pattern
        assert all(
            term.count('"') % 2 == 0 and term.count("(") == term.count(")") for term in one.terms
        )


def test_the_words_that_a_query_lacks_are_counted() -> None:
    question = "Does severe asthma improve with yoga?"
    assert missing(question, "asthma AND yoga") == (["severe", "asthma", "yoga"], ["severe"])
    assert missing(question, "(asthma* OR sever*) AND yoga").missing == []
    assert missing("kidney stones", "nephr* AND calcul*").missing == []


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("ECT for depression", "Electroconvulsive Therapy"),
        ("DBS for Parkinson disease", "Deep Brain Stimulation"),
        ("FMT for C. difficile infection", "Fecal Microbiota Transplantation"),
        ("HbA1c and metformin", "Glycated Hemoglobin"),
        ("LDL lowering and stroke", "Cholesterol, LDL"),
        ("CGM in type 1 diabetes", "Continuous Glucose Monitoring"),
        ("DXA screening in men", "Absorptiometry, Photon"),
        ("TENS for low back pain", "Transcutaneous Electric Nerve Stimulation"),
        ("DAPT duration after PCI", "Dual Anti-Platelet Therapy"),
        ("NIV in COPD exacerbation", "Noninvasive Ventilation"),
        ("HIIT in heart failure", "High-Intensity Interval Training"),
        ("B12 deficiency and metformin", "Vitamin B 12"),
        ("hep C treatment in prisoners", "Hepatitis C"),
        ("S. aureus bacteremia", "Staphylococcus aureus"),
        ("P. jirovecii prophylaxis", "Pneumocystis carinii"),
        ("influenza A oseltamivir", "Influenza A virus"),
        ("Does varenicline help smokers quit?", "Smoking Cessation"),
    ],
)
def test_what_is_cut_short_has_its_heading(question: str, heading: str) -> None:
    assert f'"{heading}"[mh]' in pubmed(question)


@pytest.mark.parametrize(
    "question",
    [
        "C. diff recurrence",
        "CAR-T for lymphoma",
        "vitamin D and falls",
        "hepatitis C in prisoners",
        "H. pylori eradication",
        "IL-6 inhibitors in COVID-19",
        "G-CSF neutropenia",
        "5-FU toxicity",
        "type 1 diabetes screening",
        "omega-3 fatty acids and depression",
        "E. coli O157 antibiotics",
    ],
)
def test_no_letter_or_number_is_searched_for_by_itself(question: str) -> None:
    assert not re.search(r"[( ](?:\w|\d+)(?: AND|\))", pubmed(question))


def test_no_name_is_joined_with_itself() -> None:
    """Of "rheumatoid arthritis" each word is required, and neither stands for the other."""
    assert "(rheumat* AND arthrit*)" in pubmed("methotrexate in rheumatoid arthritis")


@pytest.mark.parametrize(
    ("question", "required"),
    [
        ("Is celiac disease underdiagnosed?", "(underdiagnos* OR undiagnos*"),
        ("is osteoporosis undertreated in men", "(undertreat*"),
        ("overprescribing of antibiotics", "overprescri*"),
        ("first-line treatment for hypertension", "(first line OR frontline"),
        ("second-line therapy for ovarian cancer", "(second line OR"),
        ("type A aortic dissection surgery", '"type a"'),
        ("stage III colon cancer", '("stage iii" OR "stage 3")'),
        ("class II obesity surgery", '("class ii" OR "class 2")'),
        ("group B strep prophylaxis", '"group b"'),
        ("type 2 myocardial infarction", '("type 2" OR "type ii")'),
    ],
)
def test_how_a_thing_is_judged_and_which_kind_of_it_is_required(
    question: str, required: str
) -> None:
    assert required in pubmed(question)


def _has(query: str, sides: list[str]) -> list[bool]:
    return [one in query for one in sides]


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("TAVI vs SAVR in low-risk elderly patients", ["tavi*", "savr*"]),
        ("does grapefruit juice interact with simvastatin in asthma", ["grapefruit*", "simva"]),
        ("clarithromycin and simvastatin interaction rhabdomyolysis", ["clari", "simva"]),
        ("laparoscopic vs open appendectomy in obese children", ["laparoscop*", "open*"]),
        ("5 versus 10 days of antibiotics for pneumonia in nursing homes", ['"5 d', '"10 d']),
        ("difference between CBT and mindfulness for severe insomnia", ["Cognitive", "mindful*"]),
        ("Is yoga better than stretching for chronic back pain?", ["yoga*", "stretch*"]),
        ("switching from warfarin to apixaban in severe kidney failure", ["warfarin", "apixaban"]),
    ],
)
def test_the_sides_of_a_comparison_are_left_out_last(question: str, sides: list[str]) -> None:
    found = parsed(question)
    made = list(pubmed_queries(question, found, QueryOptions().as_state()))
    assert len(made) > 2
    *all_but_last, (last, told) = [(term, told) for term, told in made]
    assert all(_has(term, sides) == [True, True] for term, _ in all_but_last)
    assert all(
        not any(one.rstrip("*") in told.lower() for one in sides)
        for _, told in all_but_last
        if "stand together" not in told
    )
    assert _has(last, sides) == [True, True]
    assert told == "that all of it is in one article"


def test_what_a_side_is_said_of_is_never_left_out_before_it() -> None:
    question = "laparoscopic vs open appendectomy in obese children"
    made = list(pubmed_queries(question, parsed(question), QueryOptions().as_state()))
    assert all("append*" in term for term, _ in made)


def test_the_registry_leaves_out_the_sides_last_too() -> None:
    question = "laparoscopic vs open appendectomy in obese children"
    first, second, third, *_ = plan("trials", question, parsed(question), QueryOptions().as_state())
    assert first["arguments"]["term"] == "laparoscopic AND open AND appendectomy"
    assert second["arguments"]["term"] == "laparoscopic AND open"
    assert second["widened"] == "appendectomy"
    assert "term" not in third["arguments"]
