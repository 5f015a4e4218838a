"""The life of a session: its runs, its events, its readers, its debugger."""
