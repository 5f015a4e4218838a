"""A model's sentence in other words, numbers and order than its passage: what says the same stays, what says otherwise is marked."""

from __future__ import annotations

from typing import Any

import pytest

from examples.biomed.citations import number
from examples.biomed.model.claims import doubts

PASSAGES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "Atorvastatin 80 mg was compared with placebo in 4731 patients with recent stroke. During a median of 4.9 years, 265 patients (11.2%) receiving atorvastatin and 311 patients (13.1%) receiving placebo had a stroke (HR 0.84; 95% CI 0.71-0.99; P=0.03). Elevated liver enzymes were more common with atorvastatin.",
        ("Among nearly five thousand people with recent stroke, atorvastatin lowered the rate of further strokes.", "About one in nine patients on atorvastatin had a stroke.", "Roughly 11% had a stroke with atorvastatin against 13% with placebo.", "Raised liver enzymes were seen more often with the statin.", ),
        ("Strokes occurred in 13.1% with atorvastatin and 11.2% with placebo.", "Liver enzymes were elevated less often with atorvastatin.", "Atorvastatin halved the risk of stroke.", "Nearly half of the patients receiving placebo had a stroke.", ),
    ),
    (
        "Vitamin K antagonists (VKA) were stopped in 1884 patients with atrial fibrillation. The incidence of arterial thromboembolism was 0.4% in the no-bridging group and 0.3% in the bridging group (95% CI for difference -0.6 to 0.8; P=0.01 for noninferiority). Major bleeding occurred in 1.3% without bridging and 3.2% with bridging (RR 0.41; P=0.005).",
        ("Forgoing bridging was noninferior to bridging for the prevention of arterial thromboembolism.", "Bridging more than doubled major bleeding.", "Major bleeding was less common when no bridging was given.", ),
        ("Bridging reduced major bleeding.", "Major bleeding was 1.3% with bridging and 3.2% without.", "Thromboembolism was significantly more frequent without bridging.", ),
    ),
    (
        "A total of 221 adults with psoriasis were randomly assigned to methotrexate or fumaric acid esters. After 16 weeks, three quarters of patients given methotrexate and half of those given fumarates reached PASI 75. Withdrawals owing to adverse events were more frequent with fumaric acid esters.",
        ("PASI 75 was reached by 75% with methotrexate and 50% with fumarates.", "Methotrexate was more effective than fumaric acid esters in psoriasis.", ),
        ("PASI 75 was reached by 25% of patients with methotrexate.", "Withdrawals due to adverse events were more common with methotrexate.", ),
    ),
    (
        "Exposure to antibiotics in the first year of life was not related to asthma at age 7 after adjustment (OR 1.04, 95% CI 0.96-1.13). Boys had asthma more often than girls. Of 9,815 children, two thirds had received antibiotics.",
        ("Early antibiotic use showed no association with later asthma.", "About 67% of the children had been given antibiotics.", "Asthma was commoner among boys than girls.", "Girls were less likely than boys to have asthma.", ),
        ("Antibiotics in infancy increased the risk of asthma.", "Girls had asthma more often than boys.", "All of the children had received antibiotics.", "A third of the children had received antibiotics.", ),
    ),
    (
        "In patients with COPD, tiotropium reduced exacerbations compared with salmeterol (time to first exacerbation 187 vs 145 days; HR 0.83). Mortality did not differ significantly. Dry mouth was reported by 5.9% of patients in the tiotropium group.",
        ("Tiotropium delayed the first exacerbation more than salmeterol.", "The first exacerbation came later with tiotropium (187 days) than with salmeterol (145 days).", "In chronic obstructive pulmonary disease, tiotropium was better than salmeterol at preventing exacerbations.", "There were similar numbers of deaths in the two groups.", ),
        ("Tiotropium prolonged survival compared with salmeterol.", "Salmeterol reduced exacerbations more than tiotropium.", "The first exacerbation occurred after 145 days with tiotropium and 187 days with salmeterol.", "Dry mouth never occurred with tiotropium.", ),
    ),
    (
        "Thirty-two of 64 infants in the probiotic group and 12 of 60 in the control group recovered within a week. Growth was unaffected.",
        ("Half of the infants given probiotics recovered within seven days.", "Recovery was seen in 50% with probiotics versus 20% of controls.", "Probiotics did not affect growth.", ),
        ("Recovery was seen in 20% with probiotics versus 50% of controls.", "Probiotics impaired growth.", "Recovery within a week was seen in 80% with probiotics.", ),
    ),
    (
        "Serum urate fell by a mean of 2.1 mg/dL with febuxostat and 1.9 mg/dL with allopurinol (P=0.31). Cardiovascular death was higher with febuxostat than with allopurinol (4.3% vs 3.2%; HR 1.34; 95% CI 1.03-1.73).",
        ("Febuxostat and allopurinol lowered urate to a similar extent.", "More patients died of cardiovascular causes with febuxostat.", "Cardiovascular mortality was lower with allopurinol than with febuxostat.", ),
        ("Febuxostat lowered serum urate significantly more than allopurinol.", "Allopurinol raised cardiovascular mortality compared with febuxostat.", "Febuxostat reduced cardiovascular deaths by 34%.", ),
    ),
    (
        "Metformin use was associated with a reduced risk of colorectal cancer in observational studies (RR 0.83), but no effect was found in three randomised trials. The quality of the evidence was low.",
        ("Observational studies linked metformin to fewer colorectal cancers.", "Randomised trials found no effect of metformin on colorectal cancer.", "The certainty of the evidence was low.", ),
        ("Randomised trials showed that metformin reduces colorectal cancer.", "Metformin is proven to prevent colorectal cancer.", ),
    ),
    (
        "Ten percent of 1,500 women given cefazolin and 14% of those given placebo developed a wound infection (P=0.04). Endometritis occurred in 3% and 3%.",
        ("Cefazolin reduced wound infections (10% versus 14%).", "Endometritis rates were the same in both groups.", "One in ten women given cefazolin developed a wound infection.", ),
        ("Cefazolin reduced endometritis.", "Cefazolin had no effect on wound infections.", "Fourteen percent of women on cefazolin developed a wound infection.", ),
    ),
    (
        "Sleep apnea was treated with CPAP in 1,346 adults and usual care in 1,341. Cardiovascular events occurred in 229 (17.0%) and 207 (15.4%), respectively (HR 1.10; 95% CI 0.91-1.32). CPAP significantly reduced snoring and daytime sleepiness and improved mood.",
        ("Continuous positive airway pressure did not prevent cardiovascular events in sleep apnoea.", "CPAP lessened snoring and sleepiness during the day.", "CPAP improved mood but not cardiovascular outcomes.", ),
        ("CPAP reduced cardiovascular events by 10%.", "CPAP worsened mood.", "Usual care reduced snoring more than CPAP.", "Cardiovascular events occurred in 15.4% with CPAP and 17.0% with usual care.", ),
    ),
    (
        "We enrolled 2,303 patients with type 2 diabetes and nephropathy. Canagliflozin lowered the risk of end-stage kidney disease by 32% relative to placebo (HR 0.68; 95% CI 0.54-0.86). Rates of amputation were 12.3 and 11.2 per 1000 patient-years (P=0.4).",
        ("Kidney failure was about a third less likely with canagliflozin.", "Amputations were not significantly more frequent with canagliflozin.", "Approximately 2,300 people with diabetic kidney disease took part.", ),
        ("Canagliflozin increased the risk of end-stage kidney disease.", "Canagliflozin significantly increased amputations.", "Kidney failure was halved by canagliflozin.", ),
    ),
    (
        "Early mobilisation after stroke (within 24 hours) led to worse outcome: 46% of patients in the very early group and 50% in the usual care group had a favourable outcome (OR 0.73, 95% CI 0.59-0.90). Deaths were 8% and 7%, respectively. Time to walking was similar.",
        ("Very early mobilisation reduced the odds of a favourable outcome.", "Fewer patients did well with very early mobilisation than with usual care.", "Half of the patients in usual care had a favourable outcome.", ),
        ("Very early mobilisation improved outcome after stroke.", "A favourable outcome was seen in 50% with very early mobilisation and 46% with usual care.", ),
    ),
    (
        "Ibuprofen relieved fever faster than paracetamol in children. At 4 hours, 71 of 95 children on ibuprofen and 49 of 98 on paracetamol had no fever. Adverse events were similar.",
        ("Ibuprofen lowered fever more quickly than acetaminophen.", "Three quarters of the children given ibuprofen were free of fever at four hours.", "There was no difference in side effects between ibuprofen and paracetamol.", ),
        ("Paracetamol relieved fever faster than ibuprofen.", "At 4 hours 90% of children on ibuprofen had no fever.", "Ibuprofen caused more adverse events than paracetamol.", ),
    ),
    (
        "Hip fracture incidence declined from 9.3 to 6.8 per 1000 person-years between 1995 and 2012 in women, whereas it was stable in men. Bisphosphonate use explained none of the decline.",
        ("Hip fractures became less common in women between 1995 and 2012.", "In men, the incidence of hip fracture did not change.", "The decline was not explained by the use of bisphosphonates.", ),
        ("Hip fractures became less common in men.", "Hip fracture incidence rose in women.", ),
    ),
    (
        "Of 12,562 nonsmoking adults, 5% developed diabetes over ten years. Each additional daily serving of sugar-sweetened beverages was associated with an 18% greater incidence of diabetes (95% CI 9%-28%). Fruit juice was not associated with diabetes.",
        ("Sugary drinks were linked with a higher risk of diabetes.", "One in twenty adults developed diabetes within 10 years.", "Juice showed no association with diabetes.", ),
        ("Fruit juice raised the risk of diabetes.", "Sugar-sweetened beverages protected against diabetes.", "A fifth of adults developed diabetes.", ),
    ),
    (
        "Laparoscopic appendectomy was associated with fewer wound infections than open surgery (OR 0.43) but more intra-abdominal abscesses (OR 1.87). Hospital stay was shortened by 1.1 days. Operating time was 10 minutes longer.",
        ("Wound infections were less frequent after laparoscopic than after open appendicectomy.", "Laparoscopy shortened hospital stay and lengthened the operation.", "Intra-abdominal abscesses were less common after open surgery.", ),
        ("Laparoscopic appendectomy reduced intra-abdominal abscesses.", "Open surgery led to fewer wound infections than laparoscopy.", "Hospital stay was longer after laparoscopic surgery.", ),
    ),
    (
        "Vitamin A supplementation of newborns had no effect on infant mortality overall (RR 1.02; 95% CI 0.87 to 1.20). Bulging fontanelle occurred in 0.5% of supplemented and 0.2% of unsupplemented infants.",
        ("Giving newborns vitamin A did not change infant deaths.", "Bulging fontanelle was rare but more frequent with vitamin A.", ),
        ("Neonatal vitamin A reduced infant mortality.", "Vitamin A caused bulging fontanelle in 5% of infants.", "Bulging fontanelle was less frequent in supplemented infants.", ),
    ),
    (
        "Patients with RA who took TNF inhibitors had no greater risk of solid cancer than those on DMARDs (HR 0.83; 95% CI 0.64-1.07). Skin cancer was more frequent (SIR 1.72).",
        ("In rheumatoid arthritis, anti-TNF drugs did not raise the risk of solid tumours.", "Skin cancers were more common in those treated with TNF inhibitors.", ),
        ("TNF inhibitors doubled the risk of solid cancer.", "TNF inhibitors lowered the frequency of skin cancer.", ),
    ),
    (
        "Zoledronic acid was given once to 1065 men and women after hip fracture and placebo to 1062. New clinical fractures occurred in 8.6% and 13.9%, respectively, a 35% risk reduction (P=0.001). Deaths were 101 of 1054 in the zoledronic acid group and 141 of 1057 in the placebo group. Osteonecrosis of the jaw was not reported.",
        ("A single infusion of zoledronic acid cut new fractures by about a third.", "New fractures were seen in 8.6% with zoledronic acid compared with 13.9% with placebo.", "Mortality was lower with zoledronic acid.", "No cases of osteonecrosis of the jaw were reported.", ),
        ("New fractures were seen in 13.9% with zoledronic acid and 8.6% with placebo.", "Zoledronic acid increased deaths.", "Osteonecrosis of the jaw was reported.", "Zoledronic acid reduced fractures by two thirds.", ),
    ),
    (
        "Among 3,057 adolescents, screen time over 4 hours a day was associated with shorter sleep. Girls slept less than boys. Physical activity did not modify the association.",
        ("Adolescents with long screen time slept less.", "Boys slept longer than girls.", "The association was not modified by physical activity.", "Around 3,000 adolescents were studied.", ),
        ("Boys slept less than girls.", "Screen time was associated with longer sleep.", "Physical activity modified the association.", ),
    ),
    (
        "Drug-eluting stents (DES) reduced target-vessel revascularisation compared with bare-metal stents (5.6% vs 10.1%; HR 0.54; 95% CI 0.44-0.66). Stent thrombosis did not differ (1.2% vs 1.5%; P=0.30).",
        ("Repeat revascularisation was roughly halved by drug-eluting stents.", "Rates of stent thrombosis were similar for the two stent types.", "Bare-metal stents were followed by more revascularisations than drug-eluting stents.", ),
        ("Bare-metal stents reduced revascularisation compared with DES.", "Drug-eluting stents increased stent thrombosis.", "Revascularisation was needed in 10.1% with drug-eluting stents and 5.6% with bare-metal stents.", ),
    ),
    (
        "In a crossover study of 24 volunteers, grapefruit juice raised the mean peak concentration of felodipine threefold, while orange juice had no such effect. Blood pressure fell by 8 mm Hg after grapefruit juice and by 3 mm Hg after water.",
        ("Grapefruit juice tripled peak felodipine levels.", "Orange juice did not raise felodipine concentrations.", "Blood pressure fell more after grapefruit juice than after water.", ),
        ("Orange juice raised felodipine concentrations.", "Blood pressure fell more after water than after grapefruit juice.", "Grapefruit juice lowered felodipine concentrations.", ),
    ),
    (
        "Patients with CKD randomised to intensive blood pressure control had fewer deaths (HR 0.72; 95% CI 0.53-0.99) but a faster decline of eGFR than those on standard control. One in ten patients had hyperkalaemia.",
        ("In chronic kidney disease, intensive blood pressure control reduced mortality.", "Hyperkalaemia affected 10% of patients.", ),
        ("Intensive control slowed the decline of eGFR.", "Standard control reduced deaths compared with intensive control.", "Hyperkalaemia affected half of the patients.", ),
    ),
    (
        "Cognitive behavioural therapy was as effective as sertraline in social anxiety (response 54% vs 52%). Relapse at one year was less common after therapy (11%) than after sertraline (36%).",
        ("CBT and sertraline had similar response rates.", "Fewer patients relapsed within 12 months after cognitive behavioural therapy.", "About a third of patients relapsed after sertraline.", ),
        ("Relapse was more common after cognitive behavioural therapy than after sertraline.", "Sertraline was more effective than cognitive behavioural therapy.", "Relapse occurred in 36% after therapy and 11% after sertraline.", ),
    ),
    (
        "Children with severe pneumonia were assigned to high-flow oxygen or bubble CPAP. Treatment failure occurred in 13% with high-flow oxygen, 6% with bubble CPAP and 24% with low-flow oxygen. Four children died in the bubble CPAP group and ten in the high-flow group.",
        ("Treatment failed least often with bubble CPAP (6%).", "Nearly a quarter of the children on low-flow oxygen had treatment failure.", "There were fewer deaths with bubble CPAP than with high-flow oxygen.", ),
        ("Treatment failure occurred in 24% with bubble CPAP.", "More children died with bubble CPAP than with high-flow oxygen.", "Treatment failure was more common with bubble CPAP than with low-flow oxygen.", ),
    ),
    (
        "Calcium supplements increased the risk of myocardial infarction by 31% (HR 1.31; 95% CI 1.02-1.67) in pooled analyses of 11 trials with 11,921 participants. There were non-significant increases in stroke (HR 1.20; 95% CI 0.96-1.50). Dietary calcium was not studied.",
        ("Calcium supplements raised the risk of heart attack by about 30%.", "The rise in stroke was not statistically significant.", ),
        ("Calcium supplements significantly increased stroke.", "Calcium supplements protected against myocardial infarction.", "Dietary calcium increased the risk of myocardial infarction.", ),
    ),
    (
        "Compared with no treatment, doxycycline taken within 72 hours after sex lowered the incidence of chlamydia and syphilis by two thirds among men who have sex with men. Gonorrhoea was lowered by half. Among cisgender women in Kenya, doxycycline did not reduce sexually transmitted infections.",
        ("Doxycycline reduced syphilis by about 67% among men who have sex with men.", "Gonorrhoea was halved.", "In women in Kenya, doxycycline had no effect on sexually transmitted infections.", ),
        ("Doxycycline reduced sexually transmitted infections among women in Kenya.", "Doxycycline increased gonorrhoea.", "Chlamydia fell by a quarter.", ),
    ),
    (
        "Delirium developed in 22 of 100 patients receiving haloperidol and 21 of 99 receiving placebo. Patients on haloperidol had longer QT intervals. ICU stay was 5 days in both arms.",
        ("Haloperidol did not prevent delirium (22% versus 21%).", "QT intervals were longer with haloperidol.", "Length of ICU stay was the same in the two arms.", "About one in five patients developed delirium.", ),
        ("Haloperidol shortened QT intervals.", "Haloperidol shortened ICU stay.", "Delirium developed in 40% of patients on haloperidol.", ),
    ),
    (
        "Patients with metastatic melanoma survived a median of 19.9 months with nivolumab plus ipilimumab versus 11.2 months with ipilimumab alone (HR 0.55; P<0.001). Grade 3 or 4 adverse events occurred in 55% and 27% of patients, respectively.",
        ("Survival was longer with nivolumab plus ipilimumab than with ipilimumab alone.", "Severe adverse events were about twice as common with the combination.", "Median survival was 19.9 months with combined nivolumab and ipilimumab.", ),
        ("Survival was 11.2 months with nivolumab plus ipilimumab.", "Ipilimumab alone prolonged survival compared with nivolumab plus ipilimumab.", "Adverse events of grade 3 or 4 were less common with the combination of nivolumab and ipilimumab.", ),
    ),
    (
        "Breastfed infants had fewer ear infections than formula-fed infants (odds ratio 0.57). No relation was found with eczema. Maternal smoking increased ear infections.",
        ("Formula feeding was associated with more ear infections.", "Breastfeeding was unrelated to eczema.", "Ear infections were more frequent where mothers smoked.", ),
        ("Breastfed infants had more ear infections.", "Breastfeeding lowered the risk of eczema.", "Formula-fed infants had fewer ear infections than breastfed infants.", ),
    ),
    (
        "In 10,010 patients who had noncardiac surgery, aspirin did not lower the rate of death or nonfatal infarction at 30 days (7.0% vs 7.1%; HR 0.99; 95% CI 0.86-1.15). Major bleeding was more common in the aspirin group (4.6% vs 3.8%; P=0.04).",
        ("Perioperative aspirin made no difference to death or infarction.", "Aspirin raised the risk of major bleeding after noncardiac surgery.", "Some 10,000 surgical patients took part.", ),
        ("Aspirin lowered mortality after noncardiac surgery.", "Major bleeding was less common with aspirin.", "Major bleeding occurred in 3.8% with aspirin and 4.6% with placebo.", ),
    ),
    (
        "Antenatal steroids given in the late preterm period reduced neonatal respiratory complications (11.6% vs 14.4%; RR 0.80; 95% CI 0.66-0.97). Neonatal hypoglycaemia was more frequent after betamethasone than after placebo. Chorioamnionitis rates did not differ.",
        ("Betamethasone lowered respiratory morbidity of late preterm newborns.", "Low blood sugar in newborns was more common with betamethasone.", "There was no difference in chorioamnionitis.", "Respiratory complications were cut by a fifth.", ),
        ("Neonatal hypoglycaemia was less frequent after betamethasone than after placebo.", "Betamethasone increased chorioamnionitis.", "Antenatal steroids doubled respiratory complications.", ),
    ),
    (
        "Over 5 years, 15 of 60 patients on azathioprine and 30 of 60 patients on placebo relapsed. Quality of life was better with azathioprine. Leucopenia developed in one patient in three.",
        ("A quarter of the patients on azathioprine relapsed.", "Relapses were halved by azathioprine.", "Leucopenia was seen in about a third of patients.", "Azathioprine improved quality of life.", ),
        ("Half of the patients on azathioprine relapsed.", "Quality of life was worse with azathioprine.", "Placebo prevented more relapses than azathioprine.", ),
    ),
    (
        "Low birth weight was more common among women who smoked (9.8%) than among those who did not (5.1%). Women who quit before 16 weeks had babies of the same weight as non-smokers. Caffeine was not associated with birth weight.",
        ("Smoking in pregnancy was associated with low birth weight.", "Nearly 10% of babies of smokers had a low birth weight.", "Quitting early was followed by birth weights like those of non-smokers.", "Birth weight was not related to caffeine.", ),
        ("Low birth weight was less common among smokers.", "Caffeine lowered birth weight.", "Low birth weight occurred in 5.1% of smokers.", ),
    ),
    (
        "Tirzepatide 15 mg led to a mean weight change of -20.9%, compared with -3.1% for placebo, after 72 weeks. At least 5% weight loss was reached by 91% and 35%. Treatment was stopped because of adverse events in 6.2% of patients on tirzepatide and 2.6% on placebo.",
        ("Weight fell by about 21% with tirzepatide.", "Tirzepatide reduced weight more than placebo.", "Discontinuation owing to side effects was more common with tirzepatide (6.2%) than with placebo (2.6%).", ),
        ("Weight fell by 20.9% with placebo and 3.1% with tirzepatide.", "Placebo reduced weight more than tirzepatide.", "Discontinuation due to adverse events was less common with tirzepatide.", ),
    ),
    (
        "Higher coffee consumption was associated with a lower risk of Parkinson disease (RR 0.69) in six cohorts. Caffeine may protect dopaminergic neurons. The association was weaker in women who used postmenopausal hormones.",
        ("Coffee drinkers had a lower risk of Parkinson disease.", "Caffeine might protect dopaminergic neurons.", "The association was less strong in women taking postmenopausal hormones.", ),
        ("Caffeine protects dopaminergic neurons.", "Coffee causes Parkinson disease.", "The association was stronger in women who used postmenopausal hormones.", "Coffee prevents Parkinson disease.", ),
    ),
    (
        "Of 240 patients with sciatica, 120 had early surgery and 120 conservative treatment. Recovery was faster after early surgery, but at one year 95% of patients in both groups had recovered. Leg pain at 8 weeks was lower with surgery. Disability at one year was similar.",
        ("Early surgery sped up recovery from sciatica.", "Surgery reduced leg pain at eight weeks.", ),
        ("Conservative treatment led to faster recovery than early surgery.", "At one year more patients had recovered after early surgery.", "Surgery reduced disability at one year.", "Leg pain at 8 weeks was higher with surgery.", ),
    ),
    (
        "Statins reduced major vascular events in people with LDL cholesterol above 3 mmol/L. In people aged over 75 without vascular disease, no clear benefit was seen. Muscle symptoms tended to be more common with statins than with placebo.",
        ("Older people without vascular disease had no clear benefit from statins.", "There was a tendency to more muscle symptoms with statins.", ),
        ("Statins benefited people over 75 without vascular disease.", "Muscle symptoms were less common with statins than with placebo.", "Statins increased major vascular events.", ),
    ),
    (
        "Acupuncture was superior to no treatment but not to sham acupuncture for migraine. Mean headache days fell from 6.2 to 4.0 with acupuncture, from 6.1 to 4.1 with sham and from 6.0 to 5.8 with no treatment.",
        ("Acupuncture was no better than sham acupuncture.", "Headache days decreased to 4.0 with acupuncture.", ),
        ("Acupuncture was superior to sham acupuncture.", "Sham acupuncture was worse than no treatment.", "Headache days increased with acupuncture.", ),
    ),
    (
        "Women with preterm premature rupture of membranes received erythromycin, co-amoxiclav, both or placebo. Erythromycin prolonged pregnancy and reduced surfactant use. Co-amoxiclav was associated with neonatal necrotising enterocolitis (1.9% vs 0.5%, p=0.001).",
        ("Erythromycin lengthened pregnancy.", "Less surfactant was needed after erythromycin.", "Necrotising enterocolitis was more frequent with co-amoxiclav.", ),
        ("Erythromycin shortened pregnancy.", "Erythromycin was associated with necrotising enterocolitis.", "Co-amoxiclav reduced necrotising enterocolitis.", "Erythromycin increased surfactant use.", ),
    ),
    (
        "Sensitivity of the rapid test was 71% (95% CI 62-79) and specificity 98%. False negatives were more common in patients tested late. The test was positive in 120 of 400 patients.",
        ("The rapid test found about seven in ten cases.", "Specificity was high at 98%.", "Patients tested late had more false negatives.", "Thirty percent of the patients tested positive.", ),
        ("False negatives were less common in patients tested late.", "The test was positive in half of the patients.", ),
    ),
)  # fmt: skip


def _is_marked(sentence: str, passage: str) -> bool:
    record: dict[str, Any] = {
        "type": "article", "id": "1", "title": "A study", "year": 2019, "text": passage,
    }  # fmt: skip
    return bool(doubts(f"{sentence[:-1]} [1].", number({"literature": [record]})))


@pytest.mark.parametrize(
    ("passage", "sentence"), [(text, one) for text, same, _ in PASSAGES for one in same]
)
def test_what_a_passage_says_in_another_way_stays(passage: str, sentence: str) -> None:
    assert not _is_marked(sentence, passage)


@pytest.mark.parametrize(
    ("passage", "sentence"), [(text, one) for text, _, other in PASSAGES for one in other]
)
def test_what_a_passage_does_not_say_is_marked(passage: str, sentence: str) -> None:
    assert _is_marked(sentence, passage)
