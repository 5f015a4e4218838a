"""What is kept: sessions, runs, events, checkpoints."""
