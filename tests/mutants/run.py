"""Small changes of the code, one at a time, and whether the tests notice: `make mutants`.

Cosmic Ray makes the changes (in a copy of the project) and runs the tests of the room that was changed. All changes of one
room are thousands, and a run of its tests takes a minute: a sample of them is tried, by `--seed` the same again.
Survivors are printed as diffs: each is either equivalent to what was there, or wants a test.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

ROOT = Path(__file__).parents[2]

ROOMS = {
    "rpc/storage": ["tests/storage", "tests/sessions"],
    "rpc/events": [
        "tests/events",
        "tests/storage/test_events.py",
        "tests/sessions",
        "tests/client",
        "tests/transports",
    ],
    "rpc/engine": ["tests/engine", "tests/langgraph", "tests/debugging"],
    "rpc/sessions": ["tests/sessions", "tests/debugging"],
}
"""Which tests are to notice a change of a room; those that take least come first."""

DULL = (
    "ReplaceUnaryOperator_Delete",
    "core/NumberReplacer",
    "core/RemoveDecorator",
    "BitOr",
    "BitAnd",
    "NoneDefault",
)
"""Operators that mostly change hints of types, bounds of sizes and the like."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--python", type=Path, required=True, help="the interpreter that has what the tests need"
    )
    parser.add_argument(
        "--sample", type=int, default=40, help="changes tried, over all rooms; 0: all"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1, 2**32))
    parser.add_argument(
        "rooms", nargs="*", help=f"folders or modules: {', '.join(ROOMS)} where none is named"
    )
    arguments = parser.parse_args()
    rooms = arguments.rooms or list(ROOMS)
    print(f"seed {arguments.seed}")
    survived = 0
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy(Path(folder))
        for room in rooms:
            each = -(-arguments.sample // len(rooms))
            survived += one_room(
                Path(folder), room.rstrip("/"), arguments.python.absolute(), each, arguments.seed
            )
    print(f"{survived} survived")
    return 1 if survived else 0


def copy(folder: Path) -> None:
    """The project's files, as they are now: what is changed is never what somebody works on."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy2(ROOT / name, target)


def one_room(folder: Path, room: str, python: Path, sample: int, seed: int) -> int:
    """Try `sample` changes of a room; how many survived."""
    tests = next((tests for name, tests in ROOMS.items() if room.startswith(name)), None)
    if tests is None:
        sys.exit(f"no tests are named for {room}: {', '.join(ROOMS)}")
    command = f"{python} -m pytest -x -q -n 2 --dist loadfile --timeout 120 {' '.join(tests)}"
    config = folder / "mutants.toml"
    config.write_text(
        "[cosmic-ray]\n"
        f'module-path = "{room}"\n'
        "timeout = 600.0\n"
        "excluded-modules = []\n"
        f'test-command = "{command}"\n'
        '[cosmic-ray.distributor]\nname = "local"\n'
    )
    session = folder / "session.sqlite"
    session.unlink(missing_ok=True)
    tool = Path(sys.executable).parent / "cosmic-ray"
    env = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}

    def step(*words: str) -> None:
        subprocess.run([tool, *words], cwd=folder, env=env, check=True)

    # Tests that fail before anything is changed would notice everything.
    step("baseline", str(config))
    step("init", str(config), str(session))
    with use_db(session, WorkDB.Mode.open) as book:
        choose(book, sample, random.Random(f"{seed} {room}"))
    step("exec", str(config), str(session))
    with use_db(session, WorkDB.Mode.open) as book:
        return report(book, room)


def choose(book: WorkDB, sample: int, chance: random.Random) -> None:
    """Skip all changes but a sample of those that are not dull."""
    items = sorted(book.work_items, key=lambda item: str(item.mutations))
    worth = [
        item for item in items if not any(name in item.mutations[0].operator_name for name in DULL)
    ]
    chosen = {
        item.job_id for item in (chance.sample(worth, min(sample, len(worth))) if sample else worth)
    }
    skipped = WorkResult(worker_outcome=WorkerOutcome.SKIPPED)
    book.set_multiple_results([item.job_id for item in items if item.job_id not in chosen], skipped)


def report(book: WorkDB, room: str) -> int:
    """Print what survived, and how many were tried."""
    tried = [
        (job, result)
        for job, result in book.results
        if result.worker_outcome != WorkerOutcome.SKIPPED
    ]
    survivors = [result for _, result in tried if result.test_outcome == TestOutcome.SURVIVED]
    for result in survivors:
        print(result.diff)
    print(f"{room}: {len(tried) - len(survivors)} of {len(tried)} noticed")
    return len(survivors)


if __name__ == "__main__":
    sys.exit(main())
