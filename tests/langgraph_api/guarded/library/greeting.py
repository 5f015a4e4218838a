"""A module in a folder that the project depends on."""


def greet(name: str) -> str:
    return f"hello {name}"
