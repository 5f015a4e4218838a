"""`stepwire serve --reload`: graphs loaded anew when what they are written in is saved.

Sockets stay open: only the graphs are replaced. What is watched are the files that the project's modules were imported
from, the `.env` files and the settings file; after a failure all Python files of the project, since what is
missing may be in a new one. What the system says of changes only wakes: a file counts as changed when its time or size has.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from watchfiles import awatch

from rpc import env_files
from rpc.app import StepwireApp
from rpc.cli.reading import Reading
from rpc.engine.graphs.fresh import project_files, project_folders
from rpc.engine.graphs.load_errors import GraphLoadError, shown
from rpc.engine.graphs.targets import folder_of
from rpc.env_files import EnvFileError
from rpc.settings import DEFAULT_FILE, FIELDS, Settings, SettingsError

log = logging.getLogger("stepwire.cli")

LOOK_MS = 1000
"""How often files are looked at where the system says nothing of them."""
SETTLE_SECONDS = 0.1
"""A save is over when nothing has changed for so long."""
COARSE_NS = 20_000_000
"""A file's time may be so much behind the clock."""

Stamp = tuple[int, int] | None
"""A file's time and size; None where it is not there."""


@asynccontextmanager
async def reloading(
    app: StepwireApp, settings: Settings, reading: Reading, began_ns: int
) -> AsyncIterator[None]:
    """Within, the app's graphs are loaded anew on every change. `began_ns`: when they began to be loaded."""
    watcher = asyncio.create_task(_Reloader(app, settings, reading).watch(began_ns))
    try:
        yield
    finally:
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher


class _Reloader:
    def __init__(self, app: StepwireApp, settings: Settings, reading: Reading) -> None:
        self.app = app
        self.settings = settings
        self.reading = reading
        # Whether the last try failed.
        self.failed = False

    async def watch(self, began_ns: int) -> None:
        """Until it is cancelled."""
        known: dict[Path, Stamp] = {}
        while True:
            stamps = _since(known, self._stamps(), began_ns)
            await self._changed(stamps)
            known = await self._settled()
            began_ns = time.time_ns()
            changed = sorted(
                shown(one) for one in {*known, *stamps} if known.get(one) != stamps.get(one)
            )
            await self._reload(changed)

    async def _changed(self, stamps: dict[Path, Stamp]) -> None:
        folders = {one.parent for one in stamps}
        if self.failed:
            folders.update(project_folders())
        there = sorted(one for one in folders if one.is_dir())
        looked_ns = time.time_ns()
        async for _ in awatch(
            *there,
            watch_filter=None,
            recursive=False,
            yield_on_timeout=True,
            rust_timeout=LOOK_MS,
            ignore_permission_denied=True,
        ):
            since_ns, looked_ns = looked_ns, time.time_ns()
            now = self._stamps()
            if not self.failed:
                # Imported since by a node that ran, and perhaps saved after that.
                stamps.update(_since(stamps, now, since_ns) | stamps)
            if any(stamps.get(one) != stamp for one, stamp in now.items()):
                return

    async def _settled(self) -> dict[Path, Stamp]:
        """The stamps when they have not changed for a while."""
        before = self._stamps()
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            now = self._stamps()
            if now == before:
                return now
            before = now

    def _stamps(self) -> dict[Path, Stamp]:
        files = project_files()
        if self.failed:
            for folder in project_folders():
                with suppress(OSError):
                    files.update(folder.glob("*.py"))
        for target in self.settings.graphs.values():
            files.update(env_files.candidates(folder_of(target)))
        files.add(Path(self.reading.file or DEFAULT_FILE).resolve())
        return {one: _stamp(one) for one in files}

    async def _reload(self, changed: list[str]) -> None:
        what = ", ".join(changed)
        files = self.reading.env_files
        before = files.given, files.files
        try:
            settings, _ = self.reading.again()
            if not settings.graphs:
                raise SettingsError("the settings name no graph any more")
            count = await self.app.reload(settings.graphs, settings.default_graph)
        except (SettingsError, EnvFileError, GraphLoadError) as error:
            if isinstance(error, GraphLoadError):
                files.restore(before)
            self.failed = True
            log.error("%s: not reloaded, the graphs of before go on:\n%s", what, error)
            return
        except Exception:
            # A background task's border: the next save must be looked at, whatever this one did.
            files.restore(before)
            self.failed = True
            log.exception("%s: not reloaded, the graphs of before go on", what)
            return
        self.failed = False
        runs = f"; {count} running session{'' if count == 1 else 's'} go{'es' if count == 1 else ''} on with it"
        log.info("%s: reloaded %s%s", what, ", ".join(settings.graphs), runs if count else "")
        self._warn(settings)
        self.settings = settings

    def _warn(self, settings: Settings) -> None:
        """Of settings that a running server does not take."""
        names = [
            name
            for name in FIELDS
            if name not in ("graphs", "default_graph")
            and getattr(settings, name) != getattr(self.settings, name)
        ]
        if names:
            log.warning("changed, and taken at the next start: %s", ", ".join(names))


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _since(
    known: Mapping[Path, Stamp], now: Mapping[Path, Stamp], began_ns: int
) -> dict[Path, Stamp]:
    """The stamps of what was loaded: `known` ones were taken before that began; of others, those that were saved since
    count as changed."""
    stamps = dict(now)
    until = time.time_ns()
    for file, stamp in now.items():
        if file in known:
            stamps[file] = known[file]
        elif stamp is not None and began_ns - COARSE_NS <= stamp[0] <= until:
            stamps[file] = (0, 0)
    return stamps
