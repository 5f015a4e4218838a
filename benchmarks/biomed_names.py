"""200 common medicines and 200 common conditions, as people write them: what the rules should know.

Written from general knowledge (the most prescribed medicines, the commonest reasons to see a doctor), before and
apart from the table of names in ``examples/biomed/terms``, which is made of MeSH and two dictionaries.
"""

from __future__ import annotations

from typing import Final

DRUGS: Final = """
atorvastatin; levothyroxine; metformin; lisinopril; amlodipine; metoprolol; albuterol; losartan; gabapentin; omeprazole;
sertraline; rosuvastatin; pantoprazole; escitalopram; hydrochlorothiazide; bupropion; fluoxetine; semaglutide; montelukast;
trazodone; simvastatin; amoxicillin; tamsulosin; acetaminophen; fluticasone; meloxicam; apixaban; furosemide; insulin glargine;
duloxetine; ibuprofen; famotidine; empagliflozin; carvedilol; tramadol; alprazolam; prednisone; hydroxyzine; buspirone;
clopidogrel; glipizide; citalopram; potassium chloride; allopurinol; aspirin; cyclobenzaprine; ergocalciferol; oxycodone;
methylphenidate; venlafaxine; spironolactone; ondansetron; zolpidem; cetirizine; estradiol; pravastatin; lamotrigine;
quetiapine; clonazepam; dulaglutide; azithromycin; latanoprost; cholecalciferol; propranolol; ezetimibe; topiramate;
paroxetine; diclofenac; atenolol; doxycycline; pregabalin; glimepiride; tizanidine; clonidine; fenofibrate; insulin lispro;
valsartan; cephalexin; baclofen; rivaroxaban; ferrous sulfate; amitriptyline; finasteride; dapagliflozin; folic acid;
aripiprazole; olmesartan; valacyclovir; mirtazapine; lorazepam; levetiracetam; insulin aspart; naproxen; cyanocobalamin;
loratadine; diltiazem; sumatriptan; hydralazine; triamcinolone; celecoxib; benazepril; sitagliptin; warfarin; liraglutide;
mometasone; methotrexate; budesonide; nifedipine; risperidone; olanzapine; lithium; ciprofloxacin; levofloxacin; metronidazole;
nitrofurantoin; fluconazole; acyclovir; sildenafil; tadalafil; adalimumab; etanercept; infliximab; rituximab; trastuzumab;
pembrolizumab; nivolumab; bevacizumab; imatinib; tamoxifen; letrozole; anastrozole; paclitaxel; docetaxel; cisplatin;
carboplatin; doxorubicin; cyclophosphamide; fluorouracil; gemcitabine; oxaliplatin; heparin; enoxaparin; dabigatran; digoxin;
amiodarone; verapamil; nitroglycerin; isosorbide mononitrate; ramipril; enalapril; candesartan; telmisartan; irbesartan;
bisoprolol; nebivolol; ranolazine; ivabradine; sacubitril; tirzepatide; exenatide; pioglitazone; linagliptin; canagliflozin;
morphine; fentanyl; hydrocodone; buprenorphine; naloxone; methadone; codeine; ketamine; propofol; midazolam; diazepam;
haloperidol; clozapine; valproate; carbamazepine; phenytoin; donepezil; memantine; levodopa; pramipexole; ropinirole;
dexamethasone; hydrocortisone; prednisolone; tiotropium; salmeterol; formoterol; ipratropium; omalizumab; dupilumab;
vancomycin; clindamycin; ceftriaxone; gentamicin; rifampicin; isoniazid; hydroxychloroquine; ivermectin; remdesivir; oseltamivir;
alendronate
"""

CONDITIONS: Final = """
hypertension; type 2 diabetes; type 1 diabetes; asthma; COPD; depression; anxiety; obesity; hyperlipidemia; GERD; osteoarthritis;
rheumatoid arthritis; back pain; migraine; coronary artery disease; heart failure; atrial fibrillation; stroke; myocardial
infarction; chronic kidney disease; hypothyroidism; hyperthyroidism; pneumonia; bronchitis; urinary tract infection; sinusitis;
otitis media; pharyngitis; influenza; COVID-19; common cold; gastroenteritis; irritable bowel syndrome; Crohn's disease;
ulcerative colitis; celiac disease; peptic ulcer; gallstones; hepatitis B; hepatitis C; cirrhosis; fatty liver disease; pancreatitis;
appendicitis; diverticulitis; hemorrhoids; constipation; diarrhea; anemia; iron deficiency anemia; sickle cell disease;
hemophilia; leukemia; lymphoma; multiple myeloma; breast cancer; prostate cancer; lung cancer; colorectal cancer; melanoma;
skin cancer; pancreatic cancer; ovarian cancer; cervical cancer; bladder cancer; kidney cancer; liver cancer; stomach cancer;
thyroid cancer; brain tumor; glioblastoma; epilepsy; Parkinson's disease; Alzheimer's disease; dementia; multiple sclerosis; ALS;
Huntington disease; peripheral neuropathy; sciatica; carpal tunnel syndrome; fibromyalgia; chronic fatigue syndrome; lupus;
psoriasis; eczema; acne; rosacea; urticaria; shingles; herpes simplex; chickenpox; measles; mumps; rubella; whooping cough;
tuberculosis; malaria; HIV infection; AIDS; syphilis; gonorrhea; chlamydia; HPV infection; sepsis; meningitis; encephalitis;
endocarditis; cellulitis; Lyme disease; dengue; Ebola; cholera; typhoid fever; rabies; tetanus; polio; schizophrenia; bipolar
disorder; PTSD; OCD; ADHD; autism; anorexia nervosa; bulimia; alcoholism; opioid use disorder; smoking; insomnia; sleep apnea;
narcolepsy; restless legs syndrome; tinnitus; vertigo; hearing loss; glaucoma; cataract; macular degeneration; diabetic
retinopathy; conjunctivitis; dry eye; myopia; osteoporosis; gout; scoliosis; hip fracture; tendinitis; bursitis; plantar
fasciitis; low back pain; neck pain; osteomyelitis; deep vein thrombosis; pulmonary embolism; varicose veins; peripheral artery
disease; aortic stenosis; cardiomyopathy; pericarditis; angina; cardiac arrest; hypotension; syncope; pulmonary hypertension;
pulmonary fibrosis; cystic fibrosis; emphysema; pleural effusion; pneumothorax; acute kidney injury; kidney stones; nephrotic
syndrome; polycystic kidney disease; urinary incontinence; overactive bladder; benign prostatic hyperplasia; erectile
dysfunction; infertility; endometriosis; PCOS; uterine fibroids; menopause; preeclampsia; gestational diabetes; miscarriage;
preterm birth; postpartum depression; vitamin D deficiency; metabolic syndrome; high cholesterol; hypoglycemia; Addison's
disease; Cushing syndrome; acromegaly
"""


def names(text: str) -> list[str]:
    """One of the lists, in order."""
    return [" ".join(one.split()) for one in text.split(";")]
