"""The tables of schema 10, in a schema of their own (`connecting.SCHEMA`).

Texts compare by their bytes, as SQLite's do: `COLLATE "C"`. Of a session, what is searched is apart from what every commit changes.
"""

VERSION = 10
"""The last step of `migrations.py`."""

COMPATIBLE = 3
"""The oldest version whose nodes can work on this schema, beside those of this one."""

TABLES = """
CREATE TABLE sessions (
    -- In the order of their making: lists are read by it, newest first.
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    graph text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    run_id text COLLATE "C",
    -- The last event's number, and that of the oldest one that is kept.
    seq bigint NOT NULL DEFAULT 0,
    first_seq bigint NOT NULL DEFAULT 1,
    -- Who advances it; how often its record or its signals were changed.
    epoch bigint NOT NULL DEFAULT 0,
    revision bigint NOT NULL DEFAULT 0,
    -- How many are kept of it, records, events and checkpoints together.
    bytes bigint NOT NULL DEFAULT 0,
    -- Of what is in session_texts.
    digest bytea NOT NULL,
    record bytea NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX sessions_status ON sessions (status, number DESC);
CREATE INDEX sessions_owner ON sessions (owner, number DESC, status);
CREATE INDEX sessions_active ON sessions (owner) WHERE status IN ('queued', 'running');
CREATE INDEX sessions_updated ON sessions (updated_at);

-- What is searched: `found` holds the id, the name and the queries without case, `starts` the beginnings of words.
CREATE TABLE session_texts (
    number bigint PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
    found text COLLATE "C" NOT NULL,
    starts text[] COLLATE "C" NOT NULL
);
CREATE INDEX session_texts_starts ON session_texts USING gin (starts);

-- What nobody outside may guess, made with the database.
CREATE TABLE secrets (
    name text NOT NULL PRIMARY KEY,
    value bytea NOT NULL
);
INSERT INTO secrets VALUES
    ('cursors', decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')),
    -- By this a database is known again.
    ('identity', decode(replace(gen_random_uuid()::text, '-', ''), 'hex'));

CREATE TABLE runs (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    session_id text COLLATE "C" NOT NULL,
    graph text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    idempotency_key text COLLATE "C",
    created_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint,
    -- A JSON array: the checkpoints that its results stand in.
    results json NOT NULL DEFAULT '[]',
    record bytea NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX runs_key ON runs (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX runs_session ON runs (session_id, created_at);
CREATE INDEX runs_graph ON runs (owner, graph, ended_at DESC) WHERE status = 'completed';

CREATE TABLE events (
    session_id text COLLATE "C" NOT NULL,
    last_seq bigint NOT NULL,
    first_seq bigint NOT NULL,
    at bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (session_id, last_seq)
);

-- What events have cut out, being too large for a frame; it goes with its session.
CREATE TABLE event_values (
    session_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (session_id, id)
);

CREATE TABLE signals (
    session_id text COLLATE "C" NOT NULL,
    number bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (session_id, number)
);

CREATE TABLE checkpoints (
    thread_id text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    checkpoint_id text COLLATE "C" NOT NULL,
    parent_id text COLLATE "C",
    run_id text COLLATE "C",
    created_at bigint NOT NULL,
    -- Of its channels: {channel: version}, as it was given; their values are in channel_values.
    versions json NOT NULL,
    body bytea NOT NULL,
    metadata bytea NOT NULL,
    PRIMARY KEY (thread_id, namespace, checkpoint_id)
);
CREATE INDEX checkpoints_run ON checkpoints (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX checkpoints_id ON checkpoints (checkpoint_id);

CREATE TABLE channel_values (
    thread_id text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    -- The version that this one adds to; NULL where it is whole.
    base text COLLATE "C",
    head bytea NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (thread_id, namespace, channel, version)
);

CREATE TABLE task_writes (
    thread_id text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    checkpoint_id text COLLATE "C" NOT NULL,
    task_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    task_path text COLLATE "C" NOT NULL,
    PRIMARY KEY (thread_id, namespace, checkpoint_id, task_id, position)
);

-- How many sessions an owner has, and the bytes of them: the sum of what each writer's slot says, so that no two nodes wait for
-- each other; and how many queries an owner started in a second, of the last two minutes in which there were some.
CREATE TABLE owner_usage (
    owner text COLLATE "C" NOT NULL,
    slot int NOT NULL,
    sessions bigint NOT NULL,
    bytes bigint NOT NULL,
    PRIMARY KEY (owner, slot)
) WITH (fillfactor = 50);
CREATE TABLE owner_queries (
    owner text COLLATE "C" NOT NULL,
    second bigint NOT NULL,
    slot int NOT NULL,
    queries bigint NOT NULL,
    PRIMARY KEY (owner, second, slot)
) WITH (fillfactor = 50);

-- Who did what, when: it stays when what it is of is gone.
CREATE TABLE audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    action text COLLATE "C" NOT NULL,
    session_id text COLLATE "C",
    record bytea NOT NULL
);
CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_session ON audit (session_id) WHERE session_id IS NOT NULL;

CREATE TABLE tokens (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    name text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    scopes json NOT NULL,
    digest bytea NOT NULL UNIQUE,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    used_at bigint,
    -- Who made it and who revoked it: users of the operating system.
    made_by text,
    revoked_by text
);
-- A name is of one token that works.
CREATE UNIQUE INDEX token_names ON tokens (name) WHERE revoked_at IS NULL;
-- Grows with every change of what tokens may do.
CREATE SEQUENCE token_changes;

-- Written to find out whether it can be.
CREATE TABLE probes (id int PRIMARY KEY, at bigint NOT NULL);
INSERT INTO probes VALUES (1, 0);
"""

