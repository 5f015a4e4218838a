"""Graphs: loaded, described, and what a query gives them."""
