"""A session's questions after the first: what of the topic stays, and what takes its place."""
