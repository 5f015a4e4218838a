"""Word families: what medicine calls one thing by, noun and adjective, Greek, Latin and English.

Who asks about the kidney means the renal as well. The forms are PubMed's: ``word*`` finds what begins so.
"""

from __future__ import annotations

from typing import Final

FAMILY_LINES: Final = """
kidney kidneys renal nephr*
heart cardiac cardio* myocard*
liver hepatic hepat*
lung lungs pulmonary pneumon*
brain cerebral cerebr* intracranial
stomach gastric gastr*
gastric stomach gastr*
hepatic liver hepat*
renal kidney kidneys nephr*
pulmonary lung lungs pneumon*
cardiac heart cardio* myocard*
cerebral brain cerebr* intracranial
ocular eye eyes ophthalm*
cutaneous skin derm*
dental tooth teeth dent*
spinal spine vertebr*
femoral femur femor*
bowel bowels intestine intestines intestinal intestin* colon* colorectal
colon colonic colorectal colon*
naive untreated unexposed
naïve naive untreated unexposed
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
birth births deliver* perinatal
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
exercise exercises exercis* training
diabetes diabetic diabet*
glucose glycaemic glycemic glycem* glycaem* hyperglyc*
glycaemic glycemic glucose hba1c glycem*
hypertension hypertensive hypertens*
depression depressive depressed depress*
anxiety anxious anxi*
suicide suicidal suicid*
stroke strokes cerebrovascular
psychiatric psychiatry mental
psychosis psychotic psychos*
cognition cognitive cognit*
memory memories recall
sleep insomnia sleep*
imaging scan* tomograph* radiograph*
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
stop stops stopped stopping discontinuation discontinued withdrawal withdrawn withdrew cessation ceased ceasing stopp* discontinu* withdraw* ceas*
discontinue discontinues discontinued discontinuing discontinuation stop stopp* stopped stopping withdrawal withdrawn withdrew cessation ceased ceasing discontinu* withdraw* ceas*
withdraw withdraws withdrew withdrawn withdrawing withdrawal stop stopp* stopped stopping discontinuation discontinued cessation ceased ceasing withdraw* discontinu* ceas*
cease ceases ceased ceasing cessation stop stopp* stopped stopping discontinuation discontinued withdrawal withdrawn withdrew ceas* discontinu* withdraw*
adherence adherent complian* adher*
compliance complian* adher*
attitude attitudes belie* percept*
belief beliefs attitude* percept*
cost costs economic* expend*
computer computers computer* software
cell cells cellular
therapy therapies therapeutic treat* therap*
inflammation inflammatory inflam*
resection resections resected resect* excis* surg* operat*
excision excisions excised excis* resect* surg*
antihypertensive antihypertensives antihypertens* hypertens*
steroid steroids corticosteroid* glucocorticoid* prednis* steroid*
corticosteroid corticosteroids corticoster* glucocorticoid* steroid* prednis*
glucocorticoid glucocorticoids glucocortic* corticosteroid* steroid*
geriatric geriatrics elderly older aged geriatr*
lifestyle lifestyles lifestyl* diet* exercis* behavio*
malformation malformations anomal* malform* congenital defect*
anomaly anomalies malformation* anomal* congenital defect*
defect defects anomal* malformation*
endoscopy endoscopic endoscop* colonoscop* gastroscop*
colonoscopy colonoscopic colonoscop* endoscop*
awareness aware knowledge aware*
perception perceptions perceiv* percept* attitude* view*
lethal lethality fatal* death* died lethal*
fatal fatality fatalities death* died fatal*
stenosis stenoses stenotic stenos* strictur* narrow*
stricture strictures strictur* stenos*
occlusion occlusions occluded occlu* obstruct* block*
obstruction obstructed obstruct* occlu* block*
bleeding bleed hemorrhag* haemorrhag* bleed*
hemorrhage hemorrhages hemorrhagic haemorrhag* bleed* hemorrhag*
haemorrhage haemorrhages haemorrhagic hemorrhag* bleed* haemorrhag*
outgrow outgrown outgrew resol* remission* toleran*
fell fall falls fallen
chemo chemotherap* antineoplastic
fly flying flight* airline* aircraft*
tuberculosis tuberculous tuberculo*
thrombosis thromboses thrombotic thrombo* clot* embol*
embolism embolic emboli embol* thrombo*
ischemia ischemic ischaem* ischem* infarct*
ischaemia ischaemic ischem* ischaem* infarct*
edema oedema edema* swell*
dyspnea dyspnoea breathless* dyspn*
vomiting vomit emesis nause* vomit*
nausea vomit* emesis nause*
itching itch prurit* itch*
pruritus pruritic itch* prurit*
jaundice jaundiced icter* bilirubin* jaundic*
dialysis dialysed hemodialy* haemodialy* dialy*
hemodialysis haemodialy* dialy* hemodialy*
ventilation ventilated ventilat* respirat*
ventilator ventilators ventilat* respirat*
intubation intubated intubat* airway* tracheal
anesthesia anesthetic anaesth* anesth*
anaesthesia anaesthetic anesth* anaesth*
relapse relapses relaps* recur*
recurrence recurrences recurrent recur* relaps*
readmission readmissions readmi* rehospitali*
employment employed employ* work* occupation* job*
job jobs work* occupation* employ*
income incomes socioeconomic* poverty income*
poverty poor depriv* income* socioeconomic*
urban city cities metropolitan urban*
violence violent abus* assault* violen*
abuse abused misus* abus* addict* dependen*
addiction addicted dependen* abuse addict*
drinking drinkers alcohol* drink*
opioid opioids opiat* opioid* narcotic* morphin*
opiate opiates opioid* opiat* narcotic*
cannabis marijuana cannab*
marijuana cannab* marijuana*
burnout exhaust* stress burnout*
fatigue fatigued tired* fatigu* exhaust*
disability disabilities disabled disab* handicap* function*
walking walk gait ambulat* walk*
gait walk* gait*
vision visual sight acuity visual*
blindness blind visual* blind*
speech language* voice* speech*
swallowing swallow dysphag* deglutit* swallow*
voice voices vocal* dysphon* voice*
nutrition nutritional nutrit* diet* feed*
feeding feed fed nutrit* feed*
breastfeeding breastfed breast lactat* breastfe*
contraception contraceptive contracep*
abortion abortions miscarr* terminat* abort*
labor labour labor* deliver*
labour labor labour* deliver*
prescription prescriptions prescri*
medication medications drug* medicat* medicin*
physiotherapy physiotherapist physical rehabilit* physiotherap*
rehabilitation rehabilitat* physiotherap* recover*
psychotherapy psychotherapeutic psycholog* counsel* psychotherap*
ambulance ambulances paramedic* prehospital ambulanc*
accident accidents collision* crash* accident* injur*
catheter catheters catheteri* cannul* cathet*
bypass bypasses graft* bypass*
angioplasty angioplast* percutaneous pci
coronary coronar*
node nodes nodal lymph* node*
platelet platelets thrombocyt* platelet*
leukocyte leukocytes leucocyt* white leukocyt*
hemoglobin haemoglobin hemoglob* haematocrit hematocrit
anemia anemic anaemi* hemoglobin haemoglobin hematocrit
anaemia anaemic anemi* haemoglobin hemoglobin hematocrit
lipid lipids cholesterol* triglycer* lipid* lipoprotein*
cholesterol lipid* lipoprotein* cholesterol*
hormone hormones hormonal endocrin* hormon*
estrogen estrogens oestrogen* estradiol estrogen*
oestrogen oestrogens estrogen* estradiol oestrogen*
testosterone androgen* testosteron*
androgen androgens testosteron* androgen*
genotype genotypes genotyp* polymorphism* allele*
polymorphism polymorphisms genotyp* varian* allele* polymorph*
antibody antibodies immunoglobulin* serolog* antibod*
microscopy microscopic microscop*
cytology cytologic cytological smear* aspirat* cytolog*
angiography angiographic arteriogra* angiogra*
mammography mammographic mammogra* breast
allergy allergies allergic allerg* hypersensitiv* sensiti*
asthma asthmatic asthma* wheez*
arthritis arthritic arthriti* rheumat*
rheumatic rheumatology rheumat* arthriti*
epilepsy epileptic seizure* epilep*
seizure seizures epilep* convuls*
dementia dement* alzheimer*
delirium delirious confusion deliri*
autism autistic autis*
palsy paralysis paraly* paresis
paralysis paralyzed paralysed palsy paresis paraly*
headache headaches migraine* headach*
cough coughing cough*
wheeze wheezing asthma* wheez*
sputum phlegm mucus
reflux refluxing reflux* regurgitat*
constipation constipated bowel* constipat*
diarrhea diarrhoea diarrhe* gastroenteritis
diarrhoea diarrhea diarrhoe* gastroenteritis
hernia hernias herni*
stone stones calcul* lithia* stone*
calculi calculus stone* lithia*
cyst cysts cystic cyst*
polyp polyps adenoma* polyp*
adenoma adenomas polyp* adenoma*
nodule nodules nodular nodul*
ulcer ulcers ulcerat* ulcer*
burn burns burned thermal
bite bites bitten bite*
poisoning poison* toxic* intoxicat* overdos*
toxicity toxic toxic* poison* adverse
transfusion transfusions transfus* blood
bacteremia bacteraemia bacterem* septic*
sepsis septic septic* bacteremi*
abscess abscesses abscess* infect*
fungus fungi fungal mycos* fung*
parasite parasites parasitic parasit*
malnutrition malnourished malnutrit* undernutrit* underweight
vitamin vitamins vitamin* supplement*
supplement supplements supplementation supplement* vitamin*
insurance insured uninsured insur* medicaid* medicare*
internet online web* internet*
online internet web* online
website websites internet web* online
phone telephone phone* telephon* mobile
telephone phone* telephon*
smartphone smartphones mobile phone* app
robot robotic robots robot*
laser lasers laser*
radiation irradiat* radiat* radiother*
screening screened screen* detect*
autopsy autopsies necrops* postmortem autops*
cadaver cadavers cadaveric cadaver* donor*
donor donors donat* donor*
donation donations donor* donat*
dialyzed dialysis hemodialy* dialy*
transplanted transplant* graft*
suture sutures sutured sutur* closure*
incision incisions incis* wound*
prosthesis prostheses prosthetic prosthe* implant*
implant implants implant* prosthe*
arthroplasty arthroplasties replacement* arthroplast*
osteotomy osteotomies osteotom*
amputation amputations amputat* amputee*
hysterectomy hysterectomies hysterectom* uter*
mastectomy mastectomies mastectom* breast
appendectomy appendicectomy append*
cholecystectomy cholecystectomies cholecystectom* gallbladder
thyroidectomy thyroidectomies thyroidectom*
nephrectomy nephrectomies nephrectom* kidney renal
prostatectomy prostatectomies prostatectom* prostat*
gastrectomy gastrectomies gastrectom* stomach
hepatectomy hepatectomies hepatectom* liver
colectomy colectomies colectom* colon*
lobectomy lobectomies lobectom* lung pulmonary
stress stressful stressor* stress*
happiness happy wellbeing happ*
loneliness lonely isolat* lonel*
marriage married marital spous* marri*
divorce divorced separat* divorc*
homeless homelessness homeless* housing
bullying bullied bully* victim*
migraine migraines migrain* headache*
quitting quit quits stopped stopping cessation discontinu* withdraw* stopp* ceas*
cv cardiovascular cardio*
hb hemoglobin* haemoglobin*
"""
"""A family a line, its head first; its other forms stand for the same where they head no family of their own."""
