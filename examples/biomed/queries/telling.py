"""Words of everyday that tell what is wanted of a topic: how, when, where, in whom, how bad, how measured.

They begin and end no noun phrase, as other words of everyday (:mod:`.everyday`), and name no topic by themselves; beside one
they are part of the question, and a search that is made of it requires them first.
"""

from __future__ import annotations

from ..words import word_set

TELLING = word_set(
    """
absolute acceptable acceptance access accumulate accuracy accurate accurately active adjunct
adjunctive advanced adverse african africans age aged ages aggressive alteration alterations
american americans arab asian asians assessment assistance assisted attend audit australian
australians automatic barrier barriers base basic blind body bold boundary bridge brief british
broad burdensome calculator calculators canadian canadians candidate capacity cause center centers
centre centres characterisation cheap cheaper chinese chronological cities city classified cohort
collaboration collaborative combination combined commitment compensate competitive complementary
complete completely complicated complication complications comprehensive compulsory concomitant
concordance concordant concurrent confidence consensus conservative constant construct content
contraindication control controlled conventional conversion coping correction cost countries country
crisis criteria cue cues curative cure cut cutoff cutting daily danger dangerous danish dark
decision decisions decline deep deeper deficient deficit deficits definitive delay delayed delays
delivery demand dependent depth detection deterioration determinant determinants deviation
differentiate differentiating differentiation direct directly discordance discordant discrepancy
discrimination disease disparities disparity display distinguish distribution diversity domain
dominant dosage dosages dose doses double driver drivers driving drop dropping dual duration dutch
dynamic dynamics earlier early eastern efficiency elevated eligible enhancement environment equality
equity era error errors estimation ethical european europeans evaluation event events examination
excess exchange expansion expensive expertise experts exposed extended extensive external extreme
failed failure false fast fear feasibility feasible financial finnish fixed flexible flow focal
focused formation fraction free french frequency frequent full function functional functioning gain
generation german germans global gold grade graded grading greek guidance guided guideline
guidelines hand hands harm harmful hazard hazards heavy height heterogeneity heterogeneous hidden
high higher highest history homogeneous hot house illness illnesses immediate immediately impair
impaired impairing impairment impairments implementation inability inadequate inappropriate
incentive incentives incidence incidental incidentally inclusion incomplete independent
independently index indian indians indication indications indicator indicators indigenous indirect
induced induction inequalities inequality inert information initial initiation insert institution
institutional instruction instrument integrated integration intense intensity intensive intent
intention interaction internal interval intervals intervention invasive inverse involvement
irreversible isolated italian japanese joint jointly judgement judgment knowledge korean label
language large larger late latent later layered leader learn learned left length level lifelong
lifetime light limited lines linkage local location locations long longer loss low lower lowered
magnitude maintenance management mandate mandatory manual mapping margin margins mark marker markers
mature maturity maximal maximum measurement measurements mechanism mechanisms mediator mediators
medical message messages mid mini minimal minor minority misclassification misdiagnosed misdiagnosis
mixed mode model models moderate modern modification modified monitor monitored monitoring morbid
moving multicenter multicentre multiple mutual narrow national nationwide negative neglect neglected
neutral noninvasive normal northern norwegian obstacles occult occupy onset open opening operating
opinion opinions order organised organized orientated orientation outlook overuse painless pair
panel parallel partial partially partner partners passive pathway pattern patterns pause pay paying
payment peak perceive perceived perception perceptions performance period permanent persist
persistent phase pilot policies popular population populations portable position positive post power
practice precaution precautions precision predictive predictor predictors preference preparation
prescribe prescribed prescribing preserve prevalence prevalent preventable preventative prevention
preventive price primarily primary prior priority private procedure procedures process profession
proficiency profile profiles profiling prognosis prognostic program programme programmes programs
progress progresses progression progressive prolonged prolonging promotion prompt propensity
proportional protect protecting protection protective protocol proxy qualitative quality
quantification quantitative quantity radical random ranking rapid rapidly rare rarely rarity ratio
reaction reactions readiness realistic rebound recognition record recorded recording records recover
recruiting recruitment recur recurring reduced reduction redundancy refinement regime regimen
regimens regimes region regional regions registries registry regular regularly regulated reject
relationship relative reliability reliable reliably relief relieve reluctant remote removed removing
repeat repeated repeating replaced replacing replication reproducibility reproducible rescue reserve
reserved residual resist resolution resource resources respond responders responding response
responses responsibility responsive rest restrict retained retention retrospective return returning
reversal reverse reversible revised revision revisiting reward right rigid rise robust room route
rule ruled rules safe safety satisfaction satisfactory satisfied saved saving savings scale schedule
scheduled score scored scores scoring screened second secondary section segment segments selected
selection selective self sensitive sensitivity separate sequences sequential serial serious service
services session sessions severe severely severity shape sharp shift shifting shifts short shortage
shortened shortening shorter shot side sight sign signal signals signs silent simulated simulation
simulations simultaneous simultaneously single site sites situ size sizes skill skilled skills skip
slow slower small smaller socially societal soft southern spanish spare spatial specialised
specialized specialties specialty specificity specimen specimens speed spontaneous spontaneously
spot spread spreading stability stable stage staged stages staging standard standardised
standardized standards starting state stationary status stay stepwise stop straight strategies
strategy stratification strength stressed stretch strict structural structure structures stunning
subgroup subgroups subjective suboptimal subsequent substitute substitution subtype subtypes success
successful sudden suffering supply support supported supportive suppress surge surplus surrogate
survey surveys susceptibility susceptible suspected suspicion sustained swedish swiss switch
switched switching symmetrical syndrome synergistic synergy system systematic systems tailored
target targeted targeting task taught teach teaching team teamwork technique techniques technology
temporal temporary terminal termination test tested testing tests thai third threatened threatening
threshold thresholds tight time timeliness timely timing tolerable tolerate tolerated total touch
trace track tracking trade traditional traditionally trained trainer trait traits trajectories
trajectory transfer transferability transferred transform transition transitional transitions
translation transparency treated treating treatment treatments trend trends trigger triggered
triggering triggers turkish turning twice twofold unaware uncommon undesirable undetected unexpected
uniform uniformity unit units universal unknown unmet unnecessary unselected unstable unsuspected
upper uptake urgency urgent utilisation utilization validate validated validating validation
validity variability variance variation variations verbal verification vertical viability viable
vigilance virtual visible vital vitro vivo voice volume volumes voluntary volunteers vulnerability
vulnerable wait waiting warning warnings waste watch wave weak weakness weaknesses weighted western
whole wide withdraw withhold witness workflow working
"""
)
"""Each is one of :data:`.everyday.EVERYDAY`, too."""
