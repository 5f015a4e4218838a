"""ClinicalTrials.gov over real HTTP: paging, filters, real captures, broken answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from examples.biomed.errors import SourceError
from examples.biomed.records import SearchPage
from examples.biomed.services.trials import Trials
from examples.biomed.settings import Settings
from tests.examples.biomed.replay import Fault, Replay


async def _search(settings: Settings, **options: object) -> SearchPage:
    wanted = {"intervention": "semaglutide", "limit": 12, "timeout_ms": 60_000, **options}
    async with Trials(settings, page_size=6) as trials:
        return await trials.search(**wanted)  # type: ignore[arg-type]


async def test_pages_are_followed_by_token(settings: Settings, replay: Replay) -> None:
    page = await _search(settings)
    assert page["total"] == 12
    assert len({record["id"] for record in page["records"]}) == 12
    first, second = replay.seen
    assert "pageToken" not in first.params
    assert second.params["pageToken"] == "made-up-token-2"
    assert first.params["countTotal"] == "true"
    assert "NCTId" in first.params["fields"]


async def test_no_more_is_read_than_asked_for(settings: Settings, replay: Replay) -> None:
    page = await _search(settings, limit=4)
    assert len(page["records"]) == 4
    assert len(replay.seen) == 1
    assert replay.seen[0].params["pageSize"] == "4"


async def test_a_study_has_all_its_facts(settings: Settings) -> None:
    record = (await _search(settings))["records"][0]
    assert record["id"] == "NCT03574597"
    assert record["phases"] == ["PHASE3"]
    assert record["status"] == "COMPLETED"
    assert record["enrollment"] == 17604
    assert record["sponsor"] == "Novo Nordisk"
    assert record["year"] == 2019
    assert record["has_results"] is True
    assert record["url"] == "https://clinicaltrials.gov/study/NCT03574597"


async def test_filters_are_sent_in_the_registrys_language(
    settings: Settings, replay: Replay
) -> None:
    await _search(
        settings,
        condition="obesity",
        sponsor="Novo Nordisk",
        phases=["PHASE2", "PHASE3"],
        statuses=["RECRUITING", "COMPLETED"],
        date_from="2020",
        date_to="2021-02",
    )
    sent = replay.seen[0].params
    assert sent["query.cond"] == "obesity"
    assert sent["query.intr"] == "semaglutide"
    assert sent["query.spons"] == "Novo Nordisk"
    assert sent["filter.overallStatus"] == "RECRUITING|COMPLETED"
    assert sent["filter.advanced"] == (
        "AREA[Phase](PHASE2 OR PHASE3) AND AREA[StartDate]RANGE[2020-01-01,2021-02-28]"
    )


async def test_place_people_size_and_dates_are_sent_in_the_registrys_language(
    settings: Settings, replay: Replay
) -> None:
    await _search(
        settings,
        location='"New York" OR Boston',
        distance="distance(48.1,-11.6,50km)",
        sex="FEMALE",
        age_groups=["CHILD", "OLDER_ADULT"],
        age_from=12,
        age_to=17,
        min_enrollment=200,
        max_enrollment=500,
        with_results=True,
        randomized=True,
        excluded_locations=["China"],
        date_to="2026-02",
        date_field="primary_completion",
        excluded_conditions=["type 2 diabetes", '"]'],
        excluded_interventions=["aspirin"],
    )
    sent = replay.seen[0].params
    assert sent["query.locn"] == '"New York" OR Boston'
    assert sent["aggFilters"] == "results:with"
    assert sent["filter.geo"] == "distance(48.1,-11.6,50km)"
    assert sent["filter.advanced"] == (
        "AREA[PrimaryCompletionDate]RANGE[MIN,2026-02-28] AND AREA[Sex](FEMALE OR ALL)"
        " AND AREA[StdAge](CHILD OR OLDER_ADULT)"
        " AND (AREA[MaximumAge]RANGE[12 years,MAX] OR AREA[MaximumAge]MISSING)"
        " AND (AREA[MinimumAge]RANGE[MIN,17 years] OR AREA[MinimumAge]MISSING)"
        ' AND AREA[EnrollmentCount]RANGE[200,500] AND AREA[DesignAllocation]RANDOMIZED AND NOT AREA[Condition]"type 2 diabetes"'
        ' AND NOT AREA[InterventionName]"aspirin"'
        ' AND NOT (AREA[LocationCountry]"China" OR AREA[LocationState]"China" OR AREA[LocationCity]"China")'
    )


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"distance": "50 km of Munich"}, "distance should be"),
        ({"date_field": "end"}, "date_field"),
    ],
)
async def test_a_malformed_filter_is_told_before_anything_is_sent(
    settings: Settings, replay: Replay, wrong: dict[str, str], told: str
) -> None:
    with pytest.raises(SourceError, match=told) as caught:
        await _search(settings, date_from="2020", **wrong)
    assert caught.value.kind == "invalid_request"
    assert replay.seen == []


async def test_a_record_tells_who_may_take_part_where_and_what_came_of_it(
    settings: Settings, replay: Replay
) -> None:
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "briefTitle": "T"},
            "statusModule": {
                "startDateStruct": {"date": "2023-02-01"},
                "primaryCompletionDateStruct": {"date": "2025-06"},
                "studyFirstPostDateStruct": {"date": "2022-12-24"},
            },
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion:\n* BMI above 30",
                "sex": "ALL",
                "minimumAge": "18 Years",
                "maximumAge": "75 Years",
            },
            "contactsLocationsModule": {
                "centralContacts": [{"name": "A. Nurse", "phone": "1-800", "email": "a@b.example"}],
                "locations": [
                    {
                        "facility": "Clinic",
                        "city": "Munich",
                        "country": "Germany",
                        "status": "RECRUITING",
                    },
                    {"city": "Lyon", "country": "France"},
                    "odd",
                ],
            },
            "outcomesModule": {
                "primaryOutcomes": [{"measure": "Weight", "timeFrame": "68 weeks"}],
                "secondaryOutcomes": [{"measure": "HbA1c"}, {}],
            },
            "referencesModule": {
                "references": [
                    {"pmid": "33567185", "type": "RESULT"},
                    {"pmid": "33567185", "type": "DERIVED"},
                    {"pmid": "1", "type": "BACKGROUND"},
                    {"citation": "no number"},
                ]
            },
        }
    }
    replay.fail("studies", Fault(body=json.dumps({"studies": [study]}).encode()))
    (record,) = (await _search(settings, limit=1))["records"]
    assert record["contacts"] == ["A. Nurse, 1-800, a@b.example"]
    assert record["sites"] == ["Clinic, Munich, Germany (recruiting)", "Lyon, France"]
    assert record["eligibility"] == "Inclusion: * BMI above 30"
    assert (record["sex"], record["ages"]) == ("ALL", "18 Years to 75 Years")
    assert record["outcomes"] == ["primary: Weight (68 weeks)", "secondary: HbA1c"]
    assert record["publications"] == ["33567185"]
    assert record["primary_completion_date"] == "2025-06"
    assert record["first_posted"] == "2022-12-24"


async def test_pages_are_reported_as_they_come(settings: Settings, replay: Replay) -> None:
    reports: list[tuple[int, int, int]] = []

    async def report(total: int, records: object) -> None:
        assert isinstance(records, list)
        reports.append((total, len(records), len(replay.seen)))

    await _search(settings, report=report)
    assert reports == [(12, 6, 1), (12, 12, 2)]


async def test_a_failing_later_page_keeps_the_earlier_ones(
    settings: Settings, replay: Replay
) -> None:
    good = (Path(__file__).parent / "fixtures" / "studies_glp1_page1.json").read_bytes()
    replay.fail("studies", Fault(body=good), *[Fault(status=500)] * 3)
    page = await _search(settings)
    assert len(page["records"]) == 6
    assert page["warnings"] == [
        "later pages are missing: [http_error] ClinicalTrials.gov answered 500"
    ]


async def test_a_token_that_leads_nowhere_new_ends_the_reading(
    settings: Settings, replay: Replay
) -> None:
    same = b'{"studies": [], "nextPageToken": "again"}'
    replay.fail("studies", Fault(body=same), times=20)
    await _search(settings)
    assert len(replay.seen) == 2


@pytest.mark.parametrize("body", [b"{", b"[]", b"{}", b'{"studies": 3}', b"<html>", b""])
async def test_a_broken_answer_is_an_error(settings: Settings, replay: Replay, body: bytes) -> None:
    replay.fail("studies", Fault(body=body))
    with pytest.raises(SourceError) as caught:
        await _search(settings)
    assert caught.value.kind == "bad_data"


async def test_odd_studies_are_left_out_not_fatal(settings: Settings, replay: Replay) -> None:
    body = (
        b'{"studies": [null, 5, {}, {"protocolSection": {"identificationModule": '
        b'{"nctId": "NCT00000001", "briefTitle": "T"}, "designModule": [], '
        b'"armsInterventionsModule": {"interventions": [3, {"name": "d"}]}}}]}'
    )
    replay.fail("studies", Fault(body=body))
    (record,) = (await _search(settings, limit=1))["records"]
    assert (record["id"], record["interventions"]) == ("NCT00000001", ["d"])


async def test_nothing_to_search_for_is_refused(settings: Settings, replay: Replay) -> None:
    with pytest.raises(SourceError, match="nothing to search for"):
        await _search(settings, intervention="")
    assert replay.seen == []


async def test_get_by_number(settings: Settings) -> None:
    async with Trials(settings) as trials:
        page = await trials.get("NCT03574597", timeout_ms=60_000)
    assert [record["id"] for record in page["records"]] == ["NCT03574597"]


@pytest.mark.parametrize(
    ("nct_id", "kind"),
    [("NCT99999999", "not_found"), ("NCT1", "invalid_request"), ("../x", "invalid_request")],
)
async def test_get_refuses_what_is_no_study(settings: Settings, nct_id: str, kind: str) -> None:
    async with Trials(settings) as trials:
        with pytest.raises(SourceError) as caught:
            await trials.get(nct_id, timeout_ms=60_000)
    assert caught.value.kind == kind


async def test_another_study_than_asked_for_is_an_error(settings: Settings, replay: Replay) -> None:
    replay.fail("study", Fault(body=b'{"protocolSection": {}}'))
    async with Trials(settings) as trials:
        with pytest.raises(SourceError, match="the answer is not NCT03574597"):
            await trials.get("NCT03574597", timeout_ms=60_000)


class TestRealCaptures:
    async def test_search_and_next_page(
        self, settings: Settings, replay: Replay, shared_data: Path
    ) -> None:
        async with Trials(settings, page_size=5) as trials:
            page = await trials.search(
                condition="Phelan-McDermid syndrome", limit=10, timeout_ms=60_000
            )
        assert page["total"] == 21
        assert len(page["records"]) == 10
        first = page["records"][0]
        assert (first["id"], first["year"], first["enrollment"]) == ("NCT02710084", 2016, 18)
        assert replay.seen[1].params["pageToken"].startswith("ZVt07cGHkvI2wRk2")

    async def test_a_multi_phase_study(self, settings: Settings, shared_data: Path) -> None:
        async with Trials(settings) as trials:
            page = await trials.search(intervention="pembrolizumab", limit=3, timeout_ms=60_000)
        assert page["total"] == 2924
        assert page["records"][0]["phases"] == ["PHASE1", "PHASE2"]

    @pytest.mark.parametrize("nct_id", ["NCT02576665", "NCT06382129", "NCT06604689"])
    async def test_get(self, settings: Settings, shared_data: Path, nct_id: str) -> None:
        async with Trials(settings) as trials:
            page = await trials.get(nct_id, timeout_ms=60_000)
        record = page["records"][0]
        assert record["id"] == nct_id
        assert record["sponsor"]
        assert record["eligibility"]
        assert record["ages"].endswith("Years")
        assert record["text"]