CHANGES = """
-- The change of its record that was the last, and that it was made by: the transaction's number. Who follows the changes reads
-- those of transactions before which none is under way (https://www.postgresql.org/docs/current/functions-info.html), so that
-- none is committed behind them. Set by triggers, for nodes of the version before too.
ALTER TABLE sessions
    ADD COLUMN change bigint NOT NULL DEFAULT 0,
    ADD COLUMN made bigint NOT NULL DEFAULT 0,
    ADD COLUMN tags text[] COLLATE "C" NOT NULL DEFAULT '{}';
ALTER TABLE sessions
    ALTER COLUMN change SET DEFAULT pg_current_xact_id()::text::bigint,
    ALTER COLUMN made SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX sessions_change ON sessions (change, number);
CREATE INDEX sessions_owner_change ON sessions (owner, change, number);
CREATE INDEX sessions_tags ON sessions USING gin (tags) WHERE tags <> '{}';
CREATE FUNCTION session_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.change := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER session_changed BEFORE UPDATE OF record ON sessions FOR EACH ROW EXECUTE FUNCTION session_changed();

-- That a session was deleted; and up to which change this is not known any more.
CREATE TABLE session_tombstones (
    change bigint NOT NULL,
    number bigint NOT NULL,
    session_id text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    made bigint NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (change, number)
);
CREATE INDEX tombstones_owner ON session_tombstones (owner, change, number);
CREATE INDEX tombstones_at ON session_tombstones (at);
CREATE TABLE tombstones_removed (
    owner text COLLATE "C" NOT NULL PRIMARY KEY,
    change bigint NOT NULL
);
CREATE FUNCTION session_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_tombstones VALUES (
        pg_current_xact_id()::text::bigint, OLD.number, OLD.id, OLD.owner, OLD.made,
        (extract(epoch FROM clock_timestamp()) * 1000)::bigint);
    RETURN NULL;
END $$;
CREATE TRIGGER session_deleted AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION session_deleted();
"""
"""What schema 4 adds: the order of the sessions' changes, and their tags."""

