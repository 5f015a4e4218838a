"""Single words of patients, and of clinicians among themselves, by what an abstract has in their place: facts written for this example.

What is a name, of a disease or of an operation, stands in :mod:`.lay_names`; here are the words of bodies, complaints, people and what is done,
which have no heading of their own. A text speaks of such a word if it has one of the others; it is not searched for by them.
"""

from __future__ import annotations

from typing import Final

_LINES: Final = """
pulse: heart rate; heartbeat
sugar: glucose; glyc*
picture: image*; imaging
leaflet: brochure*; pamphlet*; handout*; booklet*
rich: affluen*; wealth*; income*; socioeconomic
poor: depriv*; poverty; low-income
lasting: permanent*; persist*; chronic; long-term
trouble: complication*; problem*; difficult*
scan: imaging; ultraso*; tomograph*; sonograph*
prem: preterm; prematur*
numbing: anesth*; anaesth*; lidocaine
cream: topical*; ointment*
droop: palsy; paralys*; paresis; ptosis
stirrup: stap*
leak: leakage; fistula*; incontinen*
achy: pain*; arthralg*; myalg*; sore*
ache: pain*; arthralg*; myalg*; sore*
sore: pain*; tender*; ulcer*
hurt: pain*; injur*
pleased: satisf*
happy: satisf*; happiness
calm: anxi*; sedat*; relax*
worry: anxi*; concern*; fear*
nervous: anxi*
jittery: agitat*; restless*; akathis*; anxi*
sad: depress*
mood: depress*; affective
gay: homosexual*; msm; bisexual
job: employ*; occupation*; unemploy*
undone: revers*
miscarry: miscarr*; abortion*; pregnancy loss; fetal loss; foetal loss
jab: vaccin*; immuni*; inject*
swap: switch*; convers*; convert*
sewn: sutur*; closure*
sew: sutur*; closure*
recur: recurr*; relaps*
vomit: emesis; nause*
transmit: transmission*; transmit*
addicted: dependen*; addict*; misuse
downhill: relaps*; recurr*; deteriorat*; worse*
folk: people; patients
muddled: deliri*; confusion*; disorient*
theatre: surg*; operat*
rush: accelerat*; early; urgent*; immediat*
pop: dislocat*; prolaps*
boozer: alcohol*
boozing: alcohol*; drinking
tablet: oral; medication*; pill*
burger: takeaway*; hamburger*; fast food
dizzy: dizz*; vertigo
drowsy: sedat*; somnolen*; drows*; sleepiness
sleepy: sedat*; somnolen*; drows*; sleepiness
tired: fatigue*; exhaust*
reliably: adheren*; non-adher*; complian*
faithfully: adheren*; non-adher*; complian*
regularly: adheren*; non-adher*; complian*; regular
forget: adheren*; non-adher*; missed; memory
skip: adheren*; non-adher*; missed; omit*
forgetful: memory; cogniti*; amnes*
confused: deliri*; confusion*; disorient*
bruise: bruis*; ecchymos*; hematoma*; haematoma*; contusion*
swollen: swelling*; edema*; oedema*
swelling: edema*; oedema*; swollen
sick: nause*; vomit*; emesis
sickness: nause*; vomit*; emesis
stool: faec*; fec*; defec*
poo: stool*; faec*; fec*; defec*
pee: urin*; mictur*; void*
wee: urin*; mictur*; void*
bloated: bloat*; distension; distention
faint: syncop*
fitting: seizure*; convuls*; eclamp*
shaky: tremor*
shake: tremor*
stiff: rigid*; stiffness
deaf: hearing; deafness
deafness: hearing; deaf
ringing: tinnitus
scar: cicatri*; keloid*; scarring
lump: mass*; nodul*; tumor*; tumour*
spread: metasta*; dissemin*; invasi*
secondary: metasta*
germ: bacteri*; microb*; pathogen*; virus*
bug: bacteri*; microb*; pathogen*; virus*
bleed: hemorrh*; haemorrh*; blood loss
clot: thromb*; embol*; coagul*
blocked: occlu*; stenos*; obstruct*
blockage: occlu*; stenos*; obstruct*
narrowed: stenos*; strict*; constrict*
narrowing: stenos*; strict*; constrict*
burst: ruptur*; perforat*
slipped: herniat*; prolaps*
broken: fractur*
break: fractur*
crooked: scolio*; deform*; curv*
curved: scolio*; deform*; curvature*
tummy: abdom*; peritone*; gastr*; intestin*
belly: abdom*; peritone*; gastr*
gut: intestin*; bowel*; gastrointestin*
bottom: anal; anus; rect*; perine*
jaw: mandib*; maxill*; temporomandib*
gum: gingiv*; periodont*
windpipe: trache*
gullet: esoph*; oesoph*
collarbone: clavic*
shin: tibia*
kneecap: patell*
heel: calcane*; plantar
skull: crani*; cranio*
eyelid: bleph*; palpebr*
navel: umbilic*
afterbirth: placent*
period: menstru*; menses
flush: vasomotor
mum: mother*; matern*; parent*; relative*; famil*
mom: mother*; matern*; parent*; relative*; famil*
dad: father*; patern*; parent*; relative*; famil*
husband: spous*; partner*; men; male*
wife: spous*; partner*; women; female*
mate: peer*; friend*
carer: caregiver*; parent*
caregiver: parent*; carer*
parent: caregiver*; carer*; mother*; father*
toddler: infant*; preschool*; child*
builder: construction
building: construction
uninsured: insur*; medicaid
fibroid: myoma*; leiomyoma*
stone: calcul*; lith*; urolith*; nephrolith*
mole: naev*; nevus; nevi; melanocyt*
rash: exanthem*; erupt*; dermatit*
stitch: sutur*
keyhole: laparosc*; minimally invasive; minimal access
removed: resect*; excis*; extirpat*
removal: resect*; excis*; extirpat*
remove: resect*; excis*; extirpat*
camera: endoscop*
needle: punctur*; inject*
drip: infusion*; intraven*; solution*
cast: immobili*; plaster*
plaster: immobili*; cast*
fitness: oxygen uptake; oxygen consumption; vo2*; exercise capacity
pregnant: gravid*; gestat*
walk: ambulat*; mobili*; gait
snoring: apnea; apnoea
snore: apnea; apnoea; snoring
drunk: alcohol*; intoxic*
booze: alcohol*; drinking
heroin: opioid*; opiate*
weed: cannabis; marijuana
vape: e-cigarette*; vaping; electronic cigarette
vaping: e-cigarette*; electronic cigarette
slim: weight loss
feed: feeding*; enteral
eat: diet*; intake*; consum*
salt: sodium
mums-to-be: pregnan*
price: cost*
pay: cost*; reimburs*
ease: reliev*; relief; reduc*; alleviat*; improv*
soothe: reliev*; relief; alleviat*
fix: repair*; fixation*
spot: detect*; diagnos*; identif*
miss: sensitiv*; undetect*; detect*; false-negative*
deadly: mortal*; death*; fatal*; lethal*
alive: surviv*; mortal*; death*
live: surviv*; lifespan; longevity
attack: exacerbat*; episode*; flare*
bout: episode*; exacerbat*; flare*
overdiagnosis: overdiagnos*; additional diagnos*; excess diagnos*
keyhole surgery: minimal access; minimally invasive; laparosc*; thoracosc*
phone: telephon*
wean: weaning; discontinu*; withdraw*; liberat*; taper*
sweet: sugar*; snack*; confection*; candy; candies
candy: sugar*; sweets; confection*
cavity: caries; carious; decay*
cool: hypotherm*; cooling
painful: pain*
itchy: itch*; prurit*; eczema*
weird: abnormal; unusual; vivid
thinner: weight loss; lean*; underweight; bmi
teeth: dental; tooth
kid: child*; pediatr*; paediatr*; infant*
topple: fall; falls; falling
tumble: fall; falls; falling
zap: ablat*; denervat*; stimulat*; laser*; radiofreq*
suck: aspirat*; suction*; thrombect*
mend: repair*; heal*; union
heal: healing; closure; union
nerve: neural; neuro*; denervat*
city: urban*; metropolitan
countryside: rural*
village: rural*
life: surviv*; mortal*; death*
lives: surviv*; mortal*; death*
memory loss: cogniti*; dementia
blood test: serum; plasma; biomarker*; troponin*; d-dimer; antibod*; assay*
temperature: fever*; febril*; pyrexi*; hypertherm*
iron: ferritin
skin cancer: melanom*
dislike: discomfort*; dissatisf*; satisf*; prefer*; accept*; toler*; comfort*
comfy: comfort*
comfortable: comfort*; discomfort*
time off work: sick leave; absence*; absentee*; days missed; return to work
days off work: sick leave; absence*; absentee*; days missed; return to work
back to work: sick leave; absence*; absentee*; days missed; return to work
back at work: sick leave; absence*; absentee*; days missed; return to work
groin: inguin*; femor*; transfemor*; transcatheter
chubby: obes*; overweight; adipos*
plump: obes*; overweight; adipos*
fat: obes*; overweight; adipos*; lipid*
skinny: underweight; bmi; thin*
clever: cogniti*; intelligen*; iq
brainy: cogniti*; intelligen*; iq
grumpy: irritab*
cranky: irritab*
nap: sleep*
freeze: cryo*
freezing: cryo*
frozen: cryo*
numb: anesth*; anaesth*; paresth*; paraesth*; numbness; sensory
tingly: paresth*; paraesth*
wobbly: balance; ataxi*; unstead*; dizz*
unsteady: balance; ataxi*; unstead*; dizz*
puffy: edema*; oedema*; swelling
knackered: fatigue*; exhaust*
exhausted: fatigue*; exhaust*
lonely: lonel*; isolat*
scared: anxi*; fear*; phobi*
frightened: anxi*; fear*; phobi*
contagious: infecti*; transmi*
catching: infecti*; transmi*
catch: infect*; acquir*; transmi*
eyesight: vision; visual*
sight: vision; visual*
blind: vision; visual*; blindness
glasses: spectacle*; refracti*; eyeglass*
snot: rhin*; nasal
wheezy: wheez*; asthma*
breathless: dyspn*; breathless*
puffed: dyspn*; breathless*
grow: growth; height
tall: height; stature
balloon: angioplast*; dilat*
shock: electroconvuls*; defibrill*; cardiovers*; shock*
booster: revaccin*; booster*; vaccin*
shot: vaccin*; immuni*; inject*
drunkenness: intoxic*; alcohol*
mother: mother*; matern*; parent*; relative*; famil*
father: father*; patern*; parent*; relative*; famil*
aunt: relative*; famil*
uncle: relative*; famil*
sister: sibling*; relative*; famil*
brother: sibling*; relative*; famil*
cousin: relative*; famil*
gran: grandmother*; relative*; famil*
grandmother: grandparent*; relative*; famil*
grandfather: grandparent*; relative*; famil*
nan: grandmother*; relative*; famil*
"""


def _by_word() -> dict[str, tuple[str, ...]]:
    lines = (line.partition(": ") for line in _LINES.strip().splitlines())
    return {word: tuple(one.strip() for one in rest.split(";")) for word, _, rest in lines}


LAY_WORDS: Final = _by_word()
"""By a word in the singular, what stands for it; ``word*`` is whatever begins so."""


def in_their_place(word: str) -> tuple[str, ...]:
    """What an abstract has in the place of a word of every day; empty where nothing is known."""
    for one in _singular(word):
        if found := LAY_WORDS.get(one):
            return found
    return ()


def _singular(word: str) -> tuple[str, ...]:
    """``germs``, ``stitches``, ``leaking`` → ``germ``, ``stitch``, ``leak``."""
    return (
        word,
        word.removesuffix("s"),
        word.removesuffix("es"),
        f"{word.removesuffix('ies')}y",
        word.removesuffix("ing"),
        f"{word.removesuffix('ying')}y",
        word.removesuffix("ed"),
        *(
            base[:-1]
            for end in ("ed", "ing")
            if (base := word.removesuffix(end))[-2:-1] == base[-1:] != word[-1:]
        ),
    )
