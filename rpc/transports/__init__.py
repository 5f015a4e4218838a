"""Shells: what comes in from a socket, and what goes out."""
