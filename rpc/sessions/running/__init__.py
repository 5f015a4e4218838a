"""Who advances a session, and what its outcome makes of it."""
