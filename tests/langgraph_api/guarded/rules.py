"""Rules for each resource; what they are told is kept for who looks (`web.py`)."""

import sys
from typing import Any

from langgraph_sdk import Auth

auth = Auth()

# Servers may import this module under two names.
SEEN: list[Any] = sys.__dict__.setdefault("_seen_by_rules", [])
REFUSED = {"barred": 403, "broke": 400, "lost": 404, "slower": 429, "later": 503}


@auth.authenticate
async def who(headers: dict[bytes, bytes]) -> Any:
    key = headers.get(b"x-api-key", b"").decode()
    if not key:
        raise Auth.exceptions.HTTPException(status_code=401, detail="no key")
    if key in REFUSED:
        raise Auth.exceptions.HTTPException(status_code=REFUSED[key], detail=key)
    # One caller in several parts, so that what one may not see is the filters' doing.
    name, _, part = key.partition("-")
    return {"identity": name, "part": part, "permissions": ["all"]}


def seen(ctx: Any, value: dict[str, Any]) -> None:
    told = {name: type(one).__name__ for name, one in value.items() if one is not None}
    SEEN.append([ctx.resource, ctx.action, told, sorted(value.get("kwargs") or ())])


@auth.on.threads
async def threads(ctx: Any, value: dict[str, Any]) -> Any:
    seen(ctx, value)
    value.setdefault("metadata", {})["part"] = ctx.user["part"]
    return {"part": ctx.user["part"]}


@auth.on.threads.create
async def new_threads(ctx: Any, value: dict[str, Any]) -> Any:
    seen(ctx, value)
    if ctx.user["part"] == "reader":
        return False
    if (value.get("metadata") or {}).get("status"):
        raise Auth.exceptions.HTTPException(status_code=value["metadata"]["status"], detail="no")
    value.setdefault("metadata", {})["part"] = ctx.user["part"]
    return {"part": ctx.user["part"]}


@auth.on.threads.create_run
async def new_runs(ctx: Any, value: dict[str, Any]) -> Any:
    seen(ctx, value)
    value.setdefault("metadata", {})["part"] = ctx.user["part"]
    value["kwargs"]["config"].setdefault("configurable", {})["model"] = ctx.user["part"]
    return None


@auth.on.assistants
async def assistants(ctx: Any, value: dict[str, Any]) -> Any:
    seen(ctx, value)
    value.setdefault("metadata", {})["part"] = ctx.user["part"]
    return {"part": ctx.user["part"]}


@auth.on.assistants.search
async def listed(ctx: Any, value: dict[str, Any]) -> Any:
    seen(ctx, value)
    return {"$or": [{"part": ctx.user["part"]}, {"created_by": "system"}]}


@auth.on.store
async def memories(ctx: Any, value: dict[str, Any]) -> None:
    seen(ctx, value)
    if ctx.action in ("search", "list_namespaces"):
        value["namespace"] = (ctx.user["part"], *(value.get("namespace") or ()))
    else:
        assert value["namespace"][0] == ctx.user["part"], "not yours"
