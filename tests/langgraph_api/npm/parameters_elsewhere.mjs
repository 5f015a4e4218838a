// What `parameters.mjs` does not call, and why.
export const rooms = ["assistants", "threads", "runs", "store"];

export const elsewhere = {
  crons: "there are no schedules: `sdk.mjs`",
  "~ui": "pages of the platform's, which no server of ours has",
  "~configHash": "no room",
  "threads.stream": "the agent streaming protocol: `socket.mjs`",
  "threads.joinStream": "it never ends: `calls.py`, `test_python_sdk.py`",
  "runs.cancelMany(status)": "of all threads, also those of other tests: `test_request_fields.py`",
  "runs.create(webhook)": "`test_webhooks.py`",
  "runs.wait(webhook)": "the same",
  "runs.stream(webhook)": "the same",
  "runs.create(feedbackKeys)": "of an account of LangSmith's: `test_agent_commands.py`",
  "runs.stream(feedbackKeys)": "the same",
  "runs.create(_langsmithTracer)": "of an account of LangSmith's: `test_request_fields.py`",
  "runs.wait(_langsmithTracer)": "of an account of LangSmith's: `test_request_fields.py`",
};
