"""PubMed over the NCBI E-utilities: esearch finds, esummary describes, efetch gives abstracts.

Source: "The E-utilities In-Depth: Parameters, Syntax and More" (NBK25499).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ..errors import SourceError
from ..options import first_day, last_day
from ..records import Record, Search, SearchPage, citable, is_pmid, year_in
from ..settings import Settings
from . import limiter
from .http_get import Http
from .pubmed_xml import parse_articles, parse_spelling

SOURCE = "PubMed"

Report = Callable[[int, Sequence[Record]], Awaitable[None]]
"""Called as results come: how many there are in all, and those known so far."""


class PubMed:
    """A client of one E-utilities endpoint. Use as an async context manager."""

    def __init__(self, settings: Settings, rate: limiter.Limiter | None = None) -> None:
        self._settings = settings
        host = urlsplit(settings.pubmed_url).netloc
        rate = rate or limiter.shared(host, settings.requests_per_second)
        self._http = Http(SOURCE, settings, rate)

    async def __aenter__(self) -> PubMed:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.__aexit__(*exc)

    async def search(
        self,
        query: str,
        *,
        limit: int,
        timeout_ms: int,
        date_from: str | None = None,
        date_to: str | None = None,
        words: str = "",
        report: Report | None = None,
    ) -> SearchPage:
        """Articles matching a PubMed query, best match first.

        Where nothing matches, and PubMed knows a better spelling of ``words``, that is searched for.

        Args:
            query: In PubMed's own syntax.
            limit: How many at most.
            timeout_ms: The time for all requests together, in milliseconds.
            date_from: Earliest publication date, ``YYYY[-MM[-DD]]``.
            date_to: Latest publication date, in the same form.
            words: What the user wrote, without syntax.
            report: Called with the articles' descriptions, before their abstracts are fetched.

        Raises:
            SourceError: esearch or esummary failed. A failing efetch is only a warning: the
                articles are then without abstracts.
        """
        deadline = time.monotonic() + timeout_ms / 1000
        warnings: list[str] = []
        total, pmids, made = await self._esearch(query, limit, date_from, date_to, deadline)
        searched = [made]
        if not total and (better := await self._spelt(words, deadline)):
            warnings.append(f"nothing found; PubMed spells it {better!r}, which was searched for")
            total, pmids, made = await self._esearch(better, limit, date_from, date_to, deadline)
            searched.append(made)
        if not pmids:
            return _page(total, [], warnings, searched)
        described = await self._esummary(pmids, deadline)
        if report:
            await report(total, described)
        full: dict[str, Record] = {}
        try:
            full = {record["id"]: record for record in await self._efetch(pmids, deadline)}
        except SourceError as error:
            warnings.append(f"abstracts are missing: {error}")
        records = [_merge(record, full.get(record["id"])) for record in described]
        return _page(total, records, warnings, searched)

    async def get(self, pmids: Sequence[str], *, timeout_ms: int) -> SearchPage:
        """The articles with these PMIDs, with abstracts, in the order asked.

        Raises:
            SourceError: kind ``invalid_request`` for a malformed PMID, ``not_found`` if PubMed
                knows none of them, and those of the request itself.
        """
        wrong = [pmid for pmid in pmids if not is_pmid(pmid)]
        if wrong or not pmids:
            raise SourceError("invalid_request", f"not a PMID: {', '.join(wrong) or 'none given'}")
        deadline = time.monotonic() + timeout_ms / 1000
        by_id = {record["id"]: record for record in await self._efetch(pmids, deadline)}
        records = [by_id[pmid] for pmid in pmids if pmid in by_id]
        if not records:
            raise SourceError("not_found", f"PubMed has no article {', '.join(pmids)}")
        missing = [pmid for pmid in pmids if pmid not in by_id]
        return _page(len(records), records, [f"PubMed has no article {pmid}" for pmid in missing])

    async def _esearch(
        self, query: str, limit: int, date_from: str | None, date_to: str | None, deadline: float
    ) -> tuple[int, list[str], Search]:
        params = {"term": query, "retmax": str(limit), "retmode": "json", "sort": "relevance"}
        if date_from or date_to:
            # mindate and maxdate only work as a pair.
            start = first_day(date_from) if date_from else "1800-01-01"
            end = last_day(date_to) if date_to else "3000-12-31"
            params |= {
                "datetype": "pdat",
                "mindate": start.replace("-", "/"),
                "maxdate": end.replace("-", "/"),
            }
        answer = await self._json("esearch.fcgi", params, deadline)
        result = answer.get("esearchresult")
        if not isinstance(result, dict) or "ERROR" in result:
            reason = result.get("ERROR") if isinstance(result, dict) else answer.get("error")
            raise SourceError("http_error", f"PubMed search failed: {reason or 'no result'}")
        pmids = [str(pmid) for pmid in result.get("idlist") or [] if is_pmid(str(pmid))]
        count = str(result.get("count", ""))
        total = int(count) if count.isdigit() else len(pmids)
        made: Search = {
            "parameters": {name: value for name, value in params.items() if name != "retmode"},
            "translation": str(result.get("querytranslation") or ""),
            "said": said(result),
            "count": total,
        }
        return total, pmids[:limit], made

    async def _spelt(self, words: str, deadline: float) -> str:
        """PubMed's own spelling of the words; empty where it has no other, or does not say."""
        if not words:
            return ""
        try:
            body = await self._fetch("espell.fcgi", {"term": words}, deadline)
            better = parse_spelling(body)
        except SourceError:
            # A help, no more: the search itself has answered.
            return ""
        return better if better.lower() != words.lower() else ""

    async def _esummary(self, pmids: Sequence[str], deadline: float) -> list[Record]:
        params = {"id": ",".join(pmids), "retmode": "json"}
        answer = await self._json("esummary.fcgi", params, deadline)
        result = answer.get("result")
        if not isinstance(result, dict):
            raise SourceError("bad_data", "PubMed: a summary without a result")
        found = (citable(_summary(pmid, result.get(pmid))) for pmid in pmids)
        return [record for record in found if record is not None]

    async def _efetch(self, pmids: Sequence[str], deadline: float) -> list[Record]:
        params = {"id": ",".join(pmids), "retmode": "xml", "rettype": "abstract"}
        return parse_articles(await self._fetch("efetch.fcgi", params, deadline))

    async def _json(self, utility: str, params: dict[str, str], deadline: float) -> dict[str, Any]:
        body = await self._fetch(utility, params, deadline)
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceError("bad_data", f"PubMed: broken JSON ({error})") from None

    async def _fetch(self, utility: str, params: dict[str, str], deadline: float) -> bytes:
        params = {"db": "pubmed", **params, "tool": self._settings.ncbi_tool}
        if self._settings.ncbi_email:
            params["email"] = self._settings.ncbi_email
        if self._settings.ncbi_api_key:
            params["api_key"] = self._settings.ncbi_api_key
        url = f"{self._settings.pubmed_url.rstrip('/')}/{utility}"
        return await self._http.get(url, params, deadline)


