"""What the adapter tells its client that it can do."""

from collections.abc import Mapping
from typing import Any

CONDITION = "Types of exceptions, separated by commas: ValueError, KeyError"

CAPABILITIES: Mapping[str, Any] = {
    "supportsConfigurationDoneRequest": True,
    "supportsFunctionBreakpoints": True,
    "supportsConditionalBreakpoints": True,
    "supportsHitConditionalBreakpoints": True,
    "supportsLogPoints": True,
    "supportsDataBreakpoints": True,
    "supportsEvaluateForHovers": True,
    "supportsStepBack": True,
    "supportsSetVariable": True,
    "supportsSetExpression": True,
    "supportsRestartFrame": True,
    "supportsGotoTargetsRequest": True,
    "supportsCompletionsRequest": True,
    "completionTriggerCharacters": [".", "[", "'", '"'],
    "supportsModulesRequest": True,
    "supportsRestartRequest": True,
    "supportsExceptionInfoRequest": True,
    "supportTerminateDebuggee": True,
    "supportSuspendDebuggee": True,
    "supportsDelayedStackTraceLoading": True,
    "supportsLoadedSourcesRequest": True,
    "supportsTerminateRequest": True,
    "supportsCancelRequest": True,
    "supportsBreakpointLocationsRequest": True,
    "supportsClipboardContext": True,
    "supportsSingleThreadExecutionRequests": True,
    "supportsExceptionFilterOptions": True,
    "exceptionBreakpointFilters": [
        {
            "filter": "raised",
            "label": "All failures of nodes",
            "description": "Stop at every error of a node, also where it is retried, handled or caught",
            "default": False,
            "supportsCondition": True,
            "conditionDescription": CONDITION,
        },
        {
            "filter": "unhandled",
            "label": "Failures that would end the run",
            "description": "Stop at a node whose error nothing retries, handles or catches",
            "default": True,
            "supportsCondition": True,
            "conditionDescription": CONDITION,
        },
    ],
}
