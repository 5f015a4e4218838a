"""What the questions of :mod:`benchmarks.biomed_kinds` are answered with, by the whole graph, and whether that is right.

    python -m benchmarks.biomed_kind_answers [--data FOLDER] [--each]

Neither PubMed nor ClinicalTrials.gov is reached: the sources are the bundled catalogue and the 1,000 abstracts. What is right was written down by
hand, from what those hold: an answer that quotes nothing is right where nothing in them answers, and has to say what they lack.
``tests/examples/biomed/test_kind_answers.py`` keeps it, and asks the recorded services what they can answer.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from benchmarks.biomed_kinds import QUESTIONS, TODAY

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "pubmedqa"
UNHURRIED_MS = 60_000

Kind = Literal["direct", "told", "nothing", "look-up", "list", "no trial", "not compared"]
"""Findings are quoted; they are, and it is said first whom or what they are not of; it is said that nothing answers; the record that was asked for;
the trials; that none was found; that nothing compares the two."""


class Right(NamedTuple):
    """What is right."""

    kind: Kind
    says: str = ""
    """A pattern that the answer has to match."""


RIGHT: Final[dict[str, Right]] = {
    "Does semaglutide reduce weight in adults without diabetes?": Right("direct", r"body weight change, %, difference -12\.4"),
    "Is aspirin useful in people who never had a heart attack?": Right("nothing"),
    "stroke prevention in atrial fibrillation without anticoagulants": Right("nothing"),
    "hypertension in patients with or without diabetes": Right("direct", "^[^\\[]*diabetic group than in the nondiabetic group"),
    "Does Ozempic cause thyroid cancer?": Right("nothing", "speaks of Ozempic"),
    "Could omeprazole lead to dementia?": Right("nothing", "omeprazole and dementia together"),
    "Do statins cause muscle pain?": Right("nothing", "muscle pain"),
    "Does vitamin D prevent fractures in the elderly?": Right("nothing", "vitamin D and fractures together"),
    "Is metformin effective for polycystic ovary syndrome?": Right("direct", "metformin group when compared with the placebo group"),
    "Does exercise help depression?": Right("direct", "EPDS score"),
    "apixaban versus warfarin in atrial fibrillation": Right("not compared", "nothing on apixaban"),
    "Is naproxen safer than diclofenac?": Right("nothing", "naproxen and diclofenac"),
    "insulin glargine versus insulin degludec hypoglycemia": Right("nothing", "insulin degludec"),
    "Does clarithromycin interact with simvastatin?": Right("nothing", "clarithromycin"),
    "rifampicin and oral contraceptives interaction": Right("nothing", "rifampicin"),
    "P: adults with heart failure, I: dapagliflozin, C: placebo, O: hospitalisation": Right("nothing", "dapagliflozin"),
    "In type 2 diabetes (P), does tirzepatide (I) compared with insulin glargine (C) lower HbA1c (O)?": Right("not compared", "nothing on insulin glargine"),
    "HFpEF and spironolactone": Right("nothing"),
    "COPD exacerbations and azithromycin": Right("nothing", "azithromycin"),
    "CAR-T in lymphoma": Right("nothing", "CAR-T"),
    "long COVID fatigue treatment": Right("nothing", "long COVID"),
    "Is a blood thinner needed after a broken hip?": Right("nothing", "blood thinner"),
    "Is Eliquis safe with Advil?": Right("nothing", "speaks of Eliquis"),
    "Is metfromin good for PCOS?": Right("direct", "read as 'metformin'(?s:.*)metformin group when compared"),
    "rhumatoid arthritis and methotrexate": Right("direct", "read as 'rheumatoid arthritis'"),
    "BRCA1 and PARP inhibitors in ovarian cancer": Right("nothing", "PARP inhibitors"),
    "COVID-19 vaccine myocarditis in young men": Right("nothing", "COVID-19 vaccine"),
    "melatonin in children with autism": Right("nothing", "melatonin and autism together"),
    "¿Es eficaz la metformina en la diabetes tipo 2?": Right("nothing", "in Spanish"),
    "O que funciona contra a enxaqueca?": Right("nothing", "in Portuguese"),
    "What did NCT03548935 find?": Right("look-up", r"STEP 1(?s:.*)difference -12\.4"),
    "https://doi.org/10.1056/NEJMoa2032183": Right("look-up", "Once-Weekly Semaglutide"),
    "PMID 33567185": Right("look-up", "Once-Weekly Semaglutide"),
    "recruiting trials of pembrolizumab in Germany": Right("no trial"),
    "trials within 100 miles of Boston for glioblastoma": Right("no trial"),
    "phase 3 trials of lecanemab since January 2023": Right("no trial"),
    "breast cancer trials first posted in the last 6 months": Right("no trial"),
    "donanemab trials with primary completion after June 2024": Right("no trial"),
    "asthma trials for children aged 6 to 11 in Canada": Right("no trial"),
    "psoriasis trials in women over 65 near Boston": Right("no trial"),
    "completed trials of psilocybin for depression with at least 50 patients": Right("no trial"),
    "trials sponsored by Pfizer for RSV vaccine since 2021": Right("no trial"),
    "systematic reviews of melatonin for jet lag": Right("nothing", "jet lag"),
}  # fmt: skip
"""By question."""
RECORDED: Final[dict[str, Right]] = {
    "What did NCT03548935 find?": Right("look-up", "STEP 1: semaglutide"),
    "PMID 33567185": Right("look-up", "Once-Weekly Semaglutide"),
    "recruiting trials of pembrolizumab in Germany": Right("list", r"3 registered trials \(of"),
    "trials within 100 miles of Boston for glioblastoma": Right("no trial", "searched without"),
    "Does Ozempic cause thyroid cancer?": Right("nothing", "Ozempic and thyroid cancer together"),
}
"""The same where the recorded services are asked, which know some medicines only."""

Row = tuple[str, float, str, str]
"""What, how much, its unit, and the bound it is measured against."""


def first_part(answer: str) -> str:
    """An answer up to its first heading under the title, without what is said of services that could not be reached."""
    kept = [one for one in answer.split("\n\n") if not one.startswith((">", "# "))]
    return "\n\n".join(kept).split("\n## ")[0].split("\n\n## ")[0]


def kind_of(part: str) -> Kind:
    """What an answer is, by its first part."""
    if "**Nothing found that answers this.**" in part:
        return "nothing"
    if re.search(r"^\*\*(?:[^*]+)\*\* is (?:“|the trial)", part, re.MULTILINE):
        return "look-up"
    quotes = re.sub(
        r"^(?:\*\*|_|\d+ results?(?::| (?:was|were) read\b)).*$", "", part, flags=re.MULTILINE
    ).strip()
    if re.search(r"^\*\*\d+ registered trials?\b", part, re.MULTILINE):
        return "list"
    if not quotes:
        compares = "**No result compares" in part
        return "not compared" if compares else "no trial"
    is_told = re.search(
        r"^\*\*(?:Nothing was found|None of the sources|The sources have)", part, re.MULTILINE
    )
    return "told" if is_told else "direct"


def is_right(part: str, right: Right) -> bool:
    """Whether an answer is what is right."""
    return kind_of(part) == right.kind and re.search(right.says, part) is not None


async def answered(graph: Any, question: str) -> str:
    """The first part of a graph's answer."""
    result: Mapping[str, Any] = await graph.ainvoke(
        {"query": question}, context={"time_budget_ms": UNHURRIED_MS}
    )
    return first_part(result["answer"])


