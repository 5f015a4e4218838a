"""Classes of medicines with the stems of their members' names: facts of WHO's lists of stems of international nonproprietary names (INN).

Each line: a class, by its MeSH heading, or its own name where it has none; what else it is called; what its members are called. ``-olol`` is how names end,
``cef-`` how they begin, a word is a whole name, ``!`` a name that has a stem and is of another class, ``>`` a wider class that all members are of;
``_`` is a blank. A class with ``~`` has no heading.
"""

from typing import Final

TABLE: Final = """\
Adrenergic beta-Antagonists | | -olol -alol -dilol !stanozolol >Antihypertensive_Agents
Adrenergic alpha-Antagonists | | -azosin tamsulosin silodosin phentolamine phenoxybenzamine >Antihypertensive_Agents
Adrenergic alpha-1 Receptor Antagonists | | -azosin tamsulosin silodosin
Angiotensin-Converting Enzyme Inhibitors | acei | -pril -prilat >Antihypertensive_Agents >Renin-Angiotensin_System_Inhibitors
Angiotensin Receptor Antagonists | sartan | -sartan >Antihypertensive_Agents >Renin-Angiotensin_System_Inhibitors
Angiotensin II Type 1 Receptor Blockers | | -sartan
~Renin-Angiotensin System Inhibitors | raas inhibitor; raas blocker; renin-angiotensin system blocker | aliskiren
Calcium Channel Blockers | | -dipine verapamil gallopamil diltiazem clevidipine >Antihypertensive_Agents
Sodium Chloride Symporter Inhibitors | thiazide diuretic; thiazide-like diuretic | -thiazide chlorthalidone chlortalidone indapamide metolazone xipamide >Diuretics >Antihypertensive_Agents
Thiazides | | -thiazide
Sodium Potassium Chloride Symporter Inhibitors | | furosemide frusemide torasemide torsemide azosemide bumetanide ethacrynic_acid >Diuretics
Mineralocorticoid Receptor Antagonists | aldosterone antagonist; aldosterone receptor antagonist | spironolactone eplerenone finerenone esaxerenone apararenone canrenone canrenoate >Diuretics
Carbonic Anhydrase Inhibitors | | -zolamide >Diuretics
Diuretics | | amiloride triamterene mannitol
Antihypertensive Agents | blood pressure medication; blood pressure medicine; blood pressure tablet; blood pressure pill; blood pressure drug; blood pressure treatment; blood pressure lowering drug; blood pressure lowering medication; blood pressure lowering treatment | hydralazine methyldopa clonidine minoxidil moxonidine aprocitentan
Hydroxymethylglutaryl-CoA Reductase Inhibitors | statin; hmg-coa reductase inhibitor | -vastatin >Hypolipidemic_Agents
Fibric Acids | fibrate | -fibrate gemfibrozil >Hypolipidemic_Agents
PCSK9 Inhibitors | pcsk9 antibody; pcsk9 monoclonal antibody | alirocumab evolocumab bococizumab tafolecimab inclisiran >Hypolipidemic_Agents
Hypolipidemic Agents | lipid-lowering drug; lipid-lowering therapy; lipid-lowering treatment; cholesterol drug; cholesterol medication; cholesterol medicine; cholesterol tablet; cholesterol pill; cholesterol-lowering drug; cholesterol-lowering medication; cholesterol-lowering medicine; cholesterol-lowering treatment | ezetimibe niacin colestyramine cholestyramine colesevelam colestipol lomitapide bempedoic_acid
Factor Xa Inhibitors | xaban | -xaban fondaparinux >Anticoagulants >direct_oral_anticoagulant
Antithrombins | direct thrombin inhibitor; thrombin inhibitor | -gatran -irudin argatroban >Anticoagulants
~direct oral anticoagulant | | apixaban rivaroxaban edoxaban dabigatran betrixaban
~vitamin K antagonist | coumarin anticoagulant | warfarin acenocoumarol phenprocoumon fluindione dicoumarol phenindione >Anticoagulants
Anticoagulants | | -parin -parinux
Platelet Aggregation Inhibitors | | -grel -grelor ticlopidine aspirin acetylsalicylic_acid dipyridamole cilostazol tirofiban eptifibatide abciximab vorapaxar
Purinergic P2Y Receptor Antagonists | p2y12 inhibitor; p2y12 antagonist; p2y12 receptor inhibitor; p2y12 receptor antagonist; thienopyridine | -grel -grelor ticlopidine !ozagrel !ridogrel !terbogrel
Fibrinolytic Agents | thrombolytic; thrombolytic agent; thrombolytic drug | -teplase streptokinase urokinase
Phosphodiesterase 5 Inhibitors | | -afil
Endothelin Receptor Antagonists | | -entan >Antihypertensive_Agents
Antidiuretic Hormone Receptor Antagonists | vaptan; vasopressin antagonist; vasopressin receptor antagonist | -vaptan
Anti-Arrhythmia Agents | | amiodarone dronedarone flecainide propafenone dofetilide ibutilide sotalol quinidine procainamide disopyramide vernakalant
Vasoconstrictor Agents | vasopressor | norepinephrine noradrenaline vasopressin terlipressin phenylephrine epinephrine adrenaline ephedrine
Sodium-Glucose Transporter 2 Inhibitors | sglt2 inhibitor; gliflozin | -gliflozin >Hypoglycemic_Agents
Dipeptidyl-Peptidase IV Inhibitors | dpp-4 inhibitor; gliptin | -gliptin >Hypoglycemic_Agents
Glucagon-Like Peptide-1 Receptor Agonists | glp-1 receptor agonist | -glutide -enatide -glipron tirzepatide !teduglutide !apraglutide !glepaglutide !elsiglutide >Hypoglycemic_Agents
Thiazolidinediones | | -glitazone >Hypoglycemic_Agents
Sulfonylurea Compounds | | gliclazide glibenclamide glyburide glipizide glimepiride gliquidone tolbutamide chlorpropamide tolazamide >Hypoglycemic_Agents
Hypoglycemic Agents | antidiabetic; antidiabetic drug; diabetes drug; glucose-lowering drug; glucose-lowering therapy | insulin metformin -glinide acarbose miglitol
Glucocorticoids | glucocorticosteroid | predni- !prednimustine -methasone -metasone fluticasone hydrocortisone cortisone budesonide -cinonide desonide ciclesonide triamcinolone fluocinolone clobetasol deflazacort >Adrenal_Cortex_Hormones
Adrenal Cortex Hormones | | fludrocortisone
Anti-Inflammatory Agents, Non-Steroidal | | -profen -oxicam -coxib -fenac -fenamate -fenamic_acid ketorolac indomethacin indometacin sulindac etodolac naproxen nabumetone aspirin acetylsalicylic_acid
Cyclooxygenase 2 Inhibitors | cox-2 inhibitor; coxib | -coxib
Diphosphonates | | -dronate -dronic_acid >Bone_Density_Conservation_Agents
Bone Density Conservation Agents | osteoporosis drug; osteoporosis medication; antiresorptive; antiresorptive drug | denosumab romosozumab -paratide raloxifene
Selective Estrogen Receptor Modulators | | -oxifene tamoxifen toremifene clomifene clomiphene enclomifene ospemifene
Aromatase Inhibitors | | -trozole !tenonitrozole exemestane formestane
5-alpha Reductase Inhibitors | | -steride
Androgen Antagonists | antiandrogen | -lutamide !aceglutamide cyproterone
~GnRH agonists | gnrh analogue; gnrh analog; gonadotropin-releasing hormone agonist; lhrh agonist; lhrh analogue | leuprolide leuprorelin goserelin triptorelin buserelin nafarelin histrelin
~somatostatin analogues | somatostatin analog; somatostatin receptor ligand | octreotide lanreotide pasireotide
Selective Serotonin Reuptake Inhibitors | | fluoxetine paroxetine dapoxetine sertraline citalopram escitalopram fluvoxamine >Antidepressive_Agents
Serotonin and Noradrenaline Reuptake Inhibitors | snri; serotonin-norepinephrine reuptake inhibitor | -faxine duloxetine -nacipran >Antidepressive_Agents
Antidepressive Agents, Tricyclic | tricyclic; tricyclic antidepressant | -triptyline -pramine doxepin amoxapine dosulepin dothiepin !mepramine >Antidepressive_Agents
Monoamine Oxidase Inhibitors | | -giline phenelzine tranylcypromine isocarboxazid moclobemide >Antidepressive_Agents
Antidepressive Agents | | bupropion mirtazapine trazodone agomelatine vortioxetine esketamine nefazodone mianserin maprotiline reboxetine vilazodone
Antipsychotic Agents | neuroleptic | -peridone -peridol -piprazole -sidone -thixol cariprazine olanzapine quetiapine clozapine asenapine loxapine amisulpride sulpiride chlorpromazine fluphenazine perphenazine pimozide pimavanserin xanomeline !domperidone
Benzodiazepines | | -azepam -zolam clobazam chlordiazepoxide clorazepate >Hypnotics_and_Sedatives >Anti-Anxiety_Agents
~Z-drugs | z drug; nonbenzodiazepine hypnotic | zolpidem zopiclone eszopiclone zaleplon >Hypnotics_and_Sedatives
Orexin Receptor Antagonists | orexin antagonist; dual orexin receptor antagonist | -orexant >Hypnotics_and_Sedatives
Barbiturates | | -barbital -barbitone thiopental pentobarbital >Hypnotics_and_Sedatives
Hypnotics and Sedatives | sleeping pill; sleeping tablet; sedative; hypnotic | dexmedetomidine propofol ramelteon doxylamine
Anti-Anxiety Agents | anxiolytic | buspirone hydroxyzine
Anticonvulsants | antiseizure medication; antiseizure drug; anti-seizure medication; antiepileptic; antiepileptic drug | valproate valproic_acid carbamazepine oxcarbazepine eslicarbazepine phenytoin fosphenytoin mephenytoin ethotoin lamotrigine levetiracetam brivaracetam topiramate lacosamide zonisamide perampanel cenobamate vigabatrin felbamate rufinamide ethosuximide primidone phenobarbital clobazam clonazepam cannabidiol
~gabapentinoids | gabapentinoid | gabapentin pregabalin mirogabalin >Anticonvulsants
Serotonin 5-HT1 Receptor Agonists | triptan | -triptan
Calcitonin Gene-Related Peptide Receptor Antagonists | gepant; cgrp antagonist; cgrp inhibitor; cgrp receptor antagonist | -gepant
~CGRP antibodies | cgrp monoclonal antibody; anti-cgrp; anti-cgrp antibody; cgrp-targeted antibody | erenumab fremanezumab galcanezumab eptinezumab >Antibodies,_Monoclonal
Cholinesterase Inhibitors | acetylcholinesterase inhibitor | -stigmine donepezil galantamine tacrine
Serotonin 5-HT3 Receptor Antagonists | setron | -setron >Antiemetics
Neurokinin-1 Receptor Antagonists | nk1 antagonist; nk1 receptor antagonist | -pitant >Antiemetics
Antiemetics | | metoclopramide domperidone
Analgesics, Opioid | | -fentanil -fentanyl morphine codeine oxycodone hydrocodone oxymorphone hydromorphone tramadol tapentadol methadone levomethadone buprenorphine pethidine meperidine nalbuphine butorphanol oliceridine
Narcotic Antagonists | opioid antagonist | naloxone naltrexone nalmefene methylnaltrexone naldemedine naloxegol
Anesthetics, Local | | -caine
Anesthetics, Inhalation | volatile anaesthetic; volatile anesthetic; inhalational anaesthetic; inhaled anaesthetic | -flurane
Neuromuscular Nondepolarizing Agents | | -curium -curonium !curium >Neuromuscular_Blocking_Agents
Neuromuscular Blocking Agents | | succinylcholine suxamethonium
Central Nervous System Stimulants | stimulant medication; psychostimulant | -amfetamine -amphetamine methylphenidate dexmethylphenidate modafinil armodafinil
Dopamine Agonists | | pramipexole ropinirole rotigotine bromocriptine cabergoline apomorphine pergolide >Antiparkinson_Agents
Catechol O-Methyltransferase Inhibitors | comt inhibitor | -capone >Antiparkinson_Agents
Antiparkinson Agents | | levodopa amantadine safinamide rasagiline selegiline
Muscarinic Antagonists | anticholinergic | -tropium -clidinium glycopyrronium glycopyrrolate oxybutynin tolterodine fesoterodine -fenacin trospium atropine scopolamine hyoscine
~long-acting muscarinic antagonists | long-acting anticholinergic | tiotropium aclidinium umeclidinium glycopyrronium glycopyrrolate revefenacin >Bronchodilator_Agents
~long-acting beta-agonists | long-acting beta2-agonist; long-acting beta-2 agonist | salmeterol formoterol arformoterol indacaterol vilanterol olodaterol >Bronchodilator_Agents
Adrenergic beta-2 Receptor Agonists | | -terol salbutamol terbutaline !-sterol !prenalterol !xamoterol >Bronchodilator_Agents
Adrenergic beta-3 Receptor Agonists | | -begron
Bronchodilator Agents | | ipratropium theophylline aminophylline
Leukotriene Antagonists | | -lukast
~inhaled corticosteroids | inhaled steroid; inhaled glucocorticoid | budesonide fluticasone beclometasone beclomethasone ciclesonide mometasone
Histamine H2 Antagonists | h2 blocker; h2 antagonist; h2 receptor antagonist; h2ra | cimetidine ranitidine famotidine nizatidine roxatidine lafutidine >Histamine_Antagonists
Histamine H1 Antagonists | h1 blocker; h1 antagonist; h1 antihistamine | -cetirizine loratadine desloratadine rupatadine cyproheptadine fexofenadine terfenadine -astine diphenhydramine chlorpheniramine chlorphenamine promethazine hydroxyzine doxylamine !-blastine !nitracrastine >Histamine_Antagonists
Histamine Antagonists | |
Proton Pump Inhibitors | prazole | -prazole vonoprazan !-piprazole
~potassium-competitive acid blockers | p-cab; potassium competitive acid blocker | vonoprazan tegoprazan fexuprazan keverprazan zastaprazan
Penicillins | | -cillin >beta-Lactams
Cephalosporins | | cef- cephalexin cephalothin cephaloridine cephradine cephapirin cephaloglycin loracarbef >beta-Lactams
Carbapenems | | -penem !faropenem !sulopenem >beta-Lactams
beta-Lactams | beta-lactam antibiotic; beta-lactam | aztreonam >Anti-Bacterial_Agents
beta-Lactamase Inhibitors | | -bactam clavulanate clavulanic_acid
Fluoroquinolones | | -floxacin enoxacin fleroxacin >Quinolones
Quinolones | quinolone antibiotic | nalidixic_acid oxolinic_acid >Anti-Bacterial_Agents
Macrolides | macrolide antibiotic | -thromycin fidaxomicin spiramycin josamycin troleandomycin oleandomycin >Anti-Bacterial_Agents
Tetracyclines | tetracycline antibiotic | -cycline >Anti-Bacterial_Agents
Aminoglycosides | aminoglycoside antibiotic | -kacin gentamicin tobramycin streptomycin neomycin kanamycin netilmicin paromomycin plazomicin sisomicin >Anti-Bacterial_Agents
Glycopeptides | glycopeptide antibiotic | vancomycin -vancin teicoplanin norvancomycin >Anti-Bacterial_Agents
Lincosamides | | clindamycin lincomycin >Anti-Bacterial_Agents
Oxazolidinones | | -zolid >Anti-Bacterial_Agents
Nitroimidazoles | | -nidazole >Anti-Bacterial_Agents
Rifamycins | | rifampin rifampicin rifamycin rifabutin rifapentine rifaximin >Anti-Bacterial_Agents
Polymyxins | | colistin colistimethate polymyxin_b >Anti-Bacterial_Agents
Antitubercular Agents | tuberculosis drug; anti-tuberculosis drug | isoniazid pyrazinamide ethambutol bedaquiline pretomanid delamanid rifampin rifampicin rifapentine
Anti-Bacterial Agents | | sulfamethoxazole trimethoprim co-trimoxazole cotrimoxazole nitrofurantoin fosfomycin daptomycin chloramphenicol mupirocin methenamine
Azoles | azole antifungal | -conazole isavuconazonium >Antifungal_Agents
Echinocandins | | -fungin !sinefungin >Antifungal_Agents
Antifungal Agents | antifungal; antifungal drug; antimycotic | amphotericin_b terbinafine naftifine nystatin griseofulvin flucytosine
~Neuraminidase Inhibitors | neuraminidase inhibitor | oseltamivir zanamivir peramivir laninamivir >Antiviral_Agents
HIV Protease Inhibitors | | -navir >Antiviral_Agents
HIV Integrase Inhibitors | integrase strand transfer inhibitor; insti | -tegravir >Antiviral_Agents
Reverse Transcriptase Inhibitors | | -vudine -virine nevirapine efavirenz tenofovir abacavir emtricitabine >Antiviral_Agents
Antiviral Agents | | -vir -vudine ribavirin
Antimalarials | | artesunate artemether artemisinin -quine !flumequine !oxamniquine !centhaquine
Anthelmintics | | -bendazole ivermectin moxidectin praziquantel pyrantel
Janus Kinase Inhibitors | jak inhibitor; jakinib | -citinib ruxolitinib fedratinib momelotinib >Tyrosine_Kinase_Inhibitors
~BTK inhibitors | btk inhibitor; bruton tyrosine kinase inhibitor | ibrutinib acalabrutinib zanubrutinib -brutinib >Tyrosine_Kinase_Inhibitors
~EGFR inhibitors | egfr inhibitor; egfr tyrosine kinase inhibitor; egfr tki | osimertinib gefitinib erlotinib afatinib dacomitinib lazertinib icotinib almonertinib aumolertinib
~ALK inhibitors | alk inhibitor; alk tyrosine kinase inhibitor | crizotinib alectinib ceritinib brigatinib lorlatinib ensartinib
Tyrosine Kinase Inhibitors | tki | -tinib !-metinib >Protein_Kinase_Inhibitors
~BRAF inhibitors | braf inhibitor | vemurafenib dabrafenib encorafenib >Protein_Kinase_Inhibitors
~MEK inhibitors | mek inhibitor | trametinib cobimetinib binimetinib selumetinib >Protein_Kinase_Inhibitors
~CDK4/6 inhibitors | CDK 4/6 inhibitor; cyclin-dependent kinase 4/6 inhibitor | palbociclib ribociclib abemaciclib dalpiciclib -ciclib >Protein_Kinase_Inhibitors
Protein Kinase Inhibitors | kinase inhibitor | -rafenib -metinib nintedanib pazopanib cediranib vatalanib idelalisib
Poly(ADP-ribose) Polymerase Inhibitors | | -parib
Proteasome Inhibitors | | -zomib
MTOR Inhibitors | | -rolimus !-crolimus >Immunosuppressive_Agents
Calcineurin Inhibitors | | -crolimus cyclosporine ciclosporin cyclosporin voclosporin >Immunosuppressive_Agents
Immunosuppressive Agents | | azathioprine methotrexate mycophenolate mycophenolic_acid basiliximab belatacept antithymocyte_globulin
Sphingosine 1 Phosphate Receptor Modulators | s1p modulator; s1p receptor modulator | fingolimod siponimod ozanimod ponesimod etrasimod
Taxoids | taxane | -taxel
Anthracyclines | | -rubicin
Vinca Alkaloids | | vinblastine vincristine vinorelbine vindesine vinflunine
Platinum Compounds | platinum chemotherapy; platinum-based chemotherapy; platinum agent | -platin
Topoisomerase I Inhibitors | | -tecan
Immune Checkpoint Inhibitors | checkpoint inhibitor; checkpoint blockade | ipilimumab tremelimumab relatlimab >Antibodies,_Monoclonal
~PD-1 inhibitor | | pembrolizumab nivolumab cemiplimab dostarlimab tislelizumab toripalimab sintilimab camrelizumab retifanlimab penpulimab zimberelimab serplulimab >Immune_Checkpoint_Inhibitors
~PD-L1 inhibitors | pd-l1 inhibitor; anti-pd-l1; pd-l1 antibody | atezolizumab durvalumab avelumab sugemalimab envafolimab >Immune_Checkpoint_Inhibitors
~TNF inhibitor | | adalimumab infliximab golimumab certolizumab etanercept >Biological_Products
Antibodies, Monoclonal | therapeutic antibody | -mab >Biological_Products
Biological Products | biologic; biologic drug; biologic agent; biologic therapy; biological therapy; biological agent | abatacept anakinra rilonacept
~IL-17 inhibitors | interleukin-17 inhibitor; anti-IL-17; il-17 antagonist; anti-il-17 antibody; il-17a inhibitor; interleukin-17a inhibitor | secukinumab ixekizumab brodalumab bimekizumab
~IL-23 inhibitors | interleukin-23 inhibitor; anti-IL-23; anti-il-23 antibody | guselkumab risankizumab tildrakizumab mirikizumab
~IL-5 inhibitors | il-5 antagonist; anti-il-5; anti-il-5 antibody; interleukin-5 inhibitor; interleukin-5 antagonist | mepolizumab reslizumab benralizumab depemokimab
Interleukin-6 Inhibitors | il-6 inhibitor; interleukin-6 inhibitor; il-6 antagonist; il-6 receptor antagonist; il-6 blocker; anti-il-6 | tocilizumab sarilumab satralizumab siltuximab
~IL-1 inhibitors | il-1 inhibitor; il-1 antagonist; il-1 blocker; interleukin-1 inhibitor; anti-il-1 | anakinra canakinumab rilonacept
~IL-13 inhibitors | il-13 inhibitor; anti-il-13; anti-il-13 antibody | tralokinumab lebrikizumab
~anti-CD20 antibodies | anti-cd20; cd20 antibody; anti-cd20 antibody; anti-cd20 monoclonal antibody; anti-cd20 therapy; b-cell depleting therapy | rituximab ocrelizumab ofatumumab obinutuzumab ublituximab
~anti-CD38 antibodies | anti-cd38; cd38 antibody; anti-cd38 antibody; anti-cd38 monoclonal antibody | daratumumab isatuximab
~anti-VEGF | vegf inhibitor; anti-vegf agent; anti-vegf drug; anti-vegf therapy; anti-vegf injection; anti-vegf treatment | bevacizumab ranibizumab aflibercept brolucizumab faricimab pegaptanib
~anti-HER2 antibodies | anti-her2; anti-her2 antibody; anti-her2 therapy; her2-targeted therapy | trastuzumab pertuzumab margetuximab
~anti-amyloid antibodies | anti-amyloid; anti-amyloid antibody; amyloid antibody; anti-amyloid therapy; anti-amyloid monoclonal antibody; amyloid-targeting antibody | lecanemab donanemab aducanumab gantenerumab solanezumab bapineuzumab
~C5 inhibitors | complement c5 inhibitor | eculizumab ravulizumab crovalimab zilucoplan
~anti-IgE | anti-ige antibody; anti-ige therapy | omalizumab ligelizumab
~FcRn inhibitors | fcrn inhibitor; fcrn antagonist; fcrn blocker; neonatal fc receptor antagonist | efgartigimod rozanolixizumab nipocalimab batoclimab
~HIF prolyl hydroxylase inhibitors | hif-phi; hif prolyl hydroxylase inhibitor; hypoxia-inducible factor prolyl hydroxylase inhibitor | roxadustat daprodustat vadadustat enarodustat molidustat
Hematinics | erythropoiesis-stimulating agent; erythropoietin-stimulating agent | -poetin
Gout Suppressants | urate-lowering therapy; urate-lowering drug | allopurinol febuxostat topiroxostat -urad probenecid benzbromarone pegloticase
Prostaglandins, Synthetic | prostaglandin analogue; prostaglandin analog | -prost misoprostol
"""
