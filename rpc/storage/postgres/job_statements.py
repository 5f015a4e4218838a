"""Jobs in line and held back from it, as statements: of each asker, as many stand in line as living nodes have places for.

Whoever comes last is so behind no more of another's than could run at once. What is held back waits behind its asker's own only.
"""

from rpc.storage.cluster import DEAD_SECONDS

TASK = "advance"
"""procrastinate's name of the one task there is."""

_ARGS = (
    "jsonb_build_object('session_id', $2::text, 'epoch', $4::bigint, 'asker', $5::text,"
    " 'recovery', $6::text) || CASE WHEN cardinality($11::text[]) = 0 THEN '{}'::jsonb"
    " ELSE jsonb_build_object('refused', to_jsonb($11::text[]), 'until', $9::bigint) END"
)

_POOLS = f"""
runners AS MATERIALIZED (
    SELECT graphs, concurrency FROM nodes
    WHERE role <> 'api' AND seen_at > clock_timestamp() - make_interval(secs => {DEAD_SECONDS})
), served AS MATERIALIZED (
    SELECT graph, sum(concurrency)::bigint AS places FROM runners, unnest(graphs) graph GROUP BY graph
), pools AS (
    SELECT one.graph, rival.graph AS rival FROM served one, served rival
    WHERE NOT EXISTS (
        SELECT 1 FROM runners WHERE rival.graph = ANY(graphs) AND NOT one.graph = ANY(graphs))
)"""
"""Who can take the places that a graph's runs need: graphs whose every node has this one too. What runs elsewhere, or nowhere, takes none of them.

`served`: the graphs that living nodes run, and how many runs at once these have places for.
"""

PUT = f"""
WITH {_POOLS}, room AS MATERIALIZED (
    SELECT $7::bigint IS NULL OR $9::bigint IS NOT NULL OR (
        SELECT CASE WHEN $1::text IN (SELECT graph FROM served)
            THEN count(*) FILTER (WHERE queue_name IN (SELECT rival FROM pools WHERE graph = $1::text))
                    < (SELECT places FROM served WHERE graph = $1::text)
                AND ($10::bigint IS NULL
                    OR count(*) FILTER (WHERE queue_name IN (SELECT graph FROM served)) < $10::bigint)
            ELSE count(*) FILTER (WHERE queue_name NOT IN (SELECT graph FROM served)) < $7::bigint
        END
        FROM procrastinate_jobs
        WHERE status IN ('todo', 'doing') AND args->>'asker' = $5::text AND scheduled_at IS NULL
    ) AS free
), held AS (
    INSERT INTO held_jobs (session_id, graph, asker, args)
        SELECT $2::text, $1::text, $5::text, {_ARGS} FROM room WHERE NOT free
        ON CONFLICT (session_id) DO UPDATE SET args = excluded.args
)
INSERT INTO procrastinate_jobs
    (queue_name, task_name, lock, queueing_lock, args, status, worker_id, scheduled_at)
    SELECT $1::text, '{TASK}', $2::text, $2::text, {_ARGS}, $3::procrastinate_job_status,
        (SELECT id FROM procrastinate_workers WHERE id = $8::bigint), to_timestamp($9::bigint / 1000.0)
    FROM room WHERE free
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE
        SET args = excluded.args, scheduled_at = excluded.scheduled_at
""".encode()
"""Put a job in line, or hold it back: graph, session, status, epoch, asker, recovery, most, worker, start, most of one asker, who refused."""

_OTHERS = f"""
SELECT 1 FROM nodes n WHERE n.role <> 'api' AND %s = ANY(n.graphs)
    AND n.seen_at > clock_timestamp() - make_interval(secs => {DEAD_SECONDS})"""

OTHERS = (_OTHERS % "$1::text" + " AND n.id <> ALL($2::text[]) LIMIT 1").encode()
"""Whether a living node runs this graph beside those that are named."""

TAKE_REFUSED = f"""
UPDATE procrastinate_jobs SET status = 'doing', worker_id = $2::bigint WHERE id = (
    SELECT j.id FROM procrastinate_jobs j
    WHERE j.status = 'todo' AND j.queue_name = ANY($1::text[]) AND j.args ? 'refused'
        AND (NOT j.args->'refused' ? $3::text
            OR NOT EXISTS ({_OTHERS % "j.queue_name"} AND NOT j.args->'refused' ? n.id))
        AND NOT EXISTS (
            SELECT 1 FROM procrastinate_jobs d WHERE d.lock = j.lock AND d.status = 'doing')
    ORDER BY j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
    RETURNING queue_name, args
""".encode()
"""Take a job that nodes refused: graphs, worker, node. procrastinate's own way out of line has it only once it has waited for long enough."""

