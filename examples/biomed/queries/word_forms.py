"""The forms of a word that a search should find with it: truncation, spelling, and word families.

A family holds what medicine calls one thing by, noun and adjective, Greek, Latin and English: who asks about
the kidney means the renal as well. The forms are PubMed's: ``word*`` finds what begins so.
"""

from __future__ import annotations

from typing import Final

from ..words import word_set

SHORTEST_STEM = 4
"""PubMed truncates no shorter beginning."""
SURE_STEM = 6
"""From here on a stem is long enough to lose an ending that might be part of the root."""


def longest_first(words: str) -> list[str]:
    """The words of a list, the longest first, so that what is part of another comes after it."""
    return sorted(word_set(words), key=lambda word: (-len(word), word))


_ENDINGS: Final = longest_first(
    """
    ations ation ational ative atives ating ated itions ition ities ity ional ions ion
    ically ical ics ic ally ied ies ing ings ed es s e y ively ive ments ment ness ously ous
    ences ence ency ances ance ist ists sis isation ization ised ized ising izing ise ize
    ise ism isms able ably ible ly
    """
)
_UNSURE: Final = longest_first(
    """
    al ant ate ates ent ary ory er ers or ors ia ias ian is oid ular
    """
)

_FAMILIES: Final = """
kidney kidneys renal nephr*
heart cardiac cardio* myocard*
liver hepatic hepat*
lung lungs pulmonary pneumon*
brain cerebral cerebr* intracranial
stomach gastric gastr*
bowel bowels intestine intestines intestinal intestin* colon* colorectal
colon colonic colorectal colon*
rectum rectal colorectal anorectal
skin cutaneous derm*
eye eyes ocular ophthalm*
ear ears otitis auditory hearing
tooth teeth dental dent*
mouth oral buccal
nose nasal rhin*
throat pharyn* laryn*
bone bones osseous skelet* osteo*
muscle muscles muscular myopath*
nerve nerves neural neuro*
vein veins venous
artery arteries arterial arteri*
vessel vessels vascular
blood haemat* hemat* serum
bladder vesical cystitis urinary
ureter ureters ureteral ureteric uretero*
urine urinary urin*
womb uterus uterine uter*
cervix cervical
ovary ovaries ovarian
testis testes testicle testicular
breast breasts mammary mammogr*
prostate prostatic prostat*
thyroid thyroid*
pancreas pancreatic pancreat*
spine spinal vertebr*
knee knees
abdomen abdominal abdomin*
chest thorax thoracic thorac*
thorax thoracic chest thorac*
pelvis pelvic
femur femoral femor*
tibia tibial
humerus humeral
radius radial
foot feet plantar podiatr*
hand hands manual
arm arms upper
leg legs lower
finger fingers digital
toe toes digital
face facial facies
head cranial ceph*
skull cranial crani*
jaw jaws mandib* maxill*
lip lips labial
tongue lingual gloss*
larynx laryngeal laryng*
pharynx pharyngeal pharyng*
esophagus esophageal oesophag* esophag*
duodenum duodenal duoden*
trachea tracheal trache*
bronchus bronchi bronchial bronch*
cornea corneal cornea* kerat*
retina retinal retin*
lens lenses cataract*
appendix append*
aorta aortic aort*
placenta placental placent*
fetus fetuses fetal foetal foetus*
foetus foetal fetal fetus*
embryo embryos embryonic embryo*
sperm semen spermato*
urethra urethral urethr*
nipple nipples areol*
vertebra vertebrae vertebral spin*
spleen splenic splen*
gallbladder biliary cholecyst*
adrenal adrenals adren* suprarenal
tonsil tonsils tonsill*
rib ribs costal
shoulder shoulders glenohumeral rotator
elbow elbows ulnar
wrist wrists carpal radiocarpal
ankle ankles talar
groin inguinal
anus anal perianal ano*
vagina vaginal vagin*
penis penile
vulva vulvar vulv*
cartilage cartilages chondr*
joint joints articular arthro*
octogenarian octogenarians elderly aged older
nonagenarian nonagenarians elderly aged older
centenarian centenarians elderly aged older
premature preterm prematur*
preterm premature prematur*
twin twins twin* multiple
caesarean cesarean c-section
cesarean caesarean c-section
overdose overdoses poison* toxic*
plasma serum blood level*
serum plasma blood level*
worker workers occupational employ*
occupation occupations occupational work* employ*
immigrant immigrants migrant* immigra*
prisoner prisoners inmate* prison*
caregiver caregivers carer* family
carer carers caregiver* family
athlete athletes sport* player*
soldier soldiers military veteran*
veteran veterans military
dentist dentists dental
pharmacist pharmacists pharmac*
film films movie* cinema*
movie movies film* cinema*
hip hips femoral
cancer cancers neoplasm* carcinoma* tumor* tumour* malignan* oncolog*
tumor tumour tumors tumours neoplasm* cancer*
carcinoma carcinomas cancer* neoplasm*
metastasis metastases metastatic metasta*
chemotherapy chemotherap* antineoplastic
radiotherapy irradiation radiation radiotherap*
surgery surgical surgically surgeon* operat* postoperative surg*
operation operative operated surg* operat*
surgeon surgeons surg*
resection resect* excision
laparoscopy laparoscopic laparoscop*
transplant transplantation graft* transplant*
fracture fractures fractur*
injury injuries injured trauma* wound*
trauma traumatic injur* trauma*
wound wounds injur*
pain painful analges* ache*
fever febrile pyrexi*
infection infections infected infect* sepsis
virus viruses viral vir*
bacteria bacterial bacteri*
antibiotic antibiotics antimicrobial* antibacterial* antibiotic*
vaccine vaccines vaccination vaccinat* immuniz* immunis*
child children childhood pediatric paediatric schoolchild* infant*
pediatric paediatric pediatrics paediatrics child*
infant infants infancy neonat* newborn*
newborn newborns neonate* neonatal infant*
neonate neonates neonatal newborn* infant*
baby babies infant* newborn*
adolescent adolescents adolescence teen* youth* young
teenager teenagers teenage teens adolescen* youth*
youth youths adolescen* young
elderly older aged geriatric aging ageing senior*
older elderly aged geriatric
aging ageing aged elderly
pregnancy pregnant pregnan* gestation* obstetric* maternal
gestation gestational pregnan*
birth births deliver* perinatal neonatal
perinatal neonatal newborn birth*
mother mothers maternal
father fathers paternal
parent parents parental parent*
sex gender male* female*
gender sex
death deaths mortality fatal* died surviv*
mortality death* fatal* surviv* died
survival surviv* mortality death*
weight overweight obes* bmi
obesity obese overweight
smoking smoker* smoke tobacco cigarette*
cigarette cigarettes smok* tobacco
alcohol alcoholic drink* ethanol
diet dietary nutrition* food*
exercise exercises physical training
diabetes diabetic diabet*
glucose glycaemic glycemic glycem* glycaem* hyperglyc*
glycaemic glycemic glucose hba1c glycem*
hypertension hypertensive blood pressure
depression depressive depressed depress*
anxiety anxious anxi*
suicide suicidal suicid*
stroke strokes cerebrovascular
psychiatric psychiatry mental
psychosis psychotic psychos*
cognition cognitive cognit*
memory memories recall
sleep insomnia sleep*
imaging scan* tomograph* radiograph* magnetic
ultrasound ultrasonograph* sonograph* echograph* ultrasonic ultrason*
ultrasonography ultrasound* sonograph* ultrason*
echocardiography echocardiograph* echocardiogram*
radiography radiograph* x-ray radiolog*
radiograph radiographs radiographic radiolog* radiograph*
biopsy biopsies histolog* biops*
histology histologic histological histopatholog* patholog*
pathology pathologic pathological histolog* patholog*
doctor doctors physician* practitioner* clinician*
physician physicians doctor* practitioner* clinician*
clinician clinicians physician* doctor* practitioner*
nurse nurses nursing nurs*
student students undergraduate* trainee*
school schools schoolchild*
education educational educat* teach* training
hospital hospitals inpatient* hospitali*
inpatient inpatients hospitali* admitted admission*
outpatient outpatients ambulatory ambulat* clinic*
admission admissions admitted hospitali*
emergency emergencies emergent
icu intensive critical*
gene genes genetic genom* mutation*
mutation mutations mutat* variant*
receptor receptors
enzyme enzymes enzymatic
rat rats animal*
mouse mice murine
ewe ewes sheep ovine
dog dogs canine
cow cows cattle bovine
pig pigs porcine swine
wife wives spouse* partner*
race racial ethnic* black white
ethnicity ethnic racial
adherence adherent complian* adher*
compliance complian* adher*
attitude attitudes belie* percept*
belief beliefs attitude* percept*
cost costs economic* expend*
computer computers computer* software
cell cells cellular
therapy therapies therapeutic treat* therap*
inflammation inflammatory inflam*
allergy allergic allerg* hypersensitiv*
"""


