"""One study of ClinicalTrials.gov's API v2 as a record. Without I/O."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..records import Record, year_in

FIELDS = (
    "NCTId|BriefTitle|Acronym|OverallStatus|WhyStopped|StartDate|PrimaryCompletionDate|CompletionDate|StudyFirstPostDate"
    "|LeadSponsorName|BriefSummary|Condition|StudyType|Phase|EnrollmentCount|InterventionName|HasResults"
    "|EligibilityCriteria|Sex|MinimumAge|MaximumAge|StdAge"
    "|CentralContactName|CentralContactPhone|CentralContactEMail"
    "|LocationFacility|LocationCity|LocationState|LocationCountry|LocationStatus"
    "|PrimaryOutcomeMeasure|PrimaryOutcomeTimeFrame|SecondaryOutcomeMeasure|SecondaryOutcomeTimeFrame"
    "|OrgStudyId|SecondaryId"
    "|ReferencePMID|ReferenceType|ReferenceCitation"
)
"""What a record is made of: nothing else is asked for."""


def study(raw: object) -> Record:
    """The record of one entry of ``studies``; what is missing or of a wrong type is left empty."""
    protocol = _part(raw, "protocolSection")
    identification = _part(protocol, "identificationModule")
    status = _part(protocol, "statusModule")
    design = _part(protocol, "designModule")
    start = _date(status, "startDateStruct")
    enrollment = _part(design, "enrollmentInfo").get("count")
    eligibility = _part(protocol, "eligibilityModule")
    contacts = _part(protocol, "contactsLocationsModule")
    outcomes = _part(protocol, "outcomesModule")
    return {
        "type": "trial",
        "id": str(identification.get("nctId", "")),
        "title": str(identification.get("briefTitle", "")),
        "acronym": _text(identification, "acronym"),
        "year": year_in(start),
        "text": str(_part(protocol, "descriptionModule").get("briefSummary", "")),
        "status": str(status.get("overallStatus", "")),
        "why_stopped": _text(status, "whyStopped"),
        "phases": _strings(design.get("phases")),
        "conditions": _strings(_part(protocol, "conditionsModule").get("conditions")),
        "interventions": [
            str(arm["name"])
            for arm in _parts(_part(protocol, "armsInterventionsModule"), "interventions")
            if arm.get("name")
        ],
        "sponsor": str(
            _part(_part(protocol, "sponsorCollaboratorsModule"), "leadSponsor").get("name", "")
        ),
        "enrollment": enrollment if isinstance(enrollment, int) else None,
        "start_date": start,
        "primary_completion_date": _date(status, "primaryCompletionDateStruct"),
        "first_posted": _date(status, "studyFirstPostDateStruct"),
        "has_results": isinstance(raw, dict) and raw.get("hasResults") is True,
        "eligibility": _text(eligibility, "eligibilityCriteria"),
        "sex": _text(eligibility, "sex"),
        "ages": _ages(eligibility),
        "contacts": [
            _joined(one, "name", "phone", "email") for one in _parts(contacts, "centralContacts")
        ],
        "sites": [_site(one) for one in _parts(contacts, "locations")],
        "outcomes": [
            *_outcomes(outcomes, "primaryOutcomes", "primary"),
            *_outcomes(outcomes, "secondaryOutcomes", "secondary"),
        ],
        "registry_ids": [
            number
            for one in (
                _part(identification, "orgStudyIdInfo"),
                *_parts(identification, "secondaryIdInfos"),
            )
            if (number := _text(one, "id"))
        ],
        "publications": list(
            dict.fromkeys(
                str(one["pmid"])
                for one in _parts(_part(protocol, "referencesModule"), "references")
                # BACKGROUND is what the study's authors read, not what came of it.
                if one.get("pmid") and one.get("type") != "BACKGROUND"
            )
        ),
    }


def _ages(eligibility: dict[str, Any]) -> str:
    """``18 Years to 75 Years``, ``from 18 Years``, ``up to 17 Years``; empty where no bound is set."""
    youngest, oldest = _text(eligibility, "minimumAge"), _text(eligibility, "maximumAge")
    if youngest and oldest:
        return f"{youngest} to {oldest}"
    return f"from {youngest}" if youngest else f"up to {oldest}" if oldest else ""


def _site(raw: dict[str, Any]) -> str:
    """``Klinikum, Munich, Germany (recruiting)``."""
    place = _joined(raw, "facility", "city", "state", "country")
    status = _text(raw, "status").replace("_", " ").lower()
    return f"{place} ({status})" if place and status else place


def _outcomes(raw: dict[str, Any], name: str, rank: str) -> Iterator[str]:
    for one in _parts(raw, name):
        if measure := _text(one, "measure"):
            frame = _text(one, "timeFrame")
            yield f"{rank}: {measure}" + (f" ({frame})" if frame else "")


def _joined(raw: dict[str, Any], *names: str) -> str:
    return ", ".join(text for name in names if (text := _text(raw, name)))


def _date(status: dict[str, Any], name: str) -> str:
    return _text(_part(status, name), "date")


def _text(raw: dict[str, Any], name: str) -> str:
    value = raw.get(name)
    return value if isinstance(value, str) else ""


def _part(raw: object, name: str) -> dict[str, Any]:
    part = raw.get(name) if isinstance(raw, dict) else None
    return part if isinstance(part, dict) else {}


def _parts(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = raw.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _strings(raw: object) -> list[str]:
    return [str(one) for one in raw] if isinstance(raw, list) else []
