"""What npm carries and PyPI does not: published meta-schemas and the TypeScript compiler."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

NODE_MODULES = Path(__file__).parents[1] / "npm" / "node_modules"

INSTALL = "run `npm ci --prefix tests/npm`"


@pytest.fixture(scope="session")
def npm_file() -> Callable[[str], Path]:
    """The path of a file inside the installed npm packages."""

    def find(name: str) -> Path:
        path = NODE_MODULES / name
        if not path.is_file() or shutil.which("node") is None:
            reason = f"needs node and {path.name} of the npm test packages: {INSTALL}"
            # A machine without npm can still develop; the one that decides about a merge must have it.
            if os.environ.get("CI", "").lower() in ("1", "true"):
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find


@pytest.fixture(scope="session")
def npm_schema(npm_file: Callable[[str], Path]) -> Callable[[str], Any]:
    """The JSON Schema that an npm package's `index.js` exports as its default."""

    def load(package: str) -> Any:
        index = npm_file(f"{package}/index.js")
        script = "console.log(JSON.stringify(require(process.argv[1]).default))"
        done = subprocess.run(
            ["node", "-e", script, str(index)], check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)

    return load
