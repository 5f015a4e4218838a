"""A request for a run that is refused does nothing. A user would lose: the question that waits for an answer, or the run under way, by a slip of the next request."""

from typing import Any

import pytest
from langgraph_sdk.errors import UnprocessableEntityError

from tests.langgraph_api.test_request_fields import LONG, new_thread, status_of

SLIPS: tuple[dict[str, Any], ...] = (
    {"input": {"no such key": 1}},
    {"input": [1]},
    {"input": {"query": "other"}, "config": {"recursion_limit": -1}},
    {"input": {"query": "other"}, "config": {"tags": "t"}},
)


@pytest.mark.parametrize("strategy", [None, "interrupt", "rollback", "enqueue"])
async def test_a_question_waits_on(sdk: Any, strategy: Any) -> None:
    for slip in SLIPS:
        thread = await new_thread(sdk)
        await sdk.runs.wait(thread, "agent", input={"query": "q"})
        asked = (await sdk.threads.get(thread))["interrupts"]
        with pytest.raises(UnprocessableEntityError):
            await sdk.runs.create(thread, "agent", multitask_strategy=strategy, **slip)
        kept = await sdk.threads.get(thread)
        assert (kept["status"], kept["interrupts"]) == ("interrupted", asked), slip
        assert [one["status"] for one in await sdk.runs.list(thread)] == ["success"]
        done = await sdk.runs.wait(thread, "agent", command={"resume": "yes"})
        assert done["answer"] == "3 trials, yes"


@pytest.mark.parametrize("strategy", ["interrupt", "rollback"])
async def test_what_runs_goes_on(sdk: Any, strategy: Any) -> None:
    thread = await new_thread(sdk)
    run = (await sdk.runs.create(thread, "slow", input={"seconds": LONG}))["run_id"]
    line = (await sdk.runs.create(thread, "slow", input={"seconds": LONG}))["run_id"]
    await status_of(sdk, thread, run, "running")
    for slip in ({"input": {"no such key": 1}}, {"input": None, "config": {"tags": "t"}}):
        with pytest.raises(UnprocessableEntityError):
            await sdk.runs.create(thread, "slow", multitask_strategy=strategy, **slip)
    with pytest.raises(UnprocessableEntityError):
        await sdk.runs.create(thread, "nested", input={}, multitask_strategy=strategy)
    assert (await sdk.runs.get(thread, run))["status"] == "running"
    assert (await sdk.runs.get(thread, line))["status"] == "pending"
    await sdk.runs.cancel(thread, line)
    await sdk.runs.cancel(thread, run)
    await status_of(sdk, thread, run, "interrupted")
