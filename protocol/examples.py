"""One example of every method and of every event; the tests convert each to its Struct."""

from typing import Any

_ID = "0199e0c2a4b67d10"
_RUN = "0199e0c2a4b67d11"
_CHECKPOINT = "1f0f3a52-5b0a-6d2c-8002-2f6f1b0c9a11"
_PARENT = "1f0f3a52-5af1-6e3b-8001-9c1de2a4b780"
_INTERRUPT = "873a05ac6060dc0a0d1853b50385d671"
_QUERY = "GLP-1 receptor agonist trials"
_SESSION = {"session_id": _ID}
_DEBUGGER = "vscode 5b0e8d0c"
_TASK = {
    "node": "rank",
    "path": "literature/rank",
    "task_id": "8a1c5b0e-8d0c-7d0a-0c57-0f3b1a5b9f10",
}
_TOOL = {"tool_call_id": "call_1", "tool": "search_trials", **_TASK}
_WHERE = {"parent_task_id": "1f6e0c2d-1f0a-2b7c-9c0b-5d9f3a1e7c42", "step": 1}
_STOPPED = {
    **_TASK,
    "reason": "breakpoint",
    "input": {"query": _QUERY},
    "detail": None,
    "parent_task_id": "1b2c4d6e-0f1a-7b3c-8d5e-6f7a8b9c0d1e",
}
_FAILURE = {
    "type": "ValueError",
    "message": "no year",
    "node": "literature/rank",
    "file": "graph.py",
    "line": 42,
}
_ROW: dict[str, Any] = {
    "session_id": _ID,
    "graph": "biomed",
    "status": "running",
    "created_at": "2026-11-23T09:48:24.125Z",
    "updated_at": "2026-11-23T09:48:24.131Z",
    "seq": 4,
    "first_seq": 1,
    "run_id": _RUN,
    "runs": 1,
    "debug_mode": False,
    "session_name": "Session 0199e0c2",
    "query": _QUERY,
    "config": {},
    "result": None,
    "error": None,
    "interrupts": [],
    "started_at": "2026-11-23T09:48:24.130Z",
    "completed_at": None,
    "duration_ms": None,
    "estimated_duration_ms": 840,
    "usage": None,
    "owner": "local",
    "tags": [],
    "metadata": {},
}
_CURSOR = "hVQ2bCbOIwxQ1WcP0P6PqJZkq1vZ2b9-2rQ8mG0yQd4="
_CHANGED: dict[str, Any] = {
    "cursor": _CURSOR,
    "change": "changed",
    "session_id": _ID,
    "session": _ROW,
}
_USAGE = {"input_tokens": 1200, "output_tokens": 310, "total_tokens": 1510}
_PROGRESS = {
    "jsonrpc": "2.0",
    "method": "progress",
    "params": {
        "session_id": _ID,
        "run_id": _RUN,
        "seq": 4,
        "at": "2026-11-23T09:48:24.131Z",
        "data": {"found": 37, "kept": 10},
        **_TASK,
    },
}