def _families() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in _FAMILIES.strip().splitlines():
        head, *rest = line.split()
        found[head] = tuple(rest)
        # Its other forms stand for the same, where they head no family of their own.
        for form in rest:
            if not form.endswith("*") and form[:3] == head[:3]:
                found.setdefault(form, (head, *(one for one in rest if one != form)))
    return found


FAMILIES: Final = _families()

_SPELLINGS: Final = (
    ("aem", "em", False),
    ("aes", "es", False),
    ("aec", "ec", False),
    ("paed", "ped", False),
    ("oed", "ed", False),
    ("oes", "es", False),
    ("oea", "ea", False),
    ("haem", "hem", False),
    ("our", "or", False),
    ("yse", "yze", True),
    ("isation", "ization", True),
    ("isations", "izations", True),
    ("sulph", "sulf", True),
    ("leuka", "leuke", True),
    ("paedi", "pedi", True),
    ("tumour", "tumor", True),
    ("oesoph", "esoph", True),
    ("haemo", "hemo", True),
    ("anaem", "anem", True),
    ("behaviour", "behavior", True),
)
"""British, American, and whether the second tells that there is a first."""


def truncated(word: str) -> str:
    """``word`` without its ending and with an asterisk: ``scoliosis`` as it is, ``adherence`` as
    ``adher*``. A word too short to be cut is returned unchanged.
    """
    for ending in _ENDINGS:
        if ending == "s" and word.endswith(("ss", "us", "is")):
            continue
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SHORTEST_STEM + (len(ending) < 2):
            return _without_unsure(stem) + "*"
    stem = _without_unsure(word)
    return stem + "*" if len(stem) >= SHORTEST_STEM and word.isalpha() else word


def _without_unsure(word: str) -> str:
    for ending in _UNSURE:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= SURE_STEM:
            return stem
    return word


def spellings(word: str) -> list[str]:
    """The British or American spelling of ``word``, where it has another."""
    for british, american, both_ways in _SPELLINGS:
        if british in word:
            return [word.replace(british, american)]
        if both_ways and american in word:
            return [word.replace(american, british)]
    return []


def forms(word: str) -> list[str]:
    """What is searched for a word, itself first: ``renal`` → ``renal``, ``kidney``, ``nephr*`` …"""
    found = [word]
    for one in (word, *spellings(word)):
        short = truncated(one)
        found += [short] if short.endswith("*") else [one]
        family = FAMILIES.get(one)
        if family is None and one.endswith("s"):
            family = FAMILIES.get(one[:-1])
        found += family or ()
    return without_covered(found)


def without_covered(found: list[str]) -> list[str]:
    """The list without repeats, and without what a truncated one finds anyway."""
    distinct = list(dict.fromkeys(found))
    stems = [one[:-1] for one in distinct if one.endswith("*")]
    return [
        one
        for one in distinct
        if not any(one.removesuffix("*").startswith(stem) and one != stem + "*" for stem in stems)
    ]