def _summary(pmid: str, raw: object) -> Record | None:
    """One entry of an esummary; None for those PubMed could not describe."""
    if not isinstance(raw, dict) or "error" in raw:
        return None
    authors = raw.get("authors") or []
    return {
        "type": "article",
        "id": pmid,
        "title": str(raw.get("title", "")),
        "year": year_in(raw.get("pubdate", "")) or year_in(raw.get("sortpubdate", "")),
        "authors": [str(one["name"]) for one in authors if isinstance(one, dict) and "name" in one],
        "journal": str(raw.get("source", "")),
        "publication_types": [str(one) for one in raw.get("pubtype") or []],
    }


def _merge(described: Record, full: Record | None) -> Record:
    """The summary, completed by what only efetch has (abstract, MeSH terms, DOI)."""
    if full is None:
        return described
    return {**described, **{key: value for key, value in full.items() if value}}  # type: ignore[typeddict-item]


def said(result: dict[str, Any]) -> list[str]:
    """The remarks of an esearch: ``phrase not found: …``, ``quoted phrase not found: …``."""
    found = []
    for part, texts in (
        ("errorlist", {"phrasesnotfound": "phrase not found", "fieldsnotfound": "field not found"}),
        (
            "warninglist",
            {
                "quotedphrasesnotfound": "quoted phrase not found",
                "phrasesignored": "left out",
                "outputmessages": "PubMed says",
            },
        ),
    ):
        listed = result.get(part)
        for name, text in texts.items():
            values = listed.get(name) if isinstance(listed, dict) else None
            found += [f"{text}: {one}" for one in (values if isinstance(values, list) else [])]
    return found


def _page(
    total: int,
    records: list[Record],
    warnings: list[str],
    searched: list[Search] | None = None,
) -> SearchPage:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {
        "source": SOURCE,
        "total": total,
        "records": records,
        "retrieved_at": now,
        "warnings": warnings,
        "searched": searched or [],
    }
