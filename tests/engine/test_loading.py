"""Loading graphs: every kind that LangGraph users have, and errors that name the line."""

import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.pregel import Pregel

from rpc.engine.graphs import modules
from rpc.engine.graphs.loading import GraphLoadError, LoadedGraph, import_target, open_graph

GRAPH = """
from typing_extensions import TypedDict
from langgraph.graph import StateGraph

class State(TypedDict):
    text: str

def say(state):
    return {"text": state["text"] + "!"}

builder = StateGraph(State)
builder.add_node("say", say)
builder.set_entry_point("say")
"""


ROOT = str(Path(__file__).parents[2])
INSTALLED = (sys.prefix, sys.base_prefix)


@pytest.fixture(autouse=True)
def clean_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts in an empty folder with the imports it would find in a new process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "path", [one for one in sys.path if one in ("", ROOT) or one.startswith(INSTALLED)]
    )
    for name, module in list(sys.modules.items()):
        if _is_of_another_test(name, module):
            monkeypatch.delitem(sys.modules, name)
    before_modules, before_path = dict(sys.modules), list(sys.path)
    yield
    sys.path[:] = before_path
    for name in set(sys.modules) - set(before_modules):
        if any(one.startswith(str(tmp_path.resolve())) for one in _places(sys.modules[name])):
            del sys.modules[name]
    for kept in (modules.roots, modules.parked, modules.imported):
        kept.clear()
    modules._late.remove()


def _is_of_another_test(name: str, module: object) -> bool:
    """Whether a module is neither Python's, nor installed, nor of this project: graphs that were served before."""
    if name.partition(".")[0] in {"rpc", "stepwire", "protocol", "tests", "examples", "conftest"}:
        return False
    return any(one.startswith("/") and not one.startswith(INSTALLED) for one in _places(module))


def _places(module: object) -> list[str]:
    """Where a module is, also a package without a file, whose own way to say so may be gone already."""
    path = getattr(module, "__path__", [])
    return [getattr(module, "__file__", None) or "", *getattr(path, "_path", path)]


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as entered:
        yield entered


Opener = Callable[..., Any]


@pytest.fixture
def opened(stack: AsyncExitStack) -> Opener:
    async def open_(target: object) -> LoadedGraph:
        return await open_graph("g", target, lambda _: InMemorySaver(), stack)

    return open_