TRY_AGAIN = b"""
UPDATE procrastinate_jobs SET args = jsonb_set(args, '{refused}', (args->'refused') - $1::text)
    WHERE status = 'todo' AND args->'refused' ? $1::text
"""
"""Of all that this node refused and nobody has taken: it did not."""

END = f"""
WITH {_POOLS}, gone AS (
    DELETE FROM procrastinate_jobs
        WHERE (status = 'doing' AND lock = $1) OR (status = 'todo' AND queueing_lock = $1)
        RETURNING args->>'asker' AS asker, queue_name AS graph
), unheld AS (
    DELETE FROM held_jobs WHERE session_id = $1
), next AS (
    DELETE FROM held_jobs WHERE number = (
        SELECT h.number FROM gone g
            CROSS JOIN LATERAL (
                SELECT g.graph UNION SELECT p.graph FROM pools p WHERE p.rival = g.graph) c
            CROSS JOIN LATERAL (
                SELECT number FROM held_jobs
                    WHERE asker = g.asker AND graph = c.graph AND session_id <> $1
                    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED) h
            WHERE EXISTS (SELECT 1 FROM held_jobs)
            ORDER BY h.number LIMIT 1)
        RETURNING graph, session_id, args
)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT graph, '{TASK}', session_id, session_id, args FROM next
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
""".encode()
"""End a session's job; the next one that was held back of who asked for it, and can take its place, comes in line."""

LET_IN = f"""
WITH {_POOLS}, line AS MATERIALIZED (
    SELECT args->>'asker' AS asker, queue_name AS graph, count(*) AS jobs FROM procrastinate_jobs
    WHERE status IN ('todo', 'doing') AND scheduled_at IS NULL
        AND args->>'asker' IN (SELECT asker FROM held_jobs)
    GROUP BY 1, 2
), asking AS MATERIALIZED (
    SELECT h.asker, h.graph, s.graph IS NOT NULL AS is_served,
        coalesce(s.places, $1::bigint) - (
            SELECT coalesce(sum(l.jobs), 0) FROM line l
            WHERE l.asker = h.asker AND CASE WHEN s.graph IS NULL
                THEN l.graph NOT IN (SELECT graph FROM served)
                ELSE l.graph IN (SELECT rival FROM pools p WHERE p.graph = h.graph) END) AS room,
        $2::bigint - (
            SELECT coalesce(sum(l.jobs), 0) FROM line l
            WHERE l.asker = h.asker AND l.graph IN (SELECT graph FROM served)) AS own_room
    FROM (SELECT asker, graph FROM held_jobs GROUP BY asker, graph) h
    LEFT JOIN served s ON s.graph = h.graph
), able AS MATERIALIZED (
    SELECT a.*, h.number FROM asking a CROSS JOIN LATERAL (
        SELECT number FROM held_jobs
            WHERE asker = a.asker AND graph = a.graph
            ORDER BY number LIMIT greatest(a.room, 0) FOR UPDATE SKIP LOCKED) h
), chosen AS (
    SELECT number FROM able a
    WHERE a.room >= (
            SELECT count(*) FROM able o
            WHERE o.asker = a.asker AND o.number <= a.number AND CASE WHEN a.is_served
                THEN o.graph IN (SELECT rival FROM pools p WHERE p.graph = a.graph)
                ELSE NOT o.is_served END)
        AND (NOT a.is_served OR a.own_room IS NULL OR a.own_room >= (
            SELECT count(*) FROM able o
            WHERE o.asker = a.asker AND o.number <= a.number AND o.is_served))
), gone AS (
    DELETE FROM held_jobs WHERE number IN (SELECT number FROM chosen)
        RETURNING graph, session_id, args, number
)
INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT graph, '{TASK}', session_id, session_id, args FROM gone ORDER BY number
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
    RETURNING queue_name
""".encode()
"""Of each asker, the oldest of what was held back and has a place: places of graphs that nobody runs, most of one asker."""
