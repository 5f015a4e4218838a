"""Who may speak to the server, and how often."""