FOREIGN = """
SELECT greatest(
    (SELECT max(change) FROM sessions),
    (SELECT max(change) FROM session_tombstones),
    (SELECT max(change) FROM tombstones_removed)
) >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
"""
"""Whether changes are numbered by another server's transactions: `pg_restore` brings what is stored, and not how far these are."""

RENUMBERED = """
UPDATE sessions SET change = pg_current_xact_id()::text::bigint, made = pg_current_xact_id()::text::bigint;
INSERT INTO tombstones_removed
    SELECT owner, pg_current_xact_id()::text::bigint FROM (
        SELECT owner FROM sessions UNION SELECT owner FROM session_tombstones UNION SELECT owner FROM tombstones_removed
    ) owners
    ON CONFLICT (owner) DO UPDATE SET change = excluded.change;
DELETE FROM session_tombstones;
-- Places in the order of before could look like some of this one.
UPDATE secrets SET value = decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex')
    WHERE name = 'cursors';
"""
"""All changes as this transaction's: who followed them is told to read the sessions anew."""

LIVE_HITS = """
-- How often the breakpoints of a session that runs were reached, as its node told last.
CREATE TABLE live_hits (
    session_id text COLLATE "C" NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL,
    hits text NOT NULL
);
"""
"""What schema 5 adds."""

HELD = "CREATE INDEX held_jobs_graph ON held_jobs (asker, graph, number)"
"""What schema 6 adds: of each graph, whose turn is next."""

TTLS = """
-- How long sessions are kept of which that is said, in minutes; what happens then, and when, in milliseconds since 1970.
CREATE TABLE session_ttls (
    session_id text COLLATE "C" NOT NULL PRIMARY KEY,
    strategy text COLLATE "C" NOT NULL,
    minutes double precision NOT NULL,
    expires_at bigint NOT NULL
);
CREATE INDEX session_ttls_expire ON session_ttls (expires_at);
-- Nodes of the version before delete sessions too.
CREATE FUNCTION session_ttl_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM session_ttls WHERE session_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER session_ttl_deleted AFTER DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION session_ttl_deleted();
"""
"""What schema 7 adds."""

NAMES = "ALTER TABLE nodes ADD COLUMN names text NOT NULL DEFAULT '{}'"
"""What schema 8 adds: what each node's graphs call their parts, as JSON. Nodes of the version before do not say."""

AFTERMATHS = """
-- What follows the ends of runs and is not done yet, of those that go on too. `at`: until then somebody does it; 0 where nobody does.
CREATE TABLE aftermaths (
    run_id text COLLATE "C" NOT NULL PRIMARY KEY,
    session_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    tries int NOT NULL,
    taken_by text COLLATE "C" NOT NULL
);
CREATE INDEX aftermaths_session ON aftermaths (session_id);
-- Nodes of the version before delete runs too, and sessions with them.
CREATE FUNCTION run_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM aftermaths WHERE run_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER run_deleted AFTER DELETE ON runs FOR EACH ROW EXECUTE FUNCTION run_deleted();
"""
"""What schema 9 adds."""

COMMITS = """
-- Of each connection that writes, the number of the last transaction that it committed, by its own count: what became of one whose
-- answer was lost. PostgreSQL's own number of a transaction that a crash undid may be another one's after it.
CREATE TABLE commits (
    writer text COLLATE "C" NOT NULL PRIMARY KEY,
    number bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 10);
"""
"""What schema 10 adds."""

TRIGRAMS = "CREATE INDEX session_texts_found ON session_texts USING gin (found gin_trgm_ops)"
"""Where the database has pg_trgm, or this user may make it; without it a search reads all texts."""

LZ4 = (("events", "data"), ("channel_values", "data"), ("task_writes", "data"))
"""What is packed by LZ4, where the database has it: it costs a fraction of PostgreSQL's own."""

ASSISTANTS = """
-- Settings for graphs, under names; all versions of one are in its record.
CREATE TABLE IF NOT EXISTS assistants (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    record bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS assistants_owner ON assistants (owner, created_at DESC);
"""
"""What schema 2 adds."""
