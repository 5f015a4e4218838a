"""A session's events: numbered and committed by one writer, read by cursors."""
