"""Settings: where they come from, which wins, and what is said of a wrong one."""

from contextlib import suppress
from pathlib import Path

import pytest
from msgspec import UNSET

from rpc.settings import FIELDS, Settings, SettingsError, check, describe, load


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_anything_the_defaults_hold() -> None:
    settings, origin = load(environ={})
    assert settings == Settings()
    assert origin == {}
    assert settings.host == "127.0.0.1"


def test_flags_win_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "stepwire.toml").write_text("port = 1\nmax_running = 1\nmax_queued = 1\n")
    environ = {"STEPWIRE_PORT": "2", "STEPWIRE_MAX_RUNNING": "2"}
    settings, origin = load({"port": 3, "host": None}, environ)
    assert (settings.port, settings.max_running, settings.max_queued) == (3, 2, 1)
    assert origin == {
        "port": "flag",
        "max_running": "STEPWIRE_MAX_RUNNING",
        "max_queued": "stepwire.toml",
    }


def test_text_is_read_as_the_settings_type() -> None:
    environ = {
        "STEPWIRE_GRAPHS": "a=x.py:graph, b = pkg.mod:graph",
        "STEPWIRE_ALLOWED_ORIGINS": "https://a.example, https://b.example",
        "STEPWIRE_PERMESSAGE_DEFLATE": "true",
        "STEPWIRE_SESSION_MAX_AGE_SECONDS": "1.5",
    }
    settings, _ = load(environ=environ)
    assert settings.graphs == {"a": "x.py:graph", "b": "pkg.mod:graph"}
    assert settings.allowed_origins == ["https://a.example", "https://b.example"]
    assert settings.permessage_deflate is True
    assert settings.session_max_age_seconds == 1.5


def test_a_flag_given_as_text_is_read_like_a_variable() -> None:
    settings, _ = load({"allowed_hosts": "a.example,b.example", "port": "9"}, {})
    assert settings.allowed_hosts == ["a.example", "b.example"]
    assert settings.port == 9


def test_other_peoples_variables_are_left_alone() -> None:
    assert load(environ={"PATH": "/bin", "STEPWIRE_URL": "ws://a/rpc"})[0] == Settings()


@pytest.mark.parametrize(
    ("flags", "environ", "file", "words"),
    [
        ({}, {"STEPWIRE_PRT": "1"}, "", ["'prt'", "STEPWIRE_PRT", "stepwire config"]),
        ({}, {"STEPWIRE_PORT": "high"}, "", ["'port'", "STEPWIRE_PORT"]),
        ({}, {"STEPWIRE_PORT": "-1"}, "", ["'port'", ">= 0"]),
        ({"port": 70000}, {}, "", ["'port'", "--port", "<= 65535"]),
        ({}, {"STEPWIRE_GRAPHS": "x.py:graph"}, "", ["STEPWIRE_GRAPHS", "name="]),
        ({}, {}, "prt = 1", ["'prt'", "stepwire.toml"]),
        ({}, {}, "port = '1'", ["'port'", "stepwire.toml"]),
        ({}, {}, "port = ", ["stepwire.toml", "TOML"]),
        ({}, {"STEPWIRE_LOG_LEVEL": "loud"}, "", ["'log_level'"]),
        ({"default_graph": "b", "graphs": {"a": "x.py:g"}}, {}, "", ["'b'", "a"]),
    ],
)
def test_a_wrong_setting_is_named_with_where_it_was_given(
    tmp_path: Path,
    flags: dict[str, object],
    environ: dict[str, str],
    file: str,
    words: list[str],
) -> None:
    if file:
        (tmp_path / "stepwire.toml").write_text(file)
    with pytest.raises(SettingsError) as caught:
        load(flags, environ)
    for word in words:
        assert word in str(caught.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot read other\.toml"):
        load(environ={}, file="other.toml")


@pytest.mark.parametrize("name", FIELDS)
def test_a_setting_is_taken_or_refused_with_why(name: str, tmp_path: Path) -> None:
    """Whatever is given: no setting ends the command in another way."""
    file = tmp_path / "stepwire.toml"
    file.write_text("")
    for text in ("7", "0.5", "word", "true", "-1", "b=c"):
        with suppress(SettingsError):
            load({}, {f"STEPWIRE_{name.upper()}": text}, file)


def test_every_setting_is_described() -> None:
    assert all(describe(name) for name in FIELDS)


def test_settings_of_one_graph(tmp_path: Path) -> None:
    """In a table of its own, or as JSON; a graph or a name that is not there is refused."""
    file = tmp_path / "stepwire.toml"
    file.write_text(
        "node_timeout_seconds = 5\n[graphs]\na = 'a.py:g'\n[graph_settings.a]\nrun_timeout_seconds = 9\n"
    )
    settings, _ = load({}, {}, file)
    assert settings.node_timeout_seconds == 5
    assert settings.graph_settings["a"].run_timeout_seconds == 9
    assert settings.graph_settings["a"].node_timeout_seconds is UNSET
    given = {"STEPWIRE_GRAPH_SETTINGS": '{"a": {"node_timeout_seconds": 0}}'}
    assert load({}, given, file)[0].graph_settings["a"].node_timeout_seconds == 0
    for text, said in (
        ('{"b": {}}', "names 'b', but the graphs are: a"),
        ('{"a": {"node_timeout": 1}}', "node_timeout"),
        ('{"a": {"node_timeout_seconds": -1}}', ">= 0"),
        ("a=1", "JSON object by graph"),
    ):
        with pytest.raises(SettingsError, match=said):
            load({}, {"STEPWIRE_GRAPH_SETTINGS": text}, file)


def test_a_role_needs_a_database() -> None:
    """A worker on its own data directory would have nobody's sessions to run."""
    with pytest.raises(SettingsError, match="name it with 'database'"):
        check(Settings(role="worker"))
    check(Settings(role="worker", database="postgresql:///stepwire"))
