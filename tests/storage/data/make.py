"""Makes a data directory of this checkout's version, with a session in every status. See README.md.

    python make.py CHECKOUT GRAPHS FOLDER

CHECKOUT: of the version. GRAPHS: the file `stored_graphs.py`. FOLDER: where `stepwire.db`, `checkpoints.db` and
`told.json` get to stand: what the server said of its sessions, and every event as it came.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

CHECKOUT, GRAPHS, FOLDER = (Path(argument).resolve() for argument in sys.argv[1:4])
sys.path.insert(0, str(CHECKOUT))

from tests.support.peer import peer  # noqa: E402
from tests.support.server_process import ServerProcess  # noqa: E402

NAMES = ("steps", "failing", "holding", "asking", "chat")


async def main() -> None:
    server = ServerProcess(
        [f"{name}={GRAPHS}:{name}" for name in NAMES],
        FOLDER / "data",
        env={"STORED_FOLDER": str(FOLDER)},
        cwd=CHECKOUT,
    )
    server.start()
    made: dict[str, str] = {}
    async with peer(server.url) as one:
        done = await one.run(
            "aspirin", graph="steps", session_name="Ärzte", idempotency_key="key-1"
        )
        made["completed"] = done.session_id
        made["failed"] = (await one.run("x", graph="failing")).session_id
        made["waiting"] = (await one.run("which?", graph="asking")).session_id
        paused = await one.run(
            "stop",
            graph="steps",
            debug_mode=True,
            breakpoints=[{"node_name": "second"}, {"node_name": "third", "when": "after"}],
        )
        made["paused"] = paused.session_id
        nested = await one.run("deep", graph="asking", debug_mode=True, breakpoints=["inner/ask"])
        made["paused inside"] = nested.session_id
        chat = await one.run(
            input={"messages": [{"role": "user", "content": "hello", "id": "u0"}]}, graph="chat"
        )
        for turn in range(1, 20):
            message = {"role": "user", "content": f"turn {turn}", "id": f"u{turn}"}
            await one.run(input={"messages": [message]}, session_id=chat.session_id)
        made["chat"] = chat.session_id
        cancelled = (await one.call("query.start", query="c", graph="holding"))["session_id"]
        await one.event(cancelled, "progress", 2)
        await one.call("query.cancel", session_id=cancelled)
        await one.settled(cancelled)
        made["cancelled"] = cancelled
        running = (await one.call("query.start", query="r", graph="holding"))["session_id"]
        await one.event(running, "progress", 2)
        made["running"] = running
        told: dict[str, Any] = {
            "sessions": made,
            "list": await one.call("session.list"),
            "get": {id: await one.call("session.get", session_id=id) for id in made.values()},
        }
        server.kill9()
    (FOLDER / "told.json").write_text(json.dumps(told, indent=1, ensure_ascii=False))
    os.remove(FOLDER / "data" / "lock")


asyncio.run(main())
