"""The step debugger in one script: stop inside a source, step another, edit, see the answer change, go back.

Serve the graph, then run this beside it:

    stepwire serve biomed=examples/biomed/graph.py:graph
    python examples/debug_biomed.py ws://127.0.0.1:8000/rpc
"""

import asyncio
import sys
from typing import Any

from rpc.client import Client, Debugger, connect

QUESTION = "GLP-1 receptor agonist trials"
BRANCHES = ("literature", "trials", "documents")


async def main(url: str) -> None:
    """Drive one session through all of it. Raises `AssertionError` where something is not as it should be."""
    async with connect(url) as client:
        original = await ask(client)
        print("original answer:", summary(original))

        breakpoints: list[str | dict[str, Any]] = [f"{name}/rank" for name in BRANCHES]
        async with client.debug(QUESTION, graph="biomed", breakpoints=breakpoints) as session:
            print("stopped before:", shown(session))
            assert shown(session) == "documents/rank, literature/rank, trials/rank"
            before_the_edit = (await session.inspect()).checkpoint_id
            assert before_the_edit is not None

            await session.step("out", task_id=session.task("trials/rank").task_id)
            print("trials stepped to its end; still stopped before:", shown(session))
            assert shown(session) == "documents/rank, literature/rank"

            looked = await session.inspect(node_name="literature/rank", value_path="/found")
            first = {**looked.values[0], "title": "Edited in the debugger"}
            await session.set_state({"found": [first]}, as_node="literature/")
            print(f"edited: literature found {len(looked.values)} records, now one of our own")

            assert await session.resume() == "completed"
            edited = session.result
            print("edited answer:", summary(edited))
            assert titles(edited, "literature") == ["Edited in the debugger"]
            assert titles(edited, "trials") == titles(original, "trials")
            assert edited["answer"] != original["answer"]

            for name in BRANCHES:
                await session.set_breakpoint(f"{name}/rank", enabled=False)
            await session.rewind(before_the_edit)
            print("rewound to before the edit; stopped before:", shown(session))
            assert await session.resume() == "completed"
            print("answer again:", summary(session.result))
            assert session.result["answer"] == original["answer"]
            assert session.result["citations"] == original["citations"]
            print("the original answer, word for word")


def shown(session: Debugger) -> str:
    """Where it stands."""
    return ", ".join(sorted(task.path for task in session.tasks)) or "nowhere"


async def ask(client: Client) -> dict[str, Any]:
    """The answer without a debugger."""
    result: dict[str, Any] = {}
    async for event in client.run(QUESTION, graph="biomed"):
        if event.type == "query.result":
            result = event.data["result"]
    return result


def titles(result: dict[str, Any], source: str) -> list[str]:
    """The titles of the citations that a source gave."""
    return [one["title"] for one in result["citations"] if one["source"] == source]


def summary(result: dict[str, Any]) -> str:
    """How many citations came from where."""
    counts = (f"{len(titles(result, name))} from {name}" for name in BRANCHES)
    return f"{len(result['answer'])} characters, citations: {', '.join(counts)}"


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8000/rpc"))
