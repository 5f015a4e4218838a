"""Words and parts of MeSH that say too little to be what a question is about, or are no medicines, though they are in the vocabulary."""

from __future__ import annotations

from ..words import STOPWORDS, word_set
from .everyday import EVERYDAY, PEOPLE

GENERAL_TREES = (
    "E05",  # methods of investigation: "Prospective Studies", "Risk"
    "N05.715",
    "N06.850",
    "H01",
    "H02",
    "K01",
    "L01",
    "V",
    "Z01.433",
)
"""Where MeSH names what research does, not what a question is about."""

TAKEN = (
    "Vitamin A",
    "Vitamin D",
    "Vitamin E",
    "Vitamin K",
    "Vitamins",
    "Botulinum Toxins",
    "Botulinum Toxins, Type A",
    "Probiotics",
    "Trimethoprim, Sulfamethoxazole Drug Combination",
    "Thyroxine",
    "Tissue Plasminogen Activator",
)
"""What MeSH lists as a substance, and a question as a medicine."""

PEOPLES = ("M01.686",)
"""Origins: "European" describes whom a study was made with."""

GENERAL = word_set(
    "absence accident accidents age agent association attention attitude behavior behaviour cell change chronic "
    "classification control crisis data death development diagnosis disease disorder dose drug emergency "
    "emotion environment event experience face factor family growth hand head health history human infant "
    "infection information injury intelligence knowledge lead learning life light man marker medicine men "
    "method methods mood name names need organization outcome patient patients people perception "
    "perfusion population pressure prevention prognosis program recurrence report research risk role safety sign "
    "space stress student surgery syndrome system technology therapeutics therapy thinking time tissue trial therapeutic "
    "treatment trust value water wind woman women work"
)
"""Single words that are also headings, and alone too broad to be a drug's or a disease's name."""

NO_MEDICINES = word_set(
    "air alcohol ethanol oxygen water nitrogen glucose cholesterol protein collagen gelatin honey milk sugar salt "
    "silver gold iron copper lead zinc carbon hydrogen smoke tobacco light serum plasma blood urea ammonia helium "
    "cellulose starch wax coffee tea cocoa garlic pollen dust formaldehyde acetone lactate creatinine bilirubin "
    "cortisol tyrosine glycine alanine leucine histamine serotonin dopamine adenosine cobalt latex sand soap"
)
"""What is in the dictionaries of medicines and is in most questions none."""

DISEASE_TAILS = word_set(
    "syndrome syndromes disease diseases disorder disorders neuropathy neuropathies dystrophy dystrophies "
    "leukaemia leukemia lymphoma sarcoma deficiency deficiencies cancer carcinoma"
)

SILENT = STOPWORDS | EVERYDAY | PEOPLE
