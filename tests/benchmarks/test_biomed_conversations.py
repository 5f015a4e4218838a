"""What a session is told stays what answers it: conversations over abstracts that are written for it, none of them left out."""

from __future__ import annotations

from pathlib import Path

from benchmarks import biomed_conversations

NOT_ANSWERED = {
    "which one upsets the stomach most?",
    "what do the doctors say?",
    "what matters most for the result?",
    "which is cheaper?",
    "how long was the follow-up?",
}
"""Follow-ups that are known not to be answered: whoever mends one takes it out."""


async def test_each_question_of_a_conversation_is_told_what_answers_it(tmp_path: Path) -> None:
    found = await biomed_conversations.answered(tmp_path)
    assert len(found) == 69
    assert {one.question for one in found if not one.is_right} == NOT_ANSWERED
