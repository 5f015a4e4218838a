"""`python -m benchmarks [--short] [NAME …]`: all measurements, or those named."""

import sys
from importlib import import_module

NAMES = (
    "runs",
    "delivery",
    "frames",
    "latency",
    "listing",
    "crowded",
    "chats",
    "many_runs",
    "startup",
    "placement",
    "stream",
    "debugging",
    "adapter",
    "nodes",
    "authentication",
    "strangers",
    "biomed",
)
SHORT = "--short"
"""Few rounds and small stores: whether everything runs, and about where it stands."""


def main(arguments: list[str]) -> int:
    """Run them one after the other; 2 for a name there is not."""
    names = [argument for argument in arguments if argument != SHORT]
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        print(f"\n{name}", flush=True)
        import_module(f"benchmarks.{name}").main(short=SHORT in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
