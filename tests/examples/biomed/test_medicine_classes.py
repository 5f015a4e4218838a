"""Classes of medicines: who asks for beta blockers is answered by a trial of propranolol."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.answer.narrower import narrower
from examples.biomed.terms.find import find
from examples.biomed.terms.medicine_classes import CLASSES, class_called, classes_of
from examples.biomed.terms.names import key_of, load
from tests.examples.biomed.asking import parsed, pubmed

MEMBERS = {
    "Adrenergic beta-Antagonists": "propranolol metoprolol carvedilol labetalol sotalol esmolol",
    "Angiotensin-Converting Enzyme Inhibitors": "ramipril lisinopril enalaprilat",
    "Angiotensin Receptor Antagonists": "losartan candesartan",
    "Calcium Channel Blockers": "amlodipine nifedipine verapamil diltiazem",
    "Hydroxymethylglutaryl-CoA Reductase Inhibitors": "simvastatin pitavastatin",
    "Factor Xa Inhibitors": "apixaban rivaroxaban",
    "direct oral anticoagulant": "apixaban dabigatran",
    "Anticoagulants": "enoxaparin warfarin apixaban dabigatran heparin",
    "Sodium-Glucose Transporter 2 Inhibitors": "empagliflozin sotagliflozin",
    "Dipeptidyl-Peptidase IV Inhibitors": "sitagliptin linagliptin",
    "Glucagon-Like Peptide-1 Receptor Agonists": "semaglutide exenatide tirzepatide orforglipron",
    "Hypoglycemic Agents": "metformin glipizide pioglitazone semaglutide empagliflozin",
    "Proton Pump Inhibitors": "omeprazole pantoprazole",
    "Histamine H2 Antagonists": "famotidine ranitidine",
    "Serotonin 5-HT1 Receptor Agonists": "sumatriptan eletriptan",
    "Calcitonin Gene-Related Peptide Receptor Antagonists": "rimegepant atogepant",
    "Selective Serotonin Reuptake Inhibitors": "fluoxetine sertraline escitalopram",
    "Antidepressive Agents": "sertraline venlafaxine nortriptyline mirtazapine selegiline",
    "Antipsychotic Agents": "aripiprazole risperidone olanzapine haloperidol",
    "Benzodiazepines": "lorazepam midazolam alprazolam",
    "Hypnotics and Sedatives": "zolpidem suvorexant temazepam",
    "Glucocorticoids": "prednisone dexamethasone betamethasone budesonide hydrocortisone mometasone",
    "Adrenal Cortex Hormones": "dexamethasone prednisolone fludrocortisone",
    "Anti-Inflammatory Agents, Non-Steroidal": "ibuprofen celecoxib diclofenac meloxicam naproxen",
    "Fluoroquinolones": "ciprofloxacin levofloxacin",
    "Macrolides": "azithromycin clarithromycin erythromycin",
    "Cephalosporins": "ceftriaxone cephalexin",
    "Anti-Bacterial Agents": "amoxicillin doxycycline gentamicin vancomycin linezolid meropenem azithromycin",
    "Antifungal Agents": "fluconazole caspofungin terbinafine",
    "Antiviral Agents": "oseltamivir remdesivir dolutegravir lamivudine",
    "Analgesics, Opioid": "fentanyl morphine remifentanil",
    "Histamine H1 Antagonists": "cetirizine levocetirizine loratadine",
    "Antitubercular Agents": "isoniazid rifampicin",
    "Janus Kinase Inhibitors": "tofacitinib upadacitinib ruxolitinib",
    "Tyrosine Kinase Inhibitors": "imatinib osimertinib tofacitinib",
    "Poly(ADP-ribose) Polymerase Inhibitors": "olaparib niraparib",
    "CDK4/6 inhibitors": "palbociclib abemaciclib",
    "Immune Checkpoint Inhibitors": "nivolumab atezolizumab ipilimumab",
    "TNF inhibitor": "adalimumab etanercept",
    "IL-17 inhibitors": "secukinumab bimekizumab",
    "Antibodies, Monoclonal": "secukinumab trastuzumab clesrovimab",
    "Diphosphonates": "alendronate zoledronic acid",
    "Bone Density Conservation Agents": "alendronate denosumab teriparatide",
    "Adrenergic beta-2 Receptor Agonists": "salbutamol albuterol formoterol",
    "Muscarinic Antagonists": "tiotropium solifenacin oxybutynin",
}
"""Some of each class, as MeSH's pharmacological actions have them."""


