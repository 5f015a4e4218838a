"""Questions of other branches than the newest. A user would lose: the answer that was meant for the branch on the page."""

from typing import Any

import pytest


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("graph", "given", "other", "answered"),
    [
        ("agent", {"query": "q"}, {"query": "other"}, {"query": "q", "answer": "3 trials, no"}),
        # It is asked in a subgraph.
        ("careful", {"log": ["x"]}, {"log": ["y"]}, {"log": ["x", "x", "careful 36", "ask no", "last"]}),
    ],
)  # fmt: skip
async def test_an_earlier_question_is_answered_at_its_state(
    sdk: Any, graph: str, given: Any, other: Any, answered: dict[str, Any], over: bool
) -> None:
    """As `useStream` sends the answer with the state of the branch it shows; whether the newest branch asks or is `over`."""
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, graph, input=given)
    states = await sdk.threads.get_history(thread)
    await sdk.runs.wait(thread, graph, input=other, checkpoint=states[-1]["checkpoint"])
    if over:
        await sdk.runs.wait(thread, graph, command={"resume": "yes"})
    newest = await sdk.threads.get_state(thread)
    # The hook names the whole place, other clients its id.
    place = states[0]["checkpoint"]
    where = {"checkpoint_id": place["checkpoint_id"]} if over else {"checkpoint": place}
    done = await sdk.runs.wait(thread, graph, command={"resume": "no"}, **where)
    assert {**done, **answered} == done
    found = await sdk.threads.get(thread)
    assert (found["status"], found["values"], found["interrupts"]) == ("idle", done, {})
    # The other branch is as it was, and asks whoever comes back to it.
    kept = await sdk.threads.get_state(thread, checkpoint=newest["checkpoint"])
    assert (kept["values"], kept["next"]) == (newest["values"], newest["next"])
    if not over:
        done = await sdk.runs.wait(
            thread, graph, command={"resume": "no"}, checkpoint=newest["checkpoint"]
        )
        assert done == {**done, **({"query": "other"} if graph == "agent" else {})}
        assert done["log"][0] == ("searched" if graph == "agent" else "y")
        assert (await sdk.threads.get(thread))["status"] == "idle"


async def test_the_newest_question_is_answered_at_its_state(sdk: Any) -> None:
    thread = (await sdk.threads.create())["thread_id"]
    await sdk.runs.wait(thread, "agent", input={"query": "q"})
    state = await sdk.threads.get_state(thread)
    done = await sdk.runs.wait(
        thread, "agent", command={"resume": "no"}, checkpoint=state["checkpoint"]
    )
    assert done["answer"] == "3 trials, no"
    assert (await sdk.threads.get(thread))["status"] == "idle"
