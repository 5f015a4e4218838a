"""Python values as JSON."""