@pytest.mark.parametrize(("of", "members"), MEMBERS.items())
def test_a_medicine_is_of_its_class_and_of_the_wider_ones(of: str, members: str) -> None:
    names = [members] if " acid" not in members else ["alendronate", "zoledronic acid"]
    for name in names[0].split() if len(names) == 1 else names:
        assert of in classes_of(name), name


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("stanozolol", "Adrenergic beta-Antagonists"),
        ("cholesterol", "Adrenergic beta-2 Receptor Agonists"),
        ("aripiprazole", "Proton Pump Inhibitors"),
        ("teduglutide", "Glucagon-Like Peptide-1 Receptor Agonists"),
        ("duloxetine", "Selective Serotonin Reuptake Inhibitors"),
        ("atomoxetine", "Antidepressive Agents"),
        ("vancomycin", "Macrolides"),
        ("everolimus", "Macrolides"),
        ("amphotericin b", "Anti-Bacterial Agents"),
        ("bleomycin", "Anti-Bacterial Agents"),
        ("rapamycin", "Anti-Bacterial Agents"),
        ("tacrolimus", "MTOR Inhibitors"),
        ("fludrocortisone", "Glucocorticoids"),
        ("domperidone", "Antipsychotic Agents"),
        ("vinblastine", "Histamine H1 Antagonists"),
        ("trametinib", "Tyrosine Kinase Inhibitors"),
        ("olanzapine", "Benzodiazepines"),
        ("celecoxib", "Anti-Bacterial Agents"),
        ("enalapril", "Adrenergic beta-Antagonists"),
        ("azacitidine", "Histamine H2 Antagonists"),
        ("terbogrel", "Purinergic P2Y Receptor Antagonists"),
    ],
)
def test_a_stem_that_is_in_another_name_makes_no_member(name: str, of: str) -> None:
    assert of not in classes_of(name)


@pytest.mark.parametrize("of", [one for one in CLASSES if one.heading], ids=lambda one: one.name)
def test_a_class_goes_by_a_heading_that_the_table_has(of: Any) -> None:
    """Else it would be searched for under nothing."""
    assert any(row.heading == of.heading for row in load().of_key(key_of(of.heading)))


def test_wider_classes_are_classes() -> None:
    assert all(class_called(wide) for one in CLASSES for wide in one.wider)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("beta blockers", "Adrenergic beta-Antagonists"),
        ("PPIs", "Proton Pump Inhibitors"),
        ("checkpoint inhibitors", "Immune Checkpoint Inhibitors"),
        ("vaptans", "Antidiuretic Hormone Receptor Antagonists"),
        ("antifungals", "Antifungal Agents"),
        ("taxanes", "Taxoids"),
        ("H2 blockers", "Histamine H2 Antagonists"),
        ("P2Y12 inhibitors", "Purinergic P2Y Receptor Antagonists"),
        ("thrombolytics", "Fibrinolytic Agents"),
        ("statins", "Hydroxymethylglutaryl-CoA Reductase Inhibitors"),
        ("gliptins", "Dipeptidyl-Peptidase IV Inhibitors"),
        ("VEGF inhibitors", "anti-VEGF"),
        ("Z-drugs", "Z-drugs"),
    ],
)
def test_a_class_is_known_by_what_people_call_it(asked: str, name: str) -> None:
    (found,) = find(asked)
    of = class_called(found.heading, found.name, found.text)
    assert of is not None
    assert of.name == name


def _kinds(question: str, text: str) -> dict[str, str]:
    return narrower(text, [one for one in parsed(question)["concepts"] if not one["excluded"]])


@pytest.mark.parametrize(
    ("question", "text", "kinds"),
    [
        (
            "Do beta blockers help stage fright?",
            "Propranolol for musicians.",
            {"Propranolol": "beta blockers"},
        ),
        (
            "Are antihypertensives safe in pregnancy?",
            "Labetalol or an ACE inhibitor in pregnancy.",
            {"Labetalol": "antihypertensives", "ACE inhibitor": "antihypertensives"},
        ),
        (
            "Do macrolides help asthma?",
            "Everolimus and amphotericin B in asthma.",
            {},
        ),
        (
            "Is carvedilol better than other beta blockers?",
            "Carvedilol in heart failure.",
            {},
        ),
        (
            "Do statins cause fatigue?",
            "Lipitor and fatigue, with ezetimibe.",
            {"Lipitor": "statins"},
        ),
    ],
)
def test_a_text_on_a_member_is_one_on_its_class(
    question: str, text: str, kinds: dict[str, str]
) -> None:
    assert _kinds(question, text) == kinds


def test_a_class_without_a_heading_is_searched_for_by_its_members() -> None:
    assert " OR secukinumab OR ixekizumab OR " in pubmed("IL-17 inhibitors in psoriasis")
    assert '"Immune Checkpoint Inhibitors"[pa]' in pubmed("checkpoint inhibitor myocarditis")
