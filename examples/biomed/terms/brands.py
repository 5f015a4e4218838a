"""Brands of common medicines and what is in them, and names other than a vocabulary's: facts, written for this example.

The vocabularies that may be passed on have few brands. Of a combination the part that it is known for is named.
"""

from __future__ import annotations

from typing import Final

_BRANDS: Final = """
lipitor: atorvastatin; crestor: rosuvastatin; zocor: simvastatin; pravachol: pravastatin; zetia: ezetimibe; plavix: clopidogrel; eliquis: apixaban; xarelto:
rivaroxaban; pradaxa: dabigatran; coumadin: warfarin; lovenox: enoxaparin; brilinta: ticagrelor; entresto: sacubitril; diovan: valsartan; cozaar: losartan;
benicar: olmesartan; micardis: telmisartan; norvasc: amlodipine; lopressor: metoprolol; toprol: metoprolol; tenormin: atenolol; coreg: carvedilol; lasix:
furosemide; aldactone: spironolactone; zestril: lisinopril; prinivil: lisinopril; vasotec: enalapril; altace: ramipril; glucophage: metformin; januvia:
sitagliptin; tradjenta: linagliptin; invokana: canagliflozin; actos: pioglitazone; lantus: insulin glargine; humalog: insulin lispro; novolog: insulin aspart;
synthroid: levothyroxine; prilosec: omeprazole; nexium: esomeprazole; protonix: pantoprazole; prevacid: lansoprazole; pepcid: famotidine; zantac: ranitidine;
prozac: fluoxetine; zoloft: sertraline; lexapro: escitalopram; celexa: citalopram; paxil: paroxetine; effexor: venlafaxine; cymbalta: duloxetine; wellbutrin:
bupropion; remeron: mirtazapine; desyrel: trazodone; xanax: alprazolam; ativan: lorazepam; klonopin: clonazepam; valium: diazepam; ambien: zolpidem; seroquel:
quetiapine; zyprexa: olanzapine; risperdal: risperidone; abilify: aripiprazole; clozaril: clozapine; haldol: haloperidol; ritalin: methylphenidate; concerta:
methylphenidate; adderall: amphetamine; vyvanse: lisdexamfetamine dimesylate; strattera: atomoxetine; neurontin: gabapentin; lyrica: pregabalin; topamax:
topiramate; lamictal: lamotrigine; keppra: levetiracetam; depakote: valproic acid; tegretol: carbamazepine; dilantin: phenytoin; imitrex: sumatriptan;
aimovig: erenumab; aricept: donepezil; namenda: memantine; sinemet: levodopa; tylenol: acetaminophen; advil: ibuprofen; motrin: ibuprofen; aleve: naproxen;
naprosyn: naproxen; voltaren: diclofenac; celebrex: celecoxib; mobic: meloxicam; ultram: tramadol; percocet: oxycodone; oxycontin: oxycodone; vicodin:
hydrocodone; suboxone: buprenorphine; narcan: naloxone; singulair: montelukast; ventolin: albuterol; flovent: fluticasone; advair: fluticasone; symbicort:
budesonide; pulmicort: budesonide; spiriva: tiotropium; xolair: omalizumab; dupixent: dupilumab; nucala: mepolizumab; claritin: loratadine; zyrtec:
cetirizine; allegra: fexofenadine; benadryl: diphenhydramine; flonase: fluticasone; augmentin: amoxicillin; zithromax: azithromycin; cipro: ciprofloxacin;
levaquin: levofloxacin; keflex: cephalexin; bactrim: sulfamethoxazole; flagyl: metronidazole; diflucan: fluconazole; valtrex: valacyclovir; zovirax:
acyclovir; tamiflu: oseltamivir; paxlovid: nirmatrelvir; veklury: remdesivir; truvada: emtricitabine; biktarvy: bictegravir; enbrel: etanercept; remicade:
infliximab; stelara: ustekinumab; cosentyx: secukinumab; skyrizi: risankizumab; tremfya: guselkumab; xeljanz: tofacitinib; rinvoq: upadacitinib; otezla:
apremilast; actemra: tocilizumab; orencia: abatacept; rituxan: rituximab; herceptin: trastuzumab; avastin: bevacizumab; tecentriq: atezolizumab; imfinzi:
durvalumab; yervoy: ipilimumab; gleevec: imatinib; ibrance: palbociclib; tagrisso: osimertinib; lynparza: olaparib; zytiga: abiraterone; xtandi: enzalutamide;
arimidex: anastrozole; femara: letrozole; revlimid: lenalidomide; velcade: bortezomib; prolia: denosumab; xgeva: denosumab; fosamax: alendronate; evista:
raloxifene; viagra: sildenafil; cialis: tadalafil; flomax: tamsulosin; proscar: finasteride; propecia: finasteride; botox: botulinum toxins, type a; ocrevus:
ocrelizumab; tysabri: natalizumab; gilenya: fingolimod; leqembi: lecanemab; kisunla: donanemab; aduhelm: aducanumab; spravato: esketamine; trikafta:
elexacaftor; repatha: evolocumab; praluent: alirocumab; leqvio: inclisiran; ozempic: semaglutide; wegovy: semaglutide; mounjaro: tirzepatide; zepbound:
tirzepatide; jardiance: empagliflozin; farxiga: dapagliflozin; trulicity: dulaglutide; victoza: liraglutide; saxenda: liraglutide; keytruda: pembrolizumab;
opdivo: nivolumab; humira: adalimumab; byetta: exenatide; bydureon: exenatide; rybelsus: semaglutide; panadol: acetaminophen; nurofen: ibuprofen; calpol:
acetaminophen; accutane: isotretinoin; roaccutane: isotretinoin; lixiana: edoxaban; savaysa: edoxaban; roteas: edoxaban; vascepa: icosapent ethyl; vazkepa:
icosapent ethyl; epadel: icosapent ethyl; jantoven: warfarin; marevan: warfarin; clexane: enoxaparin; inhixa: enoxaparin; fragmin: dalteparin; arixtra:
fondaparinux; effient: prasugrel; efient: prasugrel; brilique: ticagrelor; persantin: dipyridamole; persantine: dipyridamole; pletal: cilostazol; kengreal:
cangrelor; kengrexal: cangrelor; activase: alteplase; actilyse: alteplase; praxbind: idarucizumab; andexxa: andexanet alfa; ondexxya: andexanet alfa;
cyklokapron: tranexamic acid; lysteda: tranexamic acid; livalo: pitavastatin; lescol: fluvastatin; mevacor: lovastatin; lipantil: fenofibrate; tricor:
fenofibrate; trilipix: fenofibrate; lopid: gemfibrozil; welchol: colesevelam; ezetrol: ezetimibe; vytorin: ezetimibe; inegy: ezetimibe; nexletol: bempedoic
acid; nilemdo: bempedoic acid; niaspan: niacin; lovaza: omega-3 acid ethyl esters; omacor: omega-3 acid ethyl esters; juxtapid: lomitapide; cardizem:
diltiazem; tildiem: diltiazem; calan: verapamil; isoptin: verapamil; adalat: nifedipine; procardia: nifedipine; plendil: felodipine; istin: amlodipine; amias:
candesartan; atacand: candesartan; avapro: irbesartan; aprovel: irbesartan; edarbi: azilsartan; teveten: eprosartan; hyzaar: losartan; exforge: amlodipine;
lotrel: amlodipine; lotensin: benazepril; accupril: quinapril; accupro: quinapril; mavik: trandolapril; coversyl: perindopril; aceon: perindopril; capoten:
captopril; innovace: enalapril; tritace: ramipril; monopril: fosinopril; bystolic: nebivolol; nebilet: nebivolol; cardicor: bisoprolol; concor: bisoprolol;
zebeta: bisoprolol; ziac: bisoprolol; inderal: propranolol; betaloc: metoprolol; seloken: metoprolol; betapace: sotalol; trandate: labetalol; catapres:
clonidine; catapresan: clonidine; minipress: prazosin; cardura: doxazosin; hytrin: terazosin; loniten: minoxidil; rogaine: minoxidil; regaine: minoxidil;
inspra: eplerenone; kerendia: finerenone; samsca: tolvaptan; jynarque: tolvaptan; jinarc: tolvaptan; bumex: bumetanide; burinex: bumetanide; demadex:
torsemide; torem: torsemide; zaroxolyn: metolazone; microzide: hydrochlorothiazide; lozol: indapamide; natrilix: indapamide; diamox: acetazolamide;
procoralan: ivabradine; corlanor: ivabradine; ranexa: ranolazine; lanoxin: digoxin; cordarone: amiodarone; pacerone: amiodarone; multaq: dronedarone;
tambocor: flecainide; rythmol: propafenone; tikosyn: dofetilide; nitrostat: nitroglycerin; nitrolingual: nitroglycerin; imdur: isosorbide mononitrate;
verquvo: vericiguat; adempas: riociguat; tracleer: bosentan; opsumit: macitentan; letairis: ambrisentan; volibris: ambrisentan; uptravi: selexipag; revatio:
sildenafil; adcirca: tadalafil; levitra: vardenafil; stendra: avanafil; vyndaqel: tafamidis; camzyos: mavacamten; attruby: acoramidis; forxiga: dapagliflozin;
steglatro: ertugliflozin; onglyza: saxagliptin; galvus: vildagliptin; nesina: alogliptin; vipidia: alogliptin; trajenta: linagliptin; janumet: sitagliptin;
glyxambi: empagliflozin; synjardy: empagliflozin; amaryl: glimepiride; glucotrol: glipizide; diamicron: gliclazide; daonil: glyburide;
prandin: repaglinide; starlix: nateglinide; precose: acarbose; glucobay: acarbose; avandia: rosiglitazone; lyxumia: lixisenatide; adlyxin: lixisenatide;
tresiba: insulin degludec; levemir: insulin detemir; toujeo: insulin glargine; basaglar: insulin glargine; abasaglar: insulin glargine; semglee: insulin
glargine; apidra: insulin glulisine; novorapid: insulin aspart; fiasp: insulin aspart; lyumjev: insulin lispro; admelog: insulin lispro; symlin: pramlintide;
tzield: teplizumab; contrave: naltrexone; mysimba: naltrexone; qsymia: phentermine; adipex: phentermine; xenical: orlistat; levoxyl: levothyroxine; unithroid:
levothyroxine; eltroxin: levothyroxine; euthyrox: levothyroxine; cytomel: liothyronine; tapazole: methimazole; deltasone: prednisone; medrol:
methylprednisolone; solu medrol: methylprednisolone; decadron: dexamethasone; solu cortef: hydrocortisone; cortef: hydrocortisone; plenadren: hydrocortisone;
kenalog: triamcinolone; florinef: fludrocortisone; genotropin: somatropin; norditropin: somatropin; humatrope: somatropin; nutropin: somatropin; forteo:
teriparatide; forsteo: teriparatide; evenity: romosozumab; actonel: risedronic acid; boniva: ibandronic acid; bonviva: ibandronic acid; reclast: zoledronic
acid; aclasta: zoledronic acid; zometa: zoledronic acid; sensipar: cinacalcet; mimpara: cinacalcet; rocaltrol: calcitriol; premarin: estrogens, conjugated
(usp); estrace: estradiol; vagifem: estradiol; provera: medroxyprogesterone; prometrium: progesterone; utrogestan: progesterone; mirena: levonorgestrel;
androgel: testosterone; testogel: testosterone; nebido: testosterone; clomid: clomiphene; orilissa: elagolix; ella one: ulipristal; ellaone: ulipristal;
esmya: ulipristal; veozah: fezolinetant; nuvaring: etonogestrel; nexplanon: etonogestrel; implanon: etonogestrel; lupron: leuprolide; prostap: leuprolide;
zoladex: goserelin; decapeptyl: triptorelin; firmagon: degarelix; orgovyx: relugolix; avodart: dutasteride; uroxatral: alfuzosin; xatral: alfuzosin; rapaflo:
silodosin; detrol: tolterodine; detrusitol: tolterodine; ditropan: oxybutynin; vesicare: solifenacin; toviaz: fesoterodine; enablex: darifenacin; myrbetriq:
mirabegron; gemtesa: vibegron; elmiron: pentosan polysulfate; losec: omeprazole; dexilant: dexlansoprazole; aciphex: rabeprazole; pariet: rabeprazole; zoton:
lansoprazole; reglan: metoclopramide; maxolon: metoclopramide; motilium: domperidone; zofran: ondansetron; imodium: loperamide; lomotil: diphenoxylate;
miralax: polyethylene glycol 3350; movicol: polyethylene glycol 3350; dulcolax: bisacodyl; senokot: sennosides; linzess: linaclotide; constella: linaclotide;
amitiza: lubiprostone; motegrity: prucalopride; resolor: prucalopride; xifaxan: rifaximin; targaxan: rifaximin; dificid: fidaxomicin; dificlir: fidaxomicin;
asacol: mesalamine; pentasa: mesalamine; lialda: mesalamine; azulfidine: sulfasalazine; salazopyrin: sulfasalazine; entyvio: vedolizumab; zeposia: ozanimod;
velsipity: etrasimod; omvoh: mirikizumab; creon: pancrelipase; ocaliva: obeticholic acid; ursofalk: ursodeoxycholic acid; actigall: ursodeoxycholic acid;
rezdiffra: resmetirom; gattex: teduglutide; buscopan: butylscopolamine; bentyl: dicyclomine; cytotec: misoprostol; carafate: sucralfate; cipramil: citalopram;
cipralex: escitalopram; lustral: sertraline; seroxat: paroxetine; efexor: venlafaxine; pristiq: desvenlafaxine; yentreve: duloxetine; zispin: mirtazapine;
luvox: fluvoxamine; faverin: fluvoxamine; viibryd: vilazodone; trintellix: vortioxetine; brintellix: vortioxetine; valdoxan: agomelatine; elavil:
amitriptyline; pamelor: nortriptyline; tofranil: imipramine; anafranil: clomipramine; sinequan: doxepin; nardil: phenelzine; parnate: tranylcypromine;
auvelity: dextromethorphan; zurzuvae: zuranolone; zulresso: brexanolone; buspar: buspirone; zyban: bupropion; chantix: varenicline; champix: varenicline;
antabuse: disulfiram; campral: acamprosate; vivitrol: naltrexone; revia: naltrexone; subutex: buprenorphine; sublocade: buprenorphine; buvidal: buprenorphine;
butrans: buprenorphine; halcion: triazolam; restoril: temazepam; lunesta: eszopiclone; zimovane: zopiclone; imovane: zopiclone; stilnoct: zolpidem; stilnox:
zolpidem; belsomra: suvorexant; dayvigo: lemborexant; quviviq: daridorexant; rozerem: ramelteon; circadin: melatonin; buccolam: midazolam; librium:
chlordiazepoxide; provigil: modafinil; nuvigil: armodafinil; xyrem: sodium oxybate; wakix: pitolisant; sunosi: solriamfetol; focalin: dexmethylphenidate;
dexedrine: dextroamphetamine; elvanse: lisdexamfetamine dimesylate; equasym: methylphenidate; medikinet: methylphenidate; intuniv: guanfacine; qelbree:
viloxazine; geodon: ziprasidone; latuda: lurasidone; invega: paliperidone; rexulti: brexpiprazole; vraylar: cariprazine; reagila: cariprazine; saphris:
asenapine; solian: amisulpride; largactil: chlorpromazine; thorazine: chlorpromazine; caplyta: lumateperone; nuplazid: pimavanserin; leponex: clozapine;
ingrezza: valbenazine; austedo: deutetrabenazine; priadel: lithium; eskalith: lithium; lithobid: lithium; depakine: valproic acid; epilim: valproic acid;
depakene: valproic acid; trileptal: oxcarbazepine; vimpat: lacosamide; briviact: brivaracetam; zonegran: zonisamide; onfi: clobazam; frisium: clobazam;
fycompa: perampanel; xcopri: cenobamate; ontozry: cenobamate; aptiom: eslicarbazepine; zebinix: eslicarbazepine; banzel: rufinamide; sabril: vigabatrin;
zarontin: ethosuximide; mysoline: primidone; epidiolex: cannabidiol; epidyolex: cannabidiol; fintepla: fenfluramine; epanutin: phenytoin; rivotril:
clonazepam; maxalt: rizatriptan; zomig: zolmitriptan; relpax: eletriptan; amerge: naratriptan; imigran: sumatriptan; reyvow: lasmiditan; nurtec: rimegepant;
vydura: rimegepant; ubrelvy: ubrogepant; qulipta: atogepant; aquipta: atogepant; ajovy: fremanezumab; emgality: galcanezumab; vyepti: eptinezumab; exelon:
rivastigmine; razadyne: galantamine; reminyl: galantamine; ebixa: memantine; requip: ropinirole; mirapex: pramipexole; mirapexin: pramipexole; sifrol:
pramipexole; neupro: rotigotine; azilect: rasagiline; xadago: safinamide; comtan: entacapone; ongentys: opicapone; stalevo: levodopa; madopar: levodopa;
duopa: levodopa; rilutek: riluzole; radicava: edaravone; qalsody: tofersen; copaxone: glatiramer acetate; avonex: interferon beta-1a; rebif: interferon
beta-1a; betaferon: interferon beta-1b; betaseron: interferon beta-1b; aubagio: teriflunomide; tecfidera: dimethyl fumarate; mavenclad: cladribine; lemtrada:
alemtuzumab; kesimpta: ofatumumab; mayzent: siponimod; briumvi: ublituximab; ampyra: dalfampridine; fampyra: dalfampridine; mestinon: pyridostigmine; vyvgart:
efgartigimod alfa; soliris: eculizumab; ultomiris: ravulizumab; spinraza: nusinersen; evrysdi: risdiplam; zolgensma: onasemnogene abeparvovec; xenazine:
tetrabenazine; lioresal: baclofen; zanaflex: tizanidine; flexeril: cyclobenzaprine; robaxin: methocarbamol; skelaxin: metaxalone; dysport: botulinum toxins,
type a; xeomin: botulinum toxins, type a; brufen: ibuprofen; feldene: piroxicam; vioxx: rofecoxib; toradol: ketorolac; indocin: indomethacin; relafen:
nabumetone; ultracet: tramadol; zydol: tramadol; nucynta: tapentadol; palexia: tapentadol; duragesic: fentanyl; durogesic: fentanyl; actiq: fentanyl;
dilaudid: hydromorphone; opana: oxymorphone; oxynorm: oxycodone; targinact: oxycodone; norco: hydrocodone; demerol: meperidine; oramorph: morphine; nyxoid:
naloxone; journavx: suzetrigine; lidoderm: lidocaine; qutenza: capsaicin; savella: milnacipran; zyloprim: allopurinol; zyloric: allopurinol; uloric:
febuxostat; adenuric: febuxostat; colcrys: colchicine; mitigare: colchicine; lodoco: colchicine; krystexxa: pegloticase; plaquenil: hydroxychloroquine; arava:
leflunomide; trexall: methotrexate; imuran: azathioprine; cellcept: mycophenolate mofetil; myfortic: mycophenolic acid; prograf: tacrolimus; advagraf:
tacrolimus; protopic: tacrolimus; neoral: cyclosporine; sandimmune: cyclosporine; restasis: cyclosporine; rapamune: sirolimus; simulect: basiliximab; cimzia:
certolizumab pegol; simponi: golimumab; olumiant: baricitinib; jyseleca: filgotinib; kevzara: sarilumab; kineret: anakinra; ilaris: canakinumab; benlysta:
belimumab; saphnelo: anifrolumab; lupkynis: voclosporin; taltz: ixekizumab; bimzelx: bimekizumab; siliq: brodalumab; kyntheum: brodalumab; ilumya:
tildrakizumab; ilumetri: tildrakizumab; sotyktu: deucravacitinib; cibinqo: abrocitinib; adbry: tralokinumab; adtralza: tralokinumab; ebglyss: lebrikizumab;
nemluvio: nemolizumab; opzelura: ruxolitinib; elidel: pimecrolimus; eucrisa: crisaborole; differin: adapalene; retin a: tretinoin; dovonex: calcipotriene;
soriatane: acitretin; neotigason: acitretin; litfulo: ritlecitinib; aldara: imiquimod; efudex: fluorouracil; efudix: fluorouracil; lamisil: terbinafine;
nizoral: ketoconazole; soolantra: ivermectin; stromectol: ivermectin; xiaflex: collagenase clostridium histolyticum; proair: albuterol; proventil: albuterol;
salamol: albuterol; xopenex: levalbuterol; serevent: salmeterol; seretide: fluticasone; flixotide: fluticasone; flixonase: fluticasone; arnuity: fluticasone;
breo: fluticasone; relvar: fluticasone; trelegy: fluticasone; dulera: mometasone; nasonex: mometasone; asmanex: mometasone; qvar: beclomethasone; clenil:
beclomethasone; fostair: beclomethasone; trimbow: beclomethasone; alvesco: ciclesonide; rhinocort: budesonide; entocort: budesonide; breztri: budesonide;
trixeo: budesonide; nasacort: triamcinolone; atrovent: ipratropium; combivent: ipratropium; duoneb: ipratropium; incruse: umeclidinium; anoro: umeclidinium;
stiolto: tiotropium; tudorza: aclidinium; seebri: glycopyrronium; ultibro: indacaterol; onbrez: indacaterol; daliresp: roflumilast; daxas: roflumilast;
ohtuvayre: ensifentrine; accolate: zafirlukast; zyflo: zileuton; fasenra: benralizumab; cinqair: reslizumab; tezspire: tezepelumab; mucinex: guaifenesin;
tessalon: benzonatate; sudafed: pseudoephedrine; clarinex: desloratadine; aerius: desloratadine; xyzal: levocetirizine; xyzall: levocetirizine; atarax:
hydroxyzine; vistaril: hydroxyzine; piriton: chlorpheniramine; phenergan: promethazine; astelin: azelastine; epipen: epinephrine; neffy: epinephrine; ofev:
nintedanib; esbriet: pirfenidone; kalydeco: ivacaftor; orkambi: lumacaftor; kaftrio: elexacaftor; pulmozyme: dornase alfa; synagis: palivizumab; beyfortus:
nirsevimab; amoxil: amoxicillin; zinacef: cefuroxime; ceftin: cefuroxime; zinnat: cefuroxime; omnicef: cefdinir; suprax: cefixime; rocephin: ceftriaxone;
fortaz: ceftazidime; maxipime: cefepime; fetroja: cefiderocol; fetcroja: cefiderocol; zosyn: piperacillin, tazobactam drug combination; tazocin: piperacillin,
tazobactam drug combination; merrem: meropenem; meronem: meropenem; invanz: ertapenem; biaxin: clarithromycin; klaricid: clarithromycin; zmax: azithromycin;
ciproxin: ciprofloxacin; tavanic: levofloxacin; avelox: moxifloxacin; vibramycin: doxycycline; doryx: doxycycline; minocin: minocycline; tygacil: tigecycline;
cleocin: clindamycin; dalacin: clindamycin; septra: sulfamethoxazole; septrin: sulfamethoxazole; macrobid: nitrofurantoin; macrodantin: nitrofurantoin;
monurol: fosfomycin; hiprex: methenamine; vancocin: vancomycin; zyvox: linezolid; zyvoxid: linezolid; cubicin: daptomycin; dalvance: dalbavancin; xydalba:
dalbavancin; bicillin: penicillin g benzathine; sirturo: bedaquiline; rifadin: rifampin; priftin: rifapentine; sporanox: itraconazole; vfend: voriconazole;
noxafil: posaconazole; cresemba: isavuconazole; cancidas: caspofungin; mycamine: micafungin; ambisome: amphotericin b; malarone: atovaquone; lariam:
mefloquine; krintafel: tafenoquine; relenza: zanamivir; xofluza: baloxavir; lagevrio: molnupiravir; famvir: famciclovir; valcyte: valganciclovir; cytovene:
ganciclovir; prevymis: letermovir; livtencity: maribavir; baraclude: entecavir; viread: tenofovir; vemlidy: tenofovir; epivir: lamivudine; sovaldi:
sofosbuvir; harvoni: ledipasvir; epclusa: sofosbuvir; mavyret: glecaprevir; maviret: glecaprevir; zepatier: elbasvir; pegasys: peginterferon alfa-2a; rebetol:
ribavirin; tivicay: dolutegravir; triumeq: dolutegravir; dovato: dolutegravir; juluca: dolutegravir; isentress: raltegravir; genvoya: elvitegravir; stribild:
elvitegravir; descovy: emtricitabine; atripla: efavirenz; sustiva: efavirenz; edurant: rilpivirine; prezista: darunavir; symtuza: darunavir; reyataz:
atazanavir; kaletra: lopinavir; norvir: ritonavir; selzentry: maraviroc; celsentri: maraviroc; sunlenca: lenacapavir; yeztugo: lenacapavir; apretude:
cabotegravir; cabenuva: cabotegravir; vocabria: cabotegravir; retrovir: zidovudine; ziagen: abacavir; evusheld: tixagevimab; vermox: mebendazole; egaten:
triclabendazole; biltricide: praziquantel; adcetris: brentuximab vedotin; alecensa: alectinib; alimta: pemetrexed; abraxane: paclitaxel; taxol: paclitaxel;
taxotere: docetaxel; jevtana: cabazitaxel; halaven: eribulin; xeloda: capecitabine; lonsurf: trifluridine; gemzar: gemcitabine; temodar: temozolomide;
temodal: temozolomide; camptosar: irinotecan; onivyde: irinotecan; eloxatin: oxaliplatin; nolvadex: tamoxifen; soltamox: tamoxifen; aromasin: exemestane;
faslodex: fulvestrant; orserdu: elacestrant; kisqali: ribociclib; verzenio: abemaciclib; verzenios: abemaciclib; piqray: alpelisib; truqap: capivasertib;
afinitor: everolimus; perjeta: pertuzumab; kadcyla: ado-trastuzumab emtansine; enhertu: trastuzumab deruxtecan; trodelvy: sacituzumab govitecan; tykerb:
lapatinib; tyverb: lapatinib; nerlynx: neratinib; zejula: niraparib; rubraca: rucaparib; talzenna: talazoparib; erleada: apalutamide; nubeqa: darolutamide;
casodex: bicalutamide; xofigo: radium; bavencio: avelumab; libtayo: cemiplimab; jemperli: dostarlimab; opdualag: relatlimab; tafinlar: dabrafenib; mekinist:
trametinib; zelboraf: vemurafenib; braftovi: encorafenib; mektovi: binimetinib; cotellic: cobimetinib; iressa: gefitinib; tarceva: erlotinib; gilotrif:
afatinib; giotrif: afatinib; rybrevant: amivantamab; xalkori: crizotinib; lorbrena: lorlatinib; lorviqua: lorlatinib; alunbrig: brigatinib; lumakras:
sotorasib; lumykras: sotorasib; krazati: adagrasib; retevmo: selpercatinib; tabrecta: capmatinib; tepmetko: tepotinib; vitrakvi: larotrectinib; erbitux:
cetuximab; vectibix: panitumumab; stivarga: regorafenib; cyramza: ramucirumab; zaltrap: aflibercept; eylea: aflibercept; lucentis: ranibizumab; vabysmo:
faricimab; beovu: brolucizumab; syfovre: pegcetacoplan; izervay: avacincaptad pegol; nexavar: sorafenib; sutent: sunitinib; votrient: pazopanib; inlyta:
axitinib; cabometyx: cabozantinib; lenvima: lenvatinib; fotivda: tivozanib; welireg: belzutifan; padcev: enfortumab vedotin; balversa: erdafitinib; glivec:
imatinib; sprycel: dasatinib; tasigna: nilotinib; bosulif: bosutinib; iclusig: ponatinib; scemblix: asciminib; jakafi: ruxolitinib; jakavi: ruxolitinib;
imbruvica: ibrutinib; calquence: acalabrutinib; brukinsa: zanubrutinib; jaypirca: pirtobrutinib; venclexta: venetoclax; venclyxto: venetoclax; gazyva:
obinutuzumab; gazyvaro: obinutuzumab; mabthera: rituximab; polivy: polatuzumab vedotin; columvi: glofitamab; epkinly: epcoritamab; blincyto: blinatumomab;
besponsa: inotuzumab ozogamicin; kymriah: tisagenlecleucel; yescarta: axicabtagene ciloleucel; breyanzi: lisocabtagene maraleucel; carvykti: ciltacabtagene
autoleucel; abecma: idecabtagene vicleucel; darzalex: daratumumab; sarclisa: isatuximab; kyprolis: carfilzomib; ninlaro: ixazomib; pomalyst: pomalidomide;
imnovid: pomalidomide; thalomid: thalidomide; tecvayli: teclistamab; vidaza: azacitidine; dacogen: decitabine; xospata: gilteritinib; rydapt: midostaurin;
tibsovo: ivosidenib; reblozyl: luspatercept; promacta: eltrombopag; revolade: eltrombopag; nplate: romiplostim; hydrea: hydroxyurea; adakveo: crizanlizumab;
oxbryta: voxelotor; casgevy: exagamglogene autotemcel; neupogen: filgrastim; neulasta: pegfilgrastim; epogen: epoetin alfa; procrit: epoetin alfa; eprex:
epoetin alfa; aranesp: darbepoetin alfa; mircera: methoxy polyethylene glycol-epoetin beta; evrenzo: roxadustat; venofer: ferric oxide, saccharated;
injectafer: ferric carboxymaltose; ferinject: ferric carboxymaltose; exjade: deferasirox; hemlibra: emicizumab; renvela: sevelamer; renagel: sevelamer;
fosrenol: lanthanum carbonate; velphoro: ferric oxyhydroxide; veltassa: patiromer; lokelma: sodium zirconium cyclosilicate; kayexalate: polystyrene sulfonic
acid; filspari: sparsentan; fabhalta: iptacopan; tavneos: avacopan; xalatan: latanoprost; lumigan: bimatoprost; travatan: travoprost; timoptic: timolol;
trusopt: dorzolamide; cosopt: dorzolamide; azopt: brinzolamide; alphagan: brimonidine; xiidra: lifitegrast; tepezza: teprotumumab; crysvita: burosumab;
takhzyro: lanadelumab; firazyr: icatibant; strensiq: asfotase alfa; cerezyme: imiglucerase; fabrazyme: agalsidase beta; onpattro: patisiran; amvuttra:
vutrisiran; tegsedi: inotersen; kuvan: sapropterin; ozurdex: dexamethasone; diprivan: propofol; giapreza: angiotensin ii; acthar: adrenocorticotropic hormone;
synacthen: cosyntropin; oxytrol: oxybutynin; syntocinon: oxytocin; pitocin: oxytocin; hemabate: carboprost; mifeprex: mifepristone; korlym: mifepristone;
disprin: aspirin; ecotrin: aspirin; excedrin: aspirin; anadin: aspirin; klor con: potassium chloride; slow k: potassium chloride; norflex: orphenadrine;
dyazide: triamterene; zestoretic: lisinopril; caduet: amlodipine; humulin: insulin; novolin: insulin; xigduo: dapagliflozin; bactroban: mupirocin; elocon:
mometasone; temovate: clobetasol; dermovate: clobetasol; lotrisone: clotrimazole; canesten: clotrimazole; pataday: olopatadine; zurampic: lesinurad; kanuma:
sebelipase alfa; empliciti: elotuzumab; portrazza: necitumumab; yondelis: trabectedin; aristada: aripiprazole; xuriden: uridine triacetate; varubi:
rolapitant; addyi: flibanserin; daklinza: daclatasvir; odomzo: sonidegib; viberzi: eluxadoline; kybella: deoxycholic acid; unituxin: dinutuximab; avycaz:
ceftazidime; farydak: panobinostat; natpara: parathyroid hormone
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
