"""`examples/cluster/`: the script that kills workers comes to its end, and the settings of its `compose.yaml` are settings."""

import subprocess
import sys
from pathlib import Path

import pytest

from rpc.settings import load
from tests.support.needs import needs
from tests.support.postgres import available
from tests.support.server_process import ROOT, clean_environment

FOLDER = ROOT / "examples" / "cluster"


@pytest.mark.timeout(400)
def test_the_script() -> None:
    """It kills workers in the middle of a streaming, a waiting and a debugged session, and freezes one: all go on."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    done = subprocess.run(
        [sys.executable, FOLDER / "run.py"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=390,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for said in ("goes on after", "taken for dead", "were refused", "every client saw"):
        assert said in done.stdout
    assert done.stdout.count("none missing, none twice") == 2


def test_the_settings_of_the_containers(tmp_path: Path) -> None:
    """A name or a value that no setting has would keep every node from starting."""
    lines = (FOLDER / "compose.yaml").read_text().splitlines()
    given = {}
    for line in lines:
        name, separator, value = line.strip().partition(": ")
        if name.startswith("STEPWIRE_") and separator:
            given[name] = value.strip("'\"")
    file = tmp_path / "stepwire.toml"
    file.write_text("")
    settings, _ = load({}, given, file)
    assert sorted(settings.graphs) == ["debugged", "streaming", "waiting"]
    assert settings.allowed_hosts == ["*"]
    assert settings.insecure_no_auth
    assert settings.database == "postgresql://stepwire:stepwire@postgres/stepwire"
