"""What a long conversation takes on disk: 1,000 messages in 200 turns, and 2,000 in 400.

The data directory after the server has stopped, beside the text of the messages::

    python -m benchmarks chats
"""

import asyncio
import tempfile
from pathlib import Path

from benchmarks.client import connected
from benchmarks.graphs import MESSAGE_BYTES, MESSAGES_A_TURN, message_text
from benchmarks.pairs import show
from benchmarks.serving import served, size_bytes

TURNS = 200


async def chat_bytes(turns: int) -> int:
    """Hold one conversation on a fresh server; the size of what it leaves."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder, ["chat"]) as server:
            async with connected(server.url) as client:
                session: dict[str, str] = {}
                for turn in range(turns):
                    question = message_text(turn * MESSAGES_A_TURN)
                    answer = await client.call(
                        "query.start",
                        query=question,
                        subscribe={"types": ["session.status"]} if not session else False,
                        **session,
                    )
                    session = {"session_id": answer["session_id"]}
                    await client.until_ended()
        return size_bytes(folder)


async def measure(turns: int) -> None:
    """Both figures."""
    once = await chat_bytes(turns)
    twice = await chat_bytes(2 * turns)
    messages = turns * MESSAGES_A_TURN
    text = messages * MESSAGE_BYTES
    show(f"text of {messages:,} messages", text / 1e6, "MB")
    show(f"data directory after {messages:,} messages", once / 1e6, "MB")
    show("  times their text", once / text, "", "<= 6")
    show(f"data directory after {2 * messages:,} messages", twice / 1e6, "MB")
    show(f"  times that of {messages:,}", twice / once, "", "<= 2.2")


def main(*, short: bool = False) -> None:
    """Measure and print."""
    asyncio.run(measure(20 if short else TURNS))


if __name__ == "__main__":
    main()
