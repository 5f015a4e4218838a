"""Kinds of studies that a question asks for: "cohort studies of …", "any case-control studies?". Without I/O.

Sources: PubMed Help, "Publication Types" and the MeSH headings of study characteristics; the registry's data model
(``StudyType``, ``DesignObservationalModel``, ``DesignTimePerspective``, ``DesignInterventionModel``, ``DesignMasking``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from ..words import unique

WORKS: Final = r"(?:stud(?:ies|y (?=designs?\b))|trials|data|evidence|reports|designs?|research|analyses|surveys)"


class Design(NamedTuple):
    """How one is called, asked for at PubMed, and in the registry (a study's type, and a part of its design)."""

    pattern: str
    pubmed: str
    study_type: str = ""
    area: str = ""
    value: str = ""


DESIGNS: Final[dict[str, Design]] = {
    "observational study": Design(
        rf"(?:observational|non-?interventional|epidemiolog(?:ic|ical)) {WORKS}",
        '("observational study"[pt] OR observational[tiab] OR "Epidemiologic Studies"[mh])',
        "OBSERVATIONAL",
    ),
    "cohort study": Design(
        rf"(?:(?:prospective|retrospective|large|population-based|birth|longitudinal) )*cohorts?(?: {WORKS})|\bcohorts\b|(?:longitudinal|follow-up) {WORKS}",
        '("Cohort Studies"[mh] OR cohort*[tiab])',
        "OBSERVATIONAL",
        "DesignObservationalModel",
        "COHORT",
    ),
    "case-control study": Design(
        rf"(?:nested )?case[- ]control(?:led)? {WORKS}",
        '("Case-Control Studies"[mh] OR case control[tiab])',
        "OBSERVATIONAL",
        "DesignObservationalModel",
        "CASE_CONTROL",
    ),
    "cross-sectional study": Design(
        rf"(?:cross[- ]sectional|prevalence) {WORKS}",
        '("Cross-Sectional Studies"[mh] OR cross sectional[tiab])',
        "OBSERVATIONAL",
        "DesignTimePerspective",
        "CROSS_SECTIONAL",
    ),
    "case report": Design(r"case (?:reports|series|studies)", '("case reports"[pt] OR case series[tiab])'),
    "real-world study": Design(
        rf"real[- ]?(?:world|life) {WORKS}|\brwe\b|\bpost-?marketing {WORKS}",
        '(real world[tiab] OR real life[tiab] OR "observational study"[pt] OR "pragmatic clinical trial"[pt])',
        "OBSERVATIONAL",
    ),
    "registry study": Design(
        rf"registry(?:-based)? {WORKS}|(?:patient|disease) registries",
        '("Registries"[mh] OR registry[tiab])',
        "OBSERVATIONAL",
    ),
    "pragmatic trial": Design(
        r"pragmatic (?:clinical )?trials", '"pragmatic clinical trial"[pt]', "INTERVENTIONAL"
    ),
    "crossover trial": Design(
        r"cross-?over (?:trials|studies)",
        '("Cross-Over Studies"[mh] OR crossover[tiab])',
        "INTERVENTIONAL",
        "DesignInterventionModel",
        "CROSSOVER",
    ),
    "single-arm trial": Design(
        r"(?:single|one)[- ](?:arm|group)(?:ed)? (?:[\w-]+ )*(?:trials|studies)",
        "(single arm[tiab] OR single group[tiab] OR one arm[tiab])",
        "INTERVENTIONAL",
        "DesignInterventionModel",
        "SINGLE_GROUP",
    ),
    "open-label trial": Design(
        r"open[- ]label(?:led)? (?:[\w-]+ )*(?:trials|studies)",
        "(open label*[tiab] OR unblinded[tiab])",
        "INTERVENTIONAL",
        "DesignMasking",
        "NONE",
    ),
    "placebo-controlled trial": Design(
        r"placebo[- ]controlled (?:[\w-]+ )*(?:trials|studies)",
        '("Placebos"[mh] OR placebo*[tiab])',
        "INTERVENTIONAL",
    ),
    "double-blind trial": Design(
        r"double[- ]blind(?:ed)? (?:\w+[- ])*(?:trials|studies)",
        '("Double-Blind Method"[mh] OR double blind*[tiab])',
        "INTERVENTIONAL",
        "DesignMasking",
        "(DOUBLE OR TRIPLE OR QUADRUPLE)",
    ),
    "retrospective study": Design(
        rf"retrospective {WORKS}",
        '("Retrospective Studies"[mh] OR retrospective*[tiab])',
        "OBSERVATIONAL",
        "DesignTimePerspective",
        "RETROSPECTIVE",
    ),
    "prospective study": Design(
        rf"prospective {WORKS}",
        '("Prospective Studies"[mh] OR prospective*[tiab])',
        "",
        "DesignTimePerspective",
        "PROSPECTIVE",
    ),
    "expanded access": Design(
        r"expanded[- ]access(?: (?:programs?|programmes?|studies|protocols?|treatment))?|compassionate[- ]use(?: (?:programs?|programmes?))?",
        '("Compassionate Use Trials"[mh] OR expanded access[tiab] OR compassionate use[tiab])',
        "EXPANDED_ACCESS",
    ),
    "interventional study": Design(
        r"interventional (?:studies|trials)", "clinical trial[pt]", "INTERVENTIONAL"
    ),
    "qualitative study": Design(
        rf"qualitative {WORKS}|(?:interview|focus[- ]group) {WORKS}",
        '("Qualitative Research"[mh] OR qualitative[tiab] OR interview*[tiab] OR focus group*[tiab])',
    ),
    "mixed-methods study": Design(
        rf"mixed[- ]methods? {WORKS}", "(mixed method*[tiab] OR multimethod*[tiab])"
    ),
    "meta-analysis": Design(
        r"meta-?analyses", "(meta-analysis[pt] OR systematic review[pt])"
    ),
    "guideline": Design(
        r"(?:(?:clinical|practice|treatment) )*guidelines", "(guideline[pt] OR practice guideline[pt])"
    ),
}  # fmt: skip
"""By name; each pattern has the plural, as who asks for such works says it."""

_RULES = {
    name: re.compile(rf"\b(?:{one.pattern})(?!\w)", re.IGNORECASE) for name, one in DESIGNS.items()
}


def designs(text: str) -> list[str]:
    """The names of the kinds that are asked for, in the order of :data:`DESIGNS`."""
    found = []
    for name, rule in _RULES.items():
        if rule.search(text):
            found.append(name)
            text = rule.sub(" ; ", text)
    return found


def without_designs(text: str) -> str:
    """The text without the words for them: they are no topics."""
    for rule in _RULES.values():
        text = rule.sub(" ; ", text)
    return text


def pubmed_filter(names: Iterable[str]) -> str:
    """Any of the kinds, in PubMed's syntax; empty for none."""
    either = unique(DESIGNS[name].pubmed for name in names if name in DESIGNS)
    return either[0] if len(either) == 1 else f"({' OR '.join(either)})" if either else ""


def study_types(names: Iterable[str]) -> list[str]:
    """The registry's types of studies that are of such a kind; none where one of the kinds is in no registry."""
    kinds = [DESIGNS[name].study_type for name in names if name in DESIGNS]
    return list(dict.fromkeys(kinds)) if all(kinds) else []


def registry_designs(names: Iterable[str]) -> list[str]:
    """What a study's design should have, as ``AREA[DesignObservationalModel]COHORT``."""
    return [
        f"AREA[{one.area}]{one.value}"
        for name in names
        if name in DESIGNS and (one := DESIGNS[name]).area
    ]
