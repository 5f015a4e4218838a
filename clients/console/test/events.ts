import type { EventName, Events, StepwireEvent } from "../src/model/wire";

/** Events of one run, numbered as they are made. */
export function stream(run = "run"): <E extends EventName>(method: E, params: Partial<Events[E]>, at?: number) => StepwireEvent {
  let seq = 0;
  return (method, params, at = seq * 100) => {
    seq += 1;
    const header = { session_id: "s", run_id: run, seq, at: new Date(1_700_000_000_000 + at).toISOString() };
    return { jsonrpc: "2.0", method, params: { ...header, ...params } } as unknown as StepwireEvent;
  };
}

export const node = (path: string, task: string, parent: string | null = null) => ({
  node: path.split("/").at(-1) as string,
  path,
  task_id: task,
  parent_task_id: parent,
  step: 1,
});
