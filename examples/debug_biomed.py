"""The step debugger in one script: stop inside a source, step another, edit, see the answer change, go back.

Serve the graph, then run this beside it:

    stepwire serve biomed=examples/biomed/graph.py:graph
    python examples/debug_biomed.py ws://127.0.0.1:8000/rpc
"""

import asyncio
import sys
from typing import Any

from rpc.client import Client, connect

QUESTION = "GLP-1 receptor agonist trials"
BRANCHES = ("literature", "trials", "documents")


class Debugger:
    """A session in debug mode, driven from one stop to the next."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.session_id = ""
        # The last event seen.
        self.seq = 0
        # What the last `debug.stopped` said.
        self.stop: dict[str, Any] = {}
        # The last `query.result`.
        self.result: dict[str, Any] = {}

    async def start(self, query: str, breakpoints: list[str | dict[str, Any]]) -> str:
        """Begin a query; the status at its first stop."""
        started = await self.client.start(
            query, graph="biomed", debug_mode=True, breakpoints=breakpoints
        )
        self.session_id, self.seq = started.session_id, started.seq
        return await self.rest()

    async def call(self, method: str, **params: Any) -> Any:
        """A method of `debug.`."""
        return await self.client.call(f"debug.{method}", session_id=self.session_id, **params)

    async def rest(self) -> str:
        """Read events until the session stands or has ended; its status."""
        status = ""
        async for event in self.client.follow(self.session_id, after=self.seq):
            self.seq = event.seq
            if event.type == "debug.stopped":
                self.stop = event.data
            elif event.type == "query.result":
                self.result = event.data["result"]
            elif event.type == "session.status":
                status = event.data["status"]
        return status

    async def go(self, method: str, **params: Any) -> str:
        """Step or continue; the status at the next stop."""
        await self.call(method, **params)
        return await self.rest()

    def task(self, path: str) -> str:
        """The id of the task that stands at a path."""
        return str(next(one["task_id"] for one in self.stop["tasks"] if one["path"] == path))

    def shown(self) -> str:
        """Where it stands."""
        return ", ".join(sorted(task["path"] for task in self.stop["tasks"])) or "nowhere"


async def main(url: str) -> None:
    """Drive one session through all of it. Raises `AssertionError` where something is not as it should be."""
    async with connect(url) as client:
        original = await ask(client)
        print("original answer:", summary(original))

        session = Debugger(client)
        await session.start(QUESTION, [f"{name}/rank" for name in BRANCHES])
        print("stopped before:", session.shown())
        assert session.shown() == "documents/rank, literature/rank, trials/rank"
        before_the_edit = session.stop["checkpoint_id"]

        await session.go("step", mode="out", task_id=session.task("trials/rank"))
        print("trials stepped to its end; still stopped before:", session.shown())
        assert session.shown() == "documents/rank, literature/rank"

        looked = await session.call("inspect", node_name="literature/rank", value_path="/found")
        first = {**looked["values"][0], "title": "Edited in the debugger"}
        await session.call("setState", values={"found": [first]}, as_node="literature/")
        print(f"edited: literature found {len(looked['values'])} records, now one of our own")

        assert await session.go("continue") == "completed"
        edited = session.result
        print("edited answer:", summary(edited))
        assert titles(edited, "literature") == ["Edited in the debugger"]
        assert titles(edited, "trials") == titles(original, "trials")
        assert edited["answer"] != original["answer"]

        for name in BRANCHES:
            await session.call("setBreakpoint", node_name=f"{name}/rank", enabled=False)
        await session.call("rewind", checkpoint_id=before_the_edit)
        await session.rest()
        print("rewound to before the edit; stopped before:", session.shown())
        assert await session.go("continue") == "completed"
        print("answer again:", summary(session.result))
        assert session.result["answer"] == original["answer"]
        assert session.result["citations"] == original["citations"]
        print("the original answer, word for word")


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
