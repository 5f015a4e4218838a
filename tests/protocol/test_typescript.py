"""The declarations must compile in a strict project, and catch what a client gets wrong."""

import subprocess
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parent
DECLARATIONS = HERE.parents[1] / "protocol" / "stepwire.d.ts"


def compile_strictly(compiler: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    """Run `tsc`; it prints what is wrong to its standard output."""
    return subprocess.run(
        ["node", str(compiler), "--strict", "--noEmit", "--pretty", "false", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_declarations_compile(npm_file: Callable[[str], Path]) -> None:
    done = compile_strictly(npm_file("typescript/bin/tsc"), DECLARATIONS)
    assert done.returncode == 0, done.stdout


def test_a_client_can_use_them(npm_file: Callable[[str], Path]) -> None:
    done = compile_strictly(npm_file("typescript/bin/tsc"), HERE / "usage.ts")
    assert done.returncode == 0, done.stdout
