"""The session's state machine: any calls in any order over two connections, each alone or two at once.

A model knows what is allowed. Whatever was called: no visit is lost or repeated, the events keep to the rules, both connections
see the same, and every session can be brought to its end.
"""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from protocol.methods import METHODS
from tests.fuzz.conftest import SEQUENCES, Fuzzed, often, seeded
from tests.fuzz.machine import ENDED, Connection, Known
from tests.support.server_process import ServerProcess
from tests.support.stream_rules import (
    check_checkpoints,
    check_numbers,
    check_statuses,
    check_tasks,
)

STEPS = 15

PROGRAMS = st.text("qqqahf", min_size=1, max_size=5)

LOOKS = (
    "session.get",
    "session.runs",
    "session.events",
    "debug.breakpoints",
    "debug.inspect",
    "debug.history",
)


def allowed(method: str, known: Known) -> bool | None:
    """Whether the model takes a call: None where it may be either."""
    status, debug = known.status, known.debug
    match method:
        case "query.respond":
            # Who stands may have a question open beside.
            return status == "waiting" or (None if status == "paused" else False)
        case "query.cancel":
            return status not in ENDED
        case "query.resume":
            return status == "failed"
        case "query.start":
            return status in ENDED
        case "debug.step":
            return debug and status == "paused"
        case "debug.continue":
            return status == "paused" if debug else (None if status == "paused" else False)
        case "debug.pause":
            return debug and status == "running"
        case "debug.setState" | "debug.rewind":
            return (None if status != "running" else False) if debug else False
        case "debug.setBreakpoint" | "debug.removeBreakpoint" | "debug.breakOnError":
            return debug
        case _:
            return True


MOVES = {
    "query.respond": st.fixed_dictionaries({"value": st.just("y")}),
    "query.cancel": st.just({}),
    "query.resume": st.just({}),
    "debug.step": st.fixed_dictionaries({"mode": st.sampled_from(["over", "into", "out"])}),
    "debug.continue": st.just({}),
    "debug.pause": st.just({}),
    "debug.attach": st.just({}),
    "debug.detach": st.just({}),
    "debug.setState": st.fixed_dictionaries({"values": st.just({"note": "x"})}),
    "debug.setBreakpoint": st.fixed_dictionaries(
        {"node_name": st.just("step"), "when": st.sampled_from(["before", "after"])},
        optional={"enabled": st.booleans()},
    ),
    "debug.removeBreakpoint": st.just({"node_name": "step"}),
    "debug.breakOnError": st.sampled_from([{"errors": True}, {"errors": []}]),
}

PLAIN: dict[str, dict[str, Any]] = {
    method: {
        "query.respond": {"value": "y"},
        "debug.setState": {"values": {"note": "x"}},
        "debug.setBreakpoint": {"node_name": "step"},
        "debug.removeBreakpoint": {"node_name": "step"},
        "debug.breakOnError": {"errors": True},
    }.get(method, {})
    for method in MOVES
}
"""One call of each."""

CALLS = st.sampled_from(sorted(MOVES)).flatmap(
    lambda method: MOVES[method].map(lambda params: (method, params))
)

MOVE_ON = ("query.respond", "query.resume", "debug.step", "debug.continue", "query.cancel")


