"""Each answer beside that of LangGraph's own server (`langgraph dev`), on the same project, field by field."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from langgraph_sdk import get_client, get_sync_client

from tests.langgraph_api import run_calls, shape_calls, sync_calls, thread_calls
from tests.langgraph_api.calls import answers, differences, plain
from tests.langgraph_api.conftest import PROJECT
from tests.langgraph_api.langgraph_dev import langgraph_dev
from tests.langgraph_api.test_others import run
from tests.support.server_process import ServerProcess

ON_PURPOSE = {
    r"metadata\.(langgraph_(api_url|api_version|host|plan|version|auth_user_id|request_id)|run_attempt|user_id): not here": (
        "what LangGraph's platform says of itself and of the request"
    ),
    r"(metadata|\]|run-fixed\.metadata)\.(langgraph_\w+|run_attempt|lc_versions|ls_\w+): not here": (
        "the same, in the metadata of messages, with LangSmith's names of models"
    ),
    r"metadata\.lc_versions\.[\w-]+: ": "each server's own versions",
    r"config\.configurable\.(__\w+|assistant_id|graph_id|langgraph_\w+|run_id|user_id): not here": (
        "the same, in the config of checkpoints"
    ),
    r"metadata\.(thread_id|run_id|created_by|assistant_id|graph_id): (only|not) here": "who made a run or state is told there, or here",
    r"kwargs(\.[\w-]+)+: not here": "how a run was asked for is not kept word by word",
    r"langsmith_session_name: not here": "there are no traces of LangSmith's",
    r"response_schema: not here": "of a newer LangGraph than the server's",
    r"(checkpoint|parent_checkpoint): only here": "a part `checkpoints` names its checkpoint as a state does",
    r"(next|tasks): \[.*__start__.*\] there, \[\] here": "LangGraph's own node is not shown as a next one",
    r"chunk_position: 'last' there, None here": "the last piece of a message is not marked",
    r"description: None there": "an assistant of a graph is described by its docstring",
    r"^(threads\.create|threads\.copy|created)\.(error|interrupts|values): only here": "a thread is shown whole",
    r"^run\.kwargs\.command: ": "how a run was asked for is not kept word by word",
    r"^otherGraph: .*, 422 here": "a session keeps its graph",
    r"^replayed: \[\] there": "every stream can be joined again, there only one that was asked for so",
    r"^update, (empty|none)[,.]": "a thread without a state begins with what a command updates; there the run fails",
    r"^cron: .*501 here": "there are no schedules",
}
"""Differences, by what is told of them, and why they are."""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """LangGraph's server of the same project, without what needs an account."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("graphs.py", "sends.py", "shapes.py", "web.py"):
        (folder / name).write_text((PROJECT / name).read_text())
    text = (PROJECT / "langgraph.json").read_text()
    text = re.sub(r',\s*"store": \{.*\}\n\}', "\n}", text, flags=re.S)
    (folder / "langgraph.json").write_text(text)
    with langgraph_dev(folder) as url:
        yield url


@pytest.mark.timeout(240)
async def test_the_answers_are_the_same(theirs: str, fresh: Any) -> None:
    """A front end that was written against LangGraph's server breaks where ours answers otherwise without a word."""
    sdk = get_client(url=theirs, api_key=None)
    there = await answers(sdk)
    await sdk.aclose()
    assert unexplained(there, await answers(fresh)) == []


@pytest.mark.timeout(300)
async def test_runs_begin_and_are_left_the_same(theirs: str, fresh: Any) -> None:
    """Commands, and what becomes of a run whose client goes."""
    sdk = get_client(url=theirs, api_key=None)
    there, here = await asyncio.gather(run_calls.answers(sdk), run_calls.answers(fresh))
    await sdk.aclose()
    assert unexplained(there, here) == []


@pytest.mark.timeout(300)
async def test_graphs_of_other_shapes_are_the_same(theirs: str, fresh: Any) -> None:
    """One inside of which is asked, and edited; a function; what is refused; where a list goes on."""
    sdk = get_client(url=theirs, api_key=None)
    there, here = await asyncio.gather(shape_calls.answers(sdk), shape_calls.answers(fresh))
    await sdk.aclose()
    assert unexplained(there, here) == []


@pytest.mark.timeout(300)
async def test_threads_are_said_to_be_the_same(theirs: str, fresh: Any) -> None:
    """By their metadata front ends find those of an assistant, and of a graph."""
    sdk = get_client(url=theirs, api_key=None)
    there, here = await asyncio.gather(thread_calls.answers(sdk), thread_calls.answers(fresh))
    await sdk.aclose()
    assert unexplained(there, here) == []


