"""Brands of common medicines and what is in them, and names other than a vocabulary's: facts, written for this example.

The vocabularies that may be passed on have few brands. Of a combination the part that it is known for is named.
"""

from __future__ import annotations

from typing import Final

_BRANDS: Final = """
lipitor: atorvastatin; crestor: rosuvastatin; zocor: simvastatin; pravachol: pravastatin; zetia:
ezetimibe; plavix: clopidogrel; eliquis: apixaban; xarelto: rivaroxaban; pradaxa: dabigatran;
coumadin: warfarin; lovenox: enoxaparin; brilinta: ticagrelor; entresto: sacubitril; diovan:
valsartan; cozaar: losartan; benicar: olmesartan; micardis: telmisartan; norvasc: amlodipine;
lopressor: metoprolol; toprol: metoprolol; tenormin: atenolol; coreg: carvedilol; lasix: furosemide;
aldactone: spironolactone; zestril: lisinopril; prinivil: lisinopril; vasotec: enalapril; altace:
ramipril; glucophage: metformin; januvia: sitagliptin; tradjenta: linagliptin; invokana:
canagliflozin; actos: pioglitazone; lantus: insulin glargine; humalog: insulin lispro; novolog:
insulin aspart; synthroid: levothyroxine; prilosec: omeprazole; nexium: esomeprazole; protonix:
pantoprazole; prevacid: lansoprazole; pepcid: famotidine; zantac: ranitidine; prozac: fluoxetine;
zoloft: sertraline; lexapro: escitalopram; celexa: citalopram; paxil: paroxetine; effexor:
venlafaxine; cymbalta: duloxetine; wellbutrin: bupropion; remeron: mirtazapine; desyrel: trazodone;
xanax: alprazolam; ativan: lorazepam; klonopin: clonazepam; valium: diazepam; ambien: zolpidem;
seroquel: quetiapine; zyprexa: olanzapine; risperdal: risperidone; abilify: aripiprazole; clozaril:
clozapine; haldol: haloperidol; ritalin: methylphenidate; concerta: methylphenidate; adderall:
amphetamine; vyvanse: lisdexamfetamine dimesylate; strattera: atomoxetine; neurontin: gabapentin;
lyrica: pregabalin; topamax: topiramate; lamictal: lamotrigine; keppra: levetiracetam; depakote:
valproic acid; tegretol: carbamazepine; dilantin: phenytoin; imitrex: sumatriptan; aimovig:
erenumab; aricept: donepezil; namenda: memantine; sinemet: levodopa; tylenol: acetaminophen; advil:
ibuprofen; motrin: ibuprofen; aleve: naproxen; naprosyn: naproxen; voltaren: diclofenac; celebrex:
celecoxib; mobic: meloxicam; ultram: tramadol; percocet: oxycodone; oxycontin: oxycodone; vicodin:
hydrocodone; suboxone: buprenorphine; narcan: naloxone; singulair: montelukast; ventolin: albuterol;
flovent: fluticasone; advair: fluticasone; symbicort: budesonide; pulmicort: budesonide; spiriva:
tiotropium; xolair: omalizumab; dupixent: dupilumab; nucala: mepolizumab; claritin: loratadine;
zyrtec: cetirizine; allegra: fexofenadine; benadryl: diphenhydramine; flonase: fluticasone;
augmentin: amoxicillin; zithromax: azithromycin; cipro: ciprofloxacin; levaquin: levofloxacin;
keflex: cephalexin; bactrim: sulfamethoxazole; flagyl: metronidazole; diflucan: fluconazole;
valtrex: valacyclovir; zovirax: acyclovir; tamiflu: oseltamivir; paxlovid: nirmatrelvir; veklury:
remdesivir; truvada: emtricitabine; biktarvy: bictegravir; enbrel: etanercept; remicade: infliximab;
stelara: ustekinumab; cosentyx: secukinumab; skyrizi: risankizumab; tremfya: guselkumab; xeljanz:
tofacitinib; rinvoq: upadacitinib; otezla: apremilast; actemra: tocilizumab; orencia: abatacept;
rituxan: rituximab; herceptin: trastuzumab; avastin: bevacizumab; tecentriq: atezolizumab; imfinzi:
durvalumab; yervoy: ipilimumab; gleevec: imatinib; ibrance: palbociclib; tagrisso: osimertinib;
lynparza: olaparib; zytiga: abiraterone; xtandi: enzalutamide; arimidex: anastrozole; femara:
letrozole; revlimid: lenalidomide; velcade: bortezomib; prolia: denosumab; xgeva: denosumab;
fosamax: alendronate; evista: raloxifene; viagra: sildenafil; cialis: tadalafil; flomax: tamsulosin;
proscar: finasteride; propecia: finasteride; botox: botulinum toxins, type a; ocrevus: ocrelizumab;
tysabri: natalizumab; gilenya: fingolimod; leqembi: lecanemab; kisunla: donanemab; aduhelm:
aducanumab; spravato: esketamine; trikafta: elexacaftor; repatha: evolocumab; praluent: alirocumab;
leqvio: inclisiran; ozempic: semaglutide; wegovy: semaglutide; mounjaro: tirzepatide; zepbound:
tirzepatide; jardiance: empagliflozin; farxiga: dapagliflozin; trulicity: dulaglutide; victoza:
liraglutide; saxenda: liraglutide; keytruda: pembrolizumab; opdivo: nivolumab; humira: adalimumab;
byetta: exenatide; bydureon: exenatide; rybelsus: semaglutide; panadol: acetaminophen; nurofen:
ibuprofen; calpol: acetaminophen; accutane: isotretinoin; roaccutane: isotretinoin
"""

_OTHER_NAMES: Final = """
valproate: valproic acid; divalproex: valproic acid; colecalciferol: cholecalciferol; hydroxycarbamide: hydroxyurea;
folate: folic acid; mdma: n-methyl-3,4-methylenedioxyamphetamine; cbd: cannabidiol
"""


def _pairs(text: str) -> dict[str, str]:
    pairs = (" ".join(one.split()).partition(": ") for one in text.split(";"))
    return {name: medicine for name, _, medicine in pairs}


BRANDS: Final = _pairs(_BRANDS)
"""By the brand, in lower case, the medicine's name."""
OTHER_NAMES: Final = _pairs(_OTHER_NAMES)
