"""Outcomes by what trials and patients call them: facts written for this example.

Each line: the outcome; what it is called, as patterns; what it is a part of, the nearest first. A word stands here only where it means the
same in every question: "fit" is none, as people are fit and have fits.
"""

from __future__ import annotations

from typing import Final

LINES: Final = r"""
cardiovascular events | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?hearts?; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?hearts?; (?:heart|cardiac|cardiovascular) (?:problems?|troubles?|damage|complications?|side effects?); (?:(?:3|three)-point )?MACEs?; (?:(?:major|serious|adverse|isch(?:a)?emic) )*(?:cardiovascular|cardiac|vascular)(?: isch(?:a)?emic)?(?: adverse)? (?:events?|outcomes?); (?:heart attacks?|myocardial infarctions?)(?: and| or|,|/)+ strokes? |
heart attacks | heart attacks?; myocardial infarctions? | cardiovascular events
stroke | strokes?; cerebrovascular (?:events?|accidents?) | cardiovascular events
ischaemic stroke | isch(?:a)?emic strokes? | stroke
haemorrhagic stroke | h(?:a)?emorrhagic strokes? | stroke
death | (?:(?:all[- ]cause|overall|total) )?(?:deaths?|mortality); deaths? from (?:any|all) causes?; die[sd]?; dying; fatalit(?:y|ies); (?<!free )(?<!graft )(?<!implant )surviv(?:al|ors?|ed?|ing) |
cardiovascular death | (?:cardiovascular|cardiac|coronary|vascular|CVD?|heart)(?:(?: heart)? disease)?(?:-related|-specific)? (?:deaths?|mortality); (?:deaths?|mortality|die[sd]?|dying) (?:from|due to|of) (?:cardiovascular|cardiac|vascular|coronary|heart|CVD?)(?: heart)? (?:causes?|diseases?|events?) | death; cardiovascular events
non-cardiovascular death | non-?(?:cardiovascular|cardiac|vascular|CVD?)(?: causes?)? (?:deaths?|mortality); (?:deaths?|mortality) (?:from|due to) non-?(?:cardiovascular|cardiac|vascular|CVD?) causes? | death
cancer death | (?:cancer|tumou?r|carcinoma|neoplas(?:m|tic)|melanoma|lymphoma|leuk(?:a)?emia|oncologic)s?(?:[- ](?:specific|related))? (?:deaths?|mortality); (?:deaths?|mortality|die[sd]?|dying) (?:from|due to|of|caused by) (?:[\w-]+ ){0,2}(?:cancer|carcinoma|tumou?r|melanoma|lymphoma|leuk(?:a)?emia)s? | death
death of one cause | (?!(?:age|sex|gender|race|stage|site|period|country)-)(?!non-)[\w-]+-(?:specific|related|attributable) (?:deaths?|mortality); (?:respiratory|pulmonary|renal|kidney|hepatic|liver|infectious|infection|cerebrovascular|accidental|overdose) (?:disease )?(?:deaths?|mortality); (?:deaths?|mortality|die[sd]?|dying) (?:from|due to|caused by|attribut(?:ed|able) to) (?!any\b|all\b|whatever|other|baseline|days?\b|weeks?\b|months?\b|years?\b|admission|birth|enrol|random|the\b|this\b|these\b|which)[a-z][\w-]*(?: (?:causes?|diseases?|infections?|failure))? | death
bleeding | bleed(?:s|ing)?; h(?:a)?emorrhag(?:es?|ic) |
major bleeding | (?:major|severe|serious|life-threatening|fatal) (?:bleed(?:s|ing)?|h(?:a)?emorrhages?) | bleeding
intracranial haemorrhage | (?:intracranial|intracerebral|subdural|cerebral|brain) (?:bleed(?:s|ing)?|h(?:a)?emorrhages?); (?:bleed(?:s|ing)?|h(?:a)?emorrhages?) (?:in(?:to|side)?|of|within) (?:the |my |your |their )?(?:brain|skull|head) | major bleeding; bleeding
gastrointestinal bleeding | (?:gastro-?intestinal|GI|stomach|gastric|gastro-?duodenal|duodenal|intestinal|(?:peptic )?ulcer|digestive(?: tract)?) (?:bleed(?:s|ing)?|h(?:a)?emorrhages?); (?:bleed(?:s|ing)?|h(?:a)?emorrhages?) (?:from|in(?:to)?|of) (?:the |my |your |their |an? )?(?:stomach|gut|bowels?|intestines?|gastro-?intestinal tract|(?:peptic )?ulcers?) | bleeding
weight loss | weight loss; los(?:e|es|t|ing) (?:[\w.%]+ ){0,6}?weight; (?:change|reduction|decrease|decline|fall)s? in (?:mean )?(?:body[- ])?weight; reduc(?:e[sd]?|ing) (?:mean )?(?:body[- ])?weight; (?:body[- ])?weight (?:fell|decreased|was reduced|reduction|change); how much weight .*\blose; loss of (?:body )?weight |
weight gain | weight gain; gain(?:s|ed|ing)? (?:[\w.%]+ ){0,6}?weight; increases? in (?:body[- ])?weight |
blood sugar | blood (?:sugars?|glucose); (?:hb)?a1c; glycated h(?:a)?emoglobin; gly(?:c)?(?:a)?emic control; glyc(?:a)?emia |
kidney failure | (?:kidney|renal) failure; eskd; esrd; end-stage (?:kidney|renal) (?:disease|failure); dialysis; (?:kidney|renal) replacement therapy; failure of (?:the |both )?kidneys?; (?:the |my |your |their )?kidneys? fail(?:s|ed|ing)? |
hospital admission | (?:hospital )?(?:re-?)?admissions?(?: to hospital)?; (?:re-?)?hospitali[sz]ations?; (?:re-?)?hospitali[sz]ed; admitted to hospital |
relapse | relaps(?:es?|ed|ing); recurren(?:ces?|t); recur(?:s|red)? |
exacerbations | exacerbations?; asthma attacks?; attacks of asthma; flare[- ]?ups?; flares? |
fractures | fractures?; broken (?:bones?|hips?) |
hip fractures | hip fractures?; broken hips?; femoral neck fractures?; fractures? of (?:the |a |one )?(?:hips?|femoral neck|neck of (?:the )?femur|proximal femur); proximal femoral fractures?; (?:broke|break(?:s|ing)?|fracture[sd]?) (?:a|the|his|her|their|my|your) hips? | fractures
vertebral fractures | vertebral fractures?; spinal fractures?; fractures? of (?:the |a |one )?(?:spine|vertebra(?:e|l body)?) | fractures
falls | falls; fallers?; falling |
pain | pain(?: scores?| intensity| relief)?; visual analog(?:ue)? (?:pain )?(?:scale|score)s?; analgesi[ac] |
intubation | intubat(?:ions?|ed); (?:invasive )?mechanical ventilation |
blood clots | blood clots?; (?:venous )?thrombo-?embol(?:ism|ic events?); vte |
deep vein thrombosis | deep[- ]vein(?:ous)? thrombos[ie]s; dvt; thrombos[ie]s of (?:a |the )?deep veins?; clots? in (?:the |a |my |your |their )?(?:legs?|deep veins?) | blood clots
pulmonary embolism | pulmonary embol(?:ism|i|us); lung clots?; clots? (?:in|on|to) (?:the |a |my |your |their )?lungs? | blood clots
muscle pain | muscle (?:pain|aches?|soreness); myalgias?; pain in (?:the |their |my |your )?muscles? |
gastrointestinal side effects | upset(?:s|ting)? (?:the |your |my |their )?(?:stomach|tummy|guts?); (?:upset (?:stomach|tummy)|(?:stomach|tummy) upsets?); (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?stomach; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?stomach; stomach (?:problems?|trouble|damage); (?:gastrointestinal|GI|digestive) (?:adverse|side|symptoms?|disorders?|effects?|events?|upset|intolerance)(?: events?| effects?| reactions?)? |
nausea | nause(?:a|ous|ated) | gastrointestinal side effects
vomiting | vomit(?:ing|ed); emesis | gastrointestinal side effects
diarrhoea | diarrh(?:o)?ea | gastrointestinal side effects
constipation | constipat(?:ion|ed) | gastrointestinal side effects
acidosis | acidos[ie]s |
lactic acidosis | lactic acid(?:osis|a?emia); mala | acidosis
low blood sugar | low blood (?:sugar|glucose); hypogly(?:c)?(?:a)?emi(?:a|c)(?: events?| episodes?)? |
severe low blood sugar | (?:severe|serious|major) hypogly(?:c)?(?:a)?emi(?:a|c)(?: events?| episodes?)? | low blood sugar
high blood pressure | high blood pressure; hypertension |
infection | infections? |
antibiotic resistance | (?:antibiotic|antimicrobial|antibacterial|bacterial)[- ]resistan(?:ce|t); (?:[a-z-]*(?:cycline|mycin|micin|cillin|floxacin|penem|trim)|[a-z]*quinolone|macrolide|cephalosporin|carbapenem|(?:beta|β)-lactam|glycopeptide|aminoglycoside|sul(?:f|ph)onamide|rifampi(?:ci)?n|colistin|(?:multi)?-?drug)s?[- ]resistan(?:ce|t) |
pneumonia | pneumonias?; chest infections?; infections? (?:of|in|on) (?:the |a |my |your |their )?(?:chest|lungs?) |
surgical site infection | (?:surgical[- ]site|wound) infections?; ssi; infections? of (?:the |a |their )?(?:wounds?|surgical sites?|incisions?) | infection
urinary tract infection | urinary tract infections?; utis?; bladder infections?; infections? of (?:the )?(?:urinary tract|bladder) | infection
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
memory loss | memory (?:loss|problems?|impairment|decline|trouble); cognitive (?:declines?|impairment|dysfunction|problems?|deficits?); forgetfulness; loss of memory |
quality of life | quality of life; (?:hr)?qol; eq-?5d(?:-\dl)?; sf-?36 |
disability | disabilit(?:y|ies); (?:modified )?rankin(?: scale)?(?: scores?)? |
sick leave | sick(?:ness)? (?:leave|absences?); days? (?:off|away from|of missed|missed from|lost from|of) work; miss(?:ed|ing)? (?:(?:fewer|more) )?(?:days of )?work(?: ?days)?; missed work ?days; time off work; work (?:days )?(?:missed|lost); lost work ?days; absenteeism |
return to work | return(?:s|ed|ing)? to work; back (?:to|at) work; (?:can|could|will|able to) (?:\w+ ){0,2}?work again; work again; resum(?:ed?|ption of) work |
school absence | days? (?:off|away from|of missed|missed from) school; miss(?:ed|ing)? school; school (?:absences?|absenteeism|days missed); absen(?:t|ces?) from school |
reoperation | re-?operat(?:ions?|ed); revision (?:surgery|rates?); revisions; repeat (?:surgery|operations?|procedures?); (?:further|second|later|subsequent) (?:surgery|operations?|procedures?); re-?interventions? |
transfusion | (?:blood |red[- ](?:blood[- ])?cell )?transfusions?; transfused |
kidney injury | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?kidneys?; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?kidneys?; kidney (?:problems?|trouble|damage); (?:acute )?(?:kidney|renal) (?:injury|damage|impairment|dysfunction); aki; nephrotoxic(?:ity)?; (?:injury|damage) (?:to|of) (?:the |their |my |your )?kidneys? |
liver damage | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?liver; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?liver; liver (?:problems?|trouble|damage); liver (?:damage|injury|toxicity); hepatotoxic(?:ity)?; (?:raised|elevated|increased) (?:liver enzymes?|(?:amino)?transaminases?|aminotransferases?|alt); (?:injury|damage) (?:to|of) (?:the |their |my |your )?liver |
low sodium | low sodium(?! (?:diets?|intake|salt|foods?|group|arm)); hyponatr(?:a)?emi[ac] |
high potassium | high potassium(?! (?:diets?|intake|foods?|group|arm)); hyperkal(?:a)?emi[ac] |
low potassium | low potassium(?! (?:diets?|intake|foods?|group|arm)); hypokal(?:a)?emi[ac] |
pressure ulcers | (?:pressure|decubitus) (?:ulcers?|sores?|injur(?:y|ies)); bed ?sores? |
hot flushes | hot (?:flush(?:es)?|flash(?:es)?); vasomotor symptoms? |
dry mouth | dry mouth; xerostomia |
hair loss | hair loss; alopecia; los(?:e|es|ing) (?:their |your |my )?hair; bald(?:ness)?; loss of (?:the |their |my |your )?hair |
dizziness | dizz(?:y|iness); vertigo; light-?headed(?:ness)? |
rash | rash(?:es)?; (?:cutaneous|skin) (?:reactions?|eruptions?) |
urinary incontinence | (?:(?:urinary|stress|urge) )*incontinence; incontinent; leak(?:age|ing)? (?:of )?urine; urin(?:e|ary) leak(?:s|age)? |
erectile dysfunction | erectile dysfunction; impoten(?:ce|t); erection problems? |
hearing loss | (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?(?:hearing|ears?); (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?(?:hearing|ears?); hearing (?:problems?|trouble|damage); hearing (?:loss|impairment); deaf(?:ness)?; loss of (?:the |their |my |your )?hearing |
bone density | (?:weak|brittle|fragile) bones?; (?:weaken|strengthen)(?:s|ed|ing)? (?:the |your |my |their )?bones?; (?:bad|hard|dangerous|harmful|safe|risky) for (?:the |your |my |their )?bones?; (?:harm|damage|hurt|affect)(?:s|ed|ing)? (?:the |your |my |their )?bones?; bone (?:problems?|trouble|damage); bone (?:mineral )?density; bmd; bone loss; bone thinning; thin(?:s|ned|ning)? (?:the |your |my )?bones?; loss of bone(?: density| mass)?; density of (?:the )?bones? |
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
