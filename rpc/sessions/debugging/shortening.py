"""Questions and texts of what is inspected, as they fit into its answer."""

from protocol.values import Interrupt
from rpc.events.cutting import cut, size_of
from rpc.sessions.shown import RUN, shown_question
from rpc.storage.records import SessionRecord

QUESTIONS_BYTES = 128 * 1024
"""How large the questions may be shown, all together."""

TEXT_BYTES = 2048
"""How large an error's text may be shown."""

LEAST_BYTES = 256
"""What each of them may have, however many there are."""


def questions(record: SessionRecord) -> list[Interrupt]:
    """What the session asks; what is too large has the reference that `session.get` has for it."""
    share = max(LEAST_BYTES, QUESTIONS_BYTES // (len(record.interrupts) or 1))
    source = f"{RUN}{record.run_id}/interrupts"
    return [
        Interrupt(
            one.interrupt_id,
            cut(one.value, share, f"{source}/{index}/value"),
            one.node,
            one.task_id,
        )
        for index, one in enumerate(map(shown_question, record.interrupts))
    ]


def beginning(text: str | None, limit_bytes: int = TEXT_BYTES) -> str | None:
    """A text, or where it is larger about so much of its beginning, with how long it is."""
    limit_bytes = min(TEXT_BYTES, max(LEAST_BYTES, limit_bytes))
    if text is None or size_of(text) <= limit_bytes:
        return text
    # A character is six bytes of JSON at most.
    return f"{text[: limit_bytes // 6]} … ({len(text)} characters; `node.failed` has the whole)"
