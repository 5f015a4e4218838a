"""`python -m benchmarks [NAME …]`: all measurements, or those named."""

import sys
from importlib import import_module

NAMES = ("stream", "debugging", "biomed")


def main(names: list[str]) -> int:
    """Run them one after the other; 2 for a name there is not."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        print(f"\n{name}")
        sys.argv = [name]
        import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
