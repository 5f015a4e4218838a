"""A session's thread: looked at, edited, moved."""
