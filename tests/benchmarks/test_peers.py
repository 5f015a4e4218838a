"""What `make bench-peers` writes: a page and a drawing, of the figures in `peers.json`."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import peers
from benchmarks.peers_drawing import BARS, PANELS
from tests.support.server_process import ROOT

SVG = "{http://www.w3.org/2000/svg}"
FOLDER = ROOT / "benchmarks"


def panels(text: str) -> list[ElementTree.Element]:
    """Those of a drawing. Raises `ParseError` where it is not well-formed."""
    return ElementTree.fromstring(text).findall(f"{SVG}g")


def texts(panel: ElementTree.Element) -> list[str]:
    """What is written in it, its heading first."""
    return [one.text or "" for one in panel.iter(f"{SVG}text")]


def test_the_drawing_has_the_name_and_the_figure_of_each_server() -> None:
    stored = json.loads((FOLDER / "peers.json").read_text())
    found = panels((FOLDER / "peers.svg").read_text())
    for (figure, heading), panel in zip(PANELS.items(), found, strict=True):
        written = [
            text for name, row in stored["servers"].items() for text in (name, f"{row[figure]:,}")
        ]
        assert texts(panel) == [heading, *written]


def test_bars_are_as_long_as_their_figures() -> None:
    servers = {
        "Stepwire": {"first_event_ms": 5, "events_per_second": 40_000, "runs_per_second": 50},
        "other": {"first_event_ms": 20, "events_per_second": 10_000, "runs_per_second": 0},
    }
    widths = [
        [float(one.get("width", "")) for one in panel.iter(f"{SVG}rect")]
        for panel in panels(peers.drawing("a machine", servers))
    ]
    # What is 0 is seen to be there.
    assert widths == [[BARS / 4, BARS], [BARS, BARS / 4], [BARS, 1]]


def test_a_server_that_could_not_be_measured_is_said_to_have_no_figure() -> None:
    servers = {"A <& B": {"error": "it is not installed"}}
    for panel in panels(peers.drawing("a machine", servers)):
        assert texts(panel)[1:] == ["A <& B", "not measured"]
        assert not list(panel.iter(f"{SVG}rect"))


@pytest.mark.parametrize("name", ["peers.md", "peers.svg"])
def test_what_is_kept_is_of_the_figures_that_are_kept(name: str) -> None:
    written = peers.written(json.loads((FOLDER / "peers.json").read_text()))
    assert (FOLDER / name).read_text() == written[name]
    assert "](peers.svg)" in (FOLDER / "README.md").read_text()


def test_it_is_drawn_anew_without_measuring(tmp_path: Path) -> None:
    kept = json.loads((FOLDER / "peers.json").read_text())
    kept["servers"]["Stepwire"]["runs_per_second"] = 1234.5
    (tmp_path / "peers.json").write_text(json.dumps(kept))
    command = [sys.executable, "-m", "benchmarks.peers", "--draw", "--folder", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=120)
    assert "| 1234.5 |" in (tmp_path / "peers.md").read_text()
    assert "1,234.5" in texts(panels((tmp_path / "peers.svg").read_text())[2])
    assert json.loads((tmp_path / "peers.json").read_text()) == kept
