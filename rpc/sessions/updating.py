"""What a session is called, and what its clients keep with it. A decision without I/O."""

import msgspec
from msgspec import UNSET

from protocol.errors import INVALID_PARAMS, ProtocolError
from protocol.queries import QueryStartParams
from protocol.sessions import UpdateParams
from rpc.clock import now_ms
from rpc.storage.records import SessionRecord

METADATA_BYTES = 16 * 1024
"""How large a session's metadata may be, as JSON: it is in every row of a list."""


def updated(record: SessionRecord, params: UpdateParams) -> SessionRecord:
    """The record as it is then; the same where nothing is another. Raises `ProtocolError` (invalid params)."""
    changed = labelled(record, params)
    if params.session_name is not UNSET:
        # A name of blanks is none to a person.
        name = (params.session_name or "").strip() or None
        changed = msgspec.structs.replace(changed, name=name)
    return record if changed == record else msgspec.structs.replace(changed, updated_at=now_ms())


def labelled(record: SessionRecord, params: UpdateParams | QueryStartParams) -> SessionRecord:
    """The record with the tags and the metadata that were given. Raises `ProtocolError` (invalid params)."""
    tags, metadata = record.tags, record.metadata
    if params.tags is not UNSET:
        tags = list(dict.fromkeys(params.tags))
    if params.metadata is not UNSET:
        metadata = {**metadata, **params.metadata}
        metadata = {key: value for key, value in metadata.items() if value is not None}
        size = len(msgspec.json.encode(metadata))
        if size > METADATA_BYTES:
            raise ProtocolError(
                INVALID_PARAMS,
                f"the metadata would be of {size} bytes as JSON; at most {METADATA_BYTES} are kept",
                path="$.metadata",
            )
    return msgspec.structs.replace(record, tags=tags, metadata=metadata)
