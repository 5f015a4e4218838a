"""`threads.*`."""

from collections.abc import Callable
from typing import Any

from protocol import langgraph as api
from protocol.errors import INVALID_PARAMS, WRONG_STATE, ProtocolError
from rpc.methods.call import Call
from rpc.methods.langgraph.assistants import owner_of
from rpc.methods.langgraph.guarding import shows
from rpc.methods.langgraph.shapes import (
    THREAD_STATUS,
    check_extract,
    extracted,
    kept_for,
    metadata_of,
    paged,
    selected,
    selected_state,
    thread,
)
from rpc.sessions.assistants import holds, ordered
from rpc.sessions.threads import Threads
from rpc.sessions.upkeep import kept
from rpc.storage.records import RunRecord, SessionRecord, Ttl

NO_GRAPH = "a thread without a run is of no graph yet: name that as `graph_id` in its metadata"


class ThreadMethods:
    """The handlers of `threads.*`."""

    def __init__(self, threads: Threads) -> None:
        self.threads = threads
        self.sessions = threads.sessions

    async def create(self, call: Call, params: api.ThreadCreate) -> Any:
        updates = _updates(params.supersteps or [])
        metadata = dict(params.metadata or {})
        graph = metadata.get("graph_id")
        if updates and graph is None:
            raise ProtocolError(INVALID_PARAMS, NO_GRAPH, path="$.metadata.graph_id")
        if params.thread_id is not None:
            store = self.sessions.store
            known = await store.read(store.session, params.thread_id)
            if known is not None and not shows(metadata_of(known)):
                # It is not for the call, whatever is to be done where it is there already.
                raise ProtocolError(WRONG_STATE, f"Thread with ID {known.id} already exists")
        record = await self.threads.create(
            owner_of(call),
            params.thread_id,
            metadata,
            graph=graph if isinstance(graph, str) else None,
            existing=params.if_exists == "do_nothing",
            ttl=_ttl(params.ttl),
        )
        for update in updates:
            await self.threads.update_state(
                record.id, update.get("values"), update.get("as_node"), None
            )
        return await self._shown(await self.sessions.record(record.id))

    async def get(self, _: Call, params: api.ThreadGet) -> Any:
        shown = await self._shown(await self.sessions.record(params.session_id))
        if "ttl" in [name.strip() for name in params.include.split(",")]:
            store = self.sessions.store
            found = await store.read(store.ttl, params.session_id)
            if found is not None:
                shown["ttl"] = kept_for(found)
        return shown

    async def _shown(self, record: SessionRecord) -> dict[str, Any]:
        run = (
            None
            if record.run_id is None
            else await self.sessions.store.read(self.sessions.store.run, record.run_id)
        )
        return thread(record, run, await self.threads.values(record))

    async def join(self, _: Call, params: api.ThreadJoin) -> Any:
        await self.sessions.record(params.session_id)
        return {"stream_modes": followed(params.stream_modes or params.stream_mode)}

    async def update(self, _: Call, params: api.ThreadPatch) -> Any:
        return await self._shown(
            await self.threads.describe(params.session_id, params.metadata or {}, _ttl(params.ttl))
        )

    async def delete(self, _: Call, params: api.ThreadId) -> None:
        await self.sessions.delete(params.session_id)

    async def copy(self, _: Call, params: api.ThreadId) -> Any:
        return await self._shown(await self.threads.copy(params.session_id))

    async def search(self, call: Call, params: api.ThreadSearch) -> Any:
        found = await self._found(call, params)
        if params.values:
            found = [one for one in found if holds(await self._values(one[0]), params.values)]
        rows = [(thread(record, run, None), record) for record, run in found]
        by = {id(row): record for row, record in rows}
        listed = ordered([row for row, _ in rows], params.sort_by, params.sort_order, "updated_at")
        call.headers |= paged(len(listed), params.limit, params.offset)
        check_extract(params.extract or {})
        shown: list[dict[str, Any]] = []
        wants_values = not params.select or "values" in params.select or params.extract
        for row in listed[params.offset : params.offset + params.limit]:
            if wants_values:
                row["values"] = await self.threads.values(by[id(row)])
            more = {} if not params.extract else {"extracted": extracted(row, params.extract)}
            shown.append({**selected(row, params.select), **more})
        return shown

    async def _values(self, record: SessionRecord) -> dict[str, Any]:
        values = await self.threads.values(record)
        return values if isinstance(values, dict) else {}

    async def count(self, call: Call, params: api.ThreadCount) -> Any:
        found = await self._found(call, params)
        if params.values:
            found = [one for one in found if holds(await self._values(one[0]), params.values)]
        return len(found)

    async def _found(
        self, call: Call, params: api.ThreadCount
    ) -> list[tuple[SessionRecord, RunRecord | None]]:
        return await self.threads.matching(call.owner, _wanted(params))

    async def prune(self, call: Call, params: api.ThreadPrune) -> Any:
        if params.strategy not in ("delete", "keep_latest"):
            raise ProtocolError(
                INVALID_PARAMS, "a strategy is `delete` or `keep_latest`", path="$.strategy"
            )
        pruned = 0
        for one in params.thread_ids:
            if await self._reaches(call, one):
                if params.strategy == "delete":
                    await self.sessions.delete(one)
                else:
                    await self.threads.keep_newest(one)
                pruned += 1
        return {"pruned_count": pruned}

    async def _reaches(self, call: Call, session_id: str) -> bool:
        """Whether it is there for the call: its owner's, and as the project's rules ask."""
        if call.owner is not None and not await self.sessions.owns(session_id, call.owner):
            return False
        record = await self.sessions.store.read(self.sessions.store.session, session_id)
        return record is not None and shows(metadata_of(record))

    async def state(self, _: Call, params: api.StateGet) -> Any:
        checkpoint = params.checkpoint or (
            None if params.checkpoint_id is None else {"checkpoint_id": params.checkpoint_id}
        )
        state = await self.threads.state(params.session_id, checkpoint, subgraphs=params.subgraphs)
        return selected_state(state, params.select)

    async def update_state(self, _: Call, params: api.StateUpdate) -> Any:
        record = await self.sessions.record(params.session_id)
        if record.run_id is None and record.metadata.get("graph_id") is None:
            raise ProtocolError(INVALID_PARAMS, NO_GRAPH, path="$.session_id")
        given = params.checkpoint or {}
        namespace = str(given.get("checkpoint_ns") or "")
        made = await self.threads.update_state(
            params.session_id,
            params.values,
            params.as_node,
            params.checkpoint_id or given.get("checkpoint_id"),
            namespace,
        )
        checkpoint = {
            "thread_id": params.session_id,
            "checkpoint_ns": namespace,
            "checkpoint_id": made,
        }
        return {"checkpoint": checkpoint, "configurable": checkpoint, "checkpoint_id": made}

    async def history(self, _: Call, params: api.StateHistory) -> Any:
        before = params.before
        if isinstance(before, dict):
            before = before.get("checkpoint_id") or before.get("configurable", {}).get(
                "checkpoint_id"
            )
        found = await self.threads.history(
            params.session_id,
            params.checkpoint,
            limit=params.limit,
            before=before,
            metadata=params.metadata,
        )
        return [selected_state(one, params.select) for one in found]