async def measure(data: Path, folder: Path) -> list[tuple[str, str, str]]:
    """Each question with its kind and the first part of its answer, where neither service is reached."""
    from examples.biomed.graph import build_graph
    from examples.biomed.settings import Settings

    with socket.socket() as kept:
        # Bound, and nobody listens: each connection is refused.
        kept.bind(("127.0.0.1", 0))
        host = f"http://127.0.0.1:{kept.getsockname()[1]}"
        settings = Settings(
            pubmed_url=f"{host}/entrez/eutils",
            trials_url=f"{host}/api/v2",
            ncbi_requests_per_second=1000,
            http_backoff_ms=1,
            documents=str(data / "corpus.jsonl"),
            cache_dir=str(folder),
        )
        graph = build_graph(lambda: settings, today=lambda: TODAY)
        return [(kind, one, await answered(graph, one)) for kind, one, _ in QUESTIONS]


def rows(found: list[tuple[str, str, str]]) -> list[Row]:
    """How many of the questions have the answer that is right, and how many have each kind of answer."""
    right = sum(is_right(part, RIGHT[question]) for _, question, part in found)
    kinds = [kind_of(part) for _, _, part in found]
    return [
        (f"answers by kind of question: right, of {len(found)}", 100 * right / len(found), "%", "all"),
        *((f"  {one}", float(kinds.count(one)), "", "") for one in dict.fromkeys(kinds)),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--each", action="store_true", help="print each answer, too")
    given = parser.parse_args()
    if not given.data.is_dir():
        sys.exit(f"no data at {given.data}")
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(given.data, Path(folder)))
    for what, value, unit, bound in rows(found):
        print(f"{what:60} {value:10.2f} {unit:3} {bound}")
    for kind, question, part in found:
        wrong = "" if is_right(part, RIGHT[question]) else f" (right: {RIGHT[question].kind})"
        print(f"  {kind:18} {kind_of(part) + wrong:14} {question}")
        if given.each:
            print("    " + part.replace("\n", "\n    "))


if __name__ == "__main__":
    main()
