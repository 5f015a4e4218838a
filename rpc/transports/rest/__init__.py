"""REST and SSE: rows of one table, problem documents, streams, probes."""
