"""What patients and clinicians say for diseases, what is done, and people: by the MeSH heading, facts written for this example.

A word stands here only where it means the same in every question: "clot" is in none of the lines, as a clot is also what a
coagulation test measures, and "fit" none, as it is also a test for blood in the stool. "Fractured neck of femur" is what British
clinicians call any hip fracture.
"""

from __future__ import annotations

import re
from typing import Final

from .lay_organs import OF_ORGANS

_LINES: Final = """
hip fractures: neck of femur fracture; fractured neck of femur; fracture of the neck of femur; fracture neck of femur; broken neck of femur
femoral neck fractures: fractured femoral neck; broken femoral neck; fracture of the femoral neck
arthroplasty, replacement, hip: hip replacement; total hip replacement; artificial hip
arthroplasty, replacement, knee: knee replacement; artificial knee
arthroplasty, replacement, shoulder: shoulder replacement
vaping: vaper
brain edema: swelling of the brain; swollen brain; swelling on the brain; brain oedema
diarrhea: the runs; the trots; loose stool; runny tummy
gastroenteritis: tummy bug
signs and symptoms, digestive: upset stomach; stomach upset; tummy trouble; tummy problem; stomach trouble; stomach problem; stomach complaint; digestive problem; digestive trouble; bowel problem; bowel trouble; bowel complaint; gut problem; gut trouble
abdominal pain: tummy ache; stomach ache; belly ache; tummy pain; stomach pain; stomach cramp; sore tummy
colorectal neoplasms: bowel cancer; bowel tumour; bowel tumor; large bowel cancer
uterine neoplasms: womb cancer
esophageal neoplasms: gullet cancer; food pipe cancer
pharyngeal neoplasms: throat cancer
hyperglycemia: high blood sugar; raised blood sugar; high blood glucose; raised blood glucose
hypoglycemia: low blood glucose
blood glucose: blood sugar level
hearing loss: hard of hearing; hearing difficulty; loss of hearing
thrombolytic therapy: clot buster; clot busting drug; clot busting treatment
pulmonary embolism: clot on the lung; clot in the lung; lung clot; blood clot in the lung; blood clot on the lung
venous thrombosis: clot in the leg; leg clot; blood clot in the leg; clot in the vein; blood clot in the vein; clot in a vein; deep vein clot
ischemic attack, transient: mini stroke; ministroke
stroke: brain attack
diuretics: water tablet
anticoagulants: blood thinning drug; blood thinning tablet; blood thinning medicine; blood thinning medication
dysmenorrhea: painful period; period cramp
arrhythmias, cardiac: irregular heartbeat; irregular heart beat; heart rhythm problem; heart rhythm disturbance; abnormal heart rhythm; heart rhythm disorder
bradycardia: slow heartbeat; slow heart beat; slow heart rate; low heart rate
tachycardia: fast heartbeat; fast heart beat; rapid heartbeat; fast heart rate; racing heart; heart racing; heart race; rapid heart rate
fever: high temperature; feverish
respiratory tract infections: chest infection; lung infection
urinary tract infections: water infection; waterworks infection
cystitis: bladder infection
pyelonephritis: kidney infection
pharyngitis: throat infection
skin diseases, infectious: skin infection
periodontal diseases: gum disease
bruxism: teeth grinding; grinding teeth; tooth grinding; grinding of the teeth
halitosis: bad breath; smelly breath
xerostomia: dry mouth
edema: swollen ankle; swollen leg; swollen feet; ankle swelling; leg swelling; ankle oedema; swollen foot; puffy ankle
pulmonary edema: fluid on the lung; fluid in the lung; water on the lung; water in the lung
pneumothorax: collapsed lung; burst lung; punctured lung; popped lung; lung burst
myocarditis: heart muscle inflammation; inflamed heart muscle; inflammation of the heart muscle; swollen heart muscle
aortic valve stenosis: narrowed aortic valve; narrow aortic valve; tight aortic valve; narrowing of the aortic valve
heart septal defects: hole in the heart
coronary artery bypass: heart bypass; bypass heart surgery; heart bypass surgery; heart bypass operation
arteriosclerosis: hardening of the arteries; hardened arteries
atherosclerosis: furred arteries; furring of the arteries; furred up arteries
lice infestations: head lice; head louse
pruritus: itch; itchy skin; itchiness
acne vulgaris: pimple; blackhead; zits
nails, ingrown: ingrown toenail; ingrowing toenail
bursitis: housemaid's knee
nerve compression syndromes: trapped nerve; pinched nerve
whiplash injuries: whiplash
paresthesia: pins and needles; tingling
dizziness: dizzy spell; giddiness
memory disorders: forgetfulness
suicidal ideation: suicidal thought; suicidal thinking; thought of suicide
depression: low mood; feeling low
alcoholism: drinking problem; problem drinking; problem drinker
tobacco smoke pollution: passive smoking; second hand smoke; secondhand smoke; passive smoke
weight loss: losing weight; lose weight; shed weight; lost weight
gastrointestinal hemorrhage: gi bleed; gi bleeding; stomach bleed; stomach bleeding; gastric bleed; bleeding stomach; bleeding from the stomach; gut bleed; gut bleeding; intestinal bleeding; bleeding in the gut
hematemesis: vomiting blood; vomiting of blood
hematuria: blood in urine; blood in the urine; blood in the pee
melena: black stool
proteinuria: protein in the urine; protein in urine
urinary incontinence: leaky bladder; bladder leakage; weak bladder; bladder leak; urine leakage; leaking urine; urinary leakage
enuresis: wetting the bed; bed wetting
kidney transplantation: kidney transplant; renal transplant
heart transplantation: heart transplant; cardiac transplant
liver transplantation: hepatic transplant
lung transplantation: lung transplant
hyponatremia: low sodium level; low blood sodium; low sodium in the blood; low salt in the blood; low blood salt; low serum sodium
hypernatremia: high blood sodium
hypokalemia: low potassium level; low blood potassium; low serum potassium
hyperkalemia: high potassium level; high blood potassium; raised potassium
hypocalcemia: low calcium level; low blood calcium
hypercalcemia: high calcium level; high blood calcium; raised calcium
iron deficiencies: low iron level; low iron store
thrombocytopenia: low platelet; low platelet count
osteoporosis: thin bone; brittle bone; thinning bone; bone thinning; thinning of the bone; weak bone
muscular atrophy: muscle wasting; wasting of muscle; muscle loss
myalgia: muscle ache; sore muscle
muscle cramp: leg cramp; cramp in the leg
influenza vaccines: flu jab; flu vaccination; flu injection
covid-19 vaccines: covid jab; covid vaccine; coronavirus vaccine; covid vaccination; covid 19 jab; covid shot; covid booster
measles-mumps-rubella vaccine: mmr; mmr jab
pertussis vaccine: whooping cough jab; whooping cough vaccine
prostatic neoplasms, castration-resistant: castration-resistant prostate cancer; castrate-resistant prostate cancer; hormone-refractory prostate cancer
diabetes mellitus, type 1: insulin-dependent diabetes; juvenile diabetes
diabetes mellitus, type 2: non-insulin-dependent diabetes; adult-onset diabetes
automobile driving: driving a car; drive a car; driving again; drive again; return to driving; fit to drive; fitness to drive; safe to drive
contraceptives, postcoital: morning after pill
contraceptives, oral, combined: combined pill; combination pill
contraceptives, oral: the pill
progestins: minipill; mini pill; progestin-only pill; progestogen-only pill
mortality: save lives; saves lives; saving lives; save a life; saves a life; save one life; saving a life; saving one life; lives saved; saved lives
telemedicine: telehealth; tele-health; telecare; ehealth; e-health; mhealth; m-health; mobile health
ophthalmic solutions: eye drop; eyedrop; drops in the eye
nasal sprays: nose drop; nasal drop; nose spray
tibial meniscus injuries: meniscal tear; meniscus tear; torn meniscus; meniscal injury; meniscus injury
enzyme replacement therapy: enzyme replacement; enzyme replacement treatment
influenza a virus h5n1 subtype: h5n1
catheterization, peripheral: peripheral iv cannula; peripheral cannula; peripheral intravenous cannula; iv cannula; intravenous cannula; peripheral venous cannula; peripheral iv line; peripheral iv catheter; peripheral venous catheter; peripheral intravenous catheter
nursing homes: care home; residential home; old people's home; aged care facility; aged care home
fertilization in vitro: test tube baby; ivf
infant, premature: premature baby; preterm baby; premature newborn
infant, low birth weight: low birth weight baby; low birth weight babies
infant, small for gestational age: small for dates
infant, newborn: newborn baby
child, preschool: preschooler; pre schooler
diaper rash: nappy rash
otitis media with effusion: glue ear
cerumen: earwax
nasal obstruction: blocked nose; stuffy nose; bunged up nose; blocked up nose
parturition: giving birth
sleep initiation and maintenance disorders: sleeplessness; trouble sleeping; difficulty sleeping; poor sleeper; trouble falling asleep
myopia: short sightedness; shortsightedness; short sight; near sightedness; short sighted
hyperopia: long sightedness; far sightedness; long sight; long sighted
intraocular pressure: eye pressure; pressure in the eye
hoarseness: hoarse voice
breast neoplasms: cancer in the breast
esophagus: gullet; food pipe
trachea: windpipe
larynx: voice box
abdominal fat: belly fat; tummy fat
ventilators, mechanical: breathing machine; ventilator
respiration, artificial: mechanical ventilation; artificial ventilation; put on a ventilator; on a ventilator
electrocardiography: heart tracing
echocardiography: heart ultrasound; ultrasound of the heart; heart echo; echo of the heart
enteral nutrition: tube feeding; feeding by tube; tube fed
cholecystectomy: gallbladder surgery
sepsis: blood infection; infection of the blood
hernia, inguinal: groin hernia
cataract extraction: cataract operation; cataract surgery
bariatric surgery: weight loss surgery; weight loss operation; obesity surgery; surgery for obesity; stomach stapling; stomach surgery for weight loss
heart valve prosthesis: metal heart valve; metal aortic valve; metal mitral valve; metal valve; mechanical heart valve; mechanical valve; mechanical aortic valve; mechanical mitral valve; artificial heart valve; prosthetic heart valve; artificial valve
bioprosthesis: tissue valve; tissue heart valve
pacemaker, artificial: pacemaker
psychotherapy: talking therapy; talking treatment; talk therapy
antiemetics: anti sickness drug; anti sickness tablet; anti sickness medicine; antisickness drug; antisickness medicine; sickness tablet
gastrointestinal microbiome: gut bacteria; gut bug; bowel bacteria; gut microbe
probiotics: good bacteria; friendly bacteria
nebulizers and vaporizers: inhaler
influenza in birds: bird flu
trypanosomiasis, african: sleeping sickness
anemia, sickle cell: sickle cell
hemorrhagic disorders: bleeding disorder
candidiasis, vulvovaginal: vaginal thrush
anesthesia, general: knocked out
fetal membranes, premature rupture: premature rupture of membranes; waters broke
substance abuse, intravenous: people who inject drugs; who inject drugs; person who injects drugs; injecting drug user; injection drug user; people who inject; drug injector
central nervous system stimulants: psychostimulant; stimulant medication; stimulant drug
drug overdose: overdose; overdosing
clubfoot: club foot
anosmia: lost sense of smell; losing the sense of smell; loss of sense of smell; smell disturbance
fatigue: tiredness
erectile dysfunction: erection problem; erectile problem; trouble getting an erection; erection difficulty
sexual dysfunctions, psychological: low sex drive; low libido; loss of libido
infertility: infertile; trouble conceiving; difficulty conceiving
menopause, premature: early menopause
hirsutism: excess hair; excessive hair growth; unwanted hair
hyperhidrosis: excessive sweating; sweating too much
intestinal polyps: bowel polyp; polyps in the bowel
aging: growing old; getting old; getting older
aged: pensioner
brain concussion: knock on the head
craniocerebral trauma: injury to the head
hepatitis c: hep c infection
hepatitis b: hep b infection
sustained virologic response: sustained virological response
vasoconstrictor agents: pressor
heart arrest: heart stopped; heart stops; heart stopping; heart has stopped; hearts stopped; hearts stop
dental caries: tooth cavity; cavity in the tooth; cavities in the teeth; hole in the tooth; hole in a tooth; holes in teeth; holes in the teeth; holes in their teeth; decayed tooth; rotten tooth
antidepressive agents: happy pill
proton pump inhibitors: stomach protector; acid blocker; acid reducer; heartburn tablet; heartburn pill; heartburn medicine; heartburn drug; acid tablet; acid pill; stomach acid tablet; stomach acid pill; stomach acid medicine; stomach acid drug; reflux tablet; reflux pill; reflux medicine; acid reflux tablet; acid reflux medicine
continuous positive airway pressure: cpap mask; cpap machine; sleep apnoea mask; sleep apnea mask; sleep mask; breathing mask at night; mask for sleep apnoea; mask for sleep apnea
saline solution: salt water drip; saline drip; salt water solution
dementia: losing your marbles; losing their marbles; losing my marbles; lose your marbles; going senile; senility
hearing loss: going deaf; go deaf; gone deaf; went deaf
accidents, traffic: car crash; car accident; road accident; road crash; car smash
premature birth: early birth; early delivery of the baby; born too early; born too soon; coming too early; come too early; birth too early; born early; baby coming early; babies coming early
suicide, attempted: try to kill themselves; tried to kill themselves; trying to kill themselves; try to kill yourself
suicide: kill themselves; killing themselves; take their own life; take their own lives; taking their own life
heart failure: weak heart; failing heart
prostatic hyperplasia: big prostate; swollen prostate
conjunctivitis: pinkeye
hydrocephalus: water on the brain; fluid on the brain
alopecia: going bald; go bald; losing hair; losing your hair; lose your hair
sick leave: time off work; days off work; days off sick; signed off work
return to work: back at work
early ambulation: out of bed early; get out of bed; getting out of bed
varicose veins: bulging vein
gastroesophageal reflux: gastric reflux; stomach reflux
deglutition disorders: trouble swallowing; difficulty swallowing; swallowing problem; swallowing difficulty; problem swallowing
speech disorders: trouble speaking; slurred speech; loss of speech
facial paralysis: drooping face; face droop; droopy face
vision disorders: loss of sight; losing sight; losing your sight; poor eyesight; bad eyesight; sight loss; going blind; go blind
surgical wound infection: infected wound
stillbirth: stillborn
abortion, spontaneous: losing the baby; lose the baby; lose a baby; losing a baby
diabetes, gestational: diabetes in pregnancy; pregnancy diabetes
hypertension, pregnancy-induced: high blood pressure in pregnancy
labor, induced: being induced; getting induced; inducing labour; inducing labor; labour is induced; labor is induced
depression, postpartum: baby blues; postnatal blues
jaundice, neonatal: yellow baby; jaundiced baby; newborn jaundice; baby jaundice
phototherapy: light treatment
mitral valve insufficiency: leaky mitral valve; leaking mitral valve
aortic aneurysm: bulge in the aorta
papanicolaou test: smear test
mammography: breast screening; breast scan; breast x-ray
renal dialysis: kidney machine
renal insufficiency: kidneys packing up; kidneys failing; kidneys fail
urinary retention: cannot pee; unable to pee; trouble peeing
nocturia: getting up to pee; peeing at night
sugar-sweetened beverages: fizzy drink; sugary drink; soft drink; fizzy pop
resistance training: lifting weights; weight training; lift weights; pumping iron
hypothermia, induced: cooling the body; cooled down; cooling treatment; therapeutic cooling; body cooling; cooling of the body
patient readmission: back in hospital; readmitted to hospital; return to hospital
bacteremia: bacteria in the blood
cognitive dysfunction: trouble thinking
vitamin d: sunshine vitamin
liver cirrhosis: scarred liver; scarring of the liver; liver scarring
esophageal and gastric varices: swollen veins in the gullet; swollen vein in the gullet; swollen veins of the gullet
"""


def _by_word() -> dict[str, str]:
    lines = [line.partition(": ") for line in _LINES.strip().splitlines()]
    return OF_ORGANS | {
        word.strip(): heading for heading, _, words in lines for word in words.split(";")
    }


LAY_NAMES: Final = _by_word()
"""By the word or phrase, in the singular where that is said too, the key of its heading."""

NOT_BEFORE: Final = {
    "being induced": re.compile(r"\W+(?:by|with)\b", re.IGNORECASE),
    "the runs": re.compile(r"\W+of\b", re.IGNORECASE),
    "the trots": re.compile(r"\W+of\b", re.IGNORECASE),
    "pacemaker": re.compile(
        r"\W+(?:cells?|activity|currents?|neurons?|potentials?|channels?)\b", re.IGNORECASE
    ),
}
"""What a few of them do not stand before: "the runs of tachycardia", "pacemaker cells"."""
