"""Words of questions and of research that name no topic: judging, comparing, measuring, counting.

"Is early surgery an effective option?" is about surgery. What is left out here is not searched for, and a
word that is missing here is: so the list is long, and holds no name of a thing.
"""

from __future__ import annotations

from ..words import word_set
from .spoken_words import SPOKEN

EVERYDAY = SPOKEN | word_set(
    """
line lines
abandon abandoned ability able absence absolute abstract accelerate accelerated accept
acceptable acceptance accepted accompany accomplish accordance account accounts accumulate
accuracy accurate accurately achieve acknowledge acquire acquisition act action active actual
adapt adaptation adapted add addition additional address adequacy adequate adequately adhere
adjunct adjunctive adjust adjusted adjustment adopt adopted adopter adopters adoption advance
advanced advances advantage advantageous advent adverse advice advisable advise affect affected
affecting affordable african africans after age aged agent agents ages aggressive aggressively
ago agree agreement aid aim aimed aims akin al alike allocate allow almost alone along alter
alternative although always american americans amount ample analogous analyse analyses analysis
analyze another answer anti anticipate anticipated apart apparent apparently appealing appear
applicable application applied apply approach appropriate appropriately approve arab arbitrary
arguable argue argument arise arises arising around arrange art asian asians ask aspect aspects
assess assessed assessing assessment assign assist assistance assisted associate associated
association associations assume assumption assumptions assurance attain attempt attempting
attempts attend attended attending attract attractive attributable attribute audit augment
australian australians authentic automatic automatically available avoid avoiding await aware
back bad balanced barrier barriers base based basic basically basis battle become begin behave
being believe below benchmark beneficial benefit benefits best better beware beyond big blame
blamed blind body bold boost both bound boundaries boundary bridge brief briefly bring brings
british broad build built burdensome calculate calculated calculation call canadian canadians
candidate capable capacity capture carry case cases cause caused causes causing cautious
cautiously caveat caveats ceiling center centers centre centres certain cf challenge challenged
challenges challenging champion chance change changed changes changing characterise
characteristic characteristics characterize chase cheap cheaper check checked checking checklist
chinese choice choose chosen chronological circumstance circumstances cities city claim claims
clarify classic classical classified classify classifying clean clear clearly clinical
clinically close closely cluster clusters coexist coexistence cohesive cohort cohorts coincide
collaborate collaboration collaborative collect collected collection combination combine
combined come comes commence commitment common commonly comparable comparative comparatively
comparator compare compared comparing comparison compatible compelling compensate compete
competing competitive complementary complete completed completely completing completion complex
complicate complicated component comprehensive comprise compromise compulsory concept concern
concerning concerns conclude conclusion concomitant concordance concordant concurrent condition
conditional conditions conduct confer confidence confident confined confirm confirmed conflict
conflicting conflicts conform confuse confusing confusion congruence congruent connect connected
connection consecutive consensus consequence consequences consequent consequently conservative
consider consideration considered consistency consistent consistently constant constitute
constraint constraints construct constructs consult contain containing contemporary content
contents contest context continue contraindicate contraindicated contraindication contrary
contrast contribute contributes contributing contribution contributor contributors control
controlled controversial controversy convenient conventional converge conversion convert
converted convince convincing cope coping core corner correct corrected correction correctly
correlate correlated correlates correlation correspond corroborate cost could count counted
counterpart countries country counts couple course courses cover covering create creates
creating creation credible crisis criteria criterion critical critically critique cross crossing
crucial cue cues culprit curative cure cures curious current currently custom cut cutoff cutting
daily danger dangerous dangers danish dark data date de deal dealing dear debate decide deciding
decision decisions decline declined declines decompose decrease decreased decreases decreasing
dedicated deem deep deeper deepest deeply default defend deficient deficit deficits define
defined defines defining definite definition definitive degree delay delayed delays deliberate
deliberately deliver delivered delivery demand demanding demands demonstrate demonstrated
demonstrates demonstrating deny departure depend dependent depends depict depth derive derived
describe description descriptive design designed desirable desire desired despite destination
destiny detail detailed details detect detected detecting deteriorate deterioration determinant
determinants determine determined determines determining detrimental develop developed
developing development deviation devise devote dictate differ difference differences different
differential differentially differentiate differentiating differentiation differently difficult
dilemma dimension dimensions diminish diminished diminishing direct directly disadvantage
disappear disappoint disappointing discipline discordance discordant discourage discouraging
discover discrepancy discrete discriminate discriminating discrimination discriminative discuss
disease diseases disorder disorders disparate disparities disparity display dispute disregard
dissociate distinct distinction distinctive distinguish distinguishing distribute distributed
distribution disturbing diverse diversity divide divided dividing does domain domains dominant
dominate done door dosage dosages dose doses double doubt downside dramatic dramatically draw
drawback drawbacks drawing drawn drive driven driver drivers drives driving drop dropped
dropping drug drugs dual dubious due dull durable duration during dutch dynamic dynamics eager
earlier early earn ease easier easily eastern easy edge educate effect effective effectively
effectiveness effects effectual efficacious efficacy efficiency efficient efficiently effort
eight elevate elevated eleven eligible eliminate else elsewhere elucidate elude embed embrace
emerge emerged emergence emerging emphasis emphasise emphasize empirical employ employed
employing en enable enables encounter encountered encourage encouraging end endanger endeavour
endorse engage engaged engagement english enhance enhanced enhancement enhances enhancing
enlarge enormous enough enrich enrolling ensure ensuring entail enter entering entire entirely
entitle entity environment environments equal equality equally equation equip equipped equity
equivalence equivalent equivocal era erroneous error errors escalate escape especially essential
establish established estimate estimated estimates estimation et ethical european europeans
evade evaluate evaluated evaluating evaluation even evenly event events eventual eventually ever
every evidence evident evolution evolve exacerbate exacerbates exact exactly exaggerate
examination examine examined examining example examples exceed excellent except excess excessive
exchange exclude exclusion exclusive exclusively execute exemplary exert exhaustive exhibit
exist existing exists expand expanded expanding expansion expect expectation expectations
expected expedient expedite expensive experiment experimental experimentally experiments expert
expertise experts explain explained explanation explanatory explicit exploit exploration
exploratory explore explored exploring expose exposed exposures express extend extended
extensive extensively extent external extra extraordinary extreme fabricate face faces
facilitate facilitated facilitates facilitating fact factor factors fade fail failed failing
fails failure fair fairly fallacy false familiar familiarity far fashion fashionable fast fate
fault favor favorable favour favourable fear feasibility feasible feature features feel feeling
few fewer fiction field fields fifteen fifth fifty fight figure figures fill final financial
find finding findings fine finite finnish firm firmly first fit fitted fitting five fix fixed
flag flaw flawed flexibility flexible float flow focal focus focused focusing fold follow
following footing forbid force forces forcing forecast forego forget forgotten form formal
format formation former forms formula fortunate forward foster foundation four fourteen fourth
fraction frame framework frank freedom french frequency frequent frequently fresh friendly front
frontier fruitful fuel fulfil fulfill full function functional functioning fundamental funny
further furthermore future gain gap gaps gate gather gauge general generalisable generalise
generalizability generalizable generalize generalized generally generate generated generates
generating generation genuine genuinely german germans giant gift gist give given glance glimpse
global globally go goal goals going gold good goodness govern grade graded grades grading
gradual grand grasp grave great greater greatest greatly greek grounds group groups growing
guarantee guess guidance guide guided guideline guidelines guides guiding hand handle handled
handling hands happen happens harbor harbour hard harder hardly harm harmful harmless harmonise
harmonize have hazard hazards heavy height heighten help helpful hesitate heterogeneity
heterogeneous hidden hide high higher highest highlight highly hindrance hint history hit hold
holding holistic homogeneous honest hope hopeful hot hour hours house huge hundred hurt
hypotheses hypothesis hypothesise idea ideal identical identification identified identify
identifying ignore ignored ii iii ill illness illnesses illusion illustrate illustration
imbalanced imitate immediate immediately immense imminent impact impair impaired impairing
impairment impairments impede imperative imperfect implement implementation implementing
implicate implicated implication implications implicit imply importance important importantly
impose impossible imprecise impression improve improved improvement improvements improves
improving inability inaccuracy inaccurate inadequate inappropriate incentive incentives
incidence incidental incidentally incline include included including inclusion incomplete
inconclusive inconsistent inconvenient incorporate incorporated incorporating incorrect increase
increased increases increasing incremental indeed independent independently index indexes indian
indians indicate indicated indicates indication indications indicator indicators indices
indigenous indirect indirectly indispensable individual induce induced induces induction
inefficient inequalities inequality inequity inert inevitable inexpensive infer inference
inferior inferiority noninferior noninferiority influence influenced influences influencing inform information infrequent
inherent inherently inhibit initial initially initiate initiation initiative initiatives
innocent innovation innovative input inquiry insert inside insight insist instance instead
institution institutional instruct instruction instructions instrument insufficient integral
integrate integrated integrating integration integrity intelligent intended intense intensify
intensity intensive intent intention intentional intentions interact interaction interchangeable
interchangeably interest interesting interfere interfering internal interplay interpret
interpretable interpretation interrelated intersection interval intervals intervene intervention
into intriguing intrinsic introduce introduction invalid invasive inverse inversely invest
investigate investigated investigating investigation investigations investigator investigators
invisible invite involve involved involvement irrelevant irreversible isolated issue issues
italian italians item iv japanese joint jointly journey judge judged judgement judgment just
justifiable justification justified justify keep keeping key kind kinds know knowledge known
korean la label labeling labelling labels laborious lack landmark landscape language large
largely larger last lasting lastly late lately latent later latest latter lay layered le lead
leader leading leads league learn learned least leave left legacy legitimate length lengthy less
lessen lesson lessons let level levels liable liberal lie lies lifelong lifetime lift light like
likelihood likely liking limit limitation limited limiting limits linear lines link linkage
linked links list listed literature little local locate located location locations logic logical
logistic long longer look loose lose loss lot lots loud low lower lowered luck lying magnitude
main mainly mainstay mainstream maintain maintained maintenance major majority make makes making
manage management mandate mandatory manifest manifestation manifestations manner manual manually
many map mapped mapping margin marginal margins mark marked markedly marker markers massive
match matched matching mate material materials matter matters mature maturity maximal maximise
maximize maximum maybe mean meaning meaningful means meantime measurable measure measured
measurement measurements measures measuring mechanism mechanisms mediate mediated mediating
mediation mediator mediators medical meet meeting member members mention merely merge merit
merits message messages method methodology methods middle million mimic mimicking mimics mind
mini minimal minimise minimize minimizing minimum minor minority misclassification misconception
misdiagnose misdiagnosed misdiagnosis misinterpret misinterpretation misinterpreted mislead
misleading miss missed missing mistake mistaken misunderstood mix mixed mixture mode model
models moderate moderated moderating moderator moderators modern modest modification
modifications modified modify modifying modulate momentum monitor monitored monitoring monograph
month months morbid more most mostly mount move moved moving much multi multicenter multicentre
multiple must mutual mysterious mystery myth name named namely narrow national nationwide
naturally nature near nearby nearly neat necessarily necessary necessitate necessity need needed
needless needs negative negatively neglect neglected negligible negotiate neither net neutral
never new newer newest newly next nice nine nobody non none nonetheless noninvasive nor norm
normal normally normative norms northern norwegian notable note notes noteworthy nothing notice
notion notional novel novo nowadays nuance nuisance number numbers numerical numerous objective
obscure observation observational observe observed observer observers observing obsolete
obstacle obstacles obtain obtainable obtained obtaining obvious obviously occasion occasional
occasionally occult occupy occur occurrence occurring occurs odd odds off offer offered offering
offers often old older omission omit omitted once one ongoing only onset onto open opening
operate operating opinion opinions opportunities opportunity oppose opposed opposing opposite
optimal optimally optimise optimism optimistic optimize optimum option options order ordinary
organise organised organize organized orient orientated orientation oriented origin original
originate other others otherwise outcome outcomes outlook outperform output outside outweigh
overall overcome overdue overestimate overestimated overestimation overlap overlapping overlook
overlooked overrated override overt overtake overuse overused overview overwhelming owing own
pace painless pair pairs panacea panel paper papers paradigm paradox paradoxical parallel
parallels parameter parameters paramount parsimonious part partial partially participate
participating participation particular partly partner partners pass passing passive past path
paths pathway pattern patterned patterns pause pay paying payment peak peculiar penalty people
per perceive perceived percent percentage perception perceptions perfect perfectly perform
performance performed performing performs perhaps peril period permanent permissible permit
permitted perpetuate perplexing persist persistent persisting person persons perspective
perspectives persuade pertinent pervasive pessimistic phase phenomena phenomenon pick picked
pico picture piece pieces pilot pitfall pitfalls pivotal place placebo plan planned planning
plans plausible play pleasant please pledge plenty plethora plus point pointless points pole
policies polish poor poorer popular popularity population populations portable portion pose
posed poses posit posited position positions positive positively possess possesses possibility
possible possibly post postulate postulated potent potential potentially potentiate power
powerful practicable practical practically practice practices practicing practise practised
pragmatic praise pre precaution precautions precede precedence preceding precise precisely
precision preclude precursor predetermine predicament predict predictable predicted predicting
prediction predictive predictor predictors predicts predispose predominance predominant
predominantly prefer preferable preferably preference preferred preliminary preparation prepare
prepared prescribe prescribed prescribing presence present presented presenting presents
preserve pressing presumably presume presumed presumptive pretend prevailing prevalence
prevalent prevent preventable preventative preventing prevention preventive previous previously
price priced pride primarily primary principal principally principle principles print prior
priori priorities prioritisation prioritise prioritization prioritize priority private prize pro
proactive probability probable probably problem problematic problems procedure procedures
proceed proceeding process processes proclaim produce produced product profession proficiency
proficient profile profiles profiling profit profitable profound prognosis prognostic program
programme programmes programming programs progress progressed progresses progression progressive
progressively project projected projection projects prolong prolonged prolonging prominent
promise promises promising promote promotes promoting promotion prompt promptly pronounced proof
propensity proper properly property proportion proportional proposal proposals propose proposed
proposing proprietary pros prospect prospective prospects prosper protect protected protecting
protection protective protects protocol prototype prove proven provide provided provides
providing provision provisional provoke provoked proxies proxy prudent publication publications
publish published pull pure purely purpose purposeful pursue pursuing pursuit push put puzzle
puzzling qualitative quality quantification quantified quantify quantifying quantitative
quantitatively quantity quarter quest question questions quick quickly quiet quit quite radical
radically raise random randomised randomized range rank ranked ranking rapid rapidly rare rarely
rarer rarity rate rated rates rather rating ratings ratio rational rationale re reach reaching
reaction reactions reactive readily readiness ready real realise realistic reality realize
really realm rearrange reason reasonable reasoned reasoning reasons reassess reassurance
reassure reassuring rebound recalled recap recast receive received receiver receiving recent
recently recognise recognised recognising recognition recognize recognized recognizing recommend
recommendation recommendations recommended recommending reconcile reconciliation reconsider
reconsidered record recorded recording records recover recruit recruited recruiting recruitment
recur recurring redefine redesign rediscover reduce reduced reduces reducing reduction
redundancy redundant refer reference refine refined refinement reflect reflected reflecting
reflection reflects reform refuse refute regain regard regarding regardless regime regimen
regimens regimes region regional regions register registries registry regret regular regularly
regulate regulated regulating reinforce reinforced reinforcement reject rejected relate related
relates relation relations relationship relationships relative relatively relevance relevant
reliability reliable reliably reliance relief relieve relieved relieving reluctant rely remain
remains remark remarkable remedy remind reminder reminders remote remove removed removing rename
render renewed repeat repeatable repeated repeatedly repeating repertoire replace replaced
replacing replicate replicated replicating replication reply report reported reporting reports
represent representation representations representative represented representing represents
reproduce reproduced reproducibility reproducible reputation request requests require required
requirement requires requiring requisite rescue research researcher researchers resemble
resembling reserve reserved reshape reside residual resist resolution resolve resolved resolving
resort resource resources respect respective respond responders responding response responses
responsibility responsible responsive rest restore restored restrict result resulted resulting
results retain retained retaining retention rethink rethinking retrieval retrieve retrospective
retrospectively return returned returning reuse reveal revealed revealing reveals reversal
reverse reversed reversible reversing revert review reviews revise revised revising revision
revisit revisited revisiting revolution revolutionary reward rewarding rewrite rich rid right
rigid rigor rigorous rigour ripe rise risen rises rising risk risks risky rival robust robustly
robustness role room roughly rounded route routine routinely rule ruled rules ruling run rush
sacrifice safe safely safety sake salient same sample satisfaction satisfactorily satisfactory
satisfied satisfy satisfying save saved saves saving savings saw say scale scarce scarcity
scattered scenario schedule scheduled scheduling scheme schemes scientific scientifically scope
score scored scores scoring screened scrutiny se seamless search second secondary secret section
secure see seek seeking seem seems seen segment segments seldom select selected selecting
selection selective selectively selects self semi send sense sensible sensibly sensitive
sensitivity separate sequel sequences sequential sequentially serial serious seriously serve
served serves service services serving session sessions set setting settings settle seven
several severe severely severity shall shape shaped shapes shaping share shared shares sharing
sharp shed shift shifting shifts short shortage shortcoming shortcomings shorten shortened
shortening shorter shot should show showing shown shows side sight sign signal signals
significance significant significantly signify signs silent similar similarities similarity
similarly simple simpler simplicity simplified simplify simply simulate simulated simulating
simulation simulations simultaneous simultaneously since single site sites situation situational
situations six sixth size sizes skepticism sketch skill skilled skills skip slight slightest
slightly slow slower slowly small smaller smallest smart smooth snapshot socially societal soft
sole solely solid solution solutions solve solved solving someone something soon sometimes
sophisticated sort sorts sought source sources southern spanish spare spatial speak speaking
special specialised specialized specially specialties specialty specific specifically
specifications specificity specifics specified specify specimen specimens spectrum speculate
speculation speculative speed speedy spend spent sphere spite split spontaneous spontaneously
spot spread spreading square squeeze stabilise stability stabilize stable stage staged stages
staging stake stand standard standardisation standardised standardization standardized standards
standing standpoint standstill start starting starts state stating stationary statistic
statistical statistically status stay step stepping steps stepwise sticking still stimulate
stimulated stimulating stop stops stories story straight straightforward strange strategic
strategies strategy stratification strength strengthen strengthened strengthening strengths
stressed stretch strict strictly stride strike striking stringent strive strong stronger
strongest strongly structural structurally structure structures struggle stuck studied studies
study stunning style styles sub subdivide subgroup subgroups subject subjective subjectively
subjects submit suboptimal subordinate subscale subsequent subsequently subset subsets
substantial substantially substantiate substantive substitute substitution subtle subtype
subtypes succeed success successful successfully succession successive sudden suffer suffered
suffering suffers suffice sufficiency sufficient sufficiently suggest suggested suggestion
suggestions suggestive suggests suit suitability suitable suite suited sum summarise summarize
summary summed superior superiority supplementary supply support supported supporting supportive
supports suppose supposed suppress sure surely surge surmise surpass surplus surprise surprised
surprising surprisingly surrogate surrounding surveyed surveys susceptibility susceptible
suspect suspected suspicion suspicious sustain sustained swedish swift swing swiss switch
switched switching symbol symmetrical syndrome syndromes synergistic synergy synonymous system
systematic systematically systems tackle tailor tailored tailoring take taken takes taking talk
tangible target targeted targeting task taught teach teaching team teamwork technique techniques
technology tedious tell temporal temporarily temporary tempt tend tendencies tendency tens
tentative term terminal terminate termination terms test tested testing tests thai theme themes
theoretical theoretically theory thereby thing think third thorough thoroughly thought
thoughtful thoughts threat threaten threatened threatening threats three threshold thresholds
thrive tie tied ties tight tightly till time timeliness timely times timing tip today together
tolerable tolerate tolerated took tool tools top topic topics total totality totally touch tough
toward towards trace traced track tracked tracking trade tradition traditional traditionally
train trained trainer trait traits trajectories trajectory transfer transferability transferred
transferring transform transition transitional transitions translate translated translating
translation transparency transparent trap treat treatable treated treating treatment treatments
tremendous trend trends tricky tried trigger triggered triggering triggers trivial trouble
troublesome true truly trusted trustworthy truth try trying turkish turn turning twelve twenty
twice two twofold type types typical typically typify ubiquitous ubiquity ultimate ultimately
ultra unable unaffected unanswered unaware unbiased uncertain uncertainties uncertainty
unchanged unclear uncommon uncommonly uncover undecided under underdiagnosed underdiagnosis
underestimate underestimated underestimates underestimation undergo undergoing underlie
underlying underrecognized underreported underreporting underscore understand understanding
undertake underused underutilised underutilized underway undesirable undesired undetected
undetermined undone undoubtedly unequal uneven unexpected unexplained unfair unfavorable
unfavourable unforeseen unhelpful unified uniform uniformity uniformly unify unimportant
unintended unintentional unique uniquely unit units universal universally unjustified unknown
unless unlike unlikely unlimited unmask unmasked unmet unnecessarily unnecessary unpredictable
unrelated unreliable unresolved unsafe unsatisfactory unselected unsolved unspecific unstable
unsuccessful unsuitable unsuspected untoward unusual unwanted unwarranted upcoming update
updated updating upgrade uphold upper uptake upward urge urgency urgent usable usage use useable
used useful usefulness useless user users uses usher using usual usually utilisation utilise
utilised utilising utility utilization utilize utilized utilizing utmost vague valid validate
validated validating validation validities validity valuable value valued values valuing vanish
variability variable variables variance variation variations varied varies variety various vary
varying vast verbal verification verified verify verifying versa versatile version versions
versus vertical very via viability viable view viewed viewing viewpoint views vigilance virtual
virtually virtue visible visibly vital vivid voice volatile volume volumes voluntary vote vs
vulnerability vulnerable wait waiting wake want warn warning warnings warrant warranted wary
waste watch wave way ways weak weaken weakness weaknesses week weeks weigh weighing weighted
welcome well western whatever whenever where wherever whether while whilst whole wholly whose
why wide widely widen wider widespread wield willing willingness winner wins wisdom wise wish
wishes withdraw withhold within without withstand witness wonder word words work workable worked
workflow working works world worldwide worried worry worse worsen worsened worsening worsens
worst worth worthwhile worthy wrong wrongly year yearly years yet yield yields zero
against across beneath underneath throughout hydrochloride hydrobromide mesylate maleate tartrate besylate amongst calculator calculators characterisation characterization conference conferences discussion
discussions exist existed experience experienced experiences lecture lectures overview overviews
detection detections complication complications access accessibility determination determinations vivo vitro situ midterm mid
alteration alterations fluctuation fluctuations acceptability tolerability decade decades century days minutes longterm followup
series department departments area areas district districts province county beginning continuation volunteers enrolment
enrollment confirmation confirmatory everyone anyone everything anything actually again dogma
exclude excludes excluding excluded except excepting omit omitting omitted besides apart aside lacking article articles
linked underway near nearby boys girls free
too much many lots found finds told kept held began begun went gone came became felt brought said sent stood understood knew led sponsor sponsored sponsors panel panels survey surveying upon versus via whereas amid beside besides despite toward
"""
)

PEOPLE = word_set(
    "adult adults cohort female females human humans individual individuals male males man men participant "
    "participants patient patients people person persons subject subjects woman women"
)
"""Who is studied, where that is anybody."""
