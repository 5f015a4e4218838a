"""A real PostgreSQL for tests: a server of its own, on a socket in a folder of its own, that ends with the tests."""

import atexit
import functools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

try:
    import psycopg
except ImportError:
    psycopg = None  # type: ignore[assignment]

from tests.support.needs import needs

SETTINGS = {
    "listen_addresses": "",
    # A crash of the machine is not what is tested.
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "deadlock_timeout": "200ms",
    "log_min_messages": "warning",
}

START_SECONDS = STOP_SECONDS = 120.0
"""On a machine that has much else to do."""


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; the newest, where there are several."""
    found = shutil.which("initdb")
    if found is not None and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((one.parent for one in folders), key=lambda one: int(one.parent.name), default=None)


class Postgres:
    """A server. `settings`: of postgresql.conf, beside `SETTINGS`. `port`: of TCP on the loopback address too."""

    def __init__(self, settings: Mapping[str, str] | None = None, port: int | None = None) -> None:
        found = binaries()
        assert found is not None
        self.bin = found
        self.folder = Path(tempfile.mkdtemp(prefix="stepwire-postgres-"))
        self.settings = {**SETTINGS, **(settings or {})}
        if port is not None:
            self.settings |= {"listen_addresses": "127.0.0.1", "port": str(port)}
        self.port = port or 5432
        # PostgreSQL does not run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        self.process: subprocess.Popen[bytes] | None = None
        # Of databases, by the folder of the test whose it is.
        self.names: dict[Path, str] = {}
        self._run(
            "initdb",
            "-D",
            "data",
            "-A",
            "trust",
            "-U",
            "stepwire",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
        )

    def url(self, database: str = "postgres") -> str:
        """The address of a database of it."""
        return f"postgresql://stepwire@/{database}?host={quote(str(self.folder), safe='')}&port={self.port}"

    def start(self) -> "Postgres":
        """Start it, and wait until it answers. It ends with the thread that calls this, at the latest."""
        settings = [
            word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")
        ]
        command = [str(self.bin / "postgres"), "-D", "data", "-k", str(self.folder), *settings]
        if shutil.which("setpriv") is not None:
            # It ends with the tests, however these end.
            command = ["setpriv", "--pdeathsig", "QUIT", *command]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, **self._as_user()
            )
        ends = time.monotonic() + START_SECONDS
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < ends, (self.folder / "log").read_text()
            time.sleep(0.05)
        return self

    def answers(self) -> bool:
        """Whether it takes connections."""
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it. SIGINT: at once, in order (`fast`). SIGQUIT: `immediate`, as in a crash. SIGKILL: with all of its processes."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        if how == signal.SIGKILL:
            for child in _children(process.pid):
                # One that has just ended by itself is as well gone.
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
        process.send_signal(how)
        process.wait(STOP_SECONDS)

    def freeze(self) -> list[int]:
        """Let all of its processes stand still where they are, as on a machine that is suspended; which these are. `wake` ends it."""
        assert self.process is not None
        frozen = [self.process.pid]
        # First the one that makes others.
        os.kill(frozen[0], signal.SIGSTOP)
        for child in _children(frozen[0]):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGSTOP)
                frozen.append(child)
        return frozen

    def wake(self, frozen: Sequence[int]) -> None:
        """Let these go on."""
        for pid in frozen:
            # One that was ended meanwhile has gone.
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        """Stop it, and remove what it kept."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self, folder: Path) -> str:
        """The address of the database of a test's folder, made where missing, emptied where it was that of a folder that is gone."""
        name = self.names.get(folder)
        if name is None:
            gone = next((one for one in self.names if not one.exists()), None)
            name = self.names[folder] = (
                self.names.pop(gone) if gone is not None else f"test{len(self.names)}"
            )
            self._empty(name) if gone is not None else self._make(name)
        return self.url(name)

    def dump(self, address: str, file: Path) -> None:
        """Back a database up into a file, as `pg_dump` does."""
        self._run("pg_dump", "--format=custom", "--file", str(file), address)

    def restore(self, address: str, file: Path) -> None:
        """Bring it back into an empty one."""
        self._run("pg_restore", "--exit-on-error", "--dbname", address, str(file))

    def release(self, folder: Path) -> None:
        """Nobody uses the folder's database any more."""
        name = self.names.pop(folder, None)
        if name is not None:
            self.names[self.folder / f"released-{name}"] = name

    def _make(self, name: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())

    def _empty(self, name: str) -> None:
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            # What a killed node had asked for may be done yet, by the process that served it.
            connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            found = connection.execute(
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE (schemaname LIKE 'stepwire%' OR tablename LIKE 'checkpoint%')"
                " AND tablename NOT IN ('checkpoint_migrations', 'versions', 'secrets', 'probes', 'store_migrations', 'vector_migrations')"
            ).fetchall()
            if found:
                names = ", ".join(row[0] for row in found)
                connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE".encode())

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._as_user(),
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user, "group": "nogroup", "extra_groups": []}


def _children(process: int) -> list[int]:
    """The processes that a process started."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(process)], capture_output=True, text=True, check=False
    )
    return [int(one) for one in found.stdout.split()]


def available() -> bool:
    """Whether this machine has what such tests need."""
    return psycopg is not None and binaries() is not None


@functools.cache
def shared() -> Postgres:
    """The server that all tests of this process share; a database each."""
    needs(available(), "PostgreSQL's server, and stepwire[postgres]")
    server = Postgres().start()
    atexit.register(server.close)
    return server
