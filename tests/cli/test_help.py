"""Help, versions, settings: what the command says of itself."""

import json
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rpc.cli.exits import MEANINGS
from rpc.settings import FIELDS
from tests.support.command import DEADLINE_SECONDS, Terminal, stepwire
from tests.support.needs import needs
from tests.support.server_process import ROOT, clean_environment


@pytest.mark.parametrize("command", ["serve", "ask", "sessions", "watch", "config", "demo"])
def test_every_command_has_help(command: str) -> None:
    assert command in stepwire("--help").stdout
    done = stepwire(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: stepwire {command}")


def test_the_exit_codes_are_documented() -> None:
    text = stepwire("--help").stdout
    for code, meaning in MEANINGS.items():
        assert f"{code}  {meaning}" in text


def test_the_version_is_told() -> None:
    assert stepwire("--version").stdout.startswith("stepwire")


def test_an_unknown_command_is_wrong_usage() -> None:
    done = stepwire("serf")
    assert done.returncode == 2
    assert "serf" in done.stderr


def test_config_is_a_file_one_can_start_from(tmp_path: Path) -> None:
    done = stepwire("config", cwd=tmp_path, env={"STEPWIRE_PORT": "8123"})
    settings = tomllib.loads(done.stdout)
    assert settings["port"] == 8123
    assert "# STEPWIRE_PORT" in done.stdout
    (tmp_path / "again.toml").write_text(done.stdout)
    assert stepwire("config", "--check", "again.toml", cwd=tmp_path).returncode == 0


def test_config_tells_programs_all(tmp_path: Path) -> None:
    settings = json.loads(stepwire("config", "--json", cwd=tmp_path).stdout)
    assert set(settings) == set(FIELDS)
    assert settings["port"]["origin"] == "default"
    assert all(setting["description"] for setting in settings.values())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = 'x'", "'port'"),
        ("prot = 1", "unknown setting 'prot'"),
        ("port = 99999", "'port'"),
        ("= 1", "not valid TOML"),
    ],
)
def test_config_checks_a_file(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    done = stepwire("config", "--check", "wrong.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert "wrong.toml" in done.stderr


def test_the_demo_answers_and_ends(tmp_path: Path) -> None:
    done = stepwire("demo", "--exit", "--port", "0", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "RPC     ws://127.0.0.1:" in done.stdout
    assert "console http://127.0.0.1:" in done.stdout
    assert "synthesize" in done.stderr
    assert "## References" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_demo_keeps_serving_until_ctrl_c() -> None:
    with Terminal("demo", "--port", "0") as terminal:
        terminal.expect("Open the console")
        terminal.expect("  http://127.0.0.1:")
        terminal.expect("websocat -B 600000 -n --max-messages-rev 2 ws://127.0.0.1:")
        terminal.expect("stepwire ask --url")
        terminal.expect("…")
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.wait() == 130
    assert "Traceback" not in terminal.output


def test_what_the_demo_says_to_paste_works_where_its_environment_is_not_activated() -> None:
    """As after `make demo`: another terminal knows neither `websocat` nor `stepwire`."""
    needs((Path(sys.executable).parent / "websocat").is_file(), "websocat beside Python")
    path = "/usr/bin:/bin"
    with Terminal("demo", "--port", "0", env={"PATH": path}) as terminal:
        terminal.expect("ask --url")
        terminal.expect('"…"')
        (line,) = re.findall(r"(?m)^ +(echo '.*' \| .*)$", terminal.output.replace("\r", ""))
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=ROOT,
            env=clean_environment({"PATH": path}),
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
    assert '"method":"query.result"' in done.stdout, done.stderr


def test_a_shell_completes_its_commands() -> None:
    """As the README has it."""
    asked = {"_STEPWIRE_COMPLETE": "bash_complete", "COMP_WORDS": "stepwire se", "COMP_CWORD": "1"}
    assert stepwire(env=asked).stdout.splitlines() == ["plain,serve", "plain,sessions"]
