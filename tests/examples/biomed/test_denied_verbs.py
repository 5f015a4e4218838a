"""A denial of the question's own verb leaves nothing out, and one of a thing leaves out no more than that."""

from __future__ import annotations

from datetime import date

import pytest

from examples.biomed.entities import parse
from examples.biomed.leaving_out import is_of_left_out
from examples.biomed.options import QueryOptions
from examples.biomed.plans import pubmed_query
from examples.biomed.records import Record

DAY = date(2026, 11, 23)


def _read(question: str) -> tuple[set[str], set[str]]:
    concepts = parse(question, DAY)["concepts"]
    wanted = {one["text"] for one in concepts if not one["excluded"]}
    return wanted, {one["text"] for one in concepts if one["excluded"]}


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("Is coffee not associated with cancer?", {"coffee", "cancer"}),
        ("Why is metformin not associated with hypoglycemia?", {"metformin", "hypoglycemia"}),
        ("Is pneumonia in children not associated with vaccination?", {"pneumonia", "children", "vaccination"}),
        ("Isn't coffee associated with cancer?", {"coffee", "cancer"}),
        ("Why doesn't metformin cause hypoglycemia?", {"metformin", "hypoglycemia"}),
        ("Should pregnant women not take ibuprofen?", {"pregnant women", "ibuprofen"}),
        ("Coffee is not associated with cancer", {"Coffee", "cancer"}),
        ("Children should not take aspirin", {"Children", "aspirin"}),
        ("dupilumab in asthma whether or not on steroids", {"dupilumab", "asthma", "steroids"}),
        ("not only children but also adults with asthma", {"children", "asthma"}),
        ("stroke patients without or with diabetes", {"stroke", "diabetes"}),
        ("does it matter whether patients are diabetic or not in cataract surgery", {"diabetic", "cataract surgery"}),
        ("How many stroke patients got no aspirin?", {"stroke", "aspirin"}),
        ("What proportion of patients with asthma do not use an inhaler?", {"asthma", "inhaler"}),
        ("How many women with epilepsy were not on folic acid?", {"epilepsy", "folic acid"}),
        ("Who doesn't need antibiotics for otitis media?", {"antibiotics", "otitis media"}),
        ("early tracheostomy and survival without disability", {"tracheostomy", "survival", "disability"}),
        ("In how many patients was no malaria seen?", {"malaria"}),
    ],
)  # fmt: skip
def test_what_a_denied_verb_is_of_is_searched_for(question: str, wanted: set[str]) -> None:
    assert _read(question) == (wanted, set())


@pytest.mark.parametrize(
    ("question", "wanted", "excluded"),
    [
        ("Is metformin effective in women not treated with insulin?", {"metformin"}, {"insulin"}),
        ("Is surgery an option in asthma not treated with steroids?", {"surgery", "asthma"}, {"steroids"}),
        ("Is asthma not treated with steroids dangerous?", {"asthma"}, {"steroids"}),
        ("Do patients who do not take aspirin have more strokes?", {"strokes"}, {"aspirin"}),
        ("Does pneumonia not caused by influenza need antibiotics?", {"pneumonia", "antibiotics"}, {"influenza"}),
        ("insulin in type 1 not type 2 diabetes", {"insulin", "type 1 diabetes"}, {"type 2 diabetes"}),
        ("viral not bacterial pneumonia", {"viral pneumonia"}, {"bacterial pneumonia"}),
        ("surgery not chemotherapy for colon cancer", {"surgery", "colon cancer"}, {"chemotherapy"}),
        ("adults without diabetes taking metformin", {"metformin"}, {"diabetes"}),
        ("type 1 but not type 2 diabetes and insulin pumps", {"type 1 diabetes", "insulin"}, {"type 2 diabetes"}),
        ("vegetarians without B12 deficiency", {"vegetarians"}, {"B12 deficiency"}),
        ("screening in women without symptoms aged 50", {"screening"}, {"symptoms"}),
        ("How many patients without diabetes have strokes?", {"strokes"}, {"diabetes"}),
        ("metformin in survivors of stroke without diabetes", {"metformin", "survivors", "stroke"}, {"diabetes"}),
        ("How many patients who received no statin have strokes?", {"strokes"}, {"statin"}),
        ("Which patients not on insulin have hypoglycaemia?", {"hypoglycaemia"}, {"insulin"}),
    ],
)  # fmt: skip
def test_what_is_denied_of_a_thing_leaves_that_out(
    question: str, wanted: set[str], excluded: set[str]
) -> None:
    assert _read(question) == (wanted, excluded)


