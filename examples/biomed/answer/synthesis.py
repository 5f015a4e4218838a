"""The answer in Markdown, from ranked results alone: the same state, the same text."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence

from ..markdown import escape, quoted
from ..markers import HIDDEN, renamed
from ..records import Record, Search, identity_of
from ..state import Citation, SourceFailure, SourceReport
from .agreement import directly
from .answering import Found
from .instructions import own_words
from .notices import TITLES, day_of, notices
from .same_study import counted_once
from .strength import strength
from .unsaid import nothing

SNIPPET_CHARS = 280

Cited = Sequence[tuple[Citation, Record]]


def write(
    query: str,
    cited: Cited,
    selected: Sequence[str],
    reports: Mapping[str, SourceReport],
    failures: Sequence[SourceFailure],
    body: str | None = None,
    found: Found | None = None,
    searches: Sequence[Search] = (),
    lead: tuple[str, bool] = ("", False),
    read: str = "",
    facts: str = "",
) -> str:
    """The whole answer.

    Args:
        query: The question, as the title.
        cited: The numbered results.
        selected: The sources that were asked, in the order of the sections.
        reports: How each fared.
        failures: What went wrong, named at the top and once more in full at the end.
        body: A model's text in place of the answer's sentences, already guarded.
        found: What the sources say to the question, without a model; None: the lists alone.
        searches: As they were made: what a wider one left out is said at the top.
        lead: What stands before that, and whether it is the whole answer, see :mod:`.leading`.
        read: How the question was read, as Markdown.
        facts: What a follow-up asks of the sources of the answer, see :mod:`.told_facts`.
    """
    parts = [f"# {escape(query)}", read, *notices(selected, reports, failures, searches), facts]
    if body is not None:
        parts.append(body.strip())
    else:
        if found is not None:
            parts.append(_answer(found, cited, *lead, reports=reports, is_led=not facts))
        parts.append(_overview(cited, selected, reports))
        parts += [_section(name, cited, reports.get(name), found) for name in selected]
    if failures:
        lines = [
            f"- {_name(one['source'])} ({one['kind']}): {escape(one['message'])}"
            for one in failures
        ]
        parts.append("## What did not work\n\n" + "\n".join(lines))
    parts.append(_references(cited))
    return "\n\n".join(part for part in parts if part) + "\n"


def _answer(
    found: Found,
    cited: Cited,
    lead: str,
    is_all: bool,
    *,
    reports: Mapping[str, SourceReport],
    is_led: bool,
) -> str:
    """The answer itself: what leads it, quoted sentences, each with its number, then how strong they are.

    Which way the findings go leads no answer to who asks for something else of their sources.
    """
    if lead and (is_all or not found.sentences):
        return lead
    if not found.sentences:
        return nothing(found, cited, reports)
    said = " ".join(f"{quoted(one.text)} [{one.n}]" for one in found.sentences)
    way = directly(counted_once(found, {citation["n"]: record for citation, record in cited})[0])
    return "\n\n".join(
        part
        for part in (
            lead,
            found.of_others,
            way if is_led else "",
            said,
            "## Strength of evidence",
            strength(found, cited),
        )
        if part
    )


def brief(cited: Cited, mark: str = "", texts: Mapping[int, str] | None = None) -> str:
    """The numbered results as plain text, for a model to write from.

    What a result says itself stands between ``<mark n>`` and ``</mark>``, where ``mark`` is a word that
    nobody who wrote a document can know; its own bracketed numbers are renamed, so that only ours
    are citations. ``texts``: what stands in the place of a result's text, by number.
    """
    mark = mark or f"quoted-{secrets.token_hex(4)}"
    parts = []
    for citation, record in cited:
        facts = [
            citation["title"],
            _details(record),
            record.get("outcome", ""),
            (texts or {}).get(citation["n"], record.get("text", "")),
        ]
        said = "\n".join(_quoted(fact, mark) for fact in facts if fact)
        parts.append(f"[{citation['n']}] <{mark} {citation['n']}>\n{said}\n</{mark}>")
    return "\n".join(parts)


def fenced(text: str) -> str:
    """Foreign text for a model, between marks that it cannot know; what looks like ours in it is renamed."""
    mark = f"quoted-{secrets.token_hex(4)}"
    return f"<{mark}>\n{_quoted(text, mark)}\n</{mark}>"


_BRACKETED = re.compile(r"[\[【［⟦〔]\s*([^\[\]【】［］⟦⟧〔〕]{0,40}?)\s*[\]】］⟧〕]")
_ROLE = re.compile(
    r"(?i)(<+\s*/?\s*[|a-z][^<>\n]{0,60}>+|```+|#{2,}|"
    r"\b(system|developer|assistant|user|human|model|tool|instructions?|response|results?|question)\"?\s*:)"
)


def _quoted(text: str, mark: str) -> str:
    """Foreign text without what looks like our numbers, our fence, or a speaker's turn."""
    plain = HIDDEN.sub("", unicodedata.normalize("NFKC", renamed(text))).replace(mark, "")
    plain = _BRACKETED.sub(
        lambda m: f"(their {m[1]})" if re.search(r"\d", m[1]) else f"({m[1]})", plain
    )
    plain = _ROLE.sub(lambda m: re.sub(r"[<>:`|#]", " ", m[0]), plain)
    # No tag at all, and "p < 0.05" stays to be read.
    return plain.replace("<", "‹").replace(">", "›")


