"""What one question may choose: LangGraph's run context, ``query.start``'s ``config``."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

SourceName = Literal["literature", "trials", "documents"]
SOURCES: tuple[SourceName, ...] = ("literature", "trials", "documents")

FetchPolicy = Literal["cache_first", "network_only", "cache_then_network"]
Phase = Literal["EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4", "NA"]
Status = Literal[
    "RECRUITING",
    "NOT_YET_RECRUITING",
    "ENROLLING_BY_INVITATION",
    "ACTIVE_NOT_RECRUITING",
    "COMPLETED",
    "SUSPENDED",
    "TERMINATED",
    "WITHDRAWN",
    "UNKNOWN",
    "AVAILABLE",
    "NO_LONGER_AVAILABLE",
    "TEMPORARILY_NOT_AVAILABLE",
    "APPROVED_FOR_MARKETING",
    "WITHHELD",
]

Limit = Annotated[int, Field(ge=1, le=100, strict=True)]


class QueryOptions(BaseModel):
    """Options of one question. Unknown and bad values are refused with the field's name.

    Raises:
        pydantic.ValidationError: (a ``ValueError``) naming each field that was not accepted.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    time_budget_ms: int = Field(default=5000, ge=50, le=120_000, strict=True)
    """The longest any one source may take, in milliseconds; the sources run side by side. Where it is not set, the
    settings' is taken, 5000 as well if nobody changed it. Where it is set and a
    model is configured, it is the time of the whole question, the model's part included; where it is not set, the
    whole question has that and the settings' ``model_timeout_ms``."""
    sources: list[SourceName] | None = Field(default=None, min_length=1)
    """Which sources to ask. None lets the question's entities decide."""
    limit: Limit = 10
    """How many results each source keeps."""
    limits: dict[SourceName, Limit] = {}
    """The same by source, where it should differ: ``{"trials": 25}``."""
    date_from: str | None = None
    """Earliest publication or start date: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``."""
    date_to: str | None = None
    """Latest publication or start date, in the same forms; the whole period is included."""
    phases: list[Phase] = []
    """Trial phases in the registry's words. Empty: any."""
    statuses: list[Status] = []
    """Trial statuses in the registry's words. Empty: any."""
    clarify: bool = False
    """Ask back, by an interrupt, where a question is too vague to be searched for."""
    second_round: bool = True
    """With a model: let it search on where a source found little."""
    summarize: bool | None = None
    """With a model: have each result summarised before the answer. None: where they are long."""
    fetch_policy: FetchPolicy = "cache_first"
    """cache_first: a valid cached answer, else the network. network_only: never the cache.
    cache_then_network: the cached answer at once as progress, then the network's."""

    @field_validator("date_from", "date_to", mode="before")
    @classmethod
    def _a_year(cls, value: object) -> object:
        # In JSON, and on a command line, a year is a number.
        return str(value) if type(value) is int else value

    @field_validator("date_from", "date_to")
    @classmethod
    def _a_date(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return value
        first_day(value)
        earliest = info.data.get("date_from") if info.field_name == "date_to" else None
        if earliest and first_day(earliest) > last_day(value):
            raise ValueError(f"date_to should not be before date_from, {earliest}")
        return value

    def as_state(self) -> dict[str, Any]:
        """The options as plain JSON values, the form they have in the graph's state."""
        return self.model_dump(mode="json")


SOURCES_SHARE = 0.5
"""The sources' part of a whole question's time, the model's further rounds in it included."""


def source_budget_ms(options: Mapping[str, Any]) -> int:
    """The longest a source may take: less than the whole budget where a model's part is in it."""
    return int(options.get("source_budget_ms") or options["time_budget_ms"])


def _parts(text: str) -> list[int]:
    parts = text.split("-")
    lengths = [len(part) for part in parts]
    if lengths not in ([4], [4, 2], [4, 2, 2]) or not all(
        part.isascii() and part.isdigit() for part in parts
    ):
        raise ValueError(f"a date should be YYYY, YYYY-MM or YYYY-MM-DD, not {text!r}")
    return [int(part) for part in parts]


def first_day(text: str) -> str:
    """The first day of a year, month or day, as ``YYYY-MM-DD``.

    Raises:
        ValueError: ``text`` is not a date of one of the three forms.
    """
    year, month, day = (*_parts(text), 1, 1)[:3]
    return date(year, month, day).isoformat()


def last_day(text: str) -> str:
    """The last day of a year, month or day, as ``YYYY-MM-DD``.

    Raises:
        ValueError: ``text`` is not a date of one of the three forms.
    """
    parts = _parts(text)
    if len(parts) == 3:
        return date(*parts).isoformat()
    if len(parts) == 1:
        return date(parts[0], 12, 31).isoformat()
    year, month = parts
    return date(year, month, monthrange(year, month)[1]).isoformat()