class Sessions(RuleBasedStateMachine):
    """Two connections, some sessions, and what is known of them."""

    process: ServerProcess
    folder: Path

    @initialize()
    def connect(self) -> None:
        self.connections = [Connection(self.process.url) for _ in range(2)]
        self.known: list[Known] = []

    def pick(self, number: int) -> Known | None:
        return self.known[number % len(self.known)] if self.known else None

    @rule(program=PROGRAMS, debug=st.booleans(), who=st.integers(0, 1))
    def start(self, program: str, debug: bool, who: int) -> None:
        if len(self.known) >= 3:
            return
        one, other = self.connections[who], self.connections[1 - who]
        result = one.result("query.start", query=program, debug_mode=debug)
        session_id = result["session_id"]
        other.result("session.subscribe", session_id=session_id, after=0)
        known = Known(self.folder, self.connections[0], session_id, program)
        self.known.append(known)
        known.rest(0)
        if not debug:
            self.expect(known)

    def expect(self, known: Known) -> None:
        """Where it is without a debugger: at the first letter that keeps it."""
        left = known.program[known.n :]
        kept = next((letter for letter in left if letter in "ahf"), None)
        where = {"a": "waiting", "h": "running", "f": "failed", None: "completed"}[kept]
        assert known.status == where, (known.program, known.n, known.status)

    @rule(number=st.integers(0, 2), who=st.integers(0, 1), call=CALLS)
    def move(self, number: int, who: int, call: tuple[str, dict[str, Any]]) -> None:
        known = self.pick(number)
        if known is None:
            return
        method, params = call
        may, before, debug = allowed(method, known), known.seq, known.debug
        answer = self.connections[who].call(method, session_id=known.id, **params)
        self.check(method, may, answer)
        if "error" in answer:
            # A refused call changes nothing.
            known.look()
            assert known.seq == before or known.status == "running"
            return
        moved = method in MOVE_ON or (method == "debug.detach" and known.status == "paused")
        known.rest(before if moved else None)
        if method == "query.cancel":
            assert known.status == "cancelled"
        elif moved and not debug and not known.debug:
            self.expect(known)

    @rule(number=st.integers(0, 2), who=st.integers(0, 1), calls=st.fixed_dictionaries(MOVES))
    def try_all_refused(self, number: int, who: int, calls: dict[str, dict[str, Any]]) -> None:
        """All that the model refuses, one after the other: nothing of it is taken."""
        if (known := self.pick(number)) is not None:
            self.refuse(known, who, calls)

    def refuse(self, known: Known, who: int, calls: dict[str, dict[str, Any]]) -> None:
        before = known.seq
        for method, params in {**calls, "query.start": {"query": "q"}}.items():
            if allowed(method, known) is False:
                answer = self.connections[who].call(method, session_id=known.id, **params)
                self.check(method, False, answer)
        known.look()
        assert known.seq == before or known.status == "running"

    def check(self, method: str, may: bool | None, answer: Any) -> None:
        if "error" not in answer:
            assert may is not False, f"{method} was taken: {answer}"
            return
        kind = answer["error"]["data"]["type"]
        own = {error.type for error in METHODS[method].errors} | {"invalid_params"}
        assert kind in own, answer
        assert may is not True, f"{method} was refused: {answer}"

    @rule(number=st.integers(0, 2), calls=st.tuples(CALLS, CALLS))
    def at_once(self, number: int, calls: tuple[Any, Any]) -> None:
        """Two calls, one by each connection: each is taken or refused by an error of its own."""
        known = self.pick(number)
        if known is None:
            return
        sent = [
            one.send(method, {"session_id": known.id, **params})
            for one, (method, params) in zip(self.connections, calls, strict=True)
        ]
        cancelled = False
        for one, number_sent, (method, _) in zip(self.connections, sent, calls, strict=True):
            answer = one.answer(number_sent)
            self.check(method, None, answer)
            cancelled = cancelled or (method == "query.cancel" and "result" in answer)
        known.rest(over=cancelled)

    @rule(number=st.integers(0, 2))
    def release(self, number: int) -> None:
        if (known := self.pick(number)) is not None:
            known.release()

    @rule(number=st.integers(0, 2), who=st.integers(0, 1), more=PROGRAMS)
    def follow(self, number: int, who: int, more: str) -> None:
        known = self.pick(number)
        if known is None:
            return
        program, before = known.program[: known.n] + more, known.seq
        may, debug = allowed("query.start", known), known.debug
        params = {
            "session_id": known.id,
            "query": program,
            "idempotency_key": f"{known.id}{next(known.keys)}",
        }
        answer = self.connections[who].call("query.start", **params)
        self.check("query.start", may, answer)
        again = self.connections[1 - who].call("query.start", **params)
        if "error" in answer:
            return
        assert again["result"]["run_id"] == answer["result"]["run_id"], "it was started twice"
        known.program = program
        known.rest(before)
        if not debug:
            self.expect(known)

    @rule(number=st.integers(0, 2), who=st.integers(0, 1), which=st.integers(0, 9))
    def rewind(self, number: int, who: int, which: int) -> None:
        known = self.pick(number)
        if known is None or known.status == "running":
            return
        one = self.connections[who]
        history = one.result("debug.history", session_id=known.id, path="", values=True)[
            "checkpoints"
        ]
        found = [c for c in history if c["rewindable"] and c["step"] >= 0]
        # Of this program: an earlier one may have had other letters there.
        found = [c for c in found if (c.get("values") or {}).get("query") == known.program]
        if not found:
            return
        chosen = found[which % len(found)]
        before = known.seq
        answer = one.call(
            "debug.rewind", session_id=known.id, checkpoint_id=chosen["checkpoint_id"]
        )
        self.check("debug.rewind", allowed("debug.rewind", known), answer)
        known.rest(None if "error" in answer else before)
        if "result" in answer:
            assert known.status == "paused"
            assert known.n == (chosen["values"] or {}).get("n", 0)

    @rule(number=st.integers(0, 2), who=st.integers(0, 1), method=st.sampled_from(LOOKS))
    def look(self, number: int, who: int, method: str) -> None:
        if (known := self.pick(number)) is not None:
            self.connections[who].result(method, session_id=known.id)

    @rule(number=st.integers(0, 2), who=st.integers(0, 1))
    def delete(self, number: int, who: int) -> None:
        known = self.pick(number)
        if known is None or len(self.known) < 2:
            return
        self.known.remove(known)
        self.connections[who].result("session.delete", session_id=known.id)
        answer = self.connections[1 - who].call("session.get", session_id=known.id)
        assert answer["error"]["data"]["type"] == "session_not_found"

    def teardown(self) -> None:
        for known in getattr(self, "known", ()):
            self.end(known)
        for one in getattr(self, "connections", ()):
            one.open.close()

    def end(self, known: Known) -> None:
        """Nothing is stuck: every session comes to its end, and its events tell one story to everybody."""
        one, other = self.connections
        for _ in range(40):
            known.rest()
            self.refuse(known, 1, PLAIN)
            before = known.seq
            if known.status in ENDED:
                break
            if known.status == "running":
                known.release()
                continue
            method = "query.respond" if known.status == "waiting" else "debug.detach"
            params = {"value": "y"} if known.status == "waiting" else {}
            assert "result" in one.call(method, session_id=known.id, **params)
            known.rest(before)
        else:
            raise AssertionError(f"{known.program} at {known.n} does not end: {known.status}")
        seen = other.events.setdefault(known.id, [])
        while len(seen) < known.seq:
            other.read()
        assert seen == known.events
        stored = one.result("session.events", session_id=known.id, after=0, limit=1000)["events"]
        assert stored == known.events[: len(stored)]
        # Not that a status is the last: breakpoints may be set in a session that is over.
        for check in (check_numbers, check_statuses, check_tasks, check_checkpoints):
            check(known.events)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = Path(tmp_path_factory.mktemp("folder"))
    process = ServerProcess(
        ["tests/support/fuzz_graphs.py:program"],
        Path(tmp_path_factory.mktemp("data")),
        settings={"synchronous": "normal"},
        env={"FUZZ_FOLDER": str(folder)},
    )
    process.start()
    yield Fuzzed(process), folder
    process.close()


def test_any_sequence(programs: tuple[Fuzzed, Path]) -> None:
    fuzzed, folder = programs

    class Machine(Sessions):
        process = fuzzed.process

        def teardown(self) -> None:
            super().teardown()
            fuzzed.took(1, SEQUENCES)

    Machine.folder = folder
    run_state_machine_as_test(seeded(Machine), settings=often(SEQUENCES, stateful_step_count=STEPS))
    fuzzed.check()
