"""Who did what to a session, for the audit: committed in the unit of what was done."""

from typing import Any

from rpc.clock import now_ms
from rpc.storage.records import AuditRecord, SessionRecord
from rpc.storage.units import PutAudit
from rpc.telemetry.ids import current


def audited(action: str, record: SessionRecord, **detail: Any) -> PutAudit:
    """A row that says that who asks now does this to the session. `detail`: what, without values that were given."""
    ids = current()
    return PutAudit(
        AuditRecord(
            now_ms(),
            action,
            record.id,
            record.run_id,
            ids.owner,
            ids.principal,
            ids.client,
            ids.request,
            {name: value for name, value in detail.items() if value is not None},
        )
    )
