"""A follow-up puts a thing in the place of one of its kind, or adds it where it says so, and the result tells which."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from examples.biomed.entities import parse
from examples.biomed.export import prisma
from examples.biomed.follow_ups.conversation import Turn, turn
from examples.biomed.graph import build_graph
from examples.biomed.settings import Settings

DAY = date(2026, 11, 23)


def _asked(*questions: str) -> Turn:
    last = Turn("", "", [])
    for one in questions:
        last = turn(one, last.topic, last.follow_ups, lambda text: parse(text, DAY), last.aside)
    return last


@pytest.mark.parametrize(
    ("questions", "asked", "told"),
    [
        # A disease for a disease, a medicine for a medicine, a gene for a gene.
        (("semaglutide in obesity", "and diabetes?"), "semaglutide in diabetes", "'diabetes' in the place of 'obesity'"),
        (("semaglutide in obesity", "and diabetes?", "and asthma?"), "semaglutide in asthma", "'asthma' in the place of 'diabetes'"),
        (("semaglutide in obesity", "in heart failure?"), "semaglutide in heart failure", "'heart failure' in the place of 'obesity'"),
        (("semaglutide in obesity since 2020", "what about tirzepatide?"), "tirzepatide in obesity since 2020", "'tirzepatide' in the place of 'semaglutide'"),
        (("EGFR mutations in lung cancer", "and KRAS?"), "KRAS mutations in lung cancer", "'KRAS' in the place of 'EGFR'"),
        (("semaglutide in obesity and diabetes", "and heart failure?"), "semaglutide in heart failure", "'heart failure' in the place of 'obesity and diabetes'"),
        # What it does else is asked of the same people; an outcome stands for an outcome though it is a disease.
        (("Does rivaroxaban reduce death in rheumatic heart disease?", "And does it increase major bleeding?"), "Does rivaroxaban increase major bleeding in rheumatic heart disease?", "in the place of 'reduce death'"),
        (("Is warfarin better than rivaroxaban in rheumatic heart disease?", "And does it increase major bleeding?"), "Does warfarin increase major bleeding compared with rivaroxaban in rheumatic heart disease?", "'increase major bleeding' is asked of 'warfarin'"),
        (("Does edoxaban reduce stroke in atrial fibrillation?", "and bleeding?"), "Does edoxaban reduce bleeding in atrial fibrillation?", "'bleeding' in the place of 'stroke'"),
        # A disease is what comes of it where it is asked for one, or for anything in those with a tumour; another tumour stands for that.
        (("Does bevacizumab cause hypertension in ovarian cancer?", "and anaemia?"), "Does bevacizumab cause anaemia in ovarian cancer?", "in the place of 'hypertension'"),
        (("Does olaparib prolong progression-free survival in ovarian cancer?", "anaemia?"), "Does olaparib cause anaemia in ovarian cancer?", "in the place of 'prolong progression-free survival'"),
        (("Does olaparib prolong progression-free survival in ovarian cancer?", "prostate cancer?"), "Does olaparib prolong progression-free survival in prostate cancer?", "in the place of 'ovarian cancer'"),
        (("Does semaglutide reduce weight in obesity?", "diabetes?"), "Does semaglutide reduce weight in diabetes?", "in the place of 'obesity'"),
        # Of people who give way to others no word is left that says nothing without them; a disease is.
        (("Does vitamin D prevent falls in frail elderly people?", "in younger people?"), "Does vitamin D prevent falls, in younger people?", "is added to 'Does vitamin D prevent falls?'"),
        (("Does vitamin D prevent fractures in healthy women?", "in men?"), "Does vitamin D prevent fractures, in men?", "in the place of its people"),
        (("Does vitamin D prevent fractures in obese women?", "in men?"), "Does vitamin D prevent fractures in obese people, in men?", "in the place of its people"),
        # Of several outcomes the one that is asked about; what is measured takes the place of nothing that is done.
        (("Does exercise reduce depression in older adults?", "and falls?"), "Does exercise reduce falls in older adults?", "'falls' in the place of 'depression'"),
        (("Does vitamin D prevent fractures in older women?", "and falls?"), "Does vitamin D prevent falls in older women?", "'falls' in the place of 'fractures'"),
        (("Does CPAP lower blood pressure in sleep apnea?", "and mortality?"), "Does CPAP lower mortality in sleep apnea?", "'mortality' in the place of 'blood pressure'"),
        (("Does omega-3 lower triglycerides?", "and LDL?"), "Does omega-3 lower LDL?", "'LDL' in the place of 'triglycerides'"),
        (("Does exercise improve sleep?", "and yoga?"), "Does yoga improve sleep?", "'yoga' in the place of 'exercise'"),
        (("Does exercise improve sleep?", "and memory?"), "Does exercise improve memory?", "'memory' in the place of 'sleep'"),
        (("Does diabetes increase the risk of dementia?", "and depression?"), "Does diabetes increase the risk of depression?", "in the place of"),
        # The other side of a comparison, and where.
        (("Does edoxaban reduce stroke compared with warfarin in atrial fibrillation?", "and dabigatran in mechanical valves?"), "Does dabigatran reduce stroke compared with warfarin in mechanical valves?", "'in mechanical valves' in the place of 'in atrial fibrillation'"),
        (("warfarin for stroke prevention", "and dabigatran in mechanical valves?"), "dabigatran for stroke prevention in mechanical valves", "'in mechanical valves' is added"),
        (("Is sertraline better than fluoxetine for depression?", "versus placebo?"), "Is sertraline better than placebo for depression?", "'placebo' in the place of 'fluoxetine'"),
        (("Does rivaroxaban reduce death in rheumatic heart disease?", "versus warfarin?"), "Does rivaroxaban reduce death in rheumatic heart disease, versus warfarin?", "is added"),
        (("Does edoxaban reduce stroke in atrial fibrillation?", "what about the low dose?"), "Does edoxaban reduce stroke in atrial fibrillation, what about the low dose?", "is added"),
        # When it is asked of stands where such words stand already, else beside; what is prevented stays.
        (("Does colchicine reduce cardiovascular events after myocardial infarction?", "and after stroke?"), "Does colchicine reduce cardiovascular events after stroke?", "'after stroke' in the place of 'after myocardial infarction'"),
        (("Does albumin reduce mortality in sepsis?", "and in cirrhosis?"), "Does albumin reduce mortality in cirrhosis?", "'cirrhosis' in the place of 'sepsis'"),
        (("Does azithromycin prevent COPD exacerbations?", "and after stroke?"), "Does azithromycin prevent COPD exacerbations, and after stroke?", "is added"),
        (("Does tranexamic acid reduce bleeding after hip replacement?", "and in trauma?"), "Does tranexamic acid reduce bleeding after hip replacement, and in trauma?", "is added"),
        # One measure of a thing for another, and not for the thing.
        (("What is the sensitivity of FIT for colorectal cancer?", "and specificity?"), "What is the specificity of FIT for colorectal cancer?", "'specificity' in the place of 'sensitivity'"),
        (("What is the specificity of mammography for breast cancer?", "and negative predictive value?"), "What is the negative predictive value of mammography for breast cancer?", "in the place of 'specificity'"),
        # What is low or high in the blood is no medicine, and what befalls people is no disease that they have.
        (("Is nortriptyline better than placebo in late-life depression?", "what about low sodium?"), "Does nortriptyline cause low blood sodium compared with placebo in late-life depression?", "'low blood sodium' is asked of 'nortriptyline'"),
        (("Is sertraline better than placebo in adults with depression?", "and high potassium?"), "Does sertraline cause high blood potassium compared with placebo in adults with depression?", "'high blood potassium' is asked of 'sertraline'"),
        (("Does lithium help people with bipolar disorder?", "and suicide?"), "Does lithium help people with bipolar disorder, and suicide?", "is added"),
        # How the one was done is not how the other is.
        (("Does early surgery reduce delirium after hip fracture?", "and spinal anaesthesia?"), "Does spinal anaesthesia reduce delirium after hip fracture?", "in the place of 'early surgery'"),
        (("Does high-dose vitamin D reduce falls?", "and exercise?"), "Does exercise reduce falls?", "in the place of 'high-dose vitamin D'"),
        # A whole question is asked of what its "it" points back to.
        (("What are the risk factors for delirium after hip fracture?", "and how common is it?"), "How common is delirium after hip fracture?", "in the place of 'it'"),
        (("What are the risk factors for delirium after hip fracture?", "and how common is it?", "does it affect survival?"), "Does delirium after hip fracture affect survival?", "in the place of 'it'"),
        (("What are the causes of anaemia in kidney disease?", "how is it treated?"), "How is anaemia in kidney disease treated?", "in the place of 'it'"),
        (("Does azithromycin prevent COPD exacerbations?", "Is it bad for hearing?"), "Is azithromycin bad for hearing?", "points back to"),
        (("Does apixaban reduce stroke in atrial fibrillation?", "is it safe?"), "Is apixaban safe in atrial fibrillation?", "is asked of 'apixaban'"),
        # What it goes on from without being whole, and what it gives up.
        (("Does sertraline help older people?", "which one causes more falls?"), "Does sertraline help older people, which one causes more falls?", "is added"),
        (("What is the sensitivity of FIT for colorectal cancer?", "at 150 µg/g?"), "What is the sensitivity of FIT for colorectal cancer, at 150 µg/g?", "is added"),
        (("Does apixaban reduce stroke?", "on dialysis?"), "Does apixaban reduce stroke, on dialysis?", "is added"),
        (("Does apixaban reduce stroke?", "is there anything in younger people?"), "Does apixaban reduce stroke, is there anything in younger people?", "is added"),
        (("Does melatonin improve sleep in shift workers?", "and in blind people?", "never mind the blind people"), "Does melatonin improve sleep in shift workers?", "without 'blind people'"),
        (("Does albumin reduce mortality in sepsis?", "and in cirrhosis?", "forget the cirrhosis"), "Does albumin reduce mortality?", "without 'cirrhosis'"),
        # All the words that stand with what is named, and what it is asked in.
        (("Do bisphosphonates prevent hip fractures?", "and vertebral fractures?"), "Do bisphosphonates prevent vertebral fractures?", "'vertebral fractures' in the place of 'hip fractures'"),
        (("Does pulmonary rehabilitation improve dyspnea in COPD?", "and exercise capacity?"), "Does pulmonary rehabilitation improve exercise capacity in COPD?", "'exercise capacity' in the place of 'dyspnea'"),
        (("Does methotrexate work in rheumatoid arthritis?", "and adalimumab in psoriasis?"), "Does adalimumab work in psoriasis?", "'in psoriasis' in the place of 'in rheumatoid arthritis'"),
        (("Is sumatriptan effective for cluster headache?", "and while breastfeeding?"), "Is sumatriptan effective for cluster headache, and while breastfeeding?", "is added"),
        (("Is fluoride varnish effective against caries?", "and in the long run?"), "Is fluoride varnish effective against caries, and in the long run?", "is added"),
        (("Does mindfulness reduce burnout in nurses?", "anything more recent?"), "Does mindfulness reduce burnout in nurses, anything more recent?", "is added"),
        (("Is amoxicillin effective for sinusitis in adults?", "and in children?"), "Is amoxicillin effective for sinusitis, and in children?", "in the place of its people"),
        # In whom, whatever was asked between; in pregnancy is of no men and no children.
        (("Does edoxaban reduce stroke in atrial fibrillation?", "Who won the world cup?", "and in frail people?"), "Does edoxaban reduce stroke in atrial fibrillation, and in frail people?", "is added"),
        (("Is lamotrigine effective in older adults with epilepsy?", "and in pregnancy?"), "Is lamotrigine effective in epilepsy, and in pregnancy?", "is added"),
        (("metformin in PCOS", "and in children?", "and in pregnancy?"), "metformin in PCOS, and in pregnancy?", "is added"),
        (("metformin in PCOS", "and in pregnancy?", "and in men?"), "metformin in PCOS, and in men?", "is added"),
        # What else is done or had, for that or for a medicine; what is measured for what is measured.
        (("does coffee lower mortality?", "and tea?"), "does tea lower mortality?", "'tea' in the place of 'coffee'"),
        (("sertraline for depression", "what about yoga?"), "yoga for depression", "'yoga' in the place of 'sertraline'"),
        (("mortality after stroke", "and disability?"), "disability after stroke", "'disability' in the place of 'mortality'"),
        (("NCT03548935", "and NCT04184622?"), "NCT04184622", "'NCT04184622' in the place of 'NCT03548935'"),
        # Added where it says so, and where nothing of its kind is there.
        (("semaglutide in obesity", "also in diabetes"), "semaglutide in obesity, also in diabetes", "'also in diabetes' is added"),
        (("semaglutide in obesity", "and with diabetes?"), "semaglutide in obesity, and with diabetes?", "is added"),
        (("semaglutide in obesity", "as well as in diabetes"), "semaglutide in obesity, as well as in diabetes", "is added"),
        (("semaglutide in obesity", "and pregnancy?"), "semaglutide in obesity, and pregnancy?", "is added"),
        (("semaglutide in obesity", "what about cost?"), "semaglutide in obesity, what about cost?", "is added"),
        # A side of it, or a field of its trials, takes the place of nothing; the next one takes its own.
        (("depression trials", "and the contacts?"), "depression trials, and the contacts?", "is added"),
        (("dupilumab trials in asthma", "and the contacts?", "and eligibility?"), "dupilumab trials in asthma, and eligibility?", "is added"),
        (("trials of dupilumab in asthma", "and eligibility?"), "trials of dupilumab in asthma, and eligibility?", "is added"),
        (("Does tirzepatide reduce weight?", "and cost?"), "What does tirzepatide cost?", "the cost is asked of 'tirzepatide'"),
        (("apixaban in atrial fibrillation", "how about stroke prevention?"), "apixaban in atrial fibrillation, how about stroke prevention?", "is added"),
        (("statins for stroke prevention", "and dementia prevention?"), "statins for dementia prevention", "in the place of 'stroke'"),
        (("apixaban in atrial fibrillation on dialysis", "and rivaroxaban?"), "rivaroxaban in atrial fibrillation on dialysis", "in the place of"),
        (("apixaban in atrial fibrillation", "and on dialysis?", "and rivaroxaban?"), "rivaroxaban in atrial fibrillation, and on dialysis?", "in the place of"),
        # What names nothing is of the topic; an aside is none.
        (("apixaban in atrial fibrillation", "Which has fewer side effects?"), "apixaban in atrial fibrillation, Which has fewer side effects?", "is added"),
        (("metformin in diabetes", "what is the mechanism?"), "metformin in diabetes, what is the mechanism?", "is added"),
        (("metformin in diabetes", "recent ones"), "metformin in diabetes, recent ones", "is added"),
        (("metformin in diabetes", "How strong is the evidence?"), "metformin in diabetes, How strong is the evidence?", "is added"),
        (("metformin in diabetes", "Who won the world cup?", "and in adults?"), "metformin in diabetes, and in adults?", "is added"),
        (("metformin in diabetes", "Who won the world cup?", "what is the mechanism?"), "metformin in diabetes, what is the mechanism?", "is added"),
        (("semaglutide trials in Germany", "and in France?"), "semaglutide trials, and in France?", "in the place of its place"),
        (("asthma trials since 2020", "also since 2022"), "asthma trials, also since 2022", "in the place of its date"),
        # What should be shown is of what was found before.
        (("NCT03548935", "what were the outcomes?"), "NCT03548935, what were the outcomes?", "is added"),
        (("NCT03548935", "who can join?"), "NCT03548935, who can join?", "is added"),
        (("Do balanced crystalloids reduce mortality in ICU patients?", "kidney injury?"), "Do balanced crystalloids reduce kidney injury in ICU patients?", "'kidney injury' in the place of 'mortality'"),
        (("Does semaglutide reduce cardiovascular events?", "stroke?"), "Does semaglutide reduce stroke?", "'stroke' in the place of 'cardiovascular events'"),
        (("Does semaglutide reduce stroke?", "death?"), "Does semaglutide reduce death?", "'death' in the place of 'stroke'"),
        (("Does aspirin increase mortality in older people?", "dementia?"), "Does aspirin increase dementia in older people?", "'dementia' in the place of 'mortality'"),
        (("Does aspirin reduce stroke in diabetes?", "clopidogrel?"), "Does clopidogrel reduce stroke in diabetes?", "'clopidogrel' in the place of 'aspirin'"),
        (("Does semaglutide reduce stroke?", "and retinopathy?"), "Does semaglutide reduce retinopathy?", "'retinopathy' in the place of 'stroke'"),
        (("Does yoga help back pain?", "and hypnosis?"), "Does hypnosis help back pain?", "'hypnosis' in the place of 'yoga'"),
        (("Do beta blockers help stage fright?", "and alprazolam?"), "Do alprazolam help stage fright?", "'alprazolam' in the place of 'beta blockers'"),
        (("melatonin for insomnia", "jet lag?"), "jet lag?", ""),
        (("Do omega-3 fatty acids cause atrial fibrillation?", "after cardiac surgery?", "does it cause bleeding?"), "Do omega-3 fatty acids cause bleeding?", "without 'after cardiac surgery?'"),
        (("Does aspirin prevent stroke?", "and on dialysis?", "does it cause bleeding?"), "Does aspirin cause bleeding, and on dialysis?", "'cause bleeding' in the place of 'prevent stroke'"),
        (("Does aspirin increase bleeding in elderly people?", "in younger people?"), "Does aspirin increase bleeding, in younger people?", "is added"),
        (("semaglutide in obesity since 2020", "forget the date"), "semaglutide in obesity", "without its limits of date"),
        (("semaglutide in obesity",), "semaglutide in obesity", ""),
    ],
)  # fmt: skip
def test_a_follow_up_is_read_as_it_is_meant(
    questions: tuple[str, ...], asked: str, told: str
) -> None:
    last = _asked(*questions)
    assert last.query == asked
    assert told in last.told
    assert bool(last.told) is bool(told)


@pytest.mark.parametrize(
    ("questions", "read"),
    [
        (("semaglutide trials in Germany", "also in France"), {"places": ["Germany", "France"]}),
        (("obesity trials phase 3", "also phase 2"), {"phases": ["PHASE3", "PHASE2"]}),
        (("obesity trials phase 3", "and phase 2?"), {"phases": ["PHASE2"]}),
        (("asthma trials in women", "also men"), {"sex": None}),
        (("semaglutide trials in Boston", "who are the contacts?"), {"shows": ["contacts"], "places": ["Boston"]}),
    ],
)  # fmt: skip
def test_what_is_also_wanted_is_wanted_beside_it(
    questions: tuple[str, ...], read: dict[str, object]
) -> None:
    entities: Any = parse(_asked(*questions).query, DAY)
    assert {name: entities[name] for name in read} == read


async def test_the_result_tells_how_a_follow_up_was_read(offline: Settings) -> None:
    graph = build_graph(lambda: offline, today=lambda: DAY)
    graph.checkpointer = InMemorySaver()
    session: Any = {"configurable": {"thread_id": "s"}}
    first = await graph.ainvoke({"query": "semaglutide in obesity"}, session)
    assert first["entities"]["follow_up"] == ""
    assert "follow-up" not in first["answer"]
    second = await graph.ainvoke({"query": "and type 2 diabetes?"}, session)
    assert second["entities"]["conditions"] == ["type 2 diabetes"]
    assert "'type 2 diabetes' in the place of 'obesity'" in second["entities"]["follow_up"]
    assert second["answer"].splitlines()[2].startswith("_Read as a follow-up: 'type 2 diabetes'")
    assert "as a follow-up: 'type 2 diabetes' in the place of 'obesity'" in prisma(second)


@pytest.mark.parametrize(
    ("topic", "query", "asked", "told"),
    [
        ("apixaban versus warfarin in atrial fibrillation", "what about rivaroxaban?",
         "rivaroxaban versus warfarin in atrial fibrillation", "'rivaroxaban' in the place of 'apixaban', compared with 'warfarin'"),
        ("Is naproxen safer than diclofenac?", "and ibuprofen?",
         "Is ibuprofen safer than diclofenac?", "'ibuprofen' in the place of 'naproxen', compared with 'diclofenac'"),
        ("compare semaglutide and tirzepatide for obesity", "how about liraglutide?",
         "compare liraglutide and tirzepatide for obesity", "'liraglutide' in the place of 'semaglutide', compared with 'tirzepatide'"),
        ("apixaban versus warfarin in atrial fibrillation", "rivaroxaban instead",
         "rivaroxaban versus warfarin in atrial fibrillation", "'rivaroxaban' in the place of 'apixaban', compared with 'warfarin'"),
        ("apixaban versus warfarin in atrial fibrillation", "rivaroxaban instead of warfarin",
         "apixaban versus rivaroxaban in atrial fibrillation", "'rivaroxaban' in the place of 'warfarin'"),
        # Who wants all three says so.
        ("apixaban versus warfarin in atrial fibrillation", "also rivaroxaban",
         "apixaban versus warfarin in atrial fibrillation, also rivaroxaban", "'also rivaroxaban' is added to"),
        ("apixaban versus warfarin in atrial fibrillation", "what about venous thromboembolism?",
         "apixaban versus warfarin in venous thromboembolism", "'venous thromboembolism' in the place of 'atrial fibrillation'"),
    ],
)  # fmt: skip
def test_a_third_medicine_takes_the_first_one_s_place_in_a_comparison_and_that_is_said(
    topic: str, query: str, asked: str, told: str
) -> None:
    went_on = _asked(topic, query)
    assert went_on.query == asked
    assert told in went_on.told


def test_a_question_that_is_whole_and_says_instead_of_is_no_follow_up() -> None:
    query = "aspirin instead of clopidogrel in stroke"
    went_on = _asked("apixaban versus warfarin", query)
    assert went_on.query == query
