"""The words the rules know: drugs and their classes, conditions, companies.

Small on purpose: it sharpens queries for common names. A name it does not know still reaches the
sources as a plain search word, and name endings (``-tide``, ``-mab``) catch most other drugs.
"""

from __future__ import annotations

from typing import Final

from .words import word_set

CLASS_MEMBERS: Final[dict[str, tuple[str, ...]]] = {
    "GLP-1 receptor agonist": (
        "albiglutide",
        "dulaglutide",
        "efpeglenatide",
        "exenatide",
        "liraglutide",
        "lixisenatide",
        "orforglipron",
        "semaglutide",
        "tirzepatide",
    ),
    "SGLT2 inhibitor": ("canagliflozin", "dapagliflozin", "empagliflozin", "ertugliflozin"),
    "DPP-4 inhibitor": ("alogliptin", "linagliptin", "saxagliptin", "sitagliptin"),
    "statin": ("atorvastatin", "pravastatin", "rosuvastatin", "simvastatin"),
    "direct oral anticoagulant": ("apixaban", "dabigatran", "edoxaban", "rivaroxaban"),
    "vitamin K antagonist": ("acenocoumarol", "fluindione", "phenprocoumon", "warfarin"),
    "PD-1 inhibitor": ("cemiplimab", "nivolumab", "pembrolizumab", "tislelizumab"),
    "TNF inhibitor": ("adalimumab", "certolizumab", "etanercept", "golimumab", "infliximab"),
}
"""Drug classes and the members worth naming in a query. Tirzepatide acts on GIP and GLP-1."""

CLASS_PATTERNS: Final[dict[str, str]] = {
    "GLP-1 receptor agonist": (
        r"\b(?:glp[- ]?1(?:[- ]?(?:ra|r|receptor))?s?(?:[- ](?:receptor[- ])?agonists?)?"
        r"|glucagon[- ]like peptide[- ]?1(?: receptor)?(?: agonists?)?|incretin mimetics?)\b"
    ),
    "SGLT2 inhibitor": r"\b(?:sglt[- ]?2(?: inhibitors?|i)?|gliflozins?)\b",
    "DPP-4 inhibitor": r"\b(?:dpp[- ]?4(?: inhibitors?|i)?|gliptins?)\b",
    "statin": r"\bstatins?\b",
    "direct oral anticoagulant": (
        r"\b(?:doacs?|noacs?|(?:direct|novel|new|non-vitamin k(?: antagonist)?)[- ](?:acting[- ])?oral anticoagulants?)\b"
    ),
    "vitamin K antagonist": r"(?<!non-)(?<!non )\b(?:vkas?|vitamin[- ]k[- ]antagonists?)\b(?! oral anticoag)",
    "PD-1 inhibitor": (r"\b(?:anti[- ])?pd[- ]?1(?: (?:inhibitors?|antibod(?:y|ies)|blockade))?\b"),
    "TNF inhibitor": r"\b(?:anti[- ])?tnf(?:[- ]?(?:α|alpha))?(?: (?:inhibitors?|blockers?))?\b",
}

CLASS_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "GLP-1 receptor agonist": ("glucagon-like peptide-1 receptor agonist",),
    "SGLT2 inhibitor": ("sodium-glucose cotransporter 2 inhibitor",),
    "DPP-4 inhibitor": ("dipeptidyl peptidase-4 inhibitor",),
    "direct oral anticoagulant": (
        "novel oral anticoagulant",
        "non-vitamin K antagonist oral anticoagulant",
        "factor Xa inhibitor",
    ),
    "PD-1 inhibitor": ("anti-PD-1",),
    "TNF inhibitor": ("anti-TNF",),
}