def write(path: str, text: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return file


async def answer(loaded: LoadedGraph, value: Any = None, thread: str = "t") -> Any:
    config = {"configurable": {"thread_id": thread}}
    return await loaded.graph.ainvoke(value if value is not None else {"text": "hi"}, config)


# What is loaded.


async def test_a_compiled_graph_in_a_file(opened: Opener) -> None:
    write("g.py", GRAPH + "graph = builder.compile()")
    loaded = await opened("g.py:graph")
    assert await answer(loaded) == {"text": "hi!"}
    assert (loaded.name, loaded.source) == ("g", "g.py:graph")


async def test_an_absolute_path_and_a_folder(opened: Opener, tmp_path: Path) -> None:
    write("sub/g.py", GRAPH + "graph = builder.compile()")
    assert await answer(await opened(f"{tmp_path}/sub/g.py:graph")) == {"text": "hi!"}
    assert import_target("sub/g.py:graph") is import_target(f"{tmp_path}/sub/g.py:graph")


async def test_a_builder_is_compiled(opened: Opener) -> None:
    write("g.py", GRAPH)
    assert await answer(await opened("g.py:builder")) == {"text": "hi!"}


async def test_the_only_graph_needs_no_name(opened: Opener) -> None:
    write("g.py", GRAPH + "graph = builder.compile()\nsame = graph")
    assert await answer(await opened("g.py")) == {"text": "hi!"}


def test_several_graphs_need_a_name() -> None:
    write("g.py", GRAPH + "one = builder.compile()\ntwo = builder.compile()")
    with pytest.raises(GraphLoadError, match=r"g\.py has 2 graphs: one, two; name one"):
        import_target("g.py")


def test_a_module_without_graphs_names_its_functions() -> None:
    write("g.py", "def make(): ...\n")
    with pytest.raises(GraphLoadError, match=r"g\.py has no graph \(if one of make makes it"):
        import_target("g.py")


@pytest.mark.parametrize(
    "factory",
    [
        "def make(): return builder.compile()",
        "def make(): return builder",
        "def make(config): assert config == {'configurable': {}}; return builder.compile()",
        "def make(*, config): assert config['configurable'] == {}; return builder.compile()",
        "def make(config=None): assert config['configurable'] == {}; return builder.compile()",
        "def make(size=3): assert size == 3; return builder.compile()",
        "async def make(): return builder.compile()",
        "async def make(config): return builder.compile()",
        "import functools\nmake = functools.partial(lambda b: b.compile(), builder)",
        "class Maker:\n    def __call__(self): return builder.compile()\nmake = Maker()",
    ],
)
async def test_factories(opened: Opener, factory: str) -> None:
    write("g.py", GRAPH + factory)
    assert await answer(await opened("g.py:make")) == {"text": "hi!"}


@pytest.mark.parametrize(
    "factory",
    [
        "@contextlib.asynccontextmanager\nasync def make():",
        "@contextlib.contextmanager\ndef make(config):",
    ],
)
async def test_a_context_manager_is_left_when_the_server_stops(factory: str) -> None:
    body = """
    log.append("in")
    try:
        yield builder.compile()
    finally:
        log.append("out")
"""
    write("g.py", f"import contextlib\nlog = []\n{GRAPH}{factory}{body}")
    async with AsyncExitStack() as stack:
        loaded = await open_graph("g", "g.py:make", lambda _: InMemorySaver(), stack)
        log = sys.modules["g"].log
        assert await answer(loaded) == {"text": "hi!"}
        assert log == ["in"]
    assert log == ["in", "out"]


async def test_the_functional_api(opened: Opener) -> None:
    write(
        "g.py",
        '''
        from langgraph.func import entrypoint, task

        @task
        async def double(n):
            return 2 * n

        @entrypoint()
        async def flow(n: int) -> int:
            """Doubles a number.

            More about it.
            """
            return await double(n)
        ''',
    )
    loaded = await opened("g.py:flow")
    assert await answer(loaded, 4) == 8
    assert loaded.description == "Doubles a number."


async def test_objects_are_served_too(opened: Opener) -> None:
    write("g.py", GRAPH + "graph = builder.compile()")
    loaded = await opened(import_target("g.py:graph"))
    assert await answer(loaded) == {"text": "hi!"}
    assert loaded.source == "object"


async def test_a_dotted_name(opened: Opener) -> None:
    write("pack/__init__.py", "")
    write("pack/g.py", GRAPH + "class Graphs:\n    main = builder.compile()")
    assert await answer(await opened("pack.g:Graphs.main")) == {"text": "hi!"}


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ('"""Module text\ngoes on.\n\nMore."""' + GRAPH + "make = builder", "Module text goes on."),
        (
            f'"""Module."""{GRAPH}\ndef make():\n    """Makes it."""\n    return builder',
            "Makes it.",
        ),
        (f'"""Module."""{GRAPH}\ndef make():\n    return builder', "Module."),
        (GRAPH + "make = builder.compile()", ""),
    ],
)
async def test_the_description_is_the_authors(opened: Opener, text: str, description: str) -> None:
    write("g.py", text)
    assert (await opened("g.py:make")).description == description


# Checkpointers.


@pytest.mark.parametrize("own", ["None", "False", "True", "InMemorySaver()"])
async def test_the_servers_checkpointer_is_used(stack: AsyncExitStack, own: str) -> None:
    write(
        "g.py",
        f"""from langgraph.checkpoint.memory import InMemorySaver
{GRAPH}
graph = builder.compile(checkpointer={own})
""",
    )
    saver = InMemorySaver()
    loaded = await open_graph("g", "g.py:graph", lambda _: saver, stack)
    await answer(loaded)
    assert saver.get({"configurable": {"thread_id": "t"}}) is not None
    original: Any = import_target("g.py:graph")
    assert original.checkpointer is not saver


async def test_store_and_config_are_kept(opened: Opener) -> None:
    write(
        "g.py",
        """
        from typing_extensions import TypedDict
        from langgraph.graph import StateGraph
        from langgraph.store.memory import InMemoryStore

        class State(TypedDict):
            text: str

        def say(state, config, *, store):
            found = store.get(("words",), "one").value["text"]
            return {"text": found + config["configurable"]["mark"]}

        store = InMemoryStore()
        store.put(("words",), "one", {"text": "stored"})
        builder = StateGraph(State).add_node("say", say).set_entry_point("say")
        graph = builder.compile(store=store).with_config({"configurable": {"mark": "?"}})
        """,
    )
    assert await answer(await opened("g.py:graph")) == {"text": "stored?"}


