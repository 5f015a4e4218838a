"""ClinicalTrials.gov over its API v2: studies by condition, intervention, sponsor, phase, status.

Source: clinicaltrials.gov/data-api/api (the OpenAPI description of version 2).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from .errors import SourceError
from .http_get import Http
from .options import first_day, last_day
from .records import Record, SearchPage, citable, is_nct, year_in
from .settings import Settings

SOURCE = "ClinicalTrials.gov"
PAGE_SIZE = 20
"""Studies a page: small enough that the first results show early."""

FIELDS = (
    "NCTId|BriefTitle|Acronym|OverallStatus|StartDate|CompletionDate|LeadSponsorName|BriefSummary"
    "|Condition|StudyType|Phase|EnrollmentCount|InterventionName|HasResults"
)

Report = Callable[[int, Sequence[Record]], Awaitable[None]]


class Trials:
    """A client of one ClinicalTrials.gov endpoint. Use as an async context manager."""

    def __init__(self, settings: Settings, *, page_size: int = PAGE_SIZE) -> None:
        self._base = settings.trials_url.rstrip("/")
        self._page_size = page_size
        self._http = Http(SOURCE, settings)

    async def __aenter__(self) -> Trials:
        await self._http.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.__aexit__(*exc)

    async def search(
        self,
        *,
        limit: int,
        timeout_ms: int,
        condition: str = "",
        intervention: str = "",
        sponsor: str = "",
        term: str = "",
        phases: Sequence[str] = (),
        statuses: Sequence[str] = (),
        date_from: str | None = None,
        date_to: str | None = None,
        report: Report | None = None,
    ) -> SearchPage:
        """Studies matching all the given queries and filters, in the registry's order.

        Pages are followed by token until ``limit`` studies are there. If a later page fails, the
        earlier ones are returned with a warning.

        Args:
            limit: How many at most.
            timeout_ms: The time for all pages together, in milliseconds.
            condition, intervention, sponsor, term: Queries in the registry's syntax.
            phases, statuses: Any of these values, e.g. ``PHASE3``, ``RECRUITING``.
            date_from, date_to: Bounds of the start date, ``YYYY[-MM[-DD]]``.
            report: Called after each page, with all studies so far.

        Raises:
            SourceError: nothing was asked for, or the first page failed.
        """
        queries = {
            "query.cond": condition,
            "query.intr": intervention,
            "query.spons": sponsor,
            "query.term": term,
        }
        params = {name: value for name, value in queries.items() if value}
        if not params:
            raise SourceError("invalid_request", "ClinicalTrials.gov: nothing to search for")
        params |= {"countTotal": "true", "fields": FIELDS, "format": "json"}
        if statuses:
            params["filter.overallStatus"] = "|".join(statuses)
        if advanced := _advanced(phases, date_from, date_to):
            params["filter.advanced"] = advanced
        deadline = time.monotonic() + timeout_ms / 1000
        records: list[Record] = []
        warnings: list[str] = []
        total = 0
        while len(records) < limit:
            params["pageSize"] = str(min(self._page_size, limit - len(records)))
            try:
                page = await self._json("/studies", params, deadline)
            except SourceError as error:
                if not records:
                    raise
                warnings.append(f"later pages are missing: {error}")
                break
            records += _studies(page)
            # Only the first page carries the count.
            total = max(total, _count(page), len(records))
            if report:
                await report(total, records)
            token = page.get("nextPageToken")
            if not isinstance(token, str) or not token or token == params.get("pageToken"):
                break
            params["pageToken"] = token
        return _page(total, records[:limit], warnings)

    async def get(self, nct_id: str, *, timeout_ms: int) -> SearchPage:
        """One study by its number.

        Raises:
            SourceError: kind ``invalid_request`` for a malformed number, ``not_found`` if the
                registry does not know it, ``bad_data`` if the answer is not that study.
        """
        if not is_nct(nct_id):
            raise SourceError("invalid_request", f"not an NCT number: {nct_id[:40]!r}")
        deadline = time.monotonic() + timeout_ms / 1000
        study = await self._json(
            f"/studies/{nct_id}", {"fields": FIELDS, "format": "json"}, deadline
        )
        records = _studies({"studies": [study]})
        if not records or records[0]["id"] != nct_id:
            raise SourceError("bad_data", f"ClinicalTrials.gov: the answer is not {nct_id}")
        return _page(1, records, [])

    async def _json(self, path: str, params: dict[str, str], deadline: float) -> dict[str, Any]:
        body = await self._http.get(self._base + path, params, deadline)
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceError("bad_data", f"ClinicalTrials.gov: broken JSON ({error})") from None


def _advanced(phases: Sequence[str], date_from: str | None, date_to: str | None) -> str:
    """Phase and start date as one expression of the registry's search language."""
    parts = []
    if phases:
        parts.append(f"AREA[Phase]({' OR '.join(phases)})")
    if date_from or date_to:
        start = first_day(date_from) if date_from else "MIN"
        end = last_day(date_to) if date_to else "MAX"
        parts.append(f"AREA[StartDate]RANGE[{start},{end}]")
    return " AND ".join(parts)


def _count(page: dict[str, Any]) -> int:
    count = page.get("totalCount")
    return count if isinstance(count, int) else 0


def _studies(page: dict[str, Any]) -> list[Record]:
    studies = page.get("studies")
    if not isinstance(studies, list):
        raise SourceError("bad_data", "ClinicalTrials.gov: an answer without studies")
    found = (citable(_study(study)) for study in studies)
    return [record for record in found if record is not None]


def _study(raw: object) -> Record:
    protocol = _part(raw, "protocolSection")
    identification = _part(protocol, "identificationModule")
    status = _part(protocol, "statusModule")
    design = _part(protocol, "designModule")
    start = str(_part(status, "startDateStruct").get("date", ""))
    enrollment = _part(design, "enrollmentInfo").get("count")
    arms = _part(protocol, "armsInterventionsModule").get("interventions")
    return {
        "type": "trial",
        "id": str(identification.get("nctId", "")),
        "title": str(identification.get("briefTitle", "")),
        "year": year_in(start),
        "text": str(_part(protocol, "descriptionModule").get("briefSummary", "")),
        "status": str(status.get("overallStatus", "")),
        "phases": _strings(design.get("phases")),
        "conditions": _strings(_part(protocol, "conditionsModule").get("conditions")),
        "interventions": [
            str(arm["name"])
            for arm in (arms if isinstance(arms, list) else [])
            if isinstance(arm, dict) and arm.get("name")
        ],
        "sponsor": str(
            _part(_part(protocol, "sponsorCollaboratorsModule"), "leadSponsor").get("name", "")
        ),
        "enrollment": enrollment if isinstance(enrollment, int) else None,
        "start_date": start,
        "has_results": isinstance(raw, dict) and raw.get("hasResults") is True,
    }


def _part(raw: object, name: str) -> dict[str, Any]:
    part = raw.get(name) if isinstance(raw, dict) else None
    return part if isinstance(part, dict) else {}


def _strings(raw: object) -> list[str]:
    return [str(one) for one in raw] if isinstance(raw, list) else []


def _page(total: int, records: list[Record], warnings: list[str]) -> SearchPage:
    return {
        "source": SOURCE,
        "total": total,
        "records": records,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "warnings": warnings,
    }
