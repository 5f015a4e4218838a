"""`stepwire audit`: who edited, rewound and deleted what, which tokens were made and revoked, and when."""

from datetime import UTC
from typing import TYPE_CHECKING, Any

import click
import msgspec

from rpc.cli import exits
from rpc.cli.console import print_json, say
from rpc.cli.databases import data_dir_option, database_option
from rpc.cli.exits import CommandError
from rpc.cli.reading import read_settings, settings_file_option
from rpc.cli.running import json_option
from rpc.settings import Settings
from rpc.storage.tokens import kept as stored_tokens

if TYPE_CHECKING:
    from rpc.storage.records import AuditRecord


COMMAND = "stepwire token"
"""Who made and revoked tokens of earlier versions, which did not keep their names."""


@click.command()
@data_dir_option
@database_option
@click.option("--session", "session_id", metavar="SESSION", help="Only of this session.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"]),
    help="Not older than this time, UTC.",
)
@click.option(
    "--limit", type=click.IntRange(1), default=100, show_default=True, help="At most so many."
)
@settings_file_option
@json_option
def audit(
    data_dir: str | None,
    database: str | None,
    session_id: str | None,
    since: Any,
    limit: int,
    file: str | None,
    as_json: bool,
) -> int:
    """Show who edited, rewound and deleted sessions, and which tokens were made and revoked, the newest first.

    What is shown was committed together with what it tells of, and stays when the session is gone. A server may
    use the data directory meanwhile.
    """
    settings, _, _ = read_settings({"data_dir": data_dir, "database": database}, file)
    since_ms = 0 if since is None else int(since.replace(tzinfo=UTC).timestamp() * 1000)
    import anyio

    rows = anyio.run(_read, settings, limit, since_ms, session_id)
    if as_json:
        print_json({"audit": [_shown(row) for row in rows]})
        return exits.OK
    for row in rows:
        say(_line(row))
    if not rows:
        say("nothing was edited or deleted", err=True)
    return exits.OK


async def _read(
    settings: Settings, limit: int, since_ms: int, session_id: str | None
) -> "list[AuditRecord]":
    from rpc.storage.opening import reading
    from rpc.storage.store import StorageError

    try:
        with reading(settings.data_dir, settings.database) as store:
            rows = await store.audit_page(limit=limit, since_ms=since_ms, session_id=session_id)
        if session_id is None:
            rows += [row for row in _of_tokens(settings) if row.at >= since_ms]
            rows.sort(key=lambda row: (row.at, row.number), reverse=True)
        return rows[:limit]
    except StorageError as error:
        where = settings.data_dir if settings.database is None else "the database"
        raise CommandError(f"{where} cannot be read: {error}", exits.USAGE) from error


def _of_tokens(settings: Settings) -> "list[AuditRecord]":
    """What was done to tokens, which are kept with it, by the command."""
    from rpc.storage.records import AuditRecord

    tokens = stored_tokens(settings.data_dir, settings.database)
    try:
        kept = tokens.all()
    finally:
        tokens.close()
    found = []
    for one in kept:
        detail = {"name": one.name, "id": one.id, "scopes": one.scopes}
        made_by, revoked_by = one.made_by or COMMAND, one.revoked_by or COMMAND
        found.append(
            AuditRecord(
                one.created_at, "token.create", None, None, one.owner, made_by, detail=detail
            )
        )
        if one.revoked_at is not None:
            found.append(
                AuditRecord(
                    one.revoked_at, "token.revoke", None, None, one.owner, revoked_by, detail=detail
                )
            )
    return found


def _shown(row: "AuditRecord") -> dict[str, Any]:
    from rpc.events.encoding import timestamp

    return {**msgspec.to_builtins(row), "at": timestamp(row.at)}


def _line(row: "AuditRecord") -> str:
    shown = _shown(row)
    by = " ".join(
        part
        for part in (
            row.owner,
            None if row.principal in (None, row.owner) else f"({row.principal})",
            None if row.client is None else f"from {row.client}",
            None if row.request_id is None else f"request {row.request_id}",
        )
        if part is not None
    )
    detail = " ".join(
        f"{name}={value if isinstance(value, str) else msgspec.json.encode(value).decode()}"
        for name, value in row.detail.items()
    )
    what = "" if row.session_id is None else f"  {row.session_id}"
    return f"{shown['at']}  {row.action}{what}  by {by or 'the server'}  {detail}".rstrip().replace(
        "\n", " "
    )
