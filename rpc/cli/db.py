"""`stepwire db`: the PostgreSQL that nodes share: its schema, what it has, what is old, and what comes into it."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from rpc.auth.tokens import seconds_of
from rpc.cli import exits
from rpc.cli.console import print_json, say
from rpc.cli.databases import data_dir_option, database_option, did, named
from rpc.cli.db_threads import export_thread, import_thread
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option
from rpc.clock import now_ms

if TYPE_CHECKING:
    from rpc.storage.store import Store


@click.group()
def db() -> None:
    """Look after the PostgreSQL that nodes share; they may use it meanwhile."""


db.add_command(export_thread)
db.add_command(import_thread)


@db.command()
@database_option
@settings_file_option
def upgrade(database: str | None, file: str | None) -> int:
    """Bring the database to this version's schema. Nodes of the version before go on beside it."""
    address = named(database, file)

    def work() -> tuple[int, int]:
        from rpc.storage.postgres.schema import VERSION
        from rpc.storage.postgres.status import upgrade
        from rpc.storage.soundness import Soundness

        return upgrade(address, Soundness(Path())).schema, VERSION

    before, now = did(work)
    say(
        f"schema {now}, as it was" if before >= now else f"schema {now}, from {before or 'nothing'}"
    )
    return exits.OK


@db.command()
@database_option
@settings_file_option
@json_option
def status(database: str | None, file: str | None, as_json: bool) -> int:
    """Say what the database has: its schema, how much, how many sessions in each status."""
    address = named(database, file)

    def work() -> Any:
        from rpc.storage.postgres.status import status
        from rpc.storage.soundness import Soundness

        return status(address, Soundness(Path()))

    found = did(work)
    if as_json:
        print_json(msgspec.to_builtins(found))
        return exits.OK
    known = "" if found.schema == found.known else f"; this version knows {found.known}"
    say(f"PostgreSQL {found.server}, schema {found.schema} (needs {found.needs}){known}")
    say(f"{found.bytes / 1_000_000:.1f} MB")
    if not found.trigrams:
        say("searches read all texts: there is no extension pg_trgm")
    for name, count in found.sessions.items():
        say(f"{count:>12} sessions {name}")
    for name, count in found.rows.items():
        say(f"{count:>12} {name}")
    return exits.OK


@db.command()
@click.option(
    "--older-than", required=True, metavar="AGE", help="Untouched for so long: 30d, 12h, 90m."
)
@database_option
@settings_file_option
def prune(older_than: str, database: str | None, file: str | None) -> int:
    """Delete sessions that are over and untouched for longer, with all they own; nodes do the same by their settings."""
    address = named(database, file)
    try:
        before = now_ms() - seconds_of(older_than) * 1000
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="'--older-than'") from error

    def work() -> int:
        import anyio

        from rpc.storage.postgres.store import PostgresStore

        store = PostgresStore(address, 1, only_reads=True)
        try:
            return anyio.run(_pruned, store, before)
        finally:
            store.close()

    say(f"{did(work)} sessions deleted")
    return exits.OK


async def _pruned(store: "Store", before: int) -> int:
    from protocol.sessions import ENDED
    from rpc.storage.records import AuditRecord
    from rpc.storage.units import DeleteSession, PutAudit, Unit, Written
    from rpc.storage.unreadable import Unreadable

    count, after, statuses = 0, "", sorted(ENDED | {"idle"})
    while ids := await store.older_than(before, 100, statuses, after):
        units = []
        for session_id in ids:
            try:
                record = store.session(session_id)
            except Unreadable:
                continue
            # It may have been used since it was listed.
            if record is None or record.updated_at >= before:
                continue
            audit = AuditRecord(
                now_ms(),
                "session.delete",
                session_id,
                owner=record.owner,
                principal="stepwire db prune",
                detail={"reason": "age"},
            )
            units.append(
                Unit(
                    session_id,
                    [],
                    [PutAudit(audit), DeleteSession(session_id)],
                    revision=record.revision,
                )
            )
        if units:
            count += sum(isinstance(one, Written) for one in store.write(units))
        after = ids[-1]
    return count


@db.command()
@data_dir_option
@database_option
@settings_file_option
def copy(data_dir: str | None, database: str | None, file: str | None) -> int:
    """Copy a SQLite data directory into an empty database: sessions, events, checkpoints, assistants, tokens, the audit, and what graphs
    remember over sessions.

    All of it, or nothing; no server may use the directory, which stays as it is. Runs that were under way go on when a node starts.
    """
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    address = named(database, file)

    def work() -> dict[str, int]:
        from rpc.engine.graphs.load_errors import GraphLoadError
        from rpc.engine.graphs.memory import FILES, make_shared_memory
        from rpc.storage.postgres.copying import copy

        folder = Path(settings.data_dir)
        memories = {name: schema for name, schema in FILES.items() if (folder / name).exists()}
        if memories:
            import anyio

            try:
                anyio.run(
                    make_shared_memory,
                    address,
                    settings.memory_embedding,
                    settings.memory_fields,
                )
            except GraphLoadError as error:
                raise CommandError(str(error), exits.USAGE) from error
        return copy(folder, address, memories)

    for name, count in did(work).items():
        say(f"{count:>12} {name}")
    return exits.OK
