"""Scores of a whole answer, each between 0 and 1.

- completeness: the mean over the chosen sources of ``trust * min(1, kept / min(limit, 5))``, where
  trust is 1 for live, cached and collection results, 0.5 for the bundled catalogue, 0 for none
- recency, authority, relevance: the means of the citations' scores (see :mod:`.ranking`);
  recency only over those with a known year
- overall: ``0.3 * completeness + 0.2 * recency + 0.2 * authority + 0.3 * relevance``
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .records import Record
from .state import Quality, SourceReport

ENOUGH = 5
"""Results of a source that count as a full answer."""

_TRUST = {"live": 1.0, "cache": 1.0, "collection": 1.0, "catalogue": 0.5}
_WEIGHTS = {"completeness": 0.3, "recency": 0.2, "authority": 0.2, "relevance": 0.3}


def assess(
    selected: Sequence[str],
    reports: Mapping[str, SourceReport],
    cited: Sequence[Record],
    options: Mapping[str, Any],
) -> Quality:
    """The scores of an answer that cites ``cited``, rounded to three places."""
    dated = [record for record in cited if record.get("year") is not None]
    scores = {
        "completeness": _mean([_share(name, reports.get(name), options) for name in selected]),
        "recency": _mean([_score(record, "recency") for record in dated]),
        "authority": _mean([_score(record, "authority") for record in cited]),
        "relevance": _mean([_score(record, "relevance") for record in cited]),
    }
    overall = sum(weight * scores[name] for name, weight in _WEIGHTS.items())
    return {
        "completeness": round(scores["completeness"], 3),
        "recency": round(scores["recency"], 3),
        "authority": round(scores["authority"], 3),
        "relevance": round(scores["relevance"], 3),
        "overall": round(overall, 3),
    }


def _share(name: str, report: SourceReport | None, options: Mapping[str, Any]) -> float:
    if report is None:
        return 0.0
    limit = options.get("limits", {}).get(name, options["limit"])
    full = min(1.0, report["kept"] / min(int(limit), ENOUGH))
    return _TRUST.get(report["origin"] or "", 0.0) * full


def _score(record: Record, name: str) -> float:
    return float(record.get("scores", {}).get(name, 0.0))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
