import type { FlowItem } from "./flow";
import type { Tally, Task } from "./tasks";
import type { Failure, Json, Session, Status, StoppedTask, Usage } from "./wire";

/** One query of a session, as its events tell it. */
export interface Run {
  id: string;
  question: Json;
  firstSeq: number;
  status: Status;
  startedAt: number | null;
  endedAt: number | null;
  /** Those that have not ended, and of those that have the newest, in the order in which they ended. */
  tasks: Map<string, Task>;
  /** By path: all of its tasks, also those that are not kept. */
  nodes: Map<string, Tally>;
  /** Of the tasks that are not kept: how many they are, and the event of the last one's end. */
  left: { tasks: number; seq: number };
  /** Whether the session went back to before tasks that are not kept: `nodes` counts only those that are kept from then on. */
  uncounted: boolean;
  flow: FlowItem[];
  /** The top graph's newest checkpoints, by id: with which event each was saved. */
  checkpoints: Map<string, number>;
  result: Json | undefined;
  error: Failure | null;
  durationMs: number | null;
  usage: Usage | null;
}

/** Where the debugger stands. */
export interface Stopped {
  reason: string;
  tasks: StoppedTask[];
  checkpointId: string | null;
  detail: string | null;
  seq: number;
}

/** A session, as its events tell it: nothing here is asked for, all of it is read off the stream. */
export interface SessionModel {
  /** The last event that is in it; 0 before any. */
  seq: number;
  status: Status | null;
  runs: Run[];
  stopped: Stopped | null;
  /** By question, the newest: the event that asked it last. A node that runs again may ask by the same id. */
  asked: ReadonlyMap<string, number>;
  /** The newest checkpoint of the top graph. */
  checkpointId: string | null;
  /** Grow with each event that changes what the name says: what was asked for before is old then. */
  versions: { breakpoints: number; checkpoints: number; questions: number; state: number };
  deleted: boolean;
  expiresAt: string | null;
}

export const EMPTY: SessionModel = {
  seq: 0,
  status: null,
  runs: [],
  stopped: null,
  asked: new Map(),
  checkpointId: null,
  versions: { breakpoints: 0, checkpoints: 0, questions: 0, state: 0 },
  deleted: false,
  expiresAt: null,
};

export function newRun(id: string, seq: number): Run {
  return {
    id,
    question: null,
    firstSeq: seq,
    status: "queued",
    startedAt: null,
    endedAt: null,
    tasks: new Map(),
    nodes: new Map(),
    left: { tasks: 0, seq: 0 },
    uncounted: false,
    flow: [],
    checkpoints: new Map(),
    result: undefined,
    error: null,
    durationMs: null,
    usage: null,
  };
}

/** Whether a run is over. */
export function isOver(status: Status | null): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

export function currentRun(model: SessionModel): Run | undefined {
  return model.runs.at(-1);
}

/** What a person knows a session by. */
export function titleOf(session: Session): string {
  const unnamed = session.session_name === "" || session.session_name === `Session ${session.session_id.slice(0, 8)}`;
  if (!unnamed) return session.session_name;
  const { query } = session;
  if (typeof query === "string") return query;
  const asked = query !== null && typeof query === "object" && !Array.isArray(query) ? query["query"] : null;
  if (typeof asked === "string" && asked) return asked;
  return query === null ? session.session_name : JSON.stringify(query);
}