def _updates(supersteps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What nodes are to have given, in order. Raises `ProtocolError` (invalid params)."""
    found: list[dict[str, Any]] = []
    for step in supersteps:
        updates = step.get("updates", [])
        for update in updates if isinstance(updates, list) else [None]:
            if not isinstance(update, dict) or update.get("command") is not None:
                raise ProtocolError(
                    INVALID_PARAMS,
                    "a superstep's `updates` are what nodes gave: each has `values` and `as_node`, and no `command`",
                    path="$.supersteps",
                )
            found.append(update)
    return found


def _ttl(given: api.ThreadTtl | None) -> Ttl | None:
    return None if given is None else kept(given.strategy, given.ttl)


FOLLOWED = ("run_modes", "lifecycle", "state_update")


def followed(given: str | list[str] | None) -> list[str]:
    """What of a thread is followed. Raises `ProtocolError` (invalid params)."""
    texts = [given] if isinstance(given, str) else given or ["run_modes"]
    found = [one.strip() for text in texts for one in text.split(",")]
    for one in found:
        if one not in FOLLOWED:
            raise ProtocolError(
                INVALID_PARAMS,
                f"of a thread there are {', '.join(FOLLOWED)}, not {one!r}",
                path="$.stream_mode",
            )
    return found


def _wanted(params: api.ThreadCount) -> Callable[[SessionRecord, RunRecord | None], bool]:
    # None are as good as not named, as with LangGraph's server.
    ids = set(params.ids) if params.ids else None

    def wanted(record: SessionRecord, _: RunRecord | None) -> bool:
        return (
            (ids is None or record.id in ids)
            and (params.status is None or THREAD_STATUS[record.status] == params.status)
            and holds(metadata_of(record), params.metadata)
            and shows(metadata_of(record))
        )

    return wanted
