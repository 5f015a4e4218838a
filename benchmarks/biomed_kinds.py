"""Forty-three questions a researcher may ask, by kind, and what each should be searched for.

A question is right if everything that is expected of it is so: names that are read, what PubMed's query requires (each in a
part of its own at the outermost AND) and leaves out, what ClinicalTrials.gov is asked, notes for the reader. The expectations were written from the
questions, by hand; ``tests/examples/biomed/test_kinds.py`` keeps them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

TODAY = date(2026, 11, 23)

Expected = dict[str, Any]
"""``reads``: fields of the entities; ``requires``: beginnings of parts; ``leaves_out``; ``asks``: of the registry; ``notes``."""

QUESTIONS: Final[list[tuple[str, str, Expected]]] = [
    (
        "negation",
        "Does semaglutide reduce weight in adults without diabetes?",
        {
            "reads": {"drugs": ["semaglutide"], "excluded": ["diabetes"]},
            "leaves_out": ["Diabetes Mellitus"],
        },
    ),
    (
        "negation",
        "Is aspirin useful in people who never had a heart attack?",
        {
            "reads": {"excluded": ["heart attack"]},
            "requires": ["aspirin"],
            "leaves_out": ["Myocardial Infarction"],
        },
    ),
    (
        "negation",
        "stroke prevention in atrial fibrillation without anticoagulants",
        {
            "reads": {"conditions": ["stroke", "atrial fibrillation"]},
            "leaves_out": ["Anticoagulants"],
        },
    ),
    (
        "negation",
        "hypertension in patients with or without diabetes",
        {"reads": {"excluded": []}, "requires": ["hypertension"]},
    ),
    (
        "cause",
        "Does Ozempic cause thyroid cancer?",
        {
            "reads": {"drugs": ["semaglutide"], "conditions": ["thyroid cancer"]},
            "requires": ["Ozempic", "thyroid cancer"],
        },
    ),
    ("cause", "Could omeprazole lead to dementia?", {"requires": ["omeprazole", "dementia"]}),
    (
        "cause",
        "Do statins cause muscle pain?",
        {"reads": {"drug_classes": ["statin"]}, "requires": ["statins", "muscle pain"]},
    ),
    (
        "effect",
        "Does vitamin D prevent fractures in the elderly?",
        {"requires": ["elderly", "vitamin D", "fractur"]},
    ),
    (
        "effect",
        "Is metformin effective for polycystic ovary syndrome?",
        {"requires": ["metformin", "polycystic ovary syndrome"]},
    ),
    ("effect", "Does exercise help depression?", {"requires": ["exercise", "depression"]}),
    (
        "comparison",
        "apixaban versus warfarin in atrial fibrillation",
        {
            "reads": {"intent": "compare"},
            "requires": ["apixaban", "warfarin", "atrial fibrillation"],
        },
    ),
    ("comparison", "Is naproxen safer than diclofenac?", {"requires": ["naproxen", "diclofenac"]}),
    (
        "comparison",
        "insulin glargine versus insulin degludec hypoglycemia",
        {"requires": ["insulin glargine", "insulin degludec", "hypoglycemia"]},
    ),
    (
        "interaction",
        "Does clarithromycin interact with simvastatin?",
        {"requires": ["clarithromycin", "simvastatin"]},
    ),
    (
        "interaction",
        "rifampicin and oral contraceptives interaction",
        {"requires": ["rifampicin", "oral contraceptives"]},
    ),
    (
        "PICO",
        "P: adults with heart failure, I: dapagliflozin, C: placebo, O: hospitalisation",
        {
            "reads": {"language": None},
            "requires": ["heart failure", "dapagliflozin", "hospitalisation"],
        },
    ),
    (
        "PICO",
        "In type 2 diabetes (P), does tirzepatide (I) compared with insulin glargine (C) lower HbA1c (O)?",
        {"requires": ["type 2 diabetes", "tirzepatide", "insulin glargine", "hba1c"]},
    ),
    (
        "abbreviation",
        "HFpEF and spironolactone",
        {
            "reads": {"conditions": ["heart failure with preserved ejection fraction"]},
            "requires": ["HFpEF", "spironolactone"],
        },
    ),
    (
        "abbreviation",
        "COPD exacerbations and azithromycin",
        {
            "reads": {"conditions": ["chronic obstructive pulmonary disease"]},
            "requires": ["COPD", "azithromycin"],
        },
    ),
    ("abbreviation", "CAR-T in lymphoma", {"requires": ["CAR T", "lymphoma"]}),
    (
        "narrower name",
        "long COVID fatigue treatment",
        {"reads": {"conditions": ["long COVID", "fatigue"]}, "requires": ["long COVID", "fatigue"]},
    ),
    (
        "everyday words",
        "Is a blood thinner needed after a broken hip?",
        {"requires": ["blood thinner", "broken hip"]},
    ),
    (
        "brand",
        "Is Eliquis safe with Advil?",
        {"reads": {"drugs": ["apixaban", "ibuprofen"]}, "requires": ["Eliquis", "Advil"]},
    ),
    (
        "typing error",
        "Is metfromin good for PCOS?",
        {"reads": {"drugs": ["metformin"]}, "notes": ["'metfromin' was read as"]},
    ),
    (
        "typing error",
        "rhumatoid arthritis and methotrexate",
        {
            "reads": {"conditions": ["rheumatoid arthritis"]},
            "notes": ["read as 'rheumatoid arthritis'"],
        },
    ),
    (
        "gene",
        "BRCA1 and PARP inhibitors in ovarian cancer",
        {"reads": {"genes": ["BRCA1"]}, "requires": ["BRCA1", "PARP inhibitors", "ovarian cancer"]},
    ),
    (
        "people",
        "COVID-19 vaccine myocarditis in young men",
        {"requires": ["men", "young", "COVID 19 vaccine", "myocarditis"]},
    ),
    (
        "people",
        "melatonin in children with autism",
        {"requires": ["melatonin", "children", "autism"]},
    ),
    (
        "language",
        "¿Es eficaz la metformina en la diabetes tipo 2?",
        {"reads": {"language": "Spanish"}, "notes": ["Spanish"]},
    ),
    (
        "language",
        "O que funciona contra a enxaqueca?",
        {"reads": {"language": "Portuguese"}, "notes": ["Portuguese"]},
    ),
    (
        "identifier",
        "What did NCT03548935 find?",
        {
            "reads": {"nct_ids": ["NCT03548935"]},
            "requires": ["NCT03548935[si]"],
            "asks": {"nct_id": "NCT03548935"},
        },
    ),
    (
        "identifier",
        "https://doi.org/10.1056/NEJMoa2032183",
        {"requires": ['"10.1056/NEJMoa2032183"[doi]']},
    ),
    ("identifier", "PMID 33567185", {"reads": {"pmids": ["33567185"]}}),
    (
        "trials: place",
        "recruiting trials of pembrolizumab in Germany",
        {
            "asks": {
                "intervention": "pembrolizumab",
                "statuses": ["RECRUITING"],
                "location": "Germany",
            }
        },
    ),
    (
        "trials: distance",
        "trials within 100 miles of Boston for glioblastoma",
        {"asks": {"condition": "glioblastoma", "distance": "distance(42.36,-71.06,100mi)"}},
    ),
    (
        "trials: date",
        "phase 3 trials of lecanemab since January 2023",
        {"asks": {"intervention": "lecanemab", "phases": ["PHASE3"], "date_from": "2023-01"}},
    ),
    (
        "trials: date",
        "breast cancer trials first posted in the last 6 months",
        {
            "asks": {
                "condition": '"breast cancer"',
                "date_from": "2026-05-23",
                "date_field": "first_posted",
            }
        },
    ),
    (
        "trials: date",
        "donanemab trials with primary completion after June 2024",
        {
            "asks": {
                "intervention": "donanemab",
                "date_from": "2024-07",
                "date_field": "primary_completion",
            }
        },
    ),
    (
        "trials: people",
        "asthma trials for children aged 6 to 11 in Canada",
        {
            "asks": {
                "condition": "asthma",
                "age_groups": ["CHILD"],
                "age_from": 6,
                "age_to": 11,
                "location": "Canada",
            }
        },
    ),
    (
        "trials: people",
        "psoriasis trials in women over 65 near Boston",
        {
            "asks": {
                "condition": "psoriasis",
                "sex": "FEMALE",
                "age_groups": ["OLDER_ADULT"],
                "location": "Boston",
            }
        },
    ),
    (
        "trials: size",
        "completed trials of psilocybin for depression with at least 50 patients",
        {
            "asks": {
                "intervention": "psilocybin",
                "condition": "depression",
                "statuses": ["COMPLETED"],
                "min_enrollment": 50,
            }
        },
    ),
    (
        "trials: sponsor",
        "trials sponsored by Pfizer for RSV vaccine since 2021",
        {"asks": {"sponsor": "Pfizer", "term": '"RSV vaccine"', "date_from": "2021"}},
    ),
    (
        "kind of work",
        "systematic reviews of melatonin for jet lag",
        {
            "reads": {"intent": "review"},
            "requires": ["systematic review[pt]", "melatonin", "jet lag"],
        },
    ),
]

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def parts(term: str) -> list[str]:
    """What a PubMed query requires: its parts at the outermost AND, without their parentheses."""
    found, depth = [""], 0
    for piece in re.split(r"(\(|\)| AND )", term.partition(" NOT ")[0]):
        depth += {"(": 1, ")": -1}.get(piece, 0)
        if piece == " AND " and depth == 0:
            found.append("")
        else:
            found[-1] += piece
    return [one.lstrip("(") for one in found]


def faults(question: str, expected: Expected) -> list[str]:
    """What is not as expected; none for a question that is right."""
    from examples.biomed import entities, plans
    from examples.biomed.options import QueryOptions

    options = QueryOptions().as_state()
    read: dict[str, Any] = dict(entities.parse(question, TODAY))
    term = next((one for one, _ in plans.pubmed_queries(question, read, options)), "")  # type: ignore[arg-type]
    required = parts(term)
    wrong = [
        f"{name} is {read[name]!r}"
        for name, value in expected.get("reads", {}).items()
        if read[name] != value
    ]
    wrong += [
        f"{one!r} is not required by {term!r}"
        for one in expected.get("requires", [])
        if not any(part.lower().startswith(one.lower()) for part in required)
    ]
    if "requires" in expected and "leaves_out" not in expected and " NOT " in term:
        wrong.append(f"something is left out: {term!r}")
    wrong += [
        f"{one!r} is not left out by {term!r}"
        for one in expected.get("leaves_out", [])
        if f'"{one}"[mh]' not in term.partition(" NOT ")[2] or any(one in part for part in required)
    ]
    if asks := expected.get("asks"):
        calls = plans.plan("trials", question, read, options)  # type: ignore[arg-type]
        asked = calls[0]["arguments"] if calls else {}
        wrong += [
            f"{name} is {asked.get(name)!r}" for name in asks if asked.get(name) != asks[name]
        ]
        if "term" in asked and "term" not in asks and asked["term"]:
            wrong.append(f"asks for the words {asked['term']!r}")
    wrong += [
        f"no note {one!r}"
        for one in expected.get("notes", [])
        if not any(one in note for note in read["notes"])
    ]
    return wrong


def rows() -> list[Row]:
    """How many of each kind are right, and of all."""
    kinds: dict[str, list[bool]] = {}
    for kind, question, expected in QUESTIONS:
        kinds.setdefault(kind, []).append(not faults(question, expected))
    listed = [
        (f"  {kind}: right, of {len(right)}", float(sum(right)), "", "")
        for kind, right in kinds.items()
    ]
    every = [one for right in kinds.values() for one in right]
    share = 100 * sum(every) / len(every)
    return [(f"questions by kind: right, of {len(every)}", share, "%", "all"), *listed]


def main() -> None:
    for what, value, unit, bound in rows():
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    for kind, question, expected in QUESTIONS:
        for one in faults(question, expected):
            print(f"{kind}: {question}\n    {one}")


if __name__ == "__main__":
    main()