async def test_what_a_pydantic_state_is_rebuilt_with_is_kept(opened: Opener) -> None:
    """`graph.copy()` would lose it: `version="v2"` results would turn into dicts."""
    write(
        "g.py",
        """
        from pydantic import BaseModel
        from langgraph.graph import StateGraph

        class State(BaseModel):
            text: str

        builder = StateGraph(State).add_node("say", lambda s: {"text": s.text + "!"})
        graph = builder.set_entry_point("say").compile()
        """,
    )
    loaded = await opened("g.py:graph")
    config = {"configurable": {"thread_id": "t"}}
    result = await loaded.graph.ainvoke({"text": "hi"}, config, version="v2")
    assert type(result.value).__name__ == "State"


@pytest.mark.parametrize(("own", "counts"), [("True", [1, 2]), ("None", [1, 1]), ("False", [1, 1])])
async def test_a_subgraph_keeps_its_own_checkpointer(
    opened: Opener, own: str, counts: list[int]
) -> None:
    """A subgraph with `checkpointer=True` remembers across queries; others start afresh."""
    write(
        "g.py",
        f"""
        from typing_extensions import TypedDict
        from langgraph.graph import StateGraph

        class Inner(TypedDict):
            count: int
            seen: int

        class Outer(TypedDict):
            seen: int

        def count(state):
            now = state.get("count", 0) + 1
            return {{"count": now, "seen": now}}

        inner = StateGraph(Inner).add_node("count", count).set_entry_point("count")
        sub = inner.compile(checkpointer={own})
        outer = StateGraph(Outer).add_node("sub", sub).set_entry_point("sub")
        graph = outer.compile()
        """,
    )
    loaded = await opened("g.py:graph")
    assert [(await answer(loaded, {"seen": 0}))["seen"] for _ in counts] == counts


# Importing neighbours.


async def test_a_script_imports_its_neighbours(opened: Opener) -> None:
    write("folder/words.py", "MARK = '?'")
    write("folder/g.py", "from words import MARK\n" + GRAPH.replace('"!"', "MARK"))
    assert await answer(await opened("folder/g.py:builder")) == {"text": "hi?"}


async def test_a_neighbour_may_be_imported_when_a_node_runs(opened: Opener) -> None:
    write("folder/late_words.py", "MARK = '?'")
    write(
        "folder/g.py",
        GRAPH.replace("    return", "    from late_words import MARK\n    return").replace(
            '"!"', "MARK"
        ),
    )
    assert await answer(await opened("folder/g.py:builder")) == {"text": "hi?"}


async def test_a_file_of_a_package_uses_relative_imports(opened: Opener) -> None:
    write("src/pack/__init__.py", "")
    write("src/pack/words.py", "MARK = '?'")
    write("src/pack/deep/__init__.py", "")
    write(
        "src/pack/deep/g.py",
        "from ..words import MARK\nfrom pack import words\n" + GRAPH.replace('"!"', "MARK"),
    )
    assert await answer(await opened("src/pack/deep/g.py:builder")) == {"text": "hi?"}
    assert "pack.deep.g" in sys.modules


@pytest.mark.parametrize("home", [".", "src"])
@pytest.mark.parametrize("target", ["graphs/deep/g.py:builder", "graphs.deep.g:builder"])
async def test_the_current_folder_and_its_src_are_importable(
    opened: Opener, home: str, target: str
) -> None:
    """As in projects that keep their packages there and do not install themselves."""
    write(f"{home}/helping/words.py", "text = 'helped'\n")
    write(f"{home}/helping/__init__.py", "")
    write("graphs/deep/g.py", f"from helping.words import text\n{GRAPH}")
    assert await answer(await opened(target)) == {"text": "hi!"}


def test_a_module_of_another_folder_is_pointed_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("helping_xyz.py", "")
    write("project/g.py", f"import helping_xyz\n{GRAPH}")
    monkeypatch.chdir(tmp_path / "project")
    message = load_error("g.py:builder")
    assert f"there is one in {tmp_path}: start the server there" in message
    message = load_error("helping_xyz:graph")
    assert "nor in its src/" in message


def test_a_module_that_is_imported_already_is_not_run_again() -> None:
    write("pack/__init__.py", "")
    write("pack/g.py", GRAPH + "graph = builder.compile()")
    assert import_target("pack.g:graph") is import_target("pack/g.py:graph")


def test_standard_modules_are_not_shadowed_by_a_package_folder() -> None:
    write("site/json/__init__.py", "")
    write("site/json/g.py", GRAPH)
    with pytest.raises(GraphLoadError, match=r"its package has the name 'json', which .*json"):
        import_target("site/json/g.py:builder")
    assert "site" not in sys.path[0]


