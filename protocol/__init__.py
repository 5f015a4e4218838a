"""The wire contract of Stepwire: what a stranger needs to write a client, and nothing else.

`methods.METHODS`, `events.EVENTS` and `errors.ERRORS` are the tables; every generated document comes from
them. Imports nothing of `rpc`.
"""

PROTOCOL_VERSION = "1.0"
"""Of the methods, events and errors; the second number grows with additions, the first with breaks."""
