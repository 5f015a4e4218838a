"""What is asked about a disease or a medicine, and how PubMed knows it: harm, dose, screening, quality of life.

Sources: PubMed Help, "MeSH Subheadings" (``[sh]``: "adverse effects", "administration and dosage" …), and the headings of MeSH.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final, NamedTuple


class Aspect(NamedTuple):
    """One aspect: how a question says it, and what stands for it in a search."""

    pattern: re.Pattern[str]
    terms: tuple[str, ...]
    is_broad: bool
    """Whether it says so little that a search may first do without: treatment, diagnosis."""


_LINES: Final = r"""
quality[- ]of[- ]life | "Quality of Life"[mh]; qol; hrqol; well being
(?:primary|primordial) prevention | "Primary Prevention"[mh]; (primar* AND prevent*); "prevention and control"[sh]
secondary prevention | "Secondary Prevention"[mh]; (secondar* AND prevent*)
patient safety | "Patient Safety"[mh]; (patient* AND safe*)
(?:adverse|unwanted|undesirable) (?:drug )?(?:effects?|events?|reactions?) | adverse; "side effects"; "adverse effects"[sh]; safe*; harm*; toxic*; tolerab*
side[- ]effects? | "side effects"; adverse; "adverse effects"[sh]; toxic*; tolerab*
(?:safety|safe|safely|safer|safest|unsafe|harms?|harmful|dangers?|dangerous|tolerability|tolerated) | safe*; harm*; adverse; "adverse effects"[sh]; toxic*; tolera*; complication*
(?:toxicity|toxicities|toxic) | toxic*; "toxicity"[sh]; "adverse effects"[sh]; poison*
complications? | complication*; complicat*; "complications"[sh]; adverse; morbid*
(?:mechanisms? of action|mechanisms?) | mechanis*; pathway*; "pharmacology"[sh]; "physiopathology"[sh]; "metabolism"[sh]
(?:dos(?:e|es|ages?|ing)) | dose*; dosage*; dosing; "administration and dosage"[sh]; "Dose-Response Relationship, Drug"[mh]
(?:(?:night|rotating|evening)[- ])?shift(?:s|[- ]?work(?:ers?|ing)?)(?: (?:work(?:ers?)?|schedules?))?|night[- ]shift | "Shift Work Schedule"[mh]; (shift* AND work*); shiftwork*; "night shift"
(?:cancer )?screening | "Mass Screening"[mh]; "Early Detection of Cancer"[mh]; screen*; detect*
screened | "Mass Screening"[mh]; screen*
(?:intensive|critical) care(?: (?:units?|medicine))? | "Critical Care"[mh]; "Intensive Care Units"[mh]; icu; (intensive AND care); critically ill
emergency (?:care|departments?|rooms?|services?) | "Emergency Service, Hospital"[mh]; "Emergency Medical Services"[mh]; emergenc*
early detection | "Early Detection of Cancer"[mh]; (early AND (detect* OR diagnos*)); screen*
cost[- ](?:effective(?:ness)?|benefits?|utility|minimi[sz]ation|analys[ei]s|savings?) | "Cost-Benefit Analysis"[mh]; cost*; economic*; "economics"[sh]
(?:costs?|costly|expensive|inexpensive|cheap(?:er)?|savings?|economics?|affordable) | cost*; economic*; "Costs and Cost Analysis"[mh]; "economics"[sh]; expens*; saving*
(?:sensitivity and specificity|(?:diagnostic|predictive) (?:accuracy|performance|value|yield)) | "Sensitivity and Specificity"[mh]; accura*; sensitiv*; specific*; "predictive value"
(?:accura(?:cy|te|tely)|sensitivity|specificity) | accura*; sensitiv*; specific*; "Sensitivity and Specificity"[mh]; reliab*; valid*; precis*
(?:reliab(?:ility|ly)|reproducib(?:ility|le)|valid(?:ity|ated?|ation|ating|ly)?|repeatab(?:ility|le)) | reliab*; reproducib*; valid*; "Reproducibility of Results"[mh]; agreement; accura*
under[- ]?(?:diagnos\w+|recogni[sz]ed|detect\w+)|missed diagnos[ei]s | underdiagnos*; undiagnos*; underrecogni*; underdetect*; "Missed Diagnosis"[mh]; "Delayed Diagnosis"[mh]; missed; misdiagnos*; unrecogni*; undetect*; overlook*; (delay* AND diagnos*)
over[- ]?diagnos\w+ | overdiagnos*; "Overdiagnosis"[mh]; overdetect*
mis-?diagnos\w+ | misdiagnos*; "Diagnostic Errors"[mh]; misclassif*
under[- ]?treat\w+ | undertreat*; untreated; underus*; underutili*
under[- ]?(?:use[ds]?|utili[sz]\w+|prescri\w+) | underus*; underutili*; underprescri*; undertreat*
over[- ]?(?:use[ds]?|utili[sz]\w+|prescri\w+|treat\w+) | overus*; overutili*; overprescri*; overtreat*; "Medical Overuse"[mh]; "Inappropriate Prescribing"[mh]; inappropriat*
under[- ]?report\w+ | underreport*; unreported
(?:first|front)[- ]?line | "first line"; frontline; "front line"; initial
second[- ]?line | "second line"; "salvage therapy"; previously treated
third[- ]?line | "third line"; previously treated
first[- ]episode | "first episode"; "first onset"
(?:early|young|juvenile)[- ]onset | "early onset"; "young onset"; "juvenile onset"; "Age of Onset"[mh]
late[- ]onset | "late onset"; "Late Onset Disorders"[mh]; "Age of Onset"[mh]
adult[- ]onset | "adult onset"; "late onset"; "Age of Onset"[mh]
new[- ]onset | "new onset"; newly diagnosed; incident
positiv(?:e|ity) | positiv*
negativ(?:e|ity) | negativ*
(?:nnt|numbers? needed to treat) | "number needed to treat"; nnt; "Numbers Needed To Treat"[mh]; "absolute risk reduction"
(?:nnh|numbers? needed to harm) | "number needed to harm"; nnh; "Numbers Needed To Treat"[mh]
prevalence | prevalen*; "Prevalence"[mh]; "epidemiology"[sh]; frequen*
incidence | inciden*; "Incidence"[mh]; "epidemiology"[sh]; frequen*
risk factors? | "risk factors"; "Risk Factors"[mh]; predict*; determinant*
(?:(?:a?etiolog(?:y|ic|ical)|pathogenesis|causation|causative)) | etiolog*; aetiolog*; caus*; pathogen*; "etiology"[sh]
(?:prognos(?:is|tic|es)|predictors?|prediction|survival rate) | prognos*; predict*; "Prognosis"[mh]; surviv*; outcome*
(?:length|duration) of (?:hospital )?stay|hospital stay | "Length of Stay"[mh]; length of stay; hospital stay; los; (hospital* AND day*)
waiting[- ](?:times?|lists?) | "Waiting Lists"[mh]; wait*; (time* AND delay*)
return(?:ing)? to work | "Return to Work"[mh]; (return* AND work*); sick leave
follow[- ]?ups? | follow up; followup; "Follow-Up Studies"[mh]; (followed AND up)
long[- ]term | long term; longterm; "Follow-Up Studies"[mh]; "Time Factors"[mh]
short[- ]term | short term; shortterm; "Time Factors"[mh]; (short AND term); early
(?:compliance|adherence|adherent|compliant) | adher*; complian*; "Patient Compliance"[mh]; persisten*
(?:satisfaction|satisfied) | satisf*; "Patient Satisfaction"[mh]; "Personal Satisfaction"[mh]
barriers? | barrier*; obstacle*; facilitat*; hinder*; access*
(?:access|accessibility|availability) | access*; "Health Services Accessibility"[mh]; availab*
(?:disparit(?:y|ies)|inequalit(?:y|ies)|inequit(?:y|ies)|equity) | disparit*; inequal*; inequit*; equit*; "Healthcare Disparities"[mh]; "Socioeconomic Factors"[mh]
(?:attitudes?|perceptions?|perceive[ds]?|beliefs?|views|opinions?) | attitud*; percep*; perceiv*; belie*; view*; opinion*; "Attitude"[mh]
(?:knowledge|awareness) | knowledg*; aware*; "Health Knowledge, Attitudes, Practice"[mh]
(?:cause|trigger(?:s|ed|ing)?) ~ caus*; trigger*; induc*; "adverse effects"[sh]; "chemically induced"[sh]; "etiology"[sh]; risk*; associat*
(?:feasib(?:ility|le)|acceptab(?:ility|le)|practicab(?:ility|le)) | feasib*; acceptab*; "Feasibility Studies"[mh]; possible
(?:metasta(?:tic|sis|ses|si[sz]ed)) | metasta*; "Neoplasm Metastasis"[mh]; "secondary"[sh]; stage iv; advanced
(?:advanced|end|late)[- ]stage|advanced | advanced; late stage; end stage; metasta*; (stage* AND (iii OR iv))
(?:severe|severely|severity|critical) | sever*; "Severity of Illness Index"[mh]; critical*; serious
(?:refractory|resistant|resistance) | refractor*; resist*; fail*; intractab*
(?:recurren(?:t|ces?)|recur|relaps(?:e|es|ing)) | recur*; relaps*; "Recurrence"[mh]; repeat*
stag(?:e|es|ing) | stage*; staging; "Neoplasm Staging"[mh]
early | early; earlier; immediat*; prompt*
(?:late|later) | late; later; delay*
(?:delay(?:ed|s|ing)?) | delay*; postpon*; deferr*; late
(?:timing|duration) | timing; duration*; "Time Factors"[mh]; length; time
age | age; ages; aged; "Age Factors"[mh]; young*; older
(?:women and men|sex differences?|gender differences?) | "Sex Factors"[mh]; "Sex Characteristics"[mh]; sex difference; gender; (women AND men); (male* AND female*)
(?:gender|sex) | gender*; sex; "Sex Factors"[mh]; male*; female*; women
(?:rural|remote) | rural*; remote; "Rural Population"[mh]; "Rural Health Services"[mh]
(?:urban|city|cities) | urban*; city; cities; "Urban Population"[mh]
(?:monitor(?:ing|ed)?|surveillance) | monitor*; surveill*; "Monitoring, Physiologic"[mh]; "Drug Monitoring"[mh]
(?:train(?:ing|ed|ees?)|teach(?:ing)?|taught|educat(?:e|ion|ional)|learning) | train*; teach*; educat*; learn*; taught; curricul*; "education"[sh]
(?:minimally|less)[- ]invasive | "Minimally Invasive Surgical Procedures"[mh]; (minim* AND invasiv*); laparoscop*; endoscop*
(?:functional|functioning) (?:outcomes?|status|results?|recovery) | function*; "Recovery of Function"[mh]; disab*
(?:decision(?:s|[- ]making)?) | decision*; "Decision Making"[mh]; decid*
(?:utili[sz]ation) | utiliz*; utilis*; use; usage; "statistics and numerical data"[sh]
drug[- ]interactions?|interactions? | interact*; "Drug Interactions"[mh]
(?:diagnos(?:is|es|tic|tics|ed?|ing)) ~ diagnos*; "diagnosis"[sh]; detect*; identif*; differentiat*
(?:treatments?|therap(?:y|ies)|therapeutics?|management|managed|managing) ~ treat*; therap*; manag*; "therapy"[sh]; "drug therapy"[sh]; "surgery"[sh]
prevent(?:ion|ive|ative|able) | prevent*; prophyla*; "prevention and control"[sh]; protect*; reduc*
(?:protocols?|program(?:me)?s?) ~ program*; protocol*; plan*
(?:control|controlled) ~ control*; manag*
(?:assessment|assessed|assessing|measurements?|examinations?|testing|tests?) ~ assess*; measur*; evaluat*; test*; examin*
(?:success|failure|failures) ~ success*; fail*; outcome*
(?:performance) ~ perform*; outcome*; effectiv*
(?:response|responses|responders|responsive(?:ness)?) | respon*
qualitative(?: (?:interviews?|analys[ei]s|synthes[ie]s|methods?|findings))? | "Qualitative Research"[mh]; qualitative; interview*; "focus groups"; "focus group"; thematic; phenomenolog*
(?:quality) | quality; "Quality of Health Care"[mh]; qualit*; standard*
"""


def _aspects() -> Iterator[Aspect]:
    for line in _LINES.strip().splitlines():
        pattern, sign, terms = re.split(r" ([|~])\s*", line, maxsplit=1)
        rule = re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)
        yield Aspect(rule, tuple(one.strip() for one in terms.split(";")), sign == "~")


ASPECTS: Final = tuple(_aspects())
"""The first that matches counts, so the narrower stand before the broader."""


def named_in(text: str) -> Iterator[tuple[int, int, Aspect]]:
    """The aspects of more than one word in a text, and where they stand."""
    for aspect in ASPECTS:
        for match in aspect.pattern.finditer(text):
            if re.search(r"[ -]", match[0]):
                yield match.start(), match.end(), aspect
                text = f"{text[: match.start()]}{' ' * len(match[0])}{text[match.end() :]}"


@functools.lru_cache(maxsize=1000)
def of_words(words: str) -> Aspect | None:
    """The aspect that these words, and nothing else, say."""
    return next((one for one in ASPECTS if one.pattern.fullmatch(words)), None)