def test_a_folder_that_is_on_the_path_keeps_its_place() -> None:
    """Site-packages before the standard library would shadow it."""
    sys.path.append(str(Path("site").resolve()))
    path = list(sys.path)
    write("site/pack/__init__.py", "")
    write("site/pack/g.py", GRAPH)
    assert import_target("site/pack/g.py:builder")
    assert sys.path == [str(Path.cwd()), *path]


async def test_two_scripts_of_one_name_with_neighbours_of_one_name(opened: Opener) -> None:
    for folder in ("a", "b"):
        write(f"{folder}/tools.py", f"import graph\nMARK = '{folder}'\nBACK = graph.NAME")
        write(
            f"{folder}/graph.py",
            f"NAME = '{folder}'\nfrom tools import BACK, MARK\n"
            + GRAPH.replace('"!"', "MARK + BACK"),
        )
        write(f"{folder}/second.py", "from tools import MARK\n" + GRAPH.replace('"!"', "MARK"))
    first = await opened("a/graph.py:builder")
    second = await opened("b/graph.py:builder")
    assert await answer(first) == {"text": "hiaa"}
    assert await answer(second) == {"text": "hibb"}
    # Another graph of either folder finds that folder's neighbours, and the very same ones.
    assert await answer(await opened("b/second.py:builder")) == {"text": "hib"}
    assert await answer(await opened("a/second.py:builder")) == {"text": "hia"}


def test_two_scripts_of_one_name_keep_their_own_classes() -> None:
    for folder in ("a", "b"):
        write(f"{folder}/graph.py", f"NAME = '{folder}'\n{GRAPH}")
    builders: list[Any] = [import_target(f"{folder}/graph.py:builder") for folder in ("a", "b")]
    names = [sys.modules[builder.state_schema.__module__].NAME for builder in builders]
    assert names == ["a", "b"]


async def test_two_packages_of_one_name(opened: Opener) -> None:
    for folder in ("a", "b"):
        write(f"{folder}/agent/__init__.py", "")
        write(f"{folder}/agent/words.py", f"MARK = '{folder}'")
        write(
            f"{folder}/agent/graph.py",
            "from .words import MARK\n" + GRAPH.replace('"!"', "MARK"),
        )
    assert await answer(await opened("a/agent/graph.py:builder")) == {"text": "hia"}
    assert await answer(await opened("b/agent/graph.py:builder")) == {"text": "hib"}


async def test_a_neighbour_may_have_the_name_of_one_of_our_packages(opened: Opener) -> None:
    import protocol as ours

    write("folder/protocol.py", "MARK = '?'")
    write("folder/g.py", "from protocol import MARK\n" + GRAPH.replace('"!"', "MARK"))
    assert await answer(await opened("folder/g.py:builder")) == {"text": "hi?"}
    assert sys.modules["protocol"] is ours


@pytest.mark.parametrize("name", ["json.py", "my-graph.py", "my.graph.py", "langgraph.py"])
async def test_a_script_may_have_any_name(opened: Opener, name: str) -> None:
    write(f"folder/{name}", GRAPH)
    assert await answer(await opened(f"folder/{name}:builder")) == {"text": "hi!"}
    import json

    assert json.loads("1") == 1


# Errors.


def load_error(target: str) -> str:
    with pytest.raises(GraphLoadError) as caught:
        import_target(target)
    assert str(caught.value).startswith("cannot load ")
    assert "Traceback" not in str(caught.value)
    return str(caught.value)


async def open_error(target: object, stack: AsyncExitStack) -> str:
    with pytest.raises(GraphLoadError) as caught:
        await open_graph("g", target, lambda _: InMemorySaver(), stack)
    return str(caught.value)


def test_a_failing_import_names_the_users_last_line() -> None:
    write("helper.py", "import json\n\ndef read():\n    return json.loads('{')\n")
    write("g.py", "import helper\n\nhelper.read()\n")
    message = load_error("g.py:graph")
    assert "helper.py:4: JSONDecodeError: Expecting property name" in message
    assert "return json.loads('{')" in message


def test_a_missing_dependency_names_the_import() -> None:
    write("g.py", "import os\nimport no_such_package_xyz\n")
    message = load_error("g.py:graph")
    assert "g.py:2: ModuleNotFoundError: No module named 'no_such_package_xyz'" in message
    assert "import no_such_package_xyz" in message.splitlines()[-2]
    assert "pip install" in message.splitlines()[-1]