DRUG_ENDINGS: Final[tuple[str, ...]] = (
    "ciclib",
    "cillin",
    "floxacin",
    "gepant",
    "gliflozin",
    "gliptin",
    "glitazone",
    "glutide",
    "mycin",
    "parib",
    "platin",
    "prazole",
    "sartan",
    "statin",
    "tinib",
    "triptan",
    "umab",
    "vastatin",
    "ximab",
    "zumab",
    "limab",
    "numab",
    "cept",
    "vir",
    "olol",
)
"""Common stems of international nonproprietary names (WHO, "The use of stems")."""

NOT_DRUGS: Final[frozenset[str]] = word_set("accept concept except intercept percept precept")

CONDITIONS: Final[dict[str, str]] = {
    r"type (?:2|ii) diabetes(?: mellitus)?|t2dm?|niddm": "type 2 diabetes",
    r"type (?:1|i) diabetes(?: mellitus)?|t1dm?": "type 1 diabetes",
    r"diabetes(?: mellitus)?|diabetic": "diabetes",
    r"obesity|obese|overweight": "obesity",
    r"heart failure|hfpef|hfref": "heart failure",
    r"chronic kidney disease|ckd": "chronic kidney disease",
    r"acute coronary syndrome|acs": "acute coronary syndrome",
    r"cardiovascular disease|cvd": "cardiovascular disease",
    r"myocardial infarction|heart attack": "myocardial infarction",
    r"non[- ]?small[- ]?cell lung (?:cancer|carcinoma)|nsclc": "non-small cell lung cancer",
    r"copd|chronic obstructive pulmonary disease": "chronic obstructive pulmonary disease",
    r"nash|mash|steatohepatitis": "steatohepatitis",
    r"alzheimer'?s?(?: disease)?": "Alzheimer disease",
    r"parkinson'?s?(?: disease)?": "Parkinson disease",
    r"hypertension|high blood pressure": "hypertension",
    r"stroke": "stroke",
    r"asthma": "asthma",
    r"melanoma": "melanoma",
    r"depression|depressive disorder": "depression",
    r"schizophrenia": "schizophrenia",
    r"osteoarthritis": "osteoarthritis",
    r"rheumatoid arthritis": "rheumatoid arthritis",
    r"multiple sclerosis": "multiple sclerosis",
    r"psoriasis": "psoriasis",
    r"migraine": "migraine",
    r"sepsis": "sepsis",
    r"autism(?: spectrum disorder)?": "autism spectrum disorder",
    r"(?:covid(?:-19)?|sars-cov-2)": "COVID-19",
    r"hiv(?: infection)?": "HIV infection",
}
"""Patterns and the name searched for; an earlier match hides those inside it."""

FILLER: Final[frozenset[str]] = word_set(
    "adult adults article articles better clinical compare compared comparing comparison completed "
    "drug drugs early effect effects enrolling evidence head help helps i ii iii iv know known "
    "medication medicine meta-analyses meta-analysis newest ongoing open paper papers patient "
    "patients people phase phases placebo published recruiting research result results review "
    "reviews said say says studies study suspended systematic terminated therapies therapy treat "
    "treating treatment treatments trial trials use versus vs withdrawn without work works yet"
)
"""Words that ask or describe without naming a topic."""

COMPANIES: Final[tuple[str, ...]] = (
    "AbbVie",
    "Amgen",
    "AstraZeneca",
    "Bayer",
    "Biogen",
    "BioNTech",
    "Boehringer Ingelheim",
    "Bristol-Myers Squibb",
    "Eli Lilly",
    "Gilead",
    "GlaxoSmithKline",
    "Johnson & Johnson",
    "Merck",
    "Moderna",
    "Novartis",
    "Novo Nordisk",
    "Pfizer",
    "Regeneron",
    "Roche",
    "Sanofi",
    "Takeda",
    "Vertex",
)

COMPANY_ALIASES: Final[dict[str, str]] = {
    "bms": "Bristol-Myers Squibb",
    "gsk": "GlaxoSmithKline",
    "j&j": "Johnson & Johnson",
    "lilly": "Eli Lilly",
    "novo": "Novo Nordisk",
}
