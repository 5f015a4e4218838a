"""`debug.*`: breakpoints, steps, looks, edits, and going back."""

from protocol.debugging import (
    AttachParams,
    BreakOnErrorParams,
    BreakOnErrorResult,
    BreakpointsResult,
    CheckpointResult,
    ContinueParams,
    DebuggersResult,
    DetachParams,
    DiffParams,
    DiffResult,
    EvaluateParams,
    EvaluateResult,
    HistoryParams,
    HistoryResult,
    InspectParams,
    InspectResult,
    RemoveBreakpointParams,
    RemoveBreakpointResult,
    RestartNodeParams,
    RestartNodeResult,
    RewindParams,
    RewindResult,
    SetBreakpointParams,
    SetBreakpointResult,
    SetStateParams,
    StepBackParams,
    StepParams,
    StepResult,
)
from protocol.sessions import SessionParams, StatusResult
from rpc.methods.call import Call
from rpc.sessions.debugging.comparing import Comparer
from rpc.sessions.debugging.debugger import Debugger
from rpc.sessions.debugging.editing import Editor
from rpc.sessions.debugging.inspecting import Inspector
from rpc.sessions.debugging.moving import Mover


class DebugMethods:
    """The handlers of `debug.*`."""

    def __init__(self, debugger: Debugger) -> None:
        self.debugger = debugger
        self.inspector = Inspector(debugger)
        self.comparer = Comparer(debugger)
        self.editor = Editor(debugger)
        self.mover = Mover(debugger)

    async def set_breakpoint(self, _: Call, params: SetBreakpointParams) -> SetBreakpointResult:
        return await self.debugger.set_breakpoint(params)

    async def remove_breakpoint(
        self, call: Call, params: RemoveBreakpointParams
    ) -> RemoveBreakpointResult:
        call.events_wait(params.session_id)
        return await self.debugger.remove_breakpoint(params)

    async def breakpoints(self, _: Call, params: SessionParams) -> BreakpointsResult:
        return await self.debugger.breakpoints(params.session_id)

    async def step(self, call: Call, params: StepParams) -> StepResult:
        result, launch = await self.debugger.step(params)
        call.after_answer(launch)
        node = params.node_name
        message = f"stepping {params.mode}" if node is None else f"running to node {node}"
        return StepResult(result.session_id, result.status, node, message)

    async def go_on(self, call: Call, params: ContinueParams) -> StatusResult:
        result, launch = await self.debugger.go_on(params)
        call.after_answer(launch)
        return result

    async def pause(self, _: Call, params: SessionParams) -> StatusResult:
        return await self.debugger.pause(params.session_id)

    async def break_on_error(self, _: Call, params: BreakOnErrorParams) -> BreakOnErrorResult:
        return await self.debugger.break_on_error(params)

    async def attach(self, _: Call, params: AttachParams) -> DebuggersResult:
        return await self.debugger.attach(params)

    async def detach(self, call: Call, params: DetachParams) -> DebuggersResult:
        result, launch = await self.debugger.detach(params)
        call.after_answer(launch)
        return result

    async def inspect(self, _: Call, params: InspectParams) -> InspectResult:
        return await self.inspector.inspect(params)

    async def history(self, _: Call, params: HistoryParams) -> HistoryResult:
        return await self.inspector.history(params)

    async def diff(self, _: Call, params: DiffParams) -> DiffResult:
        return await self.comparer.diff(params)

    async def evaluate(self, _: Call, params: EvaluateParams) -> EvaluateResult:
        return await self.comparer.evaluate(params)

    async def set_state(self, _: Call, params: SetStateParams) -> CheckpointResult:
        return await self.editor.set_state(params)

    async def rewind(self, call: Call, params: RewindParams) -> RewindResult:
        result, launch = await self.mover.rewind(params)
        call.after_answer(launch)
        return result

    async def step_back(self, call: Call, params: StepBackParams) -> RewindResult:
        result, launch = await self.mover.step_back(params)
        call.after_answer(launch)
        return result

    async def restart_node(self, call: Call, params: RestartNodeParams) -> RestartNodeResult:
        result, launch = await self.mover.restart(params)
        call.after_answer(launch)
        return result
