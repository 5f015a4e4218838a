"""What people say of a part of the body for an operation that takes it out or a disease that inflames it: "gallbladder out", "inflamed gallbladder".

By the MeSH heading, facts written for this example.
"""

from __future__ import annotations

from typing import Final

_TAKEN_OUT: Final = """
cholecystectomy: gallbladder; gall bladder
tonsillectomy: tonsil; tonsils
adenoidectomy: adenoid; adenoids
appendectomy: appendix
hysterectomy: womb; uterus
ovariectomy: ovary; ovaries
prostatectomy: prostate; prostate gland
mastectomy: breast; breasts
splenectomy: spleen
thyroidectomy: thyroid; thyroid gland
parathyroidectomy: parathyroid; parathyroids; parathyroid gland
thymectomy: thymus
adrenalectomy: adrenal; adrenals; adrenal gland
nephrectomy: kidney
pneumonectomy: lung
gastrectomy: stomach
colectomy: bowel; colon; large bowel
pancreatectomy: pancreas
cystectomy: bladder
laryngectomy: voice box; larynx
orchiectomy: testicle; testicles; testis
uterine myomectomy: fibroid; fibroids
lymph node excision: lymph node; lymph nodes
diskectomy: disc; slipped disc
tooth extraction: tooth; teeth; wisdom tooth; wisdom teeth
cataract extraction: cataract; cataracts
circumcision, male: foreskin
"""
"""By the heading of an operation, what it takes out of the body."""
_TAKING_OUT: Final = (
    "{} removal", "{} out", "{} removed", "{} taken out", "removal of {}", "removal of the {}", "removal of a {}", "removing {}", "removing the {}",
    "removing a {}", "remove the {}", "taking out the {}", "take out the {}",
)  # fmt: skip
"""How that is said."""


_INFLAMED: Final = """
pericarditis: sac around the heart; heart sac; heart lining; lining of the heart sac
myocarditis: heart muscle; muscle of the heart
endocarditis: inner lining of the heart; heart valve
hepatitis: liver
pancreatitis: pancreas
cholecystitis: gallbladder; gall bladder
nephritis: kidney
colitis: colon; large bowel
gastritis: stomach; stomach lining; lining of the stomach
esophagitis: gullet; food pipe; oesophagus; esophagus
appendicitis: appendix
diverticulitis: pouch in the bowel
arthritis: joint
tendinopathy: tendon
encephalitis: brain
meningitis: lining of the brain; brain lining
neuritis: nerve
optic neuritis: optic nerve
vasculitis: blood vessel
phlebitis: vein
prostatitis: prostate
cystitis: bladder
pharyngitis: throat
laryngitis: voice box
sinusitis: sinus; sinuses
gingivitis: gum
bronchitis: airway
dermatitis: skin
blepharitis: eyelid
uveitis: middle of the eye
mastitis: breast
peritonitis: lining of the belly; lining of the tummy
"""
"""By the heading of an inflammation, what is inflamed."""
_INFLAMING: Final = (
    "inflamed {}", "{} is inflamed", "inflammation of the {}", "inflammation of a {}", "inflammation in the {}",
)  # fmt: skip
"""How that is said."""


def _said() -> dict[str, str]:
    return {
        how.format(word.strip()): heading
        for things, ways in ((_TAKEN_OUT, _TAKING_OUT), (_INFLAMED, _INFLAMING))
        for heading, _, words in (line.partition(": ") for line in things.strip().splitlines())
        for word in words.split(";")
        for how in ways
    }


OF_ORGANS: Final = _said()
"""By what is said, in the singular where that is said too, the key of its heading."""