@pytest.mark.parametrize(
    "question",
    ["Do statins reduce serum free testosterone?", "plasma free fatty acids in obesity", "Is insulin free in the UK?"],
)  # fmt: skip
def test_what_is_called_free_is_free_of_nothing(question: str) -> None:
    assert "-free" not in " ".join(_read(question)[0])


@pytest.mark.parametrize(
    ("title", "is_dropped"),
    [
        ("Ezetimibe versus statins for high cholesterol", False),
        ("PCSK9 inhibitors as an alternative to statins", False),
        ("Bempedoic acid in statin-intolerant patients", False),
        ("Alirocumab in patients unable to tolerate statins", False),
        ("Statins versus ezetimibe for high cholesterol", True),
        ("Statins for primary prevention", True),
        ("Atorvastatin versus placebo", True),
        ("Placebo-controlled comparison: no treatment versus statins", True),
        ("Rosuvastatin compared with atorvastatin", True),
    ],
)
def test_a_class_that_is_left_out_costs_no_source_that_compares_another_with_it(
    title: str, is_dropped: bool
) -> None:
    record = Record(type="document", id="1", title=title)  # type: ignore[typeddict-item]
    assert is_of_left_out(record, parse("lowering cholesterol, not statins", DAY)) is is_dropped


def test_pubmed_keeps_what_is_compared_with_a_class_that_is_left_out() -> None:
    options = QueryOptions().as_state()
    query = pubmed_query(parse("lowering cholesterol, not statins", DAY), options)
    unwanted = query.partition(" NOT ")[2]
    assert unwanted.startswith('(("statins"[ti] OR ')
    assert '"versus statins"[ti:~3]' in unwanted.partition(" NOT ")[2]


@pytest.mark.parametrize(
    "question",
    [
        "If my stool test is negative, can I be sure I have no bowel cancer?",
        "Does a normal colonoscopy mean I do not have bowel cancer?",
        "Does a clear scan prove that the patient has no stroke?",
        "Which women should not take elagolix?",
        "Who must not be given ibuprofen?",
        "Can appendicitis be treated without an operation?",
        "Does a torn meniscus heal without surgery?",
    ],
)
def test_what_is_asked_about_is_not_left_out(question: str) -> None:
    read = parse(question, DAY)
    assert not [one["text"] for one in read["concepts"] if one["excluded"]]
    assert not [one for one in read["notes"] if "left out" in one]


@pytest.mark.parametrize(
    ("question", "left_out"),
    [
        ("Can diabetes be treated without insulin?", "insulin"),
        ("gastric cancer treated without surgery", "surgery"),
        ("Heart failure patients who should not take aspirin: is clopidogrel better?", "aspirin"),
        ("How likely is it that women with no symptoms have cancer?", "symptoms"),
        ("What is the chance of stroke in people without atrial fibrillation?", "atrial fibrillation"),
        ("asthma without wheezing in children", "wheezing"),
    ],
)  # fmt: skip
def test_what_people_do_not_have_or_take_is_left_out(question: str, left_out: str) -> None:
    assert _read(question)[1] == {left_out}


def test_how_it_is_done_is_not_told_as_left_out() -> None:
    assert not parse("Can you fuse the spine without freeing the cord?", DAY)["notes"]
    assert parse("Is it safe to fuse the spine without spina bifida?", DAY)["notes"]
