"""The tables of schema 2. Everything is in one file, so that one transaction can hold all of it."""

VERSION = 2

TABLES = """
CREATE TABLE IF NOT EXISTS sessions (
    -- In the order of their making: lists are read by it, newest first.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    graph TEXT NOT NULL,
    status TEXT NOT NULL,
    owner TEXT,
    name TEXT,
    query TEXT,
    tags TEXT NOT NULL DEFAULT '[]',
    metadata TEXT NOT NULL DEFAULT '{}',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    run_id TEXT,
    -- The last event's number, and that of the oldest one that is kept.
    seq INTEGER NOT NULL DEFAULT 0,
    first_seq INTEGER NOT NULL DEFAULT 1,
    -- Who advances it; how often its record or its signals were changed.
    epoch INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS sessions_status ON sessions (status, number DESC);
CREATE INDEX IF NOT EXISTS sessions_owner ON sessions (owner, number DESC) WHERE owner IS NOT NULL;
CREATE INDEX IF NOT EXISTS sessions_updated ON sessions (updated_at);

CREATE TABLE IF NOT EXISTS runs (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    graph TEXT NOT NULL,
    status TEXT NOT NULL,
    principal TEXT,
    idempotency_key TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS runs_session ON runs (session_id, created_at);
CREATE INDEX IF NOT EXISTS runs_graph ON runs (graph, ended_at DESC) WHERE status = 'completed';

CREATE TABLE IF NOT EXISTS events (
    session_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (session_id, last_seq)
) STRICT;

CREATE TABLE IF NOT EXISTS signals (
    session_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS checkpoints (
    thread_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    checkpoint_id TEXT NOT NULL,
    parent_id TEXT,
    run_id TEXT,
    created_at INTEGER NOT NULL,
    -- Of its channels: {channel: version}; their values are in channel_values.
    versions TEXT NOT NULL,
    body BLOB NOT NULL,
    metadata BLOB NOT NULL,
    PRIMARY KEY (thread_id, namespace, checkpoint_id)
) STRICT;
CREATE INDEX IF NOT EXISTS checkpoints_run ON checkpoints (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS channel_values (
    thread_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The version that this one adds to; NULL where it is whole.
    base TEXT,
    head BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (thread_id, namespace, channel, version)
) STRICT;

CREATE TABLE IF NOT EXISTS task_writes (
    thread_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    checkpoint_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    data BLOB NOT NULL,
    task_path TEXT NOT NULL,
    PRIMARY KEY (thread_id, namespace, checkpoint_id, task_id, position)
) STRICT;
"""
