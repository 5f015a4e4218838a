"""What `launch` and `attach` may be given, by name: what an editor's configuration has."""

from collections.abc import Iterable

from rpc.dap.arguments import Attach, Launch
from rpc.suggest import did_you_mean

# Every configuration of an editor has a name, and an editor that runs without debugging says so itself.
EDITORS = ("name", "noDebug")
LAUNCH = tuple(name for name in Launch.__annotations__ if name not in EDITORS)
ATTACH = tuple(name for name in Attach.__annotations__ if name not in EDITORS)


def mistyped(given: Iterable[str], known: tuple[str, ...]) -> list[str]:
    """For a person: what is no attribute, and reads like one. Editors give more of their own, which is nobody's mistake."""
    found = []
    for name in given:
        if name in known or name in EDITORS:
            continue
        near = did_you_mean(name, known)
        if near:
            found.append(f"`{name}` is no attribute of the configuration; {near}".rstrip("; "))
    return found
