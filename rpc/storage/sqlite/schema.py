"""The tables of schema 12. Everything is in one file, so that one transaction can hold all of it."""

VERSION = 12

TABLES = """
CREATE TABLE sessions (
    -- In the order of their making: lists are read by it, newest first.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    graph TEXT NOT NULL,
    status TEXT NOT NULL,
    owner TEXT NOT NULL,
    name TEXT,
    -- What its queries said, the newest first.
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
    -- The change of its record that was the last, and that it was made by: numbers over all sessions, one a transaction.
    change INTEGER NOT NULL DEFAULT 0,
    made INTEGER NOT NULL DEFAULT 0,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX sessions_status ON sessions (status, number DESC);
CREATE INDEX sessions_owner ON sessions (owner, number DESC, status);
CREATE INDEX sessions_updated ON sessions (updated_at);
CREATE INDEX sessions_change ON sessions (change);
CREATE INDEX sessions_change_owner ON sessions (owner, change);

-- The last number that a change was given.
CREATE TABLE session_changes (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    change INTEGER NOT NULL
) STRICT;
INSERT INTO session_changes VALUES (1, 0);

-- That a session was deleted, for those who follow the changes; and up to which change this is not known any more.
CREATE TABLE session_tombstones (
    change INTEGER NOT NULL,
    number INTEGER NOT NULL,
    session_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    made INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (change, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX tombstones_owner ON session_tombstones (owner, change, number);
CREATE INDEX tombstones_at ON session_tombstones (at);
CREATE TABLE tombstones_removed (
    owner TEXT NOT NULL PRIMARY KEY,
    change INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which sessions have a tag.
CREATE TABLE session_tags (
    tag TEXT NOT NULL,
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (tag, owner, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER tags_made AFTER INSERT ON sessions WHEN new.tags <> '[]' BEGIN
    INSERT OR IGNORE INTO session_tags SELECT value, new.owner, new.number FROM json_each(new.tags);
END;
CREATE TRIGGER tags_changed AFTER UPDATE OF tags ON sessions WHEN old.tags <> new.tags BEGIN
    DELETE FROM session_tags WHERE number = old.number AND owner = old.owner
        AND tag IN (SELECT value FROM json_each(old.tags));
    INSERT OR IGNORE INTO session_tags SELECT value, new.owner, new.number FROM json_each(new.tags);
END;
CREATE TRIGGER tags_deleted AFTER DELETE ON sessions WHEN old.tags <> '[]' BEGIN
    DELETE FROM session_tags WHERE number = old.number AND owner = old.owner
        AND tag IN (SELECT value FROM json_each(old.tags));
END;

-- How many sessions an owner has in a status.
CREATE TABLE session_counts (
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    sessions INTEGER NOT NULL,
    PRIMARY KEY (owner, status)
) STRICT, WITHOUT ROWID;

-- What nobody outside may guess, made with the database.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES ('cursors', randomblob(32));

-- What is searched, by the number of the session (https://www.sqlite.org/fts5.html): texts of three characters and
-- more by trigrams, shorter ones as beginnings of words. The words themselves are not kept a second time.
CREATE VIRTUAL TABLE session_trigrams USING fts5(
    id, name, query, content = '', columnsize = 0, tokenize = 'trigram'
);
CREATE VIRTUAL TABLE session_words USING fts5(
    name, query, content = '', columnsize = 0, detail = none, prefix = '1 2',
    tokenize = 'unicode61 remove_diacritics 0'
);

-- Of long queries only the beginning is searched, or one session could hold up all others.
CREATE TRIGGER session_made AFTER INSERT ON sessions BEGIN
    INSERT INTO session_counts VALUES (new.owner, new.status, 1)
        ON CONFLICT (owner, status) DO UPDATE SET sessions = sessions + 1;
    INSERT INTO session_trigrams (rowid, id, name, query)
        VALUES (new.number, new.id, new.name, substr(new.query, 1, 20000));
    INSERT INTO session_words (rowid, name, query)
        VALUES (new.number, new.name, substr(new.query, 1, 20000));
END;
CREATE TRIGGER session_moved AFTER UPDATE OF status ON sessions WHEN old.status <> new.status BEGIN
    UPDATE session_counts SET sessions = sessions - 1 WHERE owner = old.owner AND status = old.status;
    INSERT INTO session_counts VALUES (new.owner, new.status, 1)
        ON CONFLICT (owner, status) DO UPDATE SET sessions = sessions + 1;
END;
CREATE TRIGGER session_renamed AFTER UPDATE OF name, query ON sessions
    WHEN old.name IS NOT new.name OR old.query IS NOT new.query
BEGIN
    INSERT INTO session_trigrams (session_trigrams, rowid, id, name, query)
        VALUES ('delete', old.number, old.id, old.name, substr(old.query, 1, 20000));
    INSERT INTO session_words (session_words, rowid, name, query)
        VALUES ('delete', old.number, old.name, substr(old.query, 1, 20000));
    INSERT INTO session_trigrams (rowid, id, name, query)
        VALUES (new.number, new.id, new.name, substr(new.query, 1, 20000));
    INSERT INTO session_words (rowid, name, query)
        VALUES (new.number, new.name, substr(new.query, 1, 20000));
END;
CREATE TRIGGER session_deleted AFTER DELETE ON sessions BEGIN
    UPDATE session_counts SET sessions = sessions - 1 WHERE owner = old.owner AND status = old.status;
    INSERT INTO session_trigrams (session_trigrams, rowid, id, name, query)
        VALUES ('delete', old.number, old.id, old.name, substr(old.query, 1, 20000));
    INSERT INTO session_words (session_words, rowid, name, query)
        VALUES ('delete', old.number, old.name, substr(old.query, 1, 20000));
END;

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    graph TEXT NOT NULL,
    status TEXT NOT NULL,
    owner TEXT NOT NULL,
    idempotency_key TEXT,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    -- A JSON array: the checkpoints that its results stand in.
    results TEXT NOT NULL DEFAULT '[]',
    -- Packed, where that is shorter.
    record BLOB NOT NULL,
    UNIQUE (owner, idempotency_key)
) STRICT;
CREATE INDEX runs_session ON runs (session_id, created_at);
CREATE INDEX runs_graph ON runs (owner, graph, ended_at DESC) WHERE status = 'completed';

CREATE TABLE events (
    session_id TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    -- Packed, where that is shorter.
    data BLOB NOT NULL,
    PRIMARY KEY (session_id, last_seq)
) STRICT;

-- What events have cut out, being too large for a frame; it goes with its session.
CREATE TABLE event_values (
    session_id TEXT NOT NULL,
    id TEXT NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (session_id, id)
) STRICT;

CREATE TABLE signals (
    session_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (session_id, number)
) STRICT, WITHOUT ROWID;

-- How long sessions are kept of which that is said, in minutes; what happens then, and when, in milliseconds since 1970.
CREATE TABLE session_ttls (
    session_id TEXT NOT NULL PRIMARY KEY,
    strategy TEXT NOT NULL,
    minutes REAL NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_ttls_expire ON session_ttls (expires_at);

-- What follows the ends of runs and is not done yet, of those that go on too. `at`: until then somebody does it; 0 where nobody does.
CREATE TABLE aftermaths (
    run_id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    taken_by TEXT NOT NULL
) STRICT;
CREATE INDEX aftermaths_session ON aftermaths (session_id);

CREATE TABLE checkpoints (
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
CREATE INDEX checkpoints_run ON checkpoints (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE channel_values (
    thread_id TEXT NOT NULL,
    namespace TEXT NOT NULL,
    channel TEXT NOT NULL,
    version TEXT NOT NULL,
    -- Of the encoding, and whether the data is packed.
    kind TEXT NOT NULL,
    -- The version that this one adds to; NULL where it is whole.
    base TEXT,
    head BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (thread_id, namespace, channel, version)
) STRICT;

CREATE TABLE task_writes (
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

-- How many bytes are kept of each session, and of all of an owner's: counted as they are written, and anew where some are removed.
CREATE TABLE session_bytes (
    session_id TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE owner_bytes (
    owner TEXT NOT NULL PRIMARY KEY,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER bytes_made AFTER INSERT ON session_bytes BEGIN
    INSERT INTO owner_bytes SELECT owner, new.bytes FROM sessions WHERE id = new.session_id
        ON CONFLICT (owner) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
CREATE TRIGGER bytes_changed AFTER UPDATE OF bytes ON session_bytes WHEN old.bytes <> new.bytes BEGIN
    UPDATE owner_bytes SET bytes = bytes + new.bytes - old.bytes
        WHERE owner = (SELECT owner FROM sessions WHERE id = new.session_id);
END;
CREATE TRIGGER bytes_of_session_made AFTER INSERT ON sessions BEGIN
    INSERT INTO session_bytes VALUES (new.id, length(new.record));
END;
CREATE TRIGGER bytes_of_session_changed AFTER UPDATE OF record ON sessions
    WHEN length(old.record) <> length(new.record)
BEGIN
    UPDATE session_bytes SET bytes = bytes + length(new.record) - length(old.record) WHERE session_id = new.id;
END;
CREATE TRIGGER bytes_of_session_deleted AFTER DELETE ON sessions BEGIN
    UPDATE owner_bytes SET bytes = bytes - (SELECT bytes FROM session_bytes WHERE session_id = old.id)
        WHERE owner = old.owner;
    DELETE FROM session_bytes WHERE session_id = old.id;
END;
-- Of a packed record, the bytes that it was.
CREATE TRIGGER bytes_of_run_made AFTER INSERT ON runs BEGIN
    UPDATE session_bytes SET bytes = bytes
        + CASE substr(new.record, 1, 1) WHEN x'01' THEN CAST(CAST(substr(new.record, 2, 10) AS TEXT) AS INTEGER) ELSE length(new.record) END
        WHERE session_id = new.session_id;
END;
CREATE TRIGGER bytes_of_run_changed AFTER UPDATE OF record ON runs WHEN old.record <> new.record
BEGIN
    UPDATE session_bytes SET bytes = bytes
        + CASE substr(new.record, 1, 1) WHEN x'01' THEN CAST(CAST(substr(new.record, 2, 10) AS TEXT) AS INTEGER) ELSE length(new.record) END
        - CASE substr(old.record, 1, 1) WHEN x'01' THEN CAST(CAST(substr(old.record, 2, 10) AS TEXT) AS INTEGER) ELSE length(old.record) END
        WHERE session_id = new.session_id;
END;

-- How many queries an owner started in a second, of the last two minutes in which there were some.
CREATE TABLE owner_queries (
    owner TEXT NOT NULL,
    second INTEGER NOT NULL,
    queries INTEGER NOT NULL,
    PRIMARY KEY (owner, second)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER queries_counted AFTER INSERT ON owner_queries BEGIN
    DELETE FROM owner_queries WHERE owner = new.owner AND second < new.second - 120;
END;

-- Settings for graphs, under names; all versions of one are in its record.
CREATE TABLE assistants (
    id TEXT NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX assistants_owner ON assistants (owner, created_at DESC);

-- Who did what, when: it stays when what it is of is gone.
CREATE TABLE audit (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    action TEXT NOT NULL,
    session_id TEXT,
    record BLOB NOT NULL
) STRICT;
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_session ON audit (session_id) WHERE session_id IS NOT NULL;
"""
