"""Abbreviations with more than one reading: the usual one, and others that the words beside it speak for.

None is dropped silently and none taken silently: a reader is told which reading was taken, and which others there are.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from ..words import word_set


class Reading(NamedTuple):
    """What an abbreviation may stand for."""

    target: str
    """A key in the table of names; empty for what it has no name of."""
    name: str
    """As a reader is told."""
    beside: str = ""
    """The beginnings of words that speak for it, as a pattern; empty: it is only taken where it comes first."""


def _readings(text: str) -> dict[str, tuple[Reading, ...]]:
    found: dict[str, list[Reading]] = {}
    for line in text.strip().splitlines():
        written, target, name, *beside = (part.strip() for part in line.split(";"))
        found.setdefault(written, []).append(Reading(target, name, *beside))
    return {written: tuple(readings) for written, readings in found.items()}


READINGS: Final = _readings(
    r"""
AA; alopecia areata; alopecia areata
AA; anemia, aplastic; aplastic anemia; aplast|marrow|thymocyte|eltrombopag|ciclosporin|cyclosporin
ACS; acute coronary syndrome; acute coronary syndrome
ACS; acute chest syndrome; acute chest syndrome; sickle|chest
AD; alzheimer disease; Alzheimer disease
AD; dermatitis, atopic; atopic dermatitis; dermat|skin|eczema|atop|itch|prurit|topical|dupilumab|tralokinumab|lebrikizumab|nemolizumab|upadacitinib|abrocitinib|crisaborole
AF; atrial fibrillation; atrial fibrillation
AF; rectal fistula; anal fistula; fistula|anal\b|seton|perianal
ALD; liver diseases, alcoholic; alcoholic liver disease
ALD; adrenoleukodystrophy; adrenoleukodystrophy; leuko|adreno|x-linked|long[- ]chain
ALL; precursor cell lymphoblastic leukemia-lymphoma; acute lymphoblastic leukemia
ALL; ; anterolateral ligament
AR; rhinitis, allergic; allergic rhinitis
AR; aortic valve insufficiency; aortic regurgitation; aort|valv|regurg
AR; receptors, androgen; androgen receptor; androgen|prostat|enzalutamide|abiraterone|castrat
ART; antiretroviral therapy, highly active; antiretroviral therapy
ART; reproductive techniques, assisted; assisted reproductive technology; ivf|icsi|fertil|embryo|oocyt|infertil
AS; spondylitis, ankylosing; ankylosing spondylitis
AS; aortic valve stenosis; aortic stenosis; aort|valv|stenos|tav[ir]
ASD; autism spectrum disorder; autism spectrum disorder
ASD; heart septal defects, atrial; atrial septal defect; septal|closure|atrial|cardiac|heart|shunt|occlud
BAT; adipose tissue, brown; brown adipose tissue
BAT; ; the animal
BP; blood pressure; blood pressure
BP; pemphigoid, bullous; bullous pemphigoid; pemphig|bullous|blister|dupilumab|omalizumab|skin|prurit|itch
BPD; borderline personality disorder; borderline personality disorder
BPD; bronchopulmonary dysplasia; bronchopulmonary dysplasia; preterm|prematur|neonat|infant|newborn|surfactant|lung|broncho|ventilat|caffeine
CAT; tomography, x-ray computed; computed tomography
CAT; copd assessment test; COPD assessment test; copd|obstructive|exacerbat|inhal|score
CAT; cancer-associated thrombosis; cancer-associated thrombosis; thrombo|anticoag|cancer|apixaban|rivaroxaban|dalteparin|edoxaban|embol|vte
CD; crohn disease; Crohn's disease
CD; celiac disease; celiac disease; gluten|celiac|coeliac
CHD; coronary disease; coronary heart disease
CHD; heart defects, congenital; congenital heart disease; congenit|fontan|fetal|foetal|newborn|infant|child|pediatric|paediatric
CP; cerebral palsy; cerebral palsy
CP; pancreatitis, chronic; chronic pancreatitis; pancrea
CRS; chronic rhinosinusitis; chronic rhinosinusitis
CRS; cytokine release syndrome; cytokine release syndrome; cytokine|car[- ]t|tocilizumab|bispecific
DM; diabetes mellitus; diabetes mellitus
DM; dermatomyositis; dermatomyositis; dermatomyos|myosit|ivig|immunoglobulin
DM; myotonic dystrophy; myotonic dystrophy; myoton|dystroph
DOC; consciousness disorders; disorders of consciousness
DOC; ; physician
DES; drug-eluting stents; drug-eluting stents
DES; diethylstilbestrol; diethylstilbestrol; daughter|prenatal|in utero|estrogen|oestrogen|miscarr|vagina|clear cell
DES; dry eye syndromes; dry eye syndrome; eyes?\b|ocular|tear|ciclosporin|cyclosporin|meibom
ED; erectile dysfunction; erectile dysfunction
ED; emergency service, hospital; emergency department; crowd|overcrowd|boarding|visit|triag|emergenc|department|wait|admission|discharg
ED; feeding and eating disorders; eating disorders; anorexi|bulimi|eating
HAND; hiv-associated neurocognitive disorder; HIV-associated neurocognitive disorders; hiv|neurocog|antiretro
HAND; ; the hand
EVT; thrombectomy; endovascular thrombectomy
EVT; ; extravillous trophoblast; trophoblast|placent|invasion
HD; huntington disease; Huntington disease
HD; renal dialysis; hemodialysis; dialy|hemodialy|haemodialy|kidney|renal|eskd|esrd|ckd|fistula|phosphat
HIT; heparin-induced thrombocytopenia; heparin-induced thrombocytopenia
HIT; high-intensity interval training; high-intensity training; exercis|training|interval|fitness|vo2|workout
ICP; intracranial pressure; intracranial pressure
ICP; cholestasis, intrahepatic; intrahepatic cholestasis of pregnancy; pregnan|bile|ursodeoxy|cholesta|stillb
MAP; mean arterial pressure; mean arterial pressure
MAP; paratuberculosis; Mycobacterium avium subspecies paratuberculosis; crohn|cattle|paratubercul|johne|mycobact
MAP; ; MUTYH-associated polyposis
MCL; lymphoma, mantle-cell; mantle cell lymphoma
MCL; medial collateral ligament, knee; medial collateral ligament; ligament|knee|acl
MG; myasthenia gravis; myasthenia gravis
MG; ; milligram
MI; myocardial infarction; myocardial infarction
MI; motivational interviewing; motivational interviewing; motivation|interview|counsel
MS; multiple sclerosis; multiple sclerosis
MS; mitral valve stenosis; mitral stenosis; mitral|valv|commissurotom
MS; mass spectrometry; mass spectrometry; spectromet|chromatograph|proteom|metabolom
OCD; obsessive-compulsive disorder; obsessive-compulsive disorder
OCD; osteochondritis dissecans; osteochondritis dissecans; osteochond|knee|talus|elbow|cartilage
PD; parkinson disease; Parkinson disease
PD; peritoneal dialysis; peritoneal dialysis; dialy|periton|eskd|esrd|kidney|renal|ultrafiltrat
PD; panic disorder; panic disorder; panic|agoraphob
PDA; ductus arteriosus, patent; patent ductus arteriosus
PDA; carcinoma, pancreatic ductal; pancreatic ductal adenocarcinoma; pancrea|gemcitabine|folfirinox
PE; pulmonary embolism; pulmonary embolism; d-?dimer|ctpa|ct\b|angiogra|dvt|vte|thrombo|lmwh|doac|noac|vka|warfarin|\w*(?:parin|parinux|xaban|gatran)\b|vena cava|anticoag|wells|ventilation.perfusion|v/q|embol
PE; pre-eclampsia; preeclampsia; eclamp|pregnan|gestation|matern|placent|obstet
PE; premature ejaculation; premature ejaculation; ejaculat|dapoxetine
PEG; percutaneous endoscopic gastrostomy; percutaneous endoscopic gastrostomy
PEG; polyethylene glycols; polyethylene glycol; bowel|constipat|laxat|prep|colonosc|impact
PH; hypertension, pulmonary; pulmonary hypertension
PH; ; acidity (pH)
PID; pelvic inflammatory disease; pelvic inflammatory disease
PID; primary immunodeficiency diseases; primary immunodeficiency; immunodef|immunoglobulin|ivig|igg
PPH; postpartum hemorrhage; postpartum hemorrhage
PPH; familial primary pulmonary hypertension; primary pulmonary hypertension; pulmonary
PPV; positive predictive value; positive predictive value
PPV; vitrectomy; pars plana vitrectomy; vitrect|retin|macul|eyes?\b|detachment|endophthalm
RA; arthritis, rheumatoid; rheumatoid arthritis
RA; heart atria; right atrium; ra (?:pressures?|dilat|enlarge|size|area|volume|strain|thromb|function|lead|pacing|remodel)|right atri|right heart cath
SAD; seasonal affective disorder; seasonal affective disorder
SAD; phobia, social; social anxiety disorder; social|anxi|phob|speaking|exposure|ssri|sertraline|paroxetine
SBP; systolic blood pressure; systolic blood pressure
SBP; spontaneous bacterial peritonitis; spontaneous bacterial peritonitis; periton|cirrho|ascit|antibiotic|norfloxacin|albumin|rifaximin
SCAR; severe cutaneous adverse reaction; severe cutaneous adverse reactions; drug|allopurinol|hla|cutaneous|hypersens
SCAR; ; scar
SCD; anemia, sickle cell; sickle cell disease
SCD; death, sudden, cardiac; sudden cardiac death; icds?\b|defibrill|cardiac|arrhythm|ventric|athlet|sudden
SCD; ; subjective cognitive decline
SMA; muscular atrophy, spinal; spinal muscular atrophy
SMA; mesenteric artery, superior; superior mesenteric artery; mesenter|bowel|arter
SS; sjogren's syndrome; Sjögren's syndrome
SS; serotonin syndrome; serotonin syndrome; serotonin|ssri|linezolid|tramadol
TEN; toxic epidermal necrolysis; toxic epidermal necrolysis
TEN; ; the number
TS; tourette syndrome; Tourette syndrome
TS; turner syndrome; Turner syndrome; growth|turner|stature|estrogen|oestrogen
TS; tuberous sclerosis; tuberous sclerosis; tuber|everolimus|mtor
UC; colitis, ulcerative; ulcerative colitis
UC; carcinoma, transitional cell; urothelial carcinoma; urothel|bladder|enfortumab|erdafitinib
"""
)
"""By the abbreviation, the usual reading first."""

_COUNTED = word_set(
    "of the these those my our other others such published available reported cause causes"
)
_THINGS = word_set(
    "types kinds forms trials studies drugs medicines treatments people adults women men participants phases ages"
)
_ASIDE = re.compile(r"[^\W_]+")


def reading(written: str, text: str) -> Reading | None:
    """The reading of an abbreviation in a text; None for what has but one."""
    readings = READINGS.get(written)
    if readings is None:
        return None
    # What the usual one has beside it decides before what stands for another: "D-dimer to rule out PE in pregnancy".
    for one in (*readings[:1], *readings[1:]):
        if one.target and one.beside and re.search(rf"\b(?:{one.beside})", text, re.IGNORECASE):
            return one
    return readings[0]


def others(written: str, name: str) -> list[str]:
    """What else an abbreviation stands for than what was read, ``name``."""
    return [one.name for one in READINGS.get(written, ()) if one.name.lower() != name.lower()]


def is_shouted(text: str, start: int, end: int) -> bool:
    """Whether a word in capitals is that word said loudly: "in ALL patients with", "AS SOON AS", in a text of capitals."""
    if text.isupper():
        return " " in text.strip()
    before, after = _ASIDE.findall(text[:start]), _ASIDE.findall(text[end:])
    near = [*before[-1:], *after[:1]]
    if any(len(one) > 1 and one.isupper() and one.lower() in _LOUD for one in near):
        return True
    if text[start:end] != "ALL" or not after:
        return False
    if after[0].lower() == "patients":
        return len(after) > 1 and after[1].lower() in (
            "with",
            "who",
            "on",
            "in",
            "taking",
            "having",
        )
    return after[0].lower() in _COUNTED | _THINGS


_LOUD = word_set(
    "all and any are as at be by can do does for has if in is it its no not of on or so soon the to was well with"
)


def is_a_unit(text: str, start: int, end: int) -> bool:
    """Whether it belongs to a number or a symbol: "500 MG", "CD 20", "AR-V7", "MS/MS"."""
    return bool(
        re.match(r"[ -]?\d|-[A-Z]\w*\d|/[A-Z]", text[end:])
        or re.search(r"[A-Z]\w*[-/]$", text[:start])
        or (text[start:end] in ("MG", "PH") and re.search(r"\d\s*$", text[:start]))
    )
