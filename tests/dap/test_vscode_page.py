"""The page for who begins with VS Code: its graph is the one of its pictures, and what it says of the first stop is so."""

import re
import sys
from pathlib import Path
from textwrap import dedent

from tests.dap.editor import editor
from tests.support.server_process import ROOT

PAGE = (ROOT / "clients" / "vscode" / "README.md").read_text(encoding="utf-8")


def block(kind: str) -> str:
    """The first block of a kind, without what the list it stands in puts before its lines."""
    found = re.search(rf"(?ms)^ *```{kind}\n(.*?)^ *```$", PAGE)
    assert found is not None
    return dedent(found[1])


def test_its_graph_is_the_one_of_the_pictures() -> None:
    assert block("python") == (ROOT / "tests" / "vscode_ui" / "research.py").read_text()


def test_its_commands_name_what_is_there() -> None:
    commands = block("sh")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "\nmake vsix\n" in commands
    assert "\nvsix:" in makefile
    assert "--out stepwire.vsix" in (ROOT / "clients" / "vscode" / "package.json").read_text()
    assert "code --install-extension clients/vscode/stepwire.vsix" in commands


async def test_its_first_stop_is_in_the_subgraph(tmp_path: Path) -> None:
    """As the extension launches it: the file in a folder of its own, and no configuration."""
    source = tmp_path / "research.py"
    source.write_text(block("python"))
    lines = source.read_text().splitlines()
    line = next(at for at, text in enumerate(lines, 1) if 'return {"hits": sorted(' in text)
    async with editor() as one:
        program, folder = f"{source}:graph", str(tmp_path)
        dots = {folder + "/research.py": [line]}
        ((dot,),) = await one.launch(
            program, cwd=folder, query="GLP-1", breakpoints=dots, python=sys.executable
        )
        assert (dot["verified"], dot["line"]) == (True, line - 1)
        thread, _ = await one.stopped("breakpoint")
        frames = await one.frames(thread)
        assert [frame["name"] for frame in frames] == ["rank", "literature", "research"]
        state = await one.inside(await one.scope(frames[0]["id"], "State"))
        hits = await one.inside(state["hits"]["variablesReference"])
        await one.ask(
            "setVariable",
            variablesReference=hits["0"]["variablesReference"],
            name="year",
            value="2030",
        )
        await one.ask("next", threadId=thread)
        assert (await one.stopped())[1] == "answer"
        await one.ask("continue", threadId=thread)
        assert (await one.event("exited"))["exitCode"] == 0
        assert "GLP-1, trial 0 (2030)" in one.said("stdout")