OTHERWISE = {
    r"threads\.(create|get|update|copy|search)\(.*\.(error|interrupts|values|ttl): only here": "a thread is shown whole",
    r"threads\.get_(state|history)\(.*select.*: not here": "`select` is passed over there",
    r"threads\.get_history\(.*(before|checkpoint)\): ": "`before` and `checkpoint` are refused there, or end the request",
    r"threads\.update_state\(thread_id, values\)": "a list of values is refused there",
    r"threads\.prune\(": "`keep_latest` is refused there",
    r"threads\.(search|count)\([^)]*\b(status|values)\b": "a thread that was edited stays `idle`; one that never ran has values too",
    r"runs\.\w+\(thread_id, assistant_id, command, strict_resume\)": "an answer that nobody waits for begins the thread; there the run fails",
    r"runs\.create\(.*\.kwargs": "how a run was asked for is not kept word by word",
    r"runs\.join_stream\(.*last_event_id\)": "all of it begins with who it is of",
    r"runs\.cancel\(.*: only here": "with `wait`, the thread's values are answered",
    r"\.checkpoint_ns: only here": "a checkpoint is named whole",
    r"threads\.get_state\(thread_id, checkpoint\)\.checkpoint: .*, None here": "a state that is not there has no checkpoint; there it has the one that was asked for",
    r"assistants\.(set_latest|search|update)\(.*\.(context|config)": "each version has its own config and context, whole; there those of the newest stay",
}
"""Likewise, of the shapes of what SDKs are answered; parameters in the names of the Python SDK."""


@pytest.mark.timeout(400)
def test_every_parameter_of_the_synchronous_sdk(theirs: str, fresh_server: ServerProcess) -> None:
    """Each method with each of its parameters, also those that a newer SDK has: it is refused by both or by none, and has the same fields."""
    with ThreadPoolExecutor(2) as both:
        there, here = both.map(_called, (theirs, fresh_server.http_url))
    assert there.left_out() == set()
    assert otherwise(there.found, here.found) == []


@pytest.mark.timeout(400)
def test_every_parameter_of_the_javascript_sdk(theirs: str, fresh_server: ServerProcess) -> None:
    """As above: what its own code looks for in what it is given, and the names in its methods' text, are its parameters."""
    with ThreadPoolExecutor(2) as both:
        there, here = both.map(partial(run, "parameters.mjs"), (theirs, fresh_server.http_url))
    assert (there["leftOut"], here["leftOut"]) == ([], [])
    assert otherwise(_python_names(there["found"]), _python_names(here["found"])) == []


def _python_names(found: dict[str, Any]) -> dict[str, Any]:
    """Each call as the Python SDK names it, so that a difference is explained once for both."""
    return {
        re.sub("[A-Z]", lambda one: "_" + one[0].lower(), name): one for name, one in found.items()
    }


def otherwise(there: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """The differences of shape that are not on purpose."""
    assert list(there) == list(here)
    told = [
        f"{name}{one}"
        for name in there
        for one in differences(shape(there[name]), shape(here[name]))
    ]
    return [one for one in told if not any(re.search(why, one) for why in OTHERWISE)]


def _called(url: str) -> sync_calls.Calls:
    with get_sync_client(url=url, api_key=None) as sdk:
        return sync_calls.answers(sdk)


def shape(value: Any) -> Any:
    """Which fields there are; of a list's, those of its first; and the status of a refusal."""
    match value:
        case dict():
            plainly = ("status",) if len(value) == 1 else ()
            return {
                name: one if name in plainly else shape(one)
                for name, one in value.items()
                if not name.startswith(
                    (
                        "langgraph_",
                        "langsmith_",
                        "__",
                        "lc_",
                        "ls_",
                        "user_id",
                        "run_attempt",
                        "response_schema",
                    )
                )
                and name not in ("metadata", "config", "configurable", "kwargs")
            }
        case list():
            return [shape(value[0])] if value else []
    return None


@pytest.mark.timeout(240)
def test_the_javascript_sdk_is_answered_the_same(theirs: str, served: ServerProcess) -> None:
    """As above: pages are written with this one."""
    there, here = run("sdk.mjs", theirs), run("sdk.mjs", served.http_url)
    assert unexplained(there, here) == []


@pytest.mark.timeout(240)
def test_the_ai_sdk_shows_the_same(theirs: str, served: ServerProcess) -> None:
    """Message for message, and chunk for chunk."""
    there, here = run("ai.mjs", theirs), run("ai.mjs", served.http_url)
    assert unexplained(there, here) == []


@pytest.mark.timeout(240)
def test_chat_front_ends_are_answered_the_same(theirs: str, fresh_server: ServerProcess) -> None:
    """What agent-chat-ui and deep-agents-ui show."""
    there, here = run("front_ends.mjs", theirs), run("front_ends.mjs", fresh_server.http_url)
    # Lists are of all that the other tests made there.
    for name in ("listed", "page", "idle"):
        there.pop(name)
    assert unexplained(there, here) == []


def unexplained(there: dict[str, Any], here: dict[str, Any]) -> list[str]:
    """The differences that are not on purpose."""
    return [
        f"{name}{one}"
        for name in there
        for one in differences(plain(there[name]), plain(here[name]))
        if not any(re.search(pattern, f"{name}{one}") for pattern in ON_PURPOSE)
    ]
