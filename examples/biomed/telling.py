"""What a progress event says to a person: one short sentence, beside the fields for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_ASKED = {
    "lookup": "asks for one article or trial",
    "compare": "asks for a comparison",
    "recruiting": "asks for recruiting trials",
    "trials": "asks for trials",
    "review": "asks for reviews",
    "question": "asks a question",
}
_FROM = {"cache": "from the cache", "catalogue": "from the bundled catalogue"}


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event with its sentence, `message`."""
    return {**event, "message": _sentence(event)}


def _sentence(event: Mapping[str, Any]) -> str:
    match event["stage"]:
        case "parse":
            return _ASKED.get(event["intent"], f"intent: {event['intent']}")
        case "clarify":
            return "asks back"
        case "route":
            return "asks " + ", ".join(event["sources"]) if event["sources"] else "asks no source"
        case "plan":
            return "calls " + ", ".join(event["calls"]) if event["calls"] else "has nothing to ask"
        case "rank":
            return f"keeps the best {event['kept']} of {event['found']}"
        case "synthesize":
            return f"text taken back: {event['reason']}"
    return _searched(event)


def _searched(event: Mapping[str, Any]) -> str:
    """Of a search: so far, or with its `status` at its end."""
    if "round" in event:
        return f"little found; the model searched on, {event['round']} rounds"
    if "widened" in event:
        few = f"only {event['kept']}" if event.get("kept") else "nothing"
        return f"{few} found; searches without {event['widened']}"
    count, origin = event["found"], _FROM.get(event.get("origin") or "", "")
    match event.get("status"):
        case None:
            return f"{count} so far {origin}".rstrip()
        case "fallback":
            return f"not reached; {count} {origin}".rstrip()
        case "failed":
            return "; ".join(["failed", *event["errors"][:1]])
        case "partial":
            return f"{count} found; some calls failed"
    return f"{count} found {origin}".rstrip()
