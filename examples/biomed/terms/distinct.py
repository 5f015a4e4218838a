"""Names that MeSH counts under a broader heading, and that are a thing of their own.

A steatohepatitis is not any fatty liver, and MODY no type 2 diabetes: who asks for one, or compares the two, is not served
by the heading of both. They are searched for by their own words.
"""

from __future__ import annotations

from typing import Final

from .medicine_classes import CLASSES
from .names import Kind, Name, key_of

_CONDITIONS = """\
nonalcoholic steatohepatitis|non-alcoholic steatohepatitis|nonalcoholic steatohepatitides|metabolic dysfunction-associated steatohepatitis
metabolic dysfunction-associated steatohepatitis|nonalcoholic steatohepatitis|metabolic steatohepatitis
maturity-onset diabetes of the young|maturity onset diabetes of youth|monogenic diabetes
latent autoimmune diabetes in adults|latent autoimmune diabetes of adults|latent autoimmune diabetes of adulthood|latent autoimmune diabetes
heart failure with mildly reduced ejection fraction|heart failure with mid-range ejection fraction|heart failure with midrange ejection fraction
heart failure with improved ejection fraction|heart failure with recovered ejection fraction
generalized anxiety disorder|generalised anxiety disorder
primary progressive multiple sclerosis
secondary progressive multiple sclerosis
metastatic castration-resistant prostate cancer
non-metastatic castration-resistant prostate cancer|nonmetastatic castration-resistant prostate cancer
chronic thromboembolic pulmonary hypertension
spontaneous bacterial peritonitis|spontaneous peritonitis
diabetic macular edema|diabetic macular oedema
community-acquired pneumonia
hospital-acquired pneumonia|nosocomial pneumonia
chronic rhinosinusitis|chronic sinusitis
chronic rhinosinusitis with nasal polyps
chronic rhinosinusitis without nasal polyps
diarrhea-predominant irritable bowel syndrome|irritable bowel syndrome with diarrhea|irritable bowel syndrome with diarrhoea
constipation-predominant irritable bowel syndrome|irritable bowel syndrome with constipation
transthyretin amyloid cardiomyopathy|cardiac transthyretin amyloidosis
multisystem inflammatory syndrome in children|paediatric inflammatory multisystem syndrome
proliferative diabetic retinopathy
nonproliferative diabetic retinopathy|non-proliferative diabetic retinopathy
smoldering multiple myeloma|smouldering multiple myeloma
heterozygous familial hypercholesterolemia|heterozygous familial hypercholesterolaemia
heparin-induced thrombocytopenia|heparin-induced thrombocytopaenia
toxic epidermal necrolysis|Lyell's syndrome
severe cutaneous adverse reactions|severe cutaneous adverse drug reactions
HIV-associated neurocognitive disorders|HIV-associated neurocognitive disorder
cancer-associated thrombosis|cancer-associated venous thromboembolism
MOG antibody-associated disease|myelin oligodendrocyte glycoprotein antibody-associated disease
"""
_TAKEN = """\
direct oral anticoagulants|novel oral anticoagulants|non-vitamin K antagonist oral anticoagulants
"""
_DONE = """\
fecal immunochemical test|faecal immunochemical test|fecal immunochemical testing|faecal immunochemical testing
mean arterial pressure|mean arterial blood pressure
negative predictive value|negative predictive values
positive predictive value|positive predictive values
systolic blood pressure|systolic pressure
diastolic blood pressure|diastolic pressure
major adverse cardiovascular events|major adverse cardiac events|major cardiovascular events
COPD assessment test|chronic obstructive pulmonary disease assessment test
percutaneous endoscopic gastrostomy|percutaneous gastrostomy
loop electrosurgical excision procedure|large loop excision of the transformation zone
model for end-stage liver disease|MELD score
androgen deprivation therapy|androgen deprivation treatment|hormonal castration
central line|central venous catheter|central venous line|central venous access
mismatch repair deficiency|mismatch repair deficient|deficient mismatch repair|MMR deficient
selective laser trabeculoplasty|laser trabeculoplasty
surgical aortic valve replacement|surgical valve replacement
thoracic endovascular aortic repair|thoracic endovascular aneurysm repair
transcatheter edge-to-edge repair|percutaneous edge-to-edge repair
"""


def _rows(text: str, kind: Kind) -> dict[str, Name]:
    found: dict[str, Name] = {}
    for line in text.splitlines():
        name, *others = line.split("|")
        found.setdefault(key_of(name), Name("", kind, name, (), tuple(others)))
    for row in list(found.values()):
        for other in row.synonyms:
            found.setdefault(key_of(other), row)
    return found


DISTINCT: Final[dict[str, Name]] = {
    **_rows(_CONDITIONS, "condition"),
    **_rows(_TAKEN + _DONE, "topic"),
    **_rows(
        "\n".join("|".join((one.name, *one.called)) for one in CLASSES if not one.heading), "topic"
    ),
}
"""By the keys of their names; see :func:`.names.key_of`."""
