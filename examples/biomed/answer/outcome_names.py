"""Outcomes by what trials and patients call them: facts written for this example.

Each line: the outcome; what it is called, as patterns; what it is a part of, the nearest first. A word stands here only where it means the
same in every question: "fit" is none, as people are fit and have fits.
"""

from __future__ import annotations

from typing import Final

LINES: Final = r"""
heart failure admission | (?:hospitali[sz]ations?|(?:re-?)?admissions?|(?:re-?)?admitted|hospitali[sz]ed) (?:for|with|due to|because of) (?:worsening |acute )?heart failure; heart failure (?:hospitali[sz]ations?|(?:re-?)?admissions?) | hospital admission; cardiovascular events
intensive care admission | (?:icu|intensive care)(?: unit)? admissions?; admi(?:ssions?|tted) to (?:the |an )?(?:icu|intensive care)(?: unit)? | hospital admission
emergency visits | (?:emergency(?: department| room| care)?|a&e|casualty) (?:visits?|attendances?|presentations?) |
birth defects | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?(?:an |her |our )?(?:unborn |newborn )?(?:bab(?:y|ies)|f(?:o)?etus(?:es)?); (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?(?:an |her |our )?(?:unborn |newborn )?(?:bab(?:y|ies)|f(?:o)?etus(?:es)?); (?:baby|foetal|fetal) (?:problems?|trouble|damage); birth defects?; (?:congenital|major|f(?:o)?etal|structural) (?:anomal(?:y|ies)|abnormalit(?:y|ies)|malformations?|defects?) |
preterm birth | (?:pre-?term|premature) (?:births?|deliver(?:y|ies)|labou?r); prematurity; born (?:too )?(?:early|preterm|prematurely); deliver(?:y|ed|ies) before (?:37|34|32|28)(?: completed)? weeks |
miscarriage | miscarriages?; miscarr(?:y|ied); spontaneous abortions?; (?:early )?pregnancy loss(?:es)? |
stillbirth | still-?births?; stillborn; (?:intrauterine |late )?f(?:o)?etal (?:deaths?|loss(?:es)?) |
small babies | low(?:er)? birth ?weights?; small[- ]for[- ]gestational[- ]age; sga; (?:f(?:o)?etal|intrauterine) growth restriction; small bab(?:y|ies) |
caesarean section | c(?:a)?esar(?:e|i)ans?(?: sections?| deliver(?:y|ies)| births?)?; c-sections? |
daytime sleepiness | (?:daytime |excessive )*(?:sleepiness|drowsiness); somnolence; epworth(?: sleepiness scale)?(?: scores?)? |
memory loss | memory (?:loss|problems?|impairment|decline|trouble); cognitive (?:declines?|impairment|dysfunction|problems?|deficits?); forgetfulness |
quality of life | quality of life; (?:hr)?qol; eq-?5d(?:-\dl)?; sf-?36 |
disability | disabilit(?:y|ies); (?:modified )?rankin(?: scale)?(?: scores?)? |
sick leave | sick(?:ness)? (?:leave|absences?); days? (?:off|away from|of missed|missed from|lost from|of) work; miss(?:ed|ing)? (?:(?:fewer|more) )?(?:days of )?work(?: ?days)?; missed work ?days; time off work; work (?:days )?(?:missed|lost); lost work ?days; absenteeism |
return to work | return(?:s|ed|ing)? to work; back (?:to|at) work; resum(?:ed?|ption of) work |
school absence | days? (?:off|away from|of missed|missed from) school; miss(?:ed|ing)? school; school (?:absences?|absenteeism|days missed); absen(?:t|ces?) from school |
reoperation | re-?operat(?:ions?|ed); revision (?:surgery|rates?); revisions; repeat (?:surgery|operations?|procedures?); (?:further|second|later|subsequent) (?:surgery|operations?|procedures?); re-?interventions? |
transfusion | (?:blood |red[- ](?:blood[- ])?cell )?transfusions?; transfused |
kidney injury | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?kidneys?; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?kidneys?; kidney (?:problems?|trouble|damage); (?:acute )?(?:kidney|renal) (?:injury|damage|impairment|dysfunction); aki; nephrotoxic(?:ity)? |
liver damage | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?liver; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?liver; liver (?:problems?|trouble|damage); liver (?:damage|injury|toxicity); hepatotoxic(?:ity)?; (?:raised|elevated|increased) (?:liver enzymes?|(?:amino)?transaminases?|aminotransferases?|alt) |
low sodium | low sodium(?! (?:diets?|intake|salt|foods?|group|arm)); hyponatr(?:a)?emi[ac] |
high potassium | high potassium(?! (?:diets?|intake|foods?|group|arm)); hyperkal(?:a)?emi[ac] |
low potassium | low potassium(?! (?:diets?|intake|foods?|group|arm)); hypokal(?:a)?emi[ac] |
pressure ulcers | (?:pressure|decubitus) (?:ulcers?|sores?|injur(?:y|ies)); bed ?sores? |
hot flushes | hot (?:flush(?:es)?|flash(?:es)?); vasomotor symptoms? |
dry mouth | dry mouth; xerostomia |
hair loss | hair loss; alopecia; los(?:e|es|ing) (?:their |your |my )?hair; bald(?:ness)? |
dizziness | dizz(?:y|iness); vertigo; light-?headed(?:ness)? |
rash | rash(?:es)?; (?:cutaneous|skin) (?:reactions?|eruptions?) |
urinary incontinence | (?:(?:urinary|stress|urge) )*incontinence; incontinent; leak(?:age|ing)? (?:of )?urine; urin(?:e|ary) leak(?:s|age)? |
erectile dysfunction | erectile dysfunction; impoten(?:ce|t); erection problems? |
hearing loss | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?(?:hearing|ears?); (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?(?:hearing|ears?); hearing (?:problems?|trouble|damage); hearing (?:loss|impairment); deaf(?:ness)? |
bone density | (?:weak|brittle|fragile) bones?; (?:weaken|strengthen)(?:s|ed|ing)? (?:the |your |my |their )?bones?; (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?bones?; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?bones?; bone (?:problems?|trouble|damage); bone (?:mineral )?density; bmd; bone loss; bone thinning; thin(?:s|ned|ning)? (?:the |your |my )?bones? |
sore throat | sore throats?; throat (?:irritation|pain|soreness|discomfort); (?:throat (?:or|and) mouth|mouth (?:or|and) throat) irritation; pharyngitis |
sex drive | (?:(?:low|lower|reduced|decreased|loss of|lack of) )*(?:sex(?:ual)? (?:drive|desire)|libido); (?:lose|losing|lost) (?:their |your |my )?(?:sex drive|libido) |
thrush | thrush; (?:oral |vaginal |yeast )*candidiasis; candida(?:l)? infections?; yeast infections? |
suicide | suicid(?:e|es|al|ality); self-harm |
seizures | seizures?; convulsions?; epileptic attacks? |
dependence | (?:drug |opioid |physical )?dependence; addict(?:ion|ed|ive); misuse |
swelling | (?:o)?edema; swelling; swollen (?:ankles?|legs?|feet|hands?|face) |
allergic reaction | allerg(?:ic reactions?|ies); anaphyla(?:xis|ctic reactions?); hypersensitivity(?: reactions?)? |
fever | fevers?; febrile; high temperatures?; pyrexia |
insomnia | insomnia; sleeplessness; trouble sleeping |
tiredness | tired(?:ness)?; fatigue; exhaustion |
itch | itch(?:ing|y)?; pruritus |
shortness of breath | short(?:ness)? of breath; breathless(?:ness)?; dyspn(?:o)?ea |
confusion | confusion; delirium |
length of stay | (?:length|duration) of (?:hospital )?stays?; hospital stays?; (?:time|days?|nights?)(?: spent)? in (?:the )?hospital; stay(?:s|ed|ing)? in (?:the )?hospital; hospital days; (?:length|duration) of (?:hospitali[sz]ation|admission) |

"""
