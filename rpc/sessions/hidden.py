"""Texts that nothing which is shown of a session may have: the secrets that its runs' configs brought.

Of all its runs, not of the latest alone: what one put into the state is there for the next one too.
"""

from collections import OrderedDict
from collections.abc import Iterable

from rpc.masking import Secrets, longest_first, secrets_in
from rpc.storage.records import RunRecord, SessionRecord
from rpc.storage.store import Store

KEPT = 1024
"""Runs whose sessions' secrets are remembered. What runs there were before one does not change."""

PAGE = 50


class Hidden:
    """Of one store's sessions."""

    def __init__(self, store: Store) -> None:
        self.store = store
        # By the latest run, the one that was asked for longest ago first.
        self.known: OrderedDict[str, Secrets] = OrderedDict()

    async def of(self, session_id: str) -> Secrets:
        """A session's, the longest first; none where there is no such session. Raises `StorageError`."""

        def read() -> tuple[SessionRecord | None, RunRecord | None]:
            record = self.store.session(session_id)
            alone = record is not None and record.run_id is not None and record.runs == 1
            return record, self.store.run(str(record.run_id)) if alone and record else None

        record, run = await self.store.read(read)
        if record is None or record.run_id is None:
            return () if record is None else longest_first(record.hidden)
        if record.runs == 1:
            return _all(record.hidden, () if run is None else secrets_in(run.config))
        return await self.up_to(record, record.run_id)

    async def up_to(self, record: SessionRecord, run_id: str) -> Secrets:
        """A session's while this is its latest run. Raises `StorageError`."""
        found = self.known.get(run_id)
        if found is None:
            found = self.known[run_id] = await self._read(record)
            if len(self.known) > KEPT:
                self.known.popitem(last=False)
        else:
            self.known.move_to_end(run_id)
        return found

    async def _read(self, record: SessionRecord) -> Secrets:
        texts = set(record.hidden)
        before: str | None = None
        while True:
            page = await self.store.runs_page(record.id, limit=PAGE, before=before)
            for run in page:
                earlier = self.known.get(run.id)
                if earlier is not None:
                    return longest_first(texts.union(earlier))
                texts.update(secrets_in(run.config))
            if len(page) < PAGE:
                return longest_first(texts)
            before = page[-1].id


def _all(*texts: Iterable[str]) -> Secrets:
    return longest_first(set[str]().union(*texts))
