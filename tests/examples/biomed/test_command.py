"""The command that comes with the package shows which server's tool serves what."""

from __future__ import annotations

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from examples.biomed.tool_servers.capabilities import CAPABILITIES

ROOT = Path(__file__).resolve().parents[3]


def test_what_is_mapped_to_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, name = scripts["stepwire-biomed"].partition(":")
    monkeypatch.delenv("BIOMED_MCP_CONFIG", raising=False)
    monkeypatch.setattr("sys.argv", ["stepwire-biomed", "tools"])
    getattr(import_module(module), name)()
    shown = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in shown] == list(CAPABILITIES)
    assert all(line.endswith("in process") for line in shown)