def _overview(cited: Cited, selected: Sequence[str], reports: Mapping[str, SourceReport]) -> str:
    counts = []
    for name in selected:
        report = reports.get(name)
        kept = sum(citation["source"] == name for citation, _ in cited)
        if report and kept:
            found = max(report["found"], kept)
            what = TITLES[name][0].lower()
            where = _origin(name, report["origin"], report["via"])
            counts.append(f"{what} {kept} of {found} from {where}")
    if not counts:
        return _dropped(selected, reports)
    results = "1 result" if len(cited) == 1 else f"{len(cited)} results"
    return f"{results}: {'; '.join(counts)}."


def _dropped(selected: Sequence[str], reports: Mapping[str, SourceReport]) -> str:
    """What was found though nothing of it is listed."""
    read = [
        f"{TITLES[name][0].lower()} {report['retrieved']}"
        for name in selected
        if (report := reports.get(name)) and report["retrieved"]
    ]
    if not read:
        failed = [
            TITLES[name][1]
            for name in selected
            if (report := reports.get(name)) and report["status"] == "failed"
        ]
        unasked = f"; {' and '.join(failed)} could not be asked" if failed else ""
        return f"No source had a result for this question{unasked}."
    total = sum(reports[name]["retrieved"] for name in selected if name in reports)
    were = "1 result was" if total == 1 else f"{total} results were"
    return f"{were} read ({'; '.join(read)}) and left out: none speaks to the question."


def _section(name: str, cited: Cited, report: SourceReport | None, found: Found | None) -> str:
    own = [(citation, record) for citation, record in cited if citation["source"] == name]
    title = TITLES[name][0]
    warnings = report["warnings"] if report else []
    note = f"\n\n_Note: {escape('; '.join(warnings))}._" if warnings else ""
    if not own:
        left = report["retrieved"] if report else 0
        what = f"{left} read, none of which speaks to the question." if left else "Nothing found."
        return f"## {title}\n\n{what}{note}"
    where = _origin(name, report["origin"], report["via"]) if report else _name(name)
    day = day_of(report["as_of"] if report else None)
    lines = [_line(citation, record, found) for citation, record in own]
    return f"## {title}\n\n_From {where}, {day}._{note}\n\n" + "\n".join(lines)


def _line(citation: Citation, record: Record, found: Found | None) -> str:
    result = _result(record, found)
    retracted = "Retracted Publication" in record.get("publication_types", [])
    parts = [
        "**Retracted.**" if retracted else "",
        f"**{quoted(record['title'])}**",
        f"({quoted(details)})" if (details := _details(record)) else "",
        f"- {quoted(result)}" if result else "",
        f"[{citation['n']}]",
    ]
    return "- " + " ".join(part for part in parts if part)


def _result(record: Record, found: Found | None) -> str:
    """What a result found, else how its text begins; nothing where the answer has quoted that already."""
    own = own_words(record)
    stated = found.stated.get(identity_of(record), "") if found else ""
    if found and stated in _quoted_of(found):
        return ""
    return own.get("outcome") or stated or _snippet(own.get("text", ""))


def _quoted_of(found: Found) -> set[str]:
    """The sentences that stand before the lists."""
    near = found.nearest.sentences if found.nearest else []
    return {*(one.text for one in found.sentences), *near}


def _details(record: Record) -> str:
    if record["type"] == "article":
        authors = record.get("authors", [])
        first = f"{authors[0]} et al." if len(authors) > 1 else "".join(authors[:1])
        facts = [first, record.get("journal", ""), str(record["year"] or "")]
    elif record["type"] == "trial":
        enrollment = record.get("enrollment")
        facts = [
            record["id"],
            ", ".join(_phase(one) for one in record.get("phases", [])),
            record.get("status", "").replace("_", " ").lower(),
            f"{enrollment} participants" if enrollment else "",
            record.get("sponsor", ""),
        ]
    else:
        facts = [record["id"], str(record["year"] or "")]
    return ", ".join(fact for fact in facts if fact)


def _phase(name: str) -> str:
    early = "early " if name.startswith("EARLY_") else ""
    number = name[-1:]
    return f"{early}phase {number}" if number.isdigit() else "phase not applicable"


def _snippet(text: str) -> str:
    if len(text) <= SNIPPET_CHARS:
        return text
    return text[:SNIPPET_CHARS].rsplit(" ", 1)[0] + " …"


def _references(cited: Cited) -> str:
    if not cited:
        return ""
    lines = []
    for citation, _ in cited:
        label = {"article": "PMID", "trial": "ClinicalTrials.gov"}.get(citation["type"], "Document")
        identifier = f"{label} {escape(citation['id'])}"
        if citation["url"]:
            identifier = f"{label} [{escape(citation['id'])}]({citation['url']})"
        year = f" ({citation['year']})" if citation["year"] else ""
        origin = _origin(citation["source"], citation["origin"], citation["via"])
        lines.append(
            f"{citation['n']}. {identifier}: {quoted(citation['title'])}{year}. "
            f"From {origin}, {day_of(citation['as_of'])}."
        )
    return "## References\n\n" + "\n".join(lines)


def _origin(source: str, origin: str | None, via: str) -> str:
    name = f"the MCP server {escape(via)}" if via else _name(source)
    if origin == "catalogue":
        return "the bundled catalogue (not live)"
    return f"{name} (cached)" if origin == "cache" else name


def _name(source: str) -> str:
    return TITLES[source][1] if source in TITLES else source
