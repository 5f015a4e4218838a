"""ClinicalTrials.gov over its API v2: studies by condition, intervention, sponsor, phase, status.

Source: clinicaltrials.gov/data-api/api (the OpenAPI description of version 2).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from typing_extensions import Unpack

from ..errors import SourceError
from ..queries.trials_query import TrialArguments, parameters
from ..records import Record, Search, SearchPage, citable, is_nct
from ..settings import Settings
from .http_get import Http
from .trials_json import FIELDS, study

SOURCE = "ClinicalTrials.gov"
PAGE_SIZE = 20
"""Studies a page: small enough that the first results show early."""

_OURS = ("fields", "format", "countTotal", "pageSize", "pageToken")
"""Parameters that change what is read, not what is found."""

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
        report: Report | None = None,
        **asked: Unpack[TrialArguments],
    ) -> SearchPage:
        """Studies matching all the given queries and filters, in the registry's order.

        Pages are followed by token until ``limit`` studies are there. If a later page fails, the
        earlier ones are returned with a warning.

        Args:
            limit: How many at most.
            timeout_ms: The time for all pages together, in milliseconds.
            report: Called after each page, with all studies so far.
            asked: What is searched for, see :class:`.trials_query.TrialArguments`.

        Raises:
            SourceError: nothing was asked for, or the first page failed.
        """
        params = parameters(asked)
        params |= {"countTotal": "true", "fields": FIELDS, "format": "json"}
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
        sent = {name: value for name, value in params.items() if name not in _OURS}
        return _page(total, records[:limit], warnings, [{"parameters": sent, "count": total}])

    async def get(self, nct_id: str, *, timeout_ms: int) -> SearchPage:
        """One study by its number.

        Raises:
            SourceError: kind ``invalid_request`` for a malformed number, ``not_found`` if the
                registry does not know it, ``bad_data`` if the answer is not that study.
        """
        if not is_nct(nct_id):
            raise SourceError("invalid_request", f"not an NCT number: {nct_id[:40]!r}")
        deadline = time.monotonic() + timeout_ms / 1000
        found = await self._json(
            f"/studies/{nct_id}", {"fields": FIELDS, "format": "json"}, deadline
        )
        records = _studies({"studies": [found]})
        if not records or records[0]["id"] != nct_id:
            raise SourceError("bad_data", f"ClinicalTrials.gov: the answer is not {nct_id}")
        return _page(1, records, [])

    async def _json(self, path: str, params: dict[str, str], deadline: float) -> dict[str, Any]:
        body = await self._http.get(self._base + path, params, deadline)
        try:
            return msgspec.json.decode(body, type=dict[str, Any])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceError("bad_data", f"ClinicalTrials.gov: broken JSON ({error})") from None


def _count(page: dict[str, Any]) -> int:
    count = page.get("totalCount")
    return count if isinstance(count, int) else 0


def _studies(page: dict[str, Any]) -> list[Record]:
    studies = page.get("studies")
    if not isinstance(studies, list):
        raise SourceError("bad_data", "ClinicalTrials.gov: an answer without studies")
    found = (citable(study(one)) for one in studies)
    return [record for record in found if record is not None]


def _page(
    total: int,
    records: list[Record],
    warnings: list[str],
    searched: list[Search] | None = None,
) -> SearchPage:
    return {
        "source": SOURCE,
        "total": total,
        "records": records,
        "retrieved_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "warnings": warnings,
        "searched": searched or [],
    }