def _running(params: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    return params, {"session_id": _ID, "status": "running"}


def _node(name: str, kind: str, y: float, first_line: int) -> dict[str, Any]:
    plain = kind == "node"
    return {
        "id": name,
        "path": name,
        "type": kind,
        "label": name.strip("_").capitalize(),
        "position": {"x": 60.0, "y": y},
        "data": {
            "node_type": kind,
            "description": "Keeps the ten best hits." if plain else "",
            "is_async": plain,
            "deferred": False,
            "metadata": None,
        },
        "width": 120.0,
        "height": 40.0,
        "source": {"file": "graph.py", "first_line": first_line, "last_line": first_line + 9}
        if plain
        else None,
        "subgraph": None,
    }


def _edge(source: str, target: str) -> dict[str, Any]:
    return {
        "id": f"{source}->{target}",
        "source": source,
        "target": target,
        "type": "direct",
        "conditional": False,
        "label": None,
    }


_DESCRIPTION = {
    "graph": "biomed",
    "description": "Answers a biomedical question from the literature.",
    "nodes": [
        _node("__start__", "start", 20.0, 0),
        _node("rank", "node", 100.0, 12),
        _node("__end__", "end", 180.0, 0),
    ],
    "edges": [_edge("__start__", "rank"), _edge("rank", "__end__")],
    "layout": {
        "direction": "top-to-bottom",
        "spacing": 60.0,
        "algorithm": "sugiyama",
        "width": 120.0,
        "height": 200.0,
    },
    "metadata": {
        "total_nodes": 3,
        "total_edges": 2,
        "graph_type": "CompiledStateGraph",
        "conditional_edges": 0,
        "subgraphs": 0,
        "nodes_shown": 3,
        "depth": 1,
        "has_cycle": False,
        "entry_points": ["rank"],
        "state_type": "TypedDict",
    },
    "functions": [
        {
            "path": "rank",
            "file": "/srv/literature/graph.py",
            "first_line": 12,
            "last_line": 30,
            "is_task": False,
        }
    ],
    "schemas": {
        "input": {"type": "object", "properties": {"query": {"type": "string"}}},
        "state": {"type": "object", "properties": {"query": {"type": "string"}}},
        "output": {"type": "object", "properties": {"answer": {"type": "string"}}},
        "config": None,
    },
    "mermaid": "graph TD;\n  __start__ --> rank;\n  rank --> __end__;\n",
    "root": "/srv/literature",
    "loaded_at": "2026-11-23T09:40:00.000Z",
}

FEED_EXAMPLES: dict[str, dict[str, Any]] = {"session.changed": _CHANGED}

METHOD_EXAMPLES: dict[str, tuple[dict[str, Any], Any]] = {
    "query.start": (
        {"query": _QUERY},
        {
            "session_id": _ID,
            "run_id": _RUN,
            "status": "queued",
            "query": _QUERY,
            "estimated_duration_ms": 840,
            "stream_url": f"/v1/orchestrator/stream/{_ID}",
            "seq": 0,
        },
    ),
    "query.cancel": (_SESSION, {"session_id": _ID, "status": "cancelled", "pending": False}),
    "query.respond": _running({"session_id": _ID, "value": "yes", "interrupt_id": _INTERRUPT}),
    "query.resume": _running(_SESSION),
    "session.list": (
        {"limit": 1},
        {
            "sessions": [_ROW],
            "total": 1,
            "total_relation": "eq",
            "limit": 1,
            "offset": 0,
            "next_cursor": None,
        },
    ),
    "session.get": (_SESSION, _ROW),
    "session.update": (
        {"session_id": _ID, "session_name": "GLP-1, second try", "tags": ["reviewed"]},
        {**_ROW, "session_name": "GLP-1, second try", "tags": ["reviewed"]},
    ),
    "session.watch": ({}, {"cursor": _CURSOR}),
    "session.unwatch": ({}, {"watched": True}),
    "session.changes": (
        {"limit": 1},
        {"changes": [_CHANGED], "cursor": _CURSOR, "more": False},
    ),
    "session.delete": (
        _SESSION,
        {
            "session_id": _ID,
            "deleted": True,
            "message": f"Session {_ID} deleted successfully",
        },
    ),
    "session.subscribe": ({"session_id": _ID, "after": 0}, {"session_id": _ID, "seq": 4}),
    "session.unsubscribe": (_SESSION, {"session_id": _ID, "seq": 4}),
    "session.events": (
        {"session_id": _ID, "after": 3, "limit": 1},
        {"events": [_PROGRESS], "seq": 4},
    ),
    "session.runs": (
        {"session_id": _ID, "limit": 1},
        {
            "session_id": _ID,
            "runs": [
                {
                    "run_id": _RUN,
                    "status": "completed",
                    "query": _QUERY,
                    "config": {},
                    "after": 0,
                    "created_at": "2026-11-23T09:48:24.125Z",
                    "started_at": "2026-11-23T09:48:24.130Z",
                    "completed_at": "2026-11-23T09:48:24.970Z",
                    "duration_ms": 840.0,
                    "error": None,
                    "result_ref": f"run-{_RUN}/result",
                    "usage": _USAGE,
                }
            ],
            "next_before": None,
        },
    ),
    "session.value": (
        {"session_id": _ID, "ref": "event-1/status", "start": 0, "count": 3},
        {
            "session_id": _ID,
            "ref": "event-1/status",
            "type": "string",
            "bytes": 8,
            "length": 6,
            "start": 0,
            "next": 3,
            "value": "que",
        },
    ),
    "debug.setBreakpoint": (
        {"session_id": _ID, "node_name": "literature/rank"},
        {
            "session_id": _ID,
            "node_name": "literature/rank",
            "breakpoint_enabled": True,
            "total_breakpoints": 1,
            "node_names": ["literature/rank"],
            "file": "graphs/literature.py",
            "line": 42,
            "channel": None,
        },
    ),
    "debug.removeBreakpoint": (
        {"session_id": _ID, "node_name": "literature/rank"},
        {
            "session_id": _ID,
            "node_name": "literature/rank",
            "removed": True,
            "total_breakpoints": 0,
            "node_names": ["literature/rank"],
            "channel": None,
        },
    ),
    "debug.breakpoints": (
        _SESSION,
        {
            "session_id": _ID,
            "breakpoints": [
                {
                    "node_name": "literature/rank",
                    "enabled": True,
                    "when": "before",
                    "condition": None,
                    "hit_count": None,
                    "log": None,
                    "hits": 1,
                    "verified": True,
                    "file": "graphs/literature.py",
                    "line": 42,
                    "channel": None,
                }
            ],
            "errors": True,
            "raised": False,
        },
    ),
    "debug.step": (
        {"session_id": _ID, "mode": "over"},
        {"session_id": _ID, "status": "running", "node_name": None, "message": "stepping over"},
    ),
    "debug.continue": _running(_SESSION),
    "debug.pause": _running(_SESSION),
    "debug.breakOnError": (
        {"session_id": _ID, "errors": ["ValueError"], "raised": True},
        {"session_id": _ID, "errors": ["ValueError"], "raised": True},
    ),
    "debug.attach": (
        {"session_id": _ID, "debugger_id": _DEBUGGER},
        {"session_id": _ID, "status": "running", "debuggers": [_DEBUGGER]},
    ),
    "debug.detach": (
        {"session_id": _ID},
        {"session_id": _ID, "status": "running", "debuggers": []},
    ),
    "debug.inspect": (
        _SESSION,
        {
            "session_id": _ID,
            "status": "paused",
            "checkpoint_id": _CHECKPOINT,
            "path": "",
            "values": {"query": _QUERY},
            "page": None,
            "sizes": {"query": 31},
            "next": ["literature"],
            "tasks": [
                {
                    **_TASK,
                    "status": "stopped",
                    "input": {"query": _QUERY},
                    "reason": "breakpoint",
                    "error": None,
                }
            ],
            "updates": [],
            "interrupts": [],
            "stopped": [_STOPPED],
            "error": None,
            "types": {"": "dict", "/query": "str"},
            "graph_checkpoint_id": _CHECKPOINT,
            "context": None,
        },
    ),
    "debug.history": (
        {"session_id": _ID, "limit": 1},
        {
            "session_id": _ID,
            "checkpoints": [
                {
                    "checkpoint_id": _CHECKPOINT,
                    "parent_checkpoint_id": _PARENT,
                    "created_at": "2026-11-23T09:48:24.131Z",
                    "step": 1,
                    "source": "loop",
                    "next": ["synthesize"],
                    "run_id": _RUN,
                    "current": True,
                    "error": None,
                    "path": "",
                    "rewindable": True,
                    "values": None,
                    "branch": 0,
                }
            ],
            "next_before": _CHECKPOINT,
        },
    ),
    "debug.diff": (
        {"session_id": _ID, "checkpoint_id": _CHECKPOINT},
        {
            "checkpoint_id": _CHECKPOINT,
            "other_checkpoint_id": _PARENT,
            "differences": [
                {"path": "/found", "kind": "changed", "before": 0, "after": 37},
            ],
            "total": 1,
        },
    ),
    "debug.evaluate": (
        {"session_id": _ID, "expression": "len(state['query'])"},
        {"value": 29, "task_id": _TASK["task_id"]},
    ),
    "debug.setState": (
        {"session_id": _ID, "values": {"query": "GIP"}},
        {"checkpoint_id": _CHECKPOINT},
    ),
    "debug.rewind": (
        {"session_id": _ID, "checkpoint_id": _PARENT},
        {"checkpoint_id": _PARENT, "status": "paused"},
    ),
    "debug.stepBack": (
        {"session_id": _ID},
        {"checkpoint_id": _PARENT, "status": "paused"},
    ),
    "debug.restartNode": (
        {"session_id": _ID, "node_name": _TASK["path"]},
        {
            "checkpoint_id": _PARENT,
            "status": "paused",
            "task_id": _TASK["task_id"],
            "path": _TASK["path"],
        },
    ),
    "graph.list": (
        {},
        {
            "graphs": [
                {
                    "name": "biomed",
                    "description": "Answers a biomedical question from the literature.",
                    "nodes": 1,
                    "default": True,
                    "source": "graph.py:graph",
                }
            ]
        },
    ),
    "graph.describe": ({"depth": 0}, _DESCRIPTION),
    "server.nodes": (
        {},
        {
            "nodes": [
                {
                    "id": "5f0c2a9b1d7e4c68",
                    "role": "all",
                    "version": "0.1.0",
                    "graphs": ["biomed"],
                    "concurrency": 256,
                    "running": 3,
                    "started_at": "2026-11-23T09:48:23.131Z",
                    "last_seen": "2026-11-23T09:48:24.131Z",
                }
            ]
        },
    ),
    "server.info": (
        {},
        {
            "name": "stepwire",
            "version": "0.1.0",
            "protocol_version": "1.0",
            "langgraph_version": "1.2.22",
            "python_version": "3.11.7",
            "instance_id": "7d3f0c2b9a51e684",
            "time": "2026-11-23T09:48:24.131Z",
            "uptime_ms": 1000.0,
            "active_sessions": 0,
            "limits": {
                "max_message_bytes": 1048576,
                "max_frame_bytes": 524288,
                "max_batch_size": 100,
                "max_json_depth": 64,
                "max_running": 256,
                "max_running_per_owner": 0,
                "max_queries_per_minute": 600,
                "max_sessions_per_owner": 100000,
                "max_stored_bytes_per_owner": 10737418240,
                "max_memory_bytes_per_owner": 1073741824,
                "max_event_bytes": 268435456,
                "max_result_bytes": 268435456,
                "recover_limit": 3,
                "max_failed_attempts": 20,
                "max_queued": 10000,
                "node_timeout_seconds": 0.0,
                "run_timeout_seconds": 0.0,
                "look_timeout_seconds": 10.0,
                "max_inflight": 64,
                "max_subscriptions": 10000,
                "max_searches": 100,
                "search_seconds": 5.0,
                "max_connections": 10000,
                "max_connections_per_address": 1000,
                "max_connections_per_owner": 1000,
                "rate_limit_per_second": 0,
                "rate_limit_burst": 100,
                "max_header_bytes": 65536,
                "header_timeout_seconds": 10.0,
                "body_timeout_seconds": 30.0,
                "write_timeout_seconds": 30.0,
                "idle_timeout_seconds": 60.0,
                "session_max_age_seconds": 604800.0,
                "waiting_max_age_seconds": 0.0,
                "waiting_notice_seconds": 86400.0,
                "event_max_age_seconds": 0.0,
                "checkpoint_max_age_seconds": 0.0,
            },
            "capabilities": {"debug": True},
            "methods": ["query.start", "query.cancel"],
            "events": ["session.status", "progress"],
        },
    ),
    "rpc.discover": (
        {},
        {"openrpc": "1.3.2", "info": {"title": "Stepwire", "version": "1.0"}, "methods": []},
    ),
}
"""A method's params and its result."""

EVENT_EXAMPLES: dict[str, dict[str, Any]] = {
    "session.status": {"status": "running", "previous": "queued"},
    "node.started": {
        **_TASK,
        **_WHERE,
        "triggers": ["branch:to:rank"],
        "attempt": 1,
        "task_key": "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d",
    },
    "node.finished": {
        **_TASK,
        **_WHERE,
        "update": {"kept": 10},
        "duration_ms": 12.5,
        "cached": False,
    },
    "node.failed": {
        **_TASK,
        **_WHERE,
        "error": _FAILURE,
        "duration_ms": 12.5,
        "attempt": 1,
        "will_retry": False,
    },
    "node.cancelled": {**_TASK, **_WHERE, "duration_ms": 12.5},
    "node.blocked": {**_TASK, "blocked_ms": 1000},
    "progress": {"data": {"found": 37, "kept": 10}, **_TASK},
    "message.delta": {
        "message_id": "run-1",
        "delta": "Semaglu",
        "role": "ai",
        "node": "synthesize",
        "path": "synthesize",
        "partial": True,
        "message": None,
    },
    "tool.started": {**_TOOL, "input": {"query": "GLP-1"}, "too_large": False},
    "tool.output": {**_TOOL, "delta": "page 1 of 3"},
    "tool.finished": {
        **_TOOL,
        "output": {"type": "tool", "content": "37 trials", "tool_call_id": "call_1"},
        "too_large": False,
    },
    "tool.failed": {**_TOOL, "error": _FAILURE},
    "callback": {
        "data": {
            "event": "on_tool_start",
            "name": "search_trials",
            "run_id": "0199e0c2-a4b6-7d10-8000-000000000001",
            "parent_ids": [],
            "tags": [],
            "metadata": {"langgraph_node": "search"},
            "data": {"input": {"query": "GLP-1"}},
        }
    },
    "state.checkpoint": {
        "checkpoint_id": _CHECKPOINT,
        "parent_checkpoint_id": _PARENT,
        "path": "",
        "step": 1,
        "source": "loop",
        "next": ["synthesize"],
    },
    "debug.stopped": {
        "reason": "breakpoint",
        "tasks": [_STOPPED],
        "checkpoint_id": _CHECKPOINT,
        "detail": None,
    },
    "debug.resumed": {"action": "step", "task_ids": [_TASK["task_id"]], "checkpoint_id": None},
    "debug.changed": {
        "action": "set_state",
        "checkpoint_id": _CHECKPOINT,
        "source_checkpoint_id": None,
        "path": "",
        "values": {"query": "GIP"},
        "removed": [],
        "as_node": None,
        "task_id": None,
    },
    "debug.breakpoint": {
        "change": "new",
        "node_name": "literature/rank",
        "when": "before",
        "enabled": True,
        "condition": None,
        "hit_count": None,
        "log": None,
        "file": "graphs/literature.py",
        "line": 42,
        "channel": None,
    },
    "debug.log": {**_TASK, "text": "10 kept"},
    "input.requested": {
        "interrupt_id": _INTERRUPT,
        "value": {"question": "Send it?"},
        "node": "approve",
        "path": "approve",
        "task_id": "2f0d7c1a-4b3e-5f6d-8e9c-0a1b2c3d4e5f",
    },
    "query.result": {
        "result": {"answer": "Ten trials."},
        "duration_ms": 840.2,
        "usage": _USAGE,
    },
    "query.failed": {"error": _FAILURE, "duration_ms": 21.7, "usage": None},
    "session.recovered": {"reason": "restart", "checkpoint_id": _CHECKPOINT, "deaths": 1},
    "session.expiring": {"removed_at": "2026-03-08T09:00:00.000Z"},
    "session.deleted": {"reason": "request"},
}
"""An event's own fields, after the header."""

EVENT_HEADER = {
    "session_id": _ID,
    "run_id": _RUN,
    "seq": 4,
    "at": "2026-11-23T09:48:24.131Z",
}
"""The header of every event's example."""
