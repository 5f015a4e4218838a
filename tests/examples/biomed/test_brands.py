"""Brands: who asks by the name on the box is answered by the medicine in it."""

from __future__ import annotations

import pytest

from examples.biomed.terms.brands import BRANDS
from examples.biomed.terms.english import is_english
from examples.biomed.terms.find import find
from examples.biomed.terms.names import key_of, load
from examples.biomed.terms.respelling import mended
from tests.examples.biomed.asking import parsed, pubmed

APPROVED_IN_2015 = """
Zurampic: lesinurad; Uptravi: selexipag; Bridion: sugammadex; Alecensa: alectinib; Kanuma: sebelipase alfa; Empliciti: elotuzumab;
Portrazza: necitumumab; Ninlaro: ixazomib; Darzalex: daratumumab; Tagrisso: osimertinib; Cotellic: cobimetinib; Genvoya: elvitegravir;
Nucala: mepolizumab; Strensiq: asfotase alfa; Yondelis: trabectedin; Veltassa: patiromer; Praxbind: idarucizumab;
Tresiba: insulin degludec; Lonsurf: trifluridine; Vraylar: cariprazine; Varubi: rolapitant; Repatha: evolocumab; Addyi: flibanserin;
Odomzo: sonidegib; Praluent: alirocumab; Rexulti: brexpiprazole; Entresto: sacubitril; Orkambi: lumacaftor; Kengreal: cangrelor;
Viberzi: eluxadoline; Corlanor: ivabradine; Unituxin: dinutuximab; Farydak: panobinostat; Lenvima: lenvatinib; Ibrance: palbociclib;
Cosentyx: secukinumab; Savaysa: edoxaban
"""
"""New medicines of a year, as the U.S. Food and Drug Administration lists them. The table had 28 of 45 before those missing were added."""


@pytest.mark.parametrize("line", " ".join(APPROVED_IN_2015.split()).split("; "))
def test_a_brand_is_the_medicine_in_it(line: str) -> None:
    brand, _, medicine = line.partition(": ")
    (found,) = (one for one in find(f"Is {brand} effective?") if one.kind == "drug")
    assert medicine in found.name


@pytest.mark.parametrize(
    ("question", "medicine"),
    [
        ("Is Lixiana safer than warfarin for major bleeds?", "edoxaban"),
        ("Does Vascepa cause AF?", "icosapent ethyl"),
        ("Solu-Medrol for relapses of MS", "methylprednisolone"),
        ("Is Retin-A safe in pregnancy?", "tretinoin"),
        ("Colcrys for gout flares", "colchicine"),
        ("Does Zestoretic cause a cough?", "lisinopril"),
    ],
)
def test_a_question_by_brand_searches_for_the_medicine_too(question: str, medicine: str) -> None:
    assert medicine in parsed(question)["drugs"]
    assert medicine in pubmed(question).lower()


def test_every_brand_names_something_and_no_word_of_english_that_is_none() -> None:
    spoken = {"imodium", "creon", "librium", "dexedrine", "thorazine", "demerol", "excedrin"}
    for brand, medicine in BRANDS.items():
        assert load().of_key(key_of(medicine)), brand
    of_english = {one for one in BRANDS if " " not in one and is_english(one)}
    assert of_english & {"sonata", "emend", "versed", "soma", "alli"} == set()
    assert spoken <= of_english


def test_no_brand_begins_as_a_common_disease_does() -> None:
    """It would be read for the disease where that is misspelt or cut off: "diabet*", "diabeties"."""
    diseases = "diabetes hypertension cancer asthma depression stroke arthritis migraine epilepsy obesity dementia"
    begun = {one[:6] for one in diseases.split()}
    assert {brand for brand in BRANDS if brand[:6] in begun} == set()


def test_a_brand_is_no_slip_of_the_pen_and_a_word_of_english_no_brand() -> None:
    for brand in BRANDS:
        text = f"does {brand} help"
        assert mended(text) == (text, [])
    assert parsed("Does playing a sonata lower blood pressure?")["drugs"] == []
