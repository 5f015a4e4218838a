"""The debugger's requests: breakpoints, looks, moves."""
