"""A session and its result, for people and for programs."""

from typing import Any

import msgspec
from rich.markup import escape

from protocol.sessions import Session
from rpc.cli.console import print_json, stdout

ANSWER_KEYS = ("answer", "output", "response", "result", "text", "report")


def print_session(session: Session, *, as_json: bool, details: bool = False) -> None:
    """The result to stdout; with `details` what else there is to know of the session."""
    if as_json:
        print_json(session)
        return
    console = stdout()
    if details:
        fields = msgspec.structs.asdict(session)
        wide = max(map(len, fields)) + 2
        for name in fields:
            value = getattr(session, name)
            if name != "result" and value not in (None, []):
                text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
                console.print(f"[dim]{name:<{wide}}[/dim]{escape(text)}", highlight=False)
    if session.status != "completed":
        return
    answer = answer_of(session.result)
    if answer is None:
        if console.is_terminal:
            console.print_json(msgspec.json.encode(session.result).decode())
        else:
            encoded = msgspec.json.encode(session.result)
            console.out(msgspec.json.format(encoded, indent=2).decode(), highlight=False)
    elif console.is_terminal:
        # Its parser takes its time, and nobody else needs it.
        from rich.markdown import Markdown

        console.print(Markdown(answer))
    else:
        console.out(answer, highlight=False)


def answer_of(result: Any) -> str | None:
    """The text of a result that has one: under a usual key, or its last message's."""
    if isinstance(result, str):
        return result
    if not isinstance(result, dict):
        return None
    for key in ANSWER_KEYS:
        if isinstance(result.get(key), str):
            return str(result[key])
    messages = result.get("messages")
    if isinstance(messages, list) and messages and isinstance(messages[-1], dict):
        content = messages[-1].get("content")
        if isinstance(content, str):
            return content
    return None