def test_a_syntax_error_names_its_own_line() -> None:
    write("helper.py", "x = 1\nreturn = 2\n")
    write("g.py", "import helper\n")
    assert "helper.py:2: SyntaxError: invalid syntax" in load_error("g.py:graph")


def test_a_script_that_exits_is_an_error() -> None:
    write("g.py", "import sys\nsys.exit(3)\n")
    assert "g.py:2: SystemExit: 3" in load_error("g.py:graph")


def test_a_missing_file_folder_and_module() -> None:
    Path("folder").mkdir()
    assert "there is no file nowhere/g.py" in load_error("nowhere/g.py:graph")
    assert "folder is a folder, not a .py file" in load_error("./folder:graph")
    assert "there is no module 'no_such_module_xyz'" in load_error("no_such_module_xyz:graph")
    assert "there is no module 'json.nothing'" in load_error("json.nothing:graph")


@pytest.mark.parametrize("target", ["", ":graph", "two words:graph"])
def test_a_malformed_target(target: str) -> None:
    assert "expected path/to/file.py:name" in load_error(target)


def test_a_missing_name_tells_the_nearest() -> None:
    write("g.py", GRAPH + "graph = builder.compile()")
    message = load_error("g.py:grpah")
    assert "g.py has no 'grpah'; did you mean 'graph'? graphs in it: builder, graph" in message


def test_what_is_no_graph_tells_what_and_where() -> None:
    write("g.py", GRAPH + "config = {'a': 1}\nfrom os import sep as slash\n")
    line = len((GRAPH + "config").splitlines())
    assert f"g.py:{line}: 'config' is a value of type dict, not a graph" in load_error(
        "g.py:config"
    )
    assert f"g.py:{line + 1}: 'slash' is a value of type str" in load_error("g.py:slash")
    assert "g.py:5: 'State' is the class State, not a graph" in load_error("g.py:State")


def test_a_graph_wrapped_in_a_runnable_says_so() -> None:
    write("g.py", GRAPH + "graph = builder.compile().with_retry()")
    message = load_error("g.py:graph")
    assert "RunnableRetry, not a graph; give the graph it wraps" in message


@pytest.mark.parametrize("name", ["broken_graph", "broken-graph"])
def test_a_failed_import_leaves_no_trace(name: str) -> None:
    path, before = list(sys.path), set(sys.modules)
    write(f"folder/{name}.py", "1 / 0")
    load_error(f"folder/{name}.py:graph")
    assert sys.path == path
    assert set(sys.modules) == before
    write(f"folder/{name}.py", GRAPH + "repaired = 1\n")
    assert import_target(f"folder/{name}.py:builder")


async def test_a_failing_factory_names_its_line(stack: AsyncExitStack) -> None:
    write("g.py", "def make():\n    raise RuntimeError('no key')\n")
    assert "cannot load g.py:make\n  g.py:2: RuntimeError: no key" in await open_error(
        "g.py:make", stack
    )


async def test_a_factory_of_something_else(stack: AsyncExitStack) -> None:
    write("g.py", "def make():\n    return 3\n")
    message = await open_error("g.py:make", stack)
    assert "g.py:1: make() gave a value of type int, not a graph" in message


async def test_a_factory_that_forgot_its_decorator(stack: AsyncExitStack) -> None:
    write("g.py", "async def make():\n    yield 3\n")
    message = await open_error("g.py:make", stack)
    assert "decorate the factory with contextlib.asynccontextmanager" in message


async def test_a_factory_that_wants_too_much(stack: AsyncExitStack) -> None:
    write("g.py", "def make(model, key): ...\n")
    message = await open_error("g.py:make", stack)
    assert (
        "g.py:1: a factory takes nothing, a RunnableConfig, a ServerRuntime or both;"
        " this one needs model, key"
    ) in message


async def test_a_builder_that_does_not_compile(stack: AsyncExitStack) -> None:
    write("g.py", GRAPH.replace('builder.set_entry_point("say")', ""))
    message = await open_error("g.py:builder", stack)
    assert "cannot load g.py:builder" in message
    assert "Graph must have an entrypoint" in message


@pytest.mark.parametrize("target", [3, None, Pregel, {"a": 1}])
async def test_an_object_that_is_no_graph(stack: AsyncExitStack, target: object) -> None:
    message = await open_error(target, stack)
    assert "cannot load graph 'g'" in message
    assert "not a graph" in message
