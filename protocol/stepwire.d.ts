/* Stepwire, protocol 1.0. Made by `python -m protocol.generate`: do not edit. */

/** Any JSON value; what JSON cannot say is a `Tagged` object. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The forms of Python values that JSON cannot say. */
export type Tagged =
  | { $bytes: string }
  | { $float: "NaN" | "Infinity" | "-Infinity" }
  | { $object: { type: string; repr: string } }
  | { $cut: Cut };

/** What stands in the place of a value that was cut; `session.value` gives it by its `ref`, where it has one. */
export interface Cut {
  bytes: number;
  type: string;
  length?: number | null;
  ref?: string;
}

/** Which session, and who debugs it from then on. */
export interface AttachParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * Who debugs it: whatever a client calls itself, always the same of one, so that it counts once
   * however often it attaches. Left out: debug mode is turned on where it is off, by somebody who
   * counts as one.
   */
  debugger_id?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A token to be put into a cookie. It may be left out where a header has it. */
export interface BeginSession {
  /** The token; else that of `Authorization` or `x-api-key`. */
  token?: string | null;
}

/**
 * At which errors of nodes the session stops: those that would end the run (`errors`), and all
 * others (`raised`).
 */
export interface BreakOnErrorParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * True: all errors stop, as at first. False: none does, and the run fails. A list: those of
   * these exception types, by the name of the class, or of one it is derived from.
   */
  errors: boolean | string[];
  /**
   * Which errors stop also where they would not end the run: retried, handled, or inside a
   * function that may catch them. Such a stop's reason is `raised`; released, the node runs again,
   * and if it raises again, the retry, the handler or the function has its turn. True, false or
   * types as in `errors`. Default: `false`.
   */
  raised?: boolean | string[];
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** At which errors of nodes the session stops now. */
export interface BreakOnErrorResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * True: all errors stop, as at first. False: none does, and the run fails. A list: those of
   * these exception types, by the name of the class, or of one it is derived from.
   */
  errors: boolean | string[];
  /**
   * Which errors stop also where they would not end the run: retried, handled, or inside a
   * function that may catch them. Such a stop's reason is `raised`; released, the node runs again,
   * and if it raises again, the retry, the handler or the function has its turn. True, false or
   * types as in `errors`.
   */
  raised: boolean | string[];
}

/**
 * Where and when the debugger stops (or logs): at `node_name`, at the node that is written at
 * `file` and `line`, or where a `channel` changes.
 */
export interface Breakpoint {
  /** A node's name, or its path into subgraphs joined by `/`. */
  node_name?: string | null;
  /** A disabled one is kept and never stops. Default: `true`. */
  enabled?: boolean;
  /** Stop before the node's body runs, or after its update is kept. Default: `"before"`. */
  when?: "after" | "before";
  /**
   * An expression over `state` (the values of the node's graph), `input` (the node's own),
   * `config` and `context` (the query's); stops only where it is true.
   */
  condition?: string | null;
  /** Stop at the n-th time and later; 1 is every time. */
  hit_count?: number | null;
  /** Makes it a log point: write this as `debug.log`, `{expressions}` filled in, and go on. */
  log?: string | null;
  /** A source file of the graph's: absolute, or relative to `root` of `graph.describe`. */
  file?: string | null;
  /** A line of `file`, from 1: the node is the one whose function has it, decorators included. */
  line?: number | null;
  /**
   * Makes it a data breakpoint: stop behind each superstep in which a node gives this channel of
   * the state another value. `node_name` is then the path of the subgraph whose state it is, left
   * out for the top graph; `when` does not matter, and expressions see the new values as `state`.
   */
  channel?: string | null;
}

/** A breakpoint, and how often its place was reached. */
export interface BreakpointState {
  /** The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph. */
  node_name: string;
  /** Whether it stops (or logs). */
  enabled: boolean;
  /** Stop before the node's body runs, or after its update is kept. */
  when: "after" | "before";
  /** Only where this is true. */
  condition: string | null;
  /** Only from this time on. */
  hit_count: number | null;
  /** The text it logs instead of stopping. */
  log: string | null;
  /** How often it was reached in the session. */
  hits: number;
  /** Whether the node is known. False: it is pending, below a function that may call a graph. */
  verified: boolean;
  /**
   * The file its node is written in, as `graph.describe` shows it; null where there is no one
   * place.
   */
  file: string | null;
  /** The first line of its node there. */
  line: number | null;
  /** Of a data breakpoint: its channel, of the graph at `node_name` ('' is the top one). */
  channel: string | null;
}

/** All breakpoints of a session, and by which errors it stops. */
export interface BreakpointsResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** In the order they were set. */
  breakpoints: BreakpointState[];
  /** By which errors that would end the run it stops. */
  errors: boolean | string[];
  /** By which other errors it stops. */
  raised: boolean | string[];
}

/** For whom the cookie speaks. */
export interface BrowserSession {
  /** Whose sessions are theirs. */
  owner: string;
  /** What they may do. */
  scopes: string[];
  /** When the token ends, in seconds since 1970; null for never. */
  expires_at: number | null;
}

/**
 * What LangChain's callbacks tell, as `astream_events` (version `v2`) has it; only of a run that
 * was started with `callbacks`.
 */
export interface Callback {
  /**
   * `event`, `name`, `run_id` (of what runs, not of the query), `parent_ids`, `tags`, `metadata`,
   * `data`.
   */
  data: Json;
}

/** The session's status after the call. */
export interface CancelResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /**
   * True where the disk takes nothing now: what runs is cancelled, `status` is what is stored, and
   * `session.status` follows when it can be stored. Lost if the server ends before that.
   */
  pending: boolean;
}

/** From where on, and how many. */
export interface ChangesParams {
  /** What changed behind this place, as it was told; what changes from now on where it is left out. */
  cursor?: string | null;
  /** At most so many. Default: `100`. */
  limit?: number;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A page of changes. */
export interface ChangesResult {
  /** Oldest first. */
  changes: SessionChanged[];
  /** Go on behind this. */
  cursor: string;
  /** Whether there are more already. */
  more: boolean;
}

/** The checkpoint the call made. */
export interface CheckpointResult {
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
}

/** One saved state of the top graph, or of a subgraph. */
export interface CheckpointSummary {
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /** The one before it; null for the first. */
  parent_checkpoint_id: string | null;
  /** UTC time of day and date, RFC 3339 with milliseconds. */
  created_at: string;
  /** The superstep; -1 is the input. */
  step: number;
  /** `input`, `loop`, `update` or `fork`. */
  source: string;
  /** The nodes that run next from it. */
  next: string[];
  /** The run that saved it, where known. */
  run_id: string | null;
  /** Whether the session stands here now. */
  current: boolean;
  /** Why the graph cannot go on from it; null where it can. */
  error: string | null;
  /** The (sub)graph it is of: '' is the top graph. */
  path: string;
  /**
   * Whether `debug.rewind` takes it: those of the top graph, and of a subgraph the session is
   * inside.
   */
  rewindable: boolean;
  /** The state, where it was asked for. */
  values: Json;
  /**
   * Which line of its graph's history it is on: 0 for what came first. One that follows from where
   * something followed already, as after `debug.rewind`, begins the next.
   */
  branch: number;
}

/** Which session. */
export interface ContinueParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** Which stopped task to release; all that stand where none is named. */
  task_id?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A breakpoint was set, changed or removed. */
export interface DebugBreakpoint {
  /** What became of it. */
  change: "changed" | "new" | "removed";
  /** The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph. */
  node_name: string;
  /** Where it stops. */
  when: "after" | "before";
  /** Whether it stops (or logs). */
  enabled: boolean;
  /** Only where this is true. */
  condition: string | null;
  /** Only from this time on. */
  hit_count: number | null;
  /** The text it logs instead of stopping. */
  log: string | null;
  /** The file its node is written in; null where there is no one place. */
  file: string | null;
  /** The first line of its node there. */
  line: number | null;
  /** Of a data breakpoint: the channel of the state. */
  channel: string | null;
}

/**
 * The state was edited, the session went back to a checkpoint, or a node begins again, while
 * nothing ran.
 */
export interface DebugChanged {
  /** What changed it. */
  action: "restart" | "rewind" | "set_state";
  /** The checkpoint of that graph where it stands now. */
  checkpoint_id: string;
  /** The checkpoint it went back to, for `rewind` and `restart`. */
  source_checkpoint_id: string | null;
  /** The (sub)graph that was changed: '' is the top graph. */
  path: string;
  /** The channels whose value is another now, with it; large ones are cut. */
  values: Json;
  /** The channels that have no value any more. */
  removed: string[];
  /** As which node it was edited. */
  as_node: string | null;
  /** The task whose own input was edited, where one was named. */
  task_id: string | null;
}

/** A log point was passed. */
export interface DebugLog {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The log point's text, its `{expressions}` filled in. */
  text: string;
}

/** The debugger let the session go on. */
export interface DebugResumed {
  /** What resumed it. */
  action: "continue" | "detach" | "respond" | "restart" | "rewind" | "step";
  /** The tasks released; empty for all. */
  task_ids: string[];
  /** From which checkpoint it goes on, for `rewind`. */
  checkpoint_id: string | null;
}

/** The debugger stopped; nothing runs until it is stepped or continued. */
export interface DebugStopped {
  /** Why it stands: what stopped the run just now, or that it was moved while nothing ran. */
  reason: "breakpoint" | "change" | "edit" | "entry" | "failure" | "pause" | "raised" | "restart" | "rewind" | "step";
  /** Every task that stands, at any depth. */
  tasks: StoppedTask[];
  /** The top graph's checkpoint. */
  checkpoint_id: string | null;
  /** For a person. */
  detail: string | null;
}

/** The session's status after the call, and who debugs it. */
export interface DebuggersResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /**
   * The ids of those who debug it, who came last at the end; '' for whoever turned it on without
   * one. Empty: it is not in debug mode.
   */
  debuggers: string[];
}

/** The session is gone. */
export interface DeleteResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Always true; else there is an error. */
  deleted: boolean;
  /** The same for a person. */
  message: string;
}

/** Which graph, how deep. */
export interface DescribeParams {
  /** The default graph where none is named. */
  graph?: string | null;
  /** Levels of subgraphs to open; all where null. */
  depth?: number | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** All there is to know of a graph before it runs. */
export interface DescribeResult {
  /** The name a graph is served under, see `graph.list`. */
  graph: string;
  /** The graph's docstring, or ''. */
  description: string;
  /** `__start__` and `__end__` included. */
  nodes: GraphNode[];
  /** From node to node, by their `id`. */
  edges: GraphEdge[];
  /** The drawing's size. */
  layout: Layout;
  /** Counts and properties. */
  metadata: GraphMetadata;
  /** What goes in, what is kept, what comes out. */
  schemas: Schemas;
  /** The graph as Mermaid text. */
  mermaid: string;
  /**
   * The server's folder, absolute: what `file` of a node's `source` is relative to. Null where the
   * server does not show it (`show_source_root`).
   */
  root: string | null;
  /** When its code was loaded: a file that is newer may differ from it. */
  loaded_at: string | null;
  /**
   * Where its nodes are written, those of all depths, whatever `depth` says; of a node with
   * several functions, as a ToolNode has, its own one first.
   */
  functions: WrittenFunction[];
}

/** Which session, and who debugs it no more. */
export interface DetachParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * Who leaves: the session stays in debug mode for the others, and is let go with the last of
   * them. Left out: it is let go, whoever debugs it.
   */
  debugger_id?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** Which two checkpoints. */
export interface DiffParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /** The one to compare with, as the earlier one; its parent where it is left out. */
  other_checkpoint_id?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** What differs between the states of two checkpoints. */
export interface DiffResult {
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /** With which it was compared; null for a first one's parent. */
  other_checkpoint_id: string | null;
  /** The innermost values that differ, large ones cut. */
  differences: Difference[];
  /** How many there are; at most 200 are listed. */
  total: number;
}

/** One value that differs. */
export interface Difference {
  /** Its JSON Pointer in the state. */
  path: string;
  /** In the one, from the other. */
  kind: "added" | "changed" | "removed";
  /** In the other; null where it was added. */
  before: Json;
  /** In this one; null where it was removed. */
  after: Json;
}

/** The `data` of every error object. */
export interface ErrorData {
  /** The error's name in the table of errors. */
  type: string;
  /** What was wrong, where, and what would be right. */
  detail: string;
  /** The offending field of the params, for `invalid_params`, such as `$.after`. */
  path?: string | null;
  /** When trying again makes sense, for `rate_limited`, `overloaded`. */
  retry_after_ms?: number | null;
  /** The next event that there is, for `events_gone` and `unreadable`: go on `after` it less one. */
  first_seq?: number | null;
  /** Which limit was exceeded, for those that `server.info` has. */
  limit?: Limit | null;
}

/** What to evaluate, and where. */
export interface EvaluateParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** In the language of conditions, over `state`, `input`, `config` and `context`. */
  expression: string;
  /**
   * Whose `input`, and the `state` of whose graph; else of the first task that stands, or of the
   * first of the checkpoint's own graph where one is named.
   */
  task_id?: string | null;
  /** At another checkpoint than the present one. */
  checkpoint_id?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** What it gave. */
export interface EvaluateResult {
  /** The value; a large one is cut. */
  value: Json;
  /** Whose `input` it was; null where no task is there. */
  task_id: string | null;
}

/** An event's type, or the name that a stream has for it. */
export type EventFilter = EventName | "status" | "result" | "error" | "done";

/** The first four fields of every event's params. */
export interface EventHeader {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The run; empty where the session has had none, or it is not known. */
  run_id: string;
  /** The event's number in its session: 1, 2, 3 … no gaps. */
  seq: number;
  /** When it happened. */
  at: string;
}

/** Which session's events, from where on. */
export interface EventsParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Events from `after + 1` on; 0 for all. Default: `0`. */
  after?: number;
  /** At most so many. Default: `1000`. */
  limit?: number;
  /**
   * Only events of these types, such as `progress`, also by the names that a stream has for them;
   * the others are skipped. `session.deleted` is always sent.
   */
  types?: EventFilter[] | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A page of events. */
export interface EventsResult {
  /** The notifications, as a subscriber gets them. */
  events: StepwireEvent[];
  /** The session's last committed event. */
  seq: number;
}

/** Why something failed: the exception's type, message and place, never a traceback. */
export interface Failure {
  /**
   * The exception's class name; `graph_changed` where the graph lacks what the session needs to go
   * on; `node_timeout` and `run_timeout` where that took longer than it may; `wrote_too_fast`
   * where a node that could not be held back wrote more than the disk took.
   */
  type: string;
  /** The exception's message. */
  message: string;
  /** The path of the node that raised it, where one did. */
  node: string | null;
  /**
   * Where it was raised: the file of the last line of the graph's own that it passed through,
   * libraries left out, written as in `graph.describe`. Null where there is none.
   */
  file: string | null;
  /** That line, 1-based. */
  line: number | null;
}

/** Nodes and edges of a subgraph, laid out by layers: the same shape as the graph's own. */
export interface GraphDrawing {
  /** `__start__` and `__end__` included. */
  nodes: GraphNode[];
  /** From node to node, by their `id`. */
  edges: GraphEdge[];
  /** The drawing's size. */
  layout: Layout;
  /** Counts and properties. */
  metadata: GraphMetadata;
}

/** An edge from node to node of one graph. */
export interface GraphEdge {
  /** Its two ends. */
  id: string;
  /** The `id` of the node it leaves. */
  source: string;
  /** The `id` of the node it enters. */
  target: string;
  /** The same as `conditional`, in a word. */
  type: "conditional" | "direct";
  /** Whether a function or a Command chooses it. */
  conditional: boolean;
  /** A conditional edge's name, where given. */
  label: string | null;
}

/** The graphs of this server. */
export interface GraphListResult {
  /** In the order they were given. */
  graphs: GraphSummary[];
}

/** Counts and properties of the graph at hand; subgraphs that are shown have their own. */
export interface GraphMetadata {
  /** Its nodes, start and end included. */
  total_nodes: number;
  /** Its edges. */
  total_edges: number;
  /** Its class. */
  graph_type: string;
  /** Those of its edges that are conditional. */
  conditional_edges: number;
  /** Those of its nodes that are graphs. */
  subgraphs: number;
  /** Nodes of it and of every subgraph shown. */
  nodes_shown: number;
  /** Levels of nesting; 1 is a graph without subgraphs. */
  depth: number;
  /** Whether a node of any level shown can follow itself. */
  has_cycle: boolean;
  /** The nodes that run first. */
  entry_points: string[];
  /** The state's class. */
  state_type: string;
}

/** A node, `__start__` and `__end__` included. */
export interface GraphNode {
  /** The node's name in its graph. */
  id: string;
  /** Its path from the top graph. */
  path: string;
  /** `tool` is LangGraph's ToolNode. */
  type: "end" | "node" | "start" | "subgraph" | "tool";
  /** A title for people. */
  label: string;
  /** Its centre. */
  position: Position;
  /** What the node is. */
  data: NodeData;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** Null where Python cannot tell. */
  source: SourceLines | null;
  /** What is inside, where `depth` reaches it. */
  subgraph: GraphDrawing | null;
}

/** One row of `graph.list`. */
export interface GraphSummary {
  /** The name a graph is served under, see `graph.list`. */
  name: string;
  /** The first paragraph of its docstring, or ''. */
  description: string;
  /** Nodes at the top level, start and end not counted. */
  nodes: number;
  /** Whether `query.start` uses it when none is named. */
  default: boolean;
  /** How it was given to the server. */
  source: string;
}

/** Whether the server can do its work: `GET /health`, and `/readyz` with its status. */
export interface Health {
  /**
   * `unavailable` (503) where it cannot now: storage is busy or full, or the server is stopping;
   * `unhealthy` (503) where somebody must mend what `reason` names.
   */
  status: "healthy" | "unavailable" | "unhealthy";
  /** Always `stepwire`. */
  service: string;
  /** When it was found. */
  timestamp: string;
  /** Of the server. */
  version: string;
  /** Milliseconds since it started. */
  uptime_ms: number;
  /** The caller's sessions queued or running; null to who has not said who calls. */
  active_sessions: number | null;
  /** Why it is not healthy, and what to do, for a person. */
  detail: string | null;
  /** The same for a program. */
  reason: "failed" | "full" | "locked" | "not_running" | "stopping" | "timeout" | "corrupt" | "io_error" | "missing" | "not_a_database" | "outdated" | "read_only" | "replaced" | null;
  /** What the server holds by name, such as threads and slots. */
  counts: { [key: string]: number };
  /** Whether the databases are whole, where that is known. */
  quick_check: QuickCheck | null;
}

/** Which checkpoints. */
export interface HistoryParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** At most so many. Default: `50`. */
  limit?: number;
  /** Only those older than this checkpoint id. */
  before?: string | null;
  /** Only those of the (sub)graph there; '' is the top graph. All of them where it is left out. */
  path?: string | null;
  /** With the state of each, large values cut. Default: `false`. */
  values?: boolean;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A page of checkpoints. */
export interface HistoryResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Newest first. */
  checkpoints: CheckpointSummary[];
  /** The next page's `before`; null on the last. */
  next_before: string | null;
}

/** A node called `interrupt()`: answer with `query.respond`. */
export interface InputRequested {
  /** Which question, for `query.respond`. */
  interrupt_id: string;
  /** What the node passed to `interrupt()`. */
  value: Json;
  /** The node that asks. */
  node: string | null;
  /** Its path. */
  path: string | null;
  /** Its task. */
  task_id: string | null;
}

/** What to look at; nothing but the session for all that stands there now. */
export interface InspectParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Only this node (name or path): its graph's values. */
  node_name?: string | null;
  /** Only this task. */
  task_id?: string | null;
  /** Another checkpoint than the present one. */
  checkpoint_id?: string | null;
  /** Only this value, whole or by page: a JSON Pointer (RFC 6901) into `values`. */
  value_path?: string | null;
  /** The first of its members, items or characters to give, from 0. Default: `0`. */
  start?: number;
  /** How many to give at most; as many as one answer takes where it is left out. */
  count?: number | null;
  /**
   * What `value_path`, `start` and `count` are of, and `values` then shows: the state, what the
   * body of the task that `task_id` names gets, or the run's `context`. Default: `"state"`.
   */
  part?: "context" | "input" | "state";
  /**
   * Whether to give the last update of each node too: of a large state these take longer to be
   * read than the state itself. Never beside a part or a page of the values. Default: `true`.
   */
  updates?: boolean;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The state at a checkpoint, and where the session stands. */
export interface InspectResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** Null where nothing was saved yet. */
  checkpoint_id: string | null;
  /** The (sub)graph whose values these are: '' is the top. */
  path: string;
  /** The state, large values cut with `$cut`; or what `value_path` names, of which `page` tells. */
  values: Json;
  /** Where `value_path`, `start` or `count` was given: what part it is. */
  page: ValuePage | null;
  /** Bytes of each value as JSON, uncut; empty beside a `page`. */
  sizes: { [key: string]: number };
  /** The nodes that run next. */
  next: string[];
  /** The tasks of this checkpoint, with their inputs. */
  tasks: InspectedTask[];
  /**
   * What each node wrote last, of all tasks of that step; with a `task_id` those of its graph
   * only. Empty where a part or a page was asked for.
   */
  updates: LastUpdate[];
  /** What it asks a person. */
  interrupts: Interrupt[];
  /** Where the debugger stands and why; empty if it does not. */
  stopped: StoppedTask[];
  /**
   * Why the graph cannot go on from what was saved last; the state is then the last one from which
   * it can. Of a checkpoint that was asked for: why it cannot go on from there.
   */
  error: string | null;
  /**
   * What Python calls the types of `values` ('') and of the values in it, by their JSON Pointers
   * there: `list`, `langchain_core.messages.ai.AIMessage`. In a page the items have their own
   * numbers.
   */
  types: { [key: string]: string };
  /**
   * The checkpoint of the (sub)graph whose values these are; null where it keeps none that is
   * known.
   */
  graph_checkpoint_id: string | null;
  /**
   * The run's runtime context, made of its `config`, as nodes at every depth have it in
   * `runtime.context`; null where the graph declares no context schema. Secrets are masked, large
   * values cut with `$cut`.
   */
  context: Json;
}

/** A task of the checkpoint: what would run next, or what has run of it. */
export interface InspectedTask {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** `stopped` by the debugger, `waiting` for a person. */
  status: "failed" | "finished" | "pending" | "stopped" | "waiting";
  /** What its body gets. */
  input: Json;
  /** Why it stands, where `stopped`. */
  reason: string | null;
  /** What it raised, where `failed`. */
  error: string | null;
}

/** A node that called LangGraph's `interrupt()` and asks a person. */
export interface Interrupt {
  /** Name it in `query.respond` when several ask at once. */
  interrupt_id: string;
  /** What the node passed to `interrupt()`: the question. */
  value: Json;
  /** The path of the node that asks. */
  node: string | null;
  /** The task that asks. */
  task_id: string | null;
}

/** What a task wrote in its node's newest step, at or before the inspected checkpoint. */
export interface LastUpdate {
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The checkpoint of the task's graph from which it ran. */
  checkpoint_id: string;
  /** What it wrote to the state, by channel. */
  update: Json;
}

/** The size of the drawing, in pixels, and how it was made. */
export interface Layout {
  /** Where edges run. */
  direction: "top-to-bottom";
  /** Pixels between two layers. */
  spacing: number;
  /** Its name. */
  algorithm: string;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
}

/** Which limit was exceeded. */
export interface Limit {
  /** Its name in `server.info`'s `limits`. */
  name: string;
  /** Its value. */
  value: number;
}

/**
 * What the server accepts; past it the error is `too_large`, `overloaded` or `rate_limited`, and
 * names the limit.
 */
export interface Limits {
  /** Bytes of one message or request body. */
  max_message_bytes: number;
  /**
   * Bytes of the largest frame it sends. Larger values in events and answers are cut, with a
   * reference for `session.value`.
   */
  max_frame_bytes: number;
  /** Requests in one batch. */
  max_batch_size: number;
  /** Nested arrays and objects. */
  max_json_depth: number;
  /** Runs executing at once; others are `queued`. */
  max_running: number;
  /** Runs waiting for their turn. */
  max_queued: number;
  /**
   * How long an attempt of a node may take, where its graph has no limit of its own; 0 is no
   * limit.
   */
  node_timeout_seconds: number;
  /** The same of a run, while it runs. */
  run_timeout_seconds: number;
  /** How long code of a graph's own may take that a look, an edit or a query's settings need. */
  look_timeout_seconds: number;
  /**
   * Messages of one WebSocket carried out at once; past it the socket is not read until one is
   * answered.
   */
  max_inflight: number;
  /** Subscriptions of one WebSocket. */
  max_subscriptions: number;
  /** Calls of `session.list` by one client that are not answered yet. */
  max_searches: number;
  /** How long one of them may take. */
  search_seconds: number;
  /** Connections at once, of all clients; 0 for any number. */
  max_connections: number;
  /** Connections at once of one address, or of one IPv6 /64; 0 for any number. */
  max_connections_per_address: number;
  /** WebSockets and streams at once of one owner who has said who they are; 0 for any number. */
  max_connections_per_owner: number;
  /** Runs of one owner executing at once; others are `queued`. 0 for as many as there are places. */
  max_running_per_owner: number;
  /** Queries that the caller's owner may start in a minute; 0 for any number. */
  max_queries_per_minute: number;
  /** Sessions that the caller's owner may have; 0 for any number. */
  max_sessions_per_owner: number;
  /** Bytes that may be kept of the owner's sessions; 0 for any number. */
  max_stored_bytes_per_owner: number;
  /** Bytes that the owner's runs may remember in the graphs' memory; 0 for any number. */
  max_memory_bytes_per_owner: number;
  /** Bytes of one event as it is stored, with what it has cut out. */
  max_event_bytes: number;
  /** Bytes of one result as JSON. */
  max_result_bytes: number;
  /**
   * How often the server may die while a run is under way, and comes no further, before that
   * fails; 0 for ever.
   */
  recover_limit: number;
  /** Credentials that are not good which one address may try at once; each second gives one back. */
  max_failed_attempts: number;
  /** Requests a second of one owner, or one address; 0 for any number. */
  rate_limit_per_second: number;
  /** Requests it may send at once before that limit holds. */
  rate_limit_burst: number;
  /** Bytes of an HTTP request's line and headers. */
  max_header_bytes: number;
  /** How long an HTTP request's head may take to come. */
  header_timeout_seconds: number;
  /** How long the rest of a body, or of a WebSocket's message, may take. */
  body_timeout_seconds: number;
  /** How long a client may read nothing of what it is sent. */
  write_timeout_seconds: number;
  /** How long an HTTP connection is kept without a request. */
  idle_timeout_seconds: number;
  /** Sessions that are over, untouched for longer, are removed; 0 for never. */
  session_max_age_seconds: number;
  /** Sessions `waiting` or `paused`, untouched for longer, are removed; 0 for never. */
  waiting_max_age_seconds: number;
  /** How long before that `session.expiring` is sent. */
  waiting_notice_seconds: number;
  /** Events of sessions that rest are removed when older; 0 for never. */
  event_max_age_seconds: number;
  /**
   * Checkpoints of sessions that rest are removed when older, except the newest and those of
   * results; 0 for never.
   */
  checkpoint_max_age_seconds: number;
}

/** The process answers. */
export interface Liveness {
  /** Always `ok`. */
  status: "ok";
}

/** A token or piece of a chat model's message, or a whole message a node returned. */
export interface MessageDelta {
  /** The same for all pieces of one message. */
  message_id: string | null;
  /** The text to append. */
  delta: string;
  /** LangChain's message type. */
  role: string;
  /** The node whose model speaks. */
  node: string | null;
  /** The node's path. */
  path: string | null;
  /** False for a whole message. */
  partial: boolean;
  /** The piece as LangChain gives it: tool calls, usage, metadata. */
  message: Json;
  /** Those of the model, or of the run; only where there are any. */
  tags?: string[];
}

/** No params: left out, `{}` or `[]`. */
export interface NoParams {
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/**
 * A node's code holds the event loop that other runs share: those go on elsewhere, it goes on.  It
 * should await what it waits for, or be a plain function, which runs in a thread.
 */
export interface NodeBlocked {
  /** The node; null where it is not known. */
  node: string | null;
  /** Its path; null where it is not known. */
  path: string | null;
  /** Its task; null where it is not known. */
  task_id: string | null;
  /** Milliseconds for which it has held the loop. */
  blocked_ms: number;
}

/**
 * A node's body will not end: its run was cancelled or cut off, a sibling ended it, or the session
 * was moved.
 */
export interface NodeCancelled {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The task that holds it, in whose subgraph or function it runs; null at the top. */
  parent_task_id: string | null;
  /** The superstep of its graph that it belongs to. */
  step: number | null;
  /** Milliseconds since this process saw it start. */
  duration_ms: number | null;
}

/** What a node is, where drawing libraries keep what is the user's own. */
export interface NodeData {
  /** `tool` is LangGraph's ToolNode. */
  node_type: "end" | "node" | "start" | "subgraph" | "tool";
  /** The node function's docstring, or ''. */
  description: string;
  /** Whether the node is a coroutine function. */
  is_async: boolean;
  /** Whether it waits for all others to end. */
  deferred: boolean;
  /** The metadata given to `add_node`. */
  metadata: Json;
}

/** A node's body raised. */
export interface NodeFailed {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** What it raised. */
  error: Failure;
  /** The task that holds it, in whose subgraph or function it runs; null at the top. */
  parent_task_id: string | null;
  /** The superstep of its graph that it belongs to. */
  step: number | null;
  /** Milliseconds since this attempt started. */
  duration_ms: number | null;
  /** 1, and one more with each retry of the node. */
  attempt: number;
  /** The node is tried again: another `node.started` follows. */
  will_retry: boolean;
}

/** A node's body ended and its update is kept. */
export interface NodeFinished {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The task that holds it, in whose subgraph or function it runs; null at the top. */
  parent_task_id: string | null;
  /** The superstep of its graph that it belongs to. */
  step: number | null;
  /** What it wrote to the state, by channel. */
  update: Json;
  /** Milliseconds since this process saw it start. */
  duration_ms: number | null;
  /** Its body did not run: a cache had its update from an earlier run. */
  cached: boolean;
}

/** A node's body is about to run (or to be entered again on resume). */
export interface NodeStarted {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The task that holds it, in whose subgraph or function it runs; null at the top. */
  parent_task_id: string | null;
  /** The superstep of its graph that it belongs to. */
  step: number | null;
  /** What made it run, as LangGraph names its channels. */
  triggers: string[];
  /** 1, and one more with each retry of the node. */
  attempt: number;
  /**
   * The same on every try of this task, also after a crash: the node finds it as
   * `stepwire_task_key` in its config's `configurable`, to give to a service that it calls.
   */
  task_key: string;
  /**
   * Of a `@task` that a function called, what it was given: its arguments by place, then by name.
   * Left out where that is over 16 KiB, and of others, which are given their graph's state.
   */
  input?: Json;
}

/** Where a layered layout puts a node's centre, in pixels, y downwards. */
export interface Position {
  /** Pixels from the left. */
  x: number;
  /** Pixels from the top. */
  y: number;
}

/** An error as REST clients get it: a problem document (RFC 9457), `application/problem+json`. */
export interface Problem {
  /** A reference to the error's row in the documentation; its fragment is the name. */
  type: string;
  /** The row's message. */
  title: string;
  /** The HTTP status. */
  status: number;
  /** What was wrong, where, and what would be right. */
  detail: string;
  /** The JSON-RPC error code. */
  code: number;
  /** The offending param, such as `$.after`, where there is one. */
  path?: string | null;
  /** When trying again makes sense; also in `Retry-After`. */
  retry_after_ms?: number | null;
  /** The oldest event that is kept, where earlier ones are gone. */
  first_seq?: number | null;
  /** Which limit was exceeded, for those that the server tells. */
  limit?: Limit | null;
}

/** What a node wrote to LangGraph's stream writer. */
export interface Progress {
  /** The value written. */
  data: Json;
  /** Who wrote; null where sibling tasks of one graph could each have. */
  node: string | null;
  /** The writer's path; the path of its graph where `node` is null. */
  path: string | null;
  /** The task, where `node` is known. */
  task_id: string | null;
}

/** The run ended with an exception. */
export interface QueryFailed {
  /** What ended the run. */
  error: Failure;
  /** Milliseconds from the run's start to its end. */
  duration_ms: number;
  /** Null where no model said any. */
  usage: Usage | null;
}

/** The run ended well: the graph's output. */
export interface QueryResult {
  /** The output, by the graph's output schema. */
  result: Json;
  /** Milliseconds from the run's start to its end. */
  duration_ms: number;
  /** Null where no model said any. */
  usage: Usage | null;
}

/** What to ask, of which graph, and how to watch it. */
export interface QueryStartParams {
  /** The question, for the graph's `query` or `messages` key. This or `input`. */
  query?: string | null;
  /** The graph's input as it is. This or `query`. */
  input?: Json;
  /** The server's default graph where none is named. */
  graph?: string | null;
  /**
   * The graph's own settings: its `context`, where it declares a context schema, and its
   * `configurable`. `recursion_limit` (supersteps), `tags`, `metadata` and `run_name` are
   * LangGraph's. `node_timeout_seconds` and `run_timeout_seconds` are less than the server would
   * allow. What begins with `__`, `langgraph_auth_`, `langgraph_request_` or `stepwire_` is the
   * server's to set.
   */
  config?: { [key: string]: Json } | null;
  /**
   * Stop at the entry or at `breakpoints`; allow `debug.*`. Left out: as the session is; a new one
   * is not debugged. False turns it off.
   */
  debug_mode?: boolean;
  /** Who debugs it, as `debug.attach` says. Needs `debug_mode`. */
  debugger_id?: string | null;
  /**
   * Nodes (names or paths) to stop before, or whole breakpoints, by node or by file and line.
   * Needs `debug_mode`.
   */
  breakpoints?: (string | Breakpoint)[];
  /**
   * Whether to stop before the run's first node, with `debug_mode`. Left out: where no breakpoint
   * is set.
   */
  stop_on_entry?: boolean | null;
  /** A name for people. */
  session_name?: string | null;
  /** All of its tags from here on, each once. */
  tags?: string[];
  /** Members to set in the session's metadata, of 16 KiB in all; null takes one away. */
  metadata?: { [key: string]: Json };
  /** A follow-up query: the session to continue. */
  session_id?: string | null;
  /**
   * Send this connection the session's events (WebSocket only). A subscription that it has to the
   * session stays as it is, whatever this says; an object changes its `types` and `batch` from
   * this run on. Default: `true`.
   */
  subscribe?: boolean | SubscribeOptions;
  /**
   * What becomes of it where the session's run is under way, waits or stands. `reject`: it is
   * refused. `enqueue`: it runs when that run and those that wait already are over, also answered
   * or continued; it may set nothing of the session, as `breakpoints` or `session_name` do.
   * `interrupt`: it takes the place of that run, which is cancelled, as are those that wait.
   * `rollback`: they are cancelled, and undone: as if they had not been. Default: `"reject"`.
   */
  when_busy?: "enqueue" | "interrupt" | "reject" | "rollback";
  /**
   * Tell each callback of LangChain's too, as `callback` events: what `astream_events` gives.
   * Many, and large. Default: `false`.
   */
  callbacks?: boolean;
  /** A retry with the same key starts nothing: it gets the first one's answer. */
  idempotency_key?: string | null;
  /**
   * True: all errors stop, as at first. False: none does, and the run fails. A list: those of
   * these exception types, by the name of the class, or of one it is derived from.
   */
  break_on_error?: boolean | string[];
  /**
   * Which errors stop also where they would not end the run: retried, handled, or inside a
   * function that may catch them. Such a stop's reason is `raised`; released, the node runs again,
   * and if it raises again, the retry, the handler or the function has its turn. True, false or
   * types as in `errors`.
   */
  break_on_raised?: boolean | string[];
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The run that was started, and where its events are. */
export interface QueryStartResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The run: one query in a session. */
  run_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** The query text; null where `input` was given. */
  query: string | null;
  /**
   * How long it may take: the median of the graph's newest completed runs, pauses included; 30000
   * before any.
   */
  estimated_duration_ms: number;
  /** Where SSE clients read the events. */
  stream_url: string;
  /** The session's last event before this run: read after it. */
  seq: number;
}

/**
 * What SQLite's `quick_check`, which runs beside the work from the start on, found in the
 * databases.
 */
export interface QuickCheck {
  /** `damaged` makes the server `unhealthy`; `failed`: it could not be checked. */
  status: "damaged" | "failed" | "ok" | "running" | "stopped";
  /** How long it took. */
  seconds: number;
  /** What is wrong, by file; the first few. */
  problems: string[];
}

/**
 * Which breakpoint: that of `node_name`, of the node that is written at `file` and `line`, or of a
 * `channel`.
 */
export interface RemoveBreakpointParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** A node's name, or its path into subgraphs joined by `/`. */
  node_name?: string | null;
  /** Stop before the node's body runs, or after its update is kept. Default: `"before"`. */
  when?: "after" | "before";
  /** A source file of the graph's: absolute, or relative to `root` of `graph.describe`. */
  file?: string | null;
  /** A line of `file`, from 1: the node is the one whose function has it, decorators included. */
  line?: number | null;
  /**
   * Makes it a data breakpoint: stop behind each superstep in which a node gives this channel of
   * the state another value. `node_name` is then the path of the subgraph whose state it is, left
   * out for the top graph; `when` does not matter, and expressions see the new values as `state`.
   */
  channel?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** What is left. */
export interface RemoveBreakpointResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph. */
  node_name: string;
  /** False where there was none. */
  removed: boolean;
  /** Those of the session that are enabled. */
  total_breakpoints: number;
  /** The nodes it is of: one, but where several share the function at a line. */
  node_names: string[];
  /** Of a data breakpoint: its channel, of the graph at `node_name` ('' is the top one). */
  channel: string | null;
}

/** A person's answer to a node that asks. */
export interface RespondParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** What the node's `interrupt()` returns. */
  value?: Json;
  /** Which question; needed where several are open. */
  interrupt_id?: string | null;
  /** Several answers at once, by `interrupt_id`, in the place of `value`. */
  answers?: { [key: string]: Json } | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/**
 * Which node, or which run of it, runs again; neither: the one that stands, asks or failed, or ran
 * last.
 */
export interface RestartNodeParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Its newest run on the way to here (name or path). */
  node_name?: string | null;
  /** This run of it; of what a function calls, the function's. */
  task_id?: string | null;
  /** Let it go at once, to its end; else it stands before it. Default: `false`. */
  run?: boolean;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The task that begins again. */
export interface RestartNodeResult {
  /** The checkpoint of its graph that it runs at. */
  checkpoint_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The node's path from the top graph. */
  path: string;
}

/** Which failed session goes on. */
export interface ResumeParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * Go on although the graph does not have keys of the saved state any more (`graph_changed` names
   * them): what they hold is given up. Default: `false`.
   */
  discard?: boolean;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** Where to go back to. */
export interface RewindParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /** Go on from there at once; else stand there, stopped. Default: `false`. */
  rerun?: boolean;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** Where the session stands now. */
export interface RewindResult {
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
}

/** One query in a session. */
export interface Run {
  /** The run: one query in a session. */
  run_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** Its text, or its input where it had no text. */
  query: Json;
  /** Its `config`; empty where it had none. */
  config: { [key: string]: Json };
  /** The session's last event before it. */
  after: number;
  /** UTC time of day and date, RFC 3339 with milliseconds. */
  created_at: string;
  /** When it began to execute. */
  started_at: string | null;
  /** When it was over. */
  completed_at: string | null;
  /** Milliseconds from its start to its end, pauses included. */
  duration_ms: number | null;
  /** Why it failed, where it did. */
  error: Failure | null;
  /** Where it completed: `session.value` has its result by this. */
  result_ref: string | null;
  /** Its tokens; null where no model said any. */
  usage: Usage | null;
}

/** Whose runs, and which page of them. */
export interface RunsParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** At most so many. Default: `50`. */
  limit?: number;
  /** Only those older than this run's id. */
  before?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A page of a session's runs. */
export interface RunsResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Newest first. */
  runs: Run[];
  /** The next page's `before`; null on the last. */
  next_before: string | null;
}

/** JSON Schemas (2020-12) of what goes in, what is kept, what comes out. */
export interface Schemas {
  /** Of `query.start`'s `input`. */
  input: Json;
  /** Of the values `debug.inspect` shows. */
  state: Json;
  /** Of the result. */
  output: Json;
  /** Of `query.start`'s `config`, where the graph declares one. */
  config: Json;
}

/** Who serves, and within which limits. */
export interface ServerInfoResult {
  /** Always `stepwire`. */
  name: string;
  /** Of the server. */
  version: string;
  /** Of the methods, events and errors. */
  protocol_version: string;
  /** Of LangGraph. */
  langgraph_version: string;
  /** Of Python. */
  python_version: string;
  /** Of this start of the server: where it is another one, the server was restarted. */
  instance_id: string;
  /** Its clock. */
  time: string;
  /** Milliseconds since it started. */
  uptime_ms: number;
  /** Sessions of the caller's, queued or running. */
  active_sessions: number;
  /** What it accepts. */
  limits: Limits;
  /** What this server can do, by name. */
  capabilities: { [key: string]: boolean };
  /** The methods it serves. */
  methods: MethodName[];
  /** The events it sends. */
  events: EventName[];
}

/** A node that serves here: one server, or one of those that share a database. */
export interface ServerNode {
  /** Of this start of it: another one after it. */
  id: string;
  /** `api` answers clients, `worker` runs graphs, `all` does both. */
  role: "all" | "api" | "worker";
  /** Of Stepwire. */
  version: string;
  /** The graphs it has, by name. */
  graphs: string[];
  /** How many runs it executes at once, at most. */
  concurrency: number;
  /** How many it executes. */
  running: number;
  /** When it started. */
  started_at: string;
  /** When it last said that it lives; after 8 seconds without, others go on with what it ran. */
  last_seen: string;
}

/** The nodes, those that ended without a word within the last minute among them. */
export interface ServerNodesResult {
  /** The oldest first. */
  nodes: ServerNode[];
}

/** One conversation with a graph: a LangGraph thread, its latest run and that run's outcome. */
export interface Session {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The name a graph is served under, see `graph.list`. */
  graph: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** UTC time of day and date, RFC 3339 with milliseconds. */
  created_at: string;
  /** UTC time of day and date, RFC 3339 with milliseconds. */
  updated_at: string;
  /** The number of the last committed event; 0 before any. */
  seq: number;
  /** The oldest event that is kept; 1 where none was removed. */
  first_seq: number;
  /** The latest run; null before any. */
  run_id: string | null;
  /** How many queries this session has had. */
  runs: number;
  /** Whether `debug.*` may be used on it. */
  debug_mode: boolean;
  /** The name its creator gave it; else `Session ` and its id's first eight characters. */
  session_name: string;
  /** The latest run's query text, or its input where it had no text. */
  query: Json;
  /** The latest run's `config`; empty where it had none. */
  config: { [key: string]: Json };
  /** The graph's output, once `completed`; else null. */
  result: Json;
  /** Why it failed, once `failed`. */
  error: Failure | null;
  /** What it asks, while `waiting` (or `paused` beside). */
  interrupts: Interrupt[];
  /** When the latest run began to execute. */
  started_at: string | null;
  /** When the latest run was over, be it completed, failed or cancelled. */
  completed_at: string | null;
  /** Milliseconds from the latest run's start to its end, pauses included. */
  duration_ms: number | null;
  /** How long the latest run was expected to take. */
  estimated_duration_ms: number;
  /** The latest run's tokens; null where no model said any. */
  usage: Usage | null;
  /** Whose it is; `local` where nobody has to say who they are. */
  owner: string;
  /** What it was tagged with. */
  tags: string[];
  /** What its clients keep with it; the server reads none of it. */
  metadata: { [key: string]: Json };
}

/** A session was made, changed or deleted. */
export interface SessionChanged {
  /** The place of a change among all: `session.watch` goes on behind it. */
  cursor: string;
  /**
   * `created`: it was not there at the cursor before. `changed`: its status, name, tags, metadata,
   * questions or run did; events alone are none. Of several changes that come together the last is
   * told.
   */
  change: "changed" | "created" | "deleted";
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** As `session.list` has it; null where it was deleted. */
  session: Session | null;
}

/** The session is no more: its last event, sent to whoever is subscribed, and kept nowhere. */
export interface SessionDeleted {
  /** `request`: a client deleted it. `age`: it was untouched for too long. */
  reason: "age" | "request";
}

/**
 * The session rests, nobody has touched it for long, and it will be removed: whoever still wants
 * it, moves it.
 */
export interface SessionExpiring {
  /** When, at the earliest, unless somebody does something with it. */
  removed_at: string;
}

/** Which sessions, and which page of them. */
export interface SessionListParams {
  /** At most so many. Default: `50`. */
  limit?: number;
  /** Skip so many; not with `cursor`. Default: `0`. */
  offset?: number;
  /** `next_cursor` of the page before: no row twice, none missed. */
  cursor?: string | null;
  /** Only sessions in this status, or in one of these. */
  status?: Status | Status[] | null;
  /**
   * Only where the name, the id, a query or an input contains this, in any case; of one or two
   * characters: where a word of the name, a query or an input begins with it.
   */
  search?: string | null;
  /** Only sessions whose id begins with this, or is this. */
  id_prefix?: string | null;
  /** Only sessions of this graph. */
  graph?: string | null;
  /** Only sessions made then or later; RFC 3339. */
  created_after?: string | null;
  /** Only sessions made before then; RFC 3339. */
  created_before?: string | null;
  /** Only sessions that have all of these tags. */
  tags?: string[] | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** A page of sessions. */
export interface SessionListResult {
  /** Newest first; `result` is left out: `session.get` has it. */
  sessions: Session[];
  /** How many match, on all pages; exact up to 10,000. */
  total: number;
  /** `eq`: there are `total`. `gte`: there are that many or more. */
  total_relation: "eq" | "gte";
  /** As asked. */
  limit: number;
  /** As asked. */
  offset: number;
  /** Null on the last page. */
  next_cursor: string | null;
}

/** Which session. */
export interface SessionParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/**
 * The run was cut off, and goes on from its last checkpoint. Nodes may run again, but for a
 * `reload`.
 */
export interface SessionRecovered {
  /**
   * `restart`: the server's process ended. `storage`: its disk failed. `blocked`: another run's
   * node held the event loop that it ran on. `reload`: the graph was loaded anew while it ran, and
   * goes on as it is now; no node runs again. `resume`: it had failed, and `query.resume` was
   * called.
   */
  reason: "blocked" | "reload" | "restart" | "resume" | "storage";
  /** From where; null where nothing had been saved. */
  checkpoint_id: string | null;
  /**
   * How often the server died while the run was under way, since that came further last; ends that
   * were meant do not count.
   */
  deaths: number;
}

/** The session's status changed. */
export interface SessionStatus {
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** What it was; null for a new session. */
  previous: Status | null;
  /** What was asked; only in the first event of a run with text. */
  query?: string;
  /** What was asked; only in the first event of a run without text. */
  input?: Json;
}

/**
 * The breakpoint to set, or to change: of one with the same node and `when` the fields left out
 * stay as they are.  It is of `node_name`, of the node that is written at `file` and `line`, or of
 * a `channel` of the state.
 */
export interface SetBreakpointParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** A node's name, or its path into subgraphs joined by `/`. */
  node_name?: string | null;
  /** False disables the breakpoint of this node and `when`. Default: `true`. */
  enabled?: boolean;
  /** Stop before the node's body runs, or after its update is kept. Default: `"before"`. */
  when?: "after" | "before";
  /**
   * An expression over `state` (the values of the node's graph), `input` (the node's own),
   * `config` and `context` (the query's); stops only where it is true.
   */
  condition?: string | null;
  /** Stop at the n-th time and later; 1 is every time. */
  hit_count?: number | null;
  /** Makes it a log point: write this as `debug.log`, `{expressions}` filled in, and go on. */
  log?: string | null;
  /** A source file of the graph's: absolute, or relative to `root` of `graph.describe`. */
  file?: string | null;
  /** A line of `file`, from 1: the node is the one whose function has it, decorators included. */
  line?: number | null;
  /**
   * Makes it a data breakpoint: stop behind each superstep in which a node gives this channel of
   * the state another value. `node_name` is then the path of the subgraph whose state it is, left
   * out for the top graph; `when` does not matter, and expressions see the new values as `state`.
   */
  channel?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The breakpoint as it is now. */
export interface SetBreakpointResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The node's name or path; of a data breakpoint that of the subgraph, '' for the top graph. */
  node_name: string;
  /** Whether it stops. */
  breakpoint_enabled: boolean;
  /** Those of the session that are enabled. */
  total_breakpoints: number;
  /** The nodes it is of: one, but where several share the function at a line. */
  node_names: string[];
  /**
   * The file its node is written in, as `graph.describe` shows it; null where there is no one
   * place.
   */
  file: string | null;
  /** The first line of its node there. */
  line: number | null;
  /** Of a data breakpoint: its channel, of the graph at `node_name` ('' is the top one). */
  channel: string | null;
}

/** What to write to the state, and in whose name. */
export interface SetStateParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * By channel, through the state's reducers; `{"__overwrite__": value}` replaces a value past its
   * channel's reducer. Default: `{}`.
   */
  values?: { [key: string]: Json };
  /**
   * Write as if this node (name or path) had: what follows it runs next. A path writes to that
   * subgraph's state; `literature/` edits it in place, as none of its nodes.
   */
  as_node?: string | null;
  /**
   * Replace only this value, by JSON Pointer (RFC 6901) into the state: what is beside it stays as
   * it is, with its types. `-` at the end of an array's pointer adds to it.
   */
  value_path?: string | null;
  /** The value for `value_path`. */
  value?: Json;
  /**
   * Edit what this task is given: of one that `Send` made its own input, else the state of its
   * graph. Beside `as_node`: a task of the graph that is meant, where several run at its path at
   * once.
   */
  task_id?: string | null;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** Where a node's function is written. */
export interface SourceLines {
  /** The file: relative to the description's `root` where it is inside. */
  file: string;
  /** 1-based, decorators included. */
  first_line: number;
  /** 1-based, inclusive. */
  last_line: number;
}

/** A superstep's state was saved: `debug.inspect` shows it, `debug.rewind` returns to it. */
export interface StateCheckpoint {
  /** A saved state of the session, see `debug.history`. */
  checkpoint_id: string;
  /** The one before, in this graph. */
  parent_checkpoint_id: string | null;
  /** The (sub)graph it is of: '' is the top graph. */
  path: string;
  /** The superstep; -1 is the input. */
  step: number;
  /** `input`, `loop`, `update` or `fork`. */
  source: string;
  /** The nodes that run next. */
  next: string[];
}

/** Where a session, or its run, is. */
export type Status = "idle" | "queued" | "running" | "paused" | "waiting" | "completed" | "failed" | "cancelled";

/** The session's status after the call. */
export interface StatusResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
}

/** Which session, how far, and whose step is taken back. */
export interface StepBackParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `step`: where the step before began. `breakpoint`: where the session would have stopped last
   * on the way to here, by its breakpoints as they are now; the run's first step where it would
   * not have. `start`: the run's first step. Default: `"step"`.
   */
  to?: "breakpoint" | "start" | "step";
  /**
   * Go back in the graph of this task, which stands or asks; left out: in the one graph in which
   * all of them are, else in the top one.
   */
  task_id?: string | null;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** How far to go, and which task. */
export interface StepParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Run up to this node (name or path) instead of one step. */
  node_name?: string | null;
  /**
   * `over`: to the end of the node. `into`: to the first node of its subgraph. `out`: to the end
   * of the subgraph it is in. Default: `"over"`.
   */
  mode?: "into" | "out" | "over";
  /** Which stopped task to release; all that stand where none is named. */
  task_id?: string | null;
  /**
   * Only if this is the top graph's newest checkpoint, as `debug.stopped` told it; else
   * `wrong_state`.
   */
  expected_checkpoint_id?: string | null;
  /**
   * The same call with the same key, made again because its answer was lost, does nothing and gets
   * the first one's answer; another call with it is refused. A key is of its session; choose a new
   * one for each call.
   */
  idempotency_key?: string | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** What was let go; `debug.stopped` or the run's end tells how far it came. */
export interface StepResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /**
   * `idle`: made without a query. `queued`: accepted, not started. `running`: nodes execute.
   * `paused`: a debugger's stop. `waiting`: a node asks a person. `completed`, `failed`,
   * `cancelled`: the run is over.
   */
  status: Status;
  /** As asked. */
  node_name: string | null;
  /** What happens, for a person. */
  message: string;
}

/** One task the debugger holds before its node's body. */
export interface StoppedTask {
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /**
   * Why this task stands. `change`: a data breakpoint's channel changed in the superstep before.
   * `raised`: its error would not have ended the run. `interrupt`: it asks a person, and is held
   * so that it does not run again when a sibling is stepped.
   */
  reason: "breakpoint" | "change" | "entry" | "failure" | "interrupt" | "pause" | "raised" | "step";
  /** What its body will get; large values are cut. */
  input: Json;
  /** More of the reason: the failure, or a condition that could not be evaluated. */
  detail: string | null;
  /** The task that holds it, in whose subgraph or function it runs; null at the top. */
  parent_task_id: string | null;
}

/**
 * How `query.start` subscribes, where `true` is not enough; of a subscription that exists, what to
 * change.
 */
export interface SubscribeOptions {
  /**
   * Only events of these types, such as `progress`, also by the names that a stream has for them;
   * the others are skipped. `session.deleted` is always sent.
   */
  types?: EventFilter[] | null;
  /** Send what is ready as one JSON array of notifications a frame. */
  batch?: boolean;
}

/** Which session's events, from where on, and how they are sent. */
export interface SubscribeParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Events from `after + 1` on; 0 for all. Default: `0`. */
  after?: number;
  /**
   * Only events of these types, such as `progress`, also by the names that a stream has for them;
   * the others are skipped. `session.deleted` is always sent.
   */
  types?: EventFilter[] | null;
  /** Send what is ready as one JSON array of notifications a frame. Default: `false`. */
  batch?: boolean;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** How far the session's events have come. */
export interface SubscribeResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The session's last committed event. */
  seq: number;
}

/**
 * A tool raised. Its node may go on, and tell the model. One that was cancelled ends with its
 * node.
 */
export interface ToolFailed {
  /** The id that the model gave the call; of a tool that no model called, one of its own. */
  tool_call_id: string;
  /** The tool's name. */
  tool: string;
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** What it raised. */
  error: Failure;
}

/** A tool has returned. */
export interface ToolFinished {
  /** The id that the model gave the call; of a tool that no model called, one of its own. */
  tool_call_id: string;
  /** The tool's name. */
  tool: string;
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** What it returned; of a model's call, a message of type `tool`. */
  output: Json;
  /** It is larger than an event may be, and null for that. */
  too_large: boolean;
}

/**
 * A piece of what a tool has to say, while it runs: what it gave to
 * `ToolRuntime.emit_output_delta`.
 */
export interface ToolOutput {
  /** The id that the model gave the call; of a tool that no model called, one of its own. */
  tool_call_id: string;
  /** The tool's name. */
  tool: string;
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** The piece; most often a text to append. */
  delta: Json;
}

/**
 * A tool is called, by a node that runs LangChain's tools. A call that asks is told as started
 * again when it was answered.
 */
export interface ToolStarted {
  /** The id that the model gave the call; of a tool that no model called, one of its own. */
  tool_call_id: string;
  /** The tool's name. */
  tool: string;
  /** The node's name in its graph. */
  node: string;
  /** The node's path from the top graph. */
  path: string;
  /** One execution of a node in one superstep; the same before and after a stop. */
  task_id: string;
  /** What it is called with, without what the node injects. */
  input: Json;
  /** It is larger than an event may be, and null for that. */
  too_large: boolean;
}

/** Whether this connection was sent changes until now. */
export interface UnwatchResult {
  /** False where nothing was to be stopped. */
  watched: boolean;
}

/** What to change of a session. What is left out stays as it is. */
export interface UpdateParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** Its name; null takes it away. */
  session_name?: string | null;
  /** All of its tags from here on, each once. */
  tags?: string[];
  /** Members to set in its metadata, of 16 KiB in all; null takes one away. */
  metadata?: { [key: string]: Json };
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** Tokens that a run's chat models said they took, added up. */
export interface Usage {
  /** Read by models. */
  input_tokens: number;
  /** Written by models. */
  output_tokens: number;
  /** Both. */
  total_tokens: number;
}

/** Which part of a value an answer has. */
export interface ValuePage {
  /** The JSON type of the whole value. */
  type: "array" | "boolean" | "null" | "number" | "object" | "string";
  /** How many members, items or characters it has; null where it has none. */
  length: number | null;
  /** The first that is here, from 0. */
  start: number;
  /** Where the next page starts; null where this is the last. */
  next_start: number | null;
}

/** Which value that was cut, and which page of it. */
export interface ValueParams {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** The `ref` of a `$cut`; with a JSON Pointer behind it, what is inside. */
  ref: string;
  /** Elements, members or characters to skip. Default: `0`. */
  start?: number;
  /** At most so many of them; else as many as fit. */
  count?: number | null;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The value, or a page of it. */
export interface ValueResult {
  /** The session's identifier, as `query.start` returned it. */
  session_id: string;
  /** As asked. */
  ref: string;
  /** Of the whole value. */
  type: "array" | "boolean" | "null" | "number" | "object" | "string";
  /** Of the whole value as JSON. */
  bytes: number;
  /** Elements, members or characters of the whole; null where it has none. */
  length: number | null;
  /** As asked. */
  start: number;
  /** The next page's `start`; null on the last, or only, page. */
  next: number | null;
  /**
   * The value, or of an array some elements, of an object some members, of a string some
   * characters. What is too large in it is cut again.
   */
  value: Json;
}

/** From where on, and how the changes are sent. */
export interface WatchParams {
  /** What changed behind this place, as it was told; what changes from now on where it is left out. */
  cursor?: string | null;
  /**
   * Send those that are ready together as one JSON array of notifications a frame. Default:
   * `false`.
   */
  batch?: boolean;
  /** For whoever stands between client and server; ignored here. */
  _meta?: { [key: string]: Json };
}

/** The place from which on changes are sent. */
export interface WatchResult {
  /** The place of a change among all: `session.watch` goes on behind it. */
  cursor: string;
}

/**
 * A function that a node runs, at any depth, or that it calls as a LangGraph task, and where it is
 * written.
 */
export interface WrittenFunction {
  /** The node's path, or that of the task. */
  path: string;
  /**
   * The file: absolute, or as `source` has it where the server does not show its folders
   * (`show_source_root`).
   */
  file: string;
  /** 1-based, decorators included. */
  first_line: number;
  /** 1-based, inclusive. */
  last_line: number;
  /** Whether a node calls it as a task: such a path is in no drawing. */
  is_task: boolean;
}

/** Params and result of every method. */
export interface Methods {
  /** Start a query in a new session, or a follow-up in one. */
  "query.start": { params: QueryStartParams; result: QueryStartResult };
  /** Stop a session's run: its nodes are cancelled. */
  "query.cancel": { params: SessionParams; result: CancelResult };
  /** Answer a node that asks (`interrupt()`). */
  "query.respond": { params: RespondParams; result: StatusResult };
  /** Let a failed run go on from its last checkpoint. */
  "query.resume": { params: ResumeParams; result: StatusResult };
  /** The sessions, newest first. */
  "session.list": { params: SessionListParams; result: SessionListResult };
  /** One session with its result. */
  "session.get": { params: SessionParams; result: Session };
  /** Change a session's name, tags or metadata, whatever it does. */
  "session.update": { params: UpdateParams; result: Session };
  /** Delete a session with its events and checkpoints. */
  "session.delete": { params: SessionParams; result: DeleteResult };
  /** Send this connection a session's events from `after + 1` on. */
  "session.subscribe": { params: SubscribeParams; result: SubscribeResult };
  /** Stop sending this connection a session's events. */
  "session.unsubscribe": { params: SessionParams; result: SubscribeResult };
  /** Committed events of a session, for clients that poll. */
  "session.events": { params: EventsParams; result: EventsResult };
  /** A session's queries, newest first. */
  "session.runs": { params: RunsParams; result: RunsResult };
  /** A value that was cut out of an event or answer, whole or by page. */
  "session.value": { params: ValueParams; result: ValueResult };
  /** Send this connection each change of the sessions that its caller may see. */
  "session.watch": { params: WatchParams; result: WatchResult };
  /** Stop sending this connection changes of sessions. */
  "session.unwatch": { params: NoParams; result: UnwatchResult };
  /** Changes of the sessions, for clients that poll. */
  "session.changes": { params: ChangesParams; result: ChangesResult };
  /** Set, change, enable or disable a breakpoint or log point. */
  "debug.setBreakpoint": { params: SetBreakpointParams; result: SetBreakpointResult };
  /** Remove a breakpoint or log point. */
  "debug.removeBreakpoint": { params: RemoveBreakpointParams; result: RemoveBreakpointResult };
  /** All breakpoints of a session. */
  "debug.breakpoints": { params: SessionParams; result: BreakpointsResult };
  /** Let a stopped session run one step, or up to a node. */
  "debug.step": { params: StepParams; result: StepResult };
  /** Let a stopped session run to the next breakpoint. */
  "debug.continue": { params: ContinueParams; result: StatusResult };
  /** Stop a running session at its next superstep. */
  "debug.pause": { params: SessionParams; result: StatusResult };
  /** Stop where a node raises: at all errors, none, or those of some types. */
  "debug.breakOnError": { params: BreakOnErrorParams; result: BreakOnErrorResult };
  /** Debug a session, which is in debug mode from then on; a running one then heeds breakpoints. */
  "debug.attach": { params: AttachParams; result: DebuggersResult };
  /**
   * Leave a session that is debugged; with the last who does, what stands goes on, and stops no
   * more.
   */
  "debug.detach": { params: DetachParams; result: DebuggersResult };
  /** Look into a session: values, tasks, inputs, last updates. */
  "debug.inspect": { params: InspectParams; result: InspectResult };
  /** A session's checkpoints, newest first. */
  "debug.history": { params: HistoryParams; result: HistoryResult };
  /** What differs between the states of two checkpoints. */
  "debug.diff": { params: DiffParams; result: DiffResult };
  /** Evaluate an expression over the state, a task's input, the run's config and context. */
  "debug.evaluate": { params: EvaluateParams; result: EvaluateResult };
  /** Edit the state of a stopped or ended session. */
  "debug.setState": { params: SetStateParams; result: CheckpointResult };
  /** Go back to a checkpoint; stand there, or go on from it. */
  "debug.rewind": { params: RewindParams; result: RewindResult };
  /** Go back to where the step before began, or to the breakpoint before. */
  "debug.stepBack": { params: StepBackParams; result: RewindResult };
  /** Run one node again, without those beside it. */
  "debug.restartNode": { params: RestartNodeParams; result: RestartNodeResult };
  /** The graphs this server serves. */
  "graph.list": { params: NoParams; result: GraphListResult };
  /** A graph's nodes, edges, layout, sources, schemas. */
  "graph.describe": { params: DescribeParams; result: DescribeResult };
  /** Name, versions, limits and capabilities. */
  "server.info": { params: NoParams; result: ServerInfoResult };
  /** The nodes that serve here: what each does, has and runs. */
  "server.nodes": { params: NoParams; result: ServerNodesResult };
  /** The OpenRPC document of these methods. */
  "rpc.discover": { params: NoParams; result: Json };
}

/** Every event's own fields; `EventHeader` stands before them. */
export interface Events {
  /** The session's status changed. */
  "session.status": SessionStatus;
  /** A node's body is about to run (or to be entered again on resume). */
  "node.started": NodeStarted;
  /** A node's body ended and its update is kept. */
  "node.finished": NodeFinished;
  /** A node's body raised. */
  "node.failed": NodeFailed;
  /**
   * A node's body will not end: its run was cancelled or cut off, a sibling ended it, or the
   * session was moved.
   */
  "node.cancelled": NodeCancelled;
  /**
   * A node's code holds the event loop that other runs share: those go on elsewhere, it goes on.
   * It should await what it waits for, or be a plain function, which runs in a thread.
   */
  "node.blocked": NodeBlocked;
  /** What a node wrote to LangGraph's stream writer. */
  "progress": Progress;
  /** A token or piece of a chat model's message, or a whole message a node returned. */
  "message.delta": MessageDelta;
  /**
   * A tool is called, by a node that runs LangChain's tools. A call that asks is told as started
   * again when it was answered.
   */
  "tool.started": ToolStarted;
  /**
   * A piece of what a tool has to say, while it runs: what it gave to
   * `ToolRuntime.emit_output_delta`.
   */
  "tool.output": ToolOutput;
  /** A tool has returned. */
  "tool.finished": ToolFinished;
  /**
   * A tool raised. Its node may go on, and tell the model. One that was cancelled ends with its
   * node.
   */
  "tool.failed": ToolFailed;
  /**
   * What LangChain's callbacks tell, as `astream_events` (version `v2`) has it; only of a run that
   * was started with `callbacks`.
   */
  "callback": Callback;
  /** A superstep's state was saved: `debug.inspect` shows it, `debug.rewind` returns to it. */
  "state.checkpoint": StateCheckpoint;
  /** The debugger stopped; nothing runs until it is stepped or continued. */
  "debug.stopped": DebugStopped;
  /** The debugger let the session go on. */
  "debug.resumed": DebugResumed;
  /**
   * The state was edited, the session went back to a checkpoint, or a node begins again, while
   * nothing ran.
   */
  "debug.changed": DebugChanged;
  /** A breakpoint was set, changed or removed. */
  "debug.breakpoint": DebugBreakpoint;
  /** A log point was passed. */
  "debug.log": DebugLog;
  /** A node called `interrupt()`: answer with `query.respond`. */
  "input.requested": InputRequested;
  /** The run ended well: the graph's output. */
  "query.result": QueryResult;
  /** The run ended with an exception. */
  "query.failed": QueryFailed;
  /**
   * The run was cut off, and goes on from its last checkpoint. Nodes may run again, but for a
   * `reload`.
   */
  "session.recovered": SessionRecovered;
  /**
   * The session rests, nobody has touched it for long, and it will be removed: whoever still wants
   * it, moves it.
   */
  "session.expiring": SessionExpiring;
  /** The session is no more: its last event, sent to whoever is subscribed, and kept nowhere. */
  "session.deleted": SessionDeleted;
}

/** The params of what is sent to who watches. */
export interface Feeds {
  /** A session was made, changed or deleted. */
  "session.changed": SessionChanged;
}

/** Every error's code, by the name in its `data.type`. */
export interface ErrorCodes {
  /** The message is not valid JSON. */
  "parse_error": -32700;
  /** The JSON is not a request object, or the frame is not text. */
  "invalid_request": -32600;
  /** There is no method of that name. */
  "method_not_found": -32601;
  /** A field is missing, unknown, or of a wrong type or value; `path` names it. */
  "invalid_params": -32602;
  /** A fault of the server; its log has the cause. */
  "internal_error": -32603;
  /** There is no session with that id. */
  "session_not_found": -32000;
  /**
   * The session's status does not allow this; `detail` says which it is and which are allowed. Or
   * another node has the version of the graph that the session is for; `detail` names it.
   */
  "wrong_state": -32001;
  /** The server has no graph of that name. */
  "graph_not_found": -32002;
  /** The session was started without `debug_mode`; `debug.attach` turns it on. */
  "not_in_debug_mode": -32003;
  /** Credentials are needed and were not given, or are not valid (any more). */
  "unauthorized": -32004;
  /** The origin or the caller may not do this. */
  "forbidden": -32005;
  /** Too many requests; wait `retry_after_ms`. */
  "rate_limited": -32006;
  /**
   * A message, batch, nesting or number of subscriptions exceeds one of `server.info`'s limits;
   * `limit` names it.
   */
  "too_large": -32007;
  /**
   * The server cannot take this now (its queue or its disk is full, or it is stopping); nothing
   * was started.
   */
  "overloaded": -32008;
  /** The graph has no such node, or no such task is stopped; `detail` names the nearest. */
  "node_not_found": -32010;
  /** The session has no such checkpoint. */
  "checkpoint_not_found": -32011;
  /**
   * Events after `after` were removed, being old: go on `after` `first_seq` less one, and read the
   * session anew.
   */
  "events_gone": -32012;
  /**
   * The server's data directory is damaged, gone, replaced or cannot be written: no work is taken
   * until somebody mends it. Nothing was changed, and trying again is of no use; `/health` says
   * the same.
   */
  "storage_broken": -32013;
  /**
   * Something stored of this session cannot be read; `detail` names it. Of events: those before
   * `first_seq` less one that were asked for; go on `after` that. `session.delete` removes the
   * session.
   */
  "unreadable": -32014;
  /**
   * Code of the graph's own that the call needs (a reducer, a router, a validator of its state or
   * settings) did not return in time; nothing was changed.
   */
  "graph_timeout": -32015;
  /**
   * The owner has as many sessions, or as much stored, as the server allows one; `limit` names
   * which. Nothing was started, and `session.delete` makes room.
   */
  "quota_exceeded": -32016;
}

export type MethodName = keyof Methods;
export type EventName = keyof Events;
export type FeedName = keyof Feeds;
export type ErrorName = keyof ErrorCodes;

/** A call's identifier, chosen by the client. */
export type Id = string | number;

type Params<M extends MethodName> = {} extends Methods[M]["params"]
  ? { params?: Methods[M]["params"] | Json[] }
  : { params: Methods[M]["params"] | Json[] };

/** A call; params by position are an array in the order of the fields. */
export type RpcRequest<M extends MethodName = MethodName> = M extends MethodName
  ? { jsonrpc: "2.0"; method: M; id: Id } & Params<M>
  : never;

/** The answer to a call. */
export interface RpcSuccess<M extends MethodName = MethodName> {
  jsonrpc: "2.0";
  result: Methods[M]["result"];
  id: Id;
}

/** The answer to a call that failed; `id` is null where the call's could not be read. */
export interface RpcFailure {
  jsonrpc: "2.0";
  error: RpcError;
  id: Id | null;
}

/** An error: switch on `code`, and the compiler knows `data.type`. */
export type RpcError = {
  [E in ErrorName]: {
    code: ErrorCodes[E];
    message: string;
    data: ErrorData & { type: E };
  };
}[ErrorName];

/** A change as it arrives, of no one session: switch on `method`. */
export type StepwireNotice<F extends FeedName = FeedName> = F extends FeedName
  ? { jsonrpc: "2.0"; method: F; params: Feeds[F] }
  : never;

export type RpcResponse<M extends MethodName = MethodName> = RpcSuccess<M> | RpcFailure;

/** An event as it arrives: switch on `method`. */
export type StepwireEvent<E extends EventName = EventName> = E extends EventName
  ? { jsonrpc: "2.0"; method: E; params: EventHeader & Events[E] }
  : never;

/** What a frame from the server holds. */
export type Incoming =
  | RpcResponse
  | StepwireEvent
  | StepwireNotice
  | Array<RpcResponse | StepwireEvent | StepwireNotice>;

/* Each event as it arrives. */
export type SessionStatusEvent = StepwireEvent<"session.status">;
export type NodeStartedEvent = StepwireEvent<"node.started">;
export type NodeFinishedEvent = StepwireEvent<"node.finished">;
export type NodeFailedEvent = StepwireEvent<"node.failed">;
export type NodeCancelledEvent = StepwireEvent<"node.cancelled">;
export type NodeBlockedEvent = StepwireEvent<"node.blocked">;
export type ProgressEvent = StepwireEvent<"progress">;
export type MessageDeltaEvent = StepwireEvent<"message.delta">;
export type ToolStartedEvent = StepwireEvent<"tool.started">;
export type ToolOutputEvent = StepwireEvent<"tool.output">;
export type ToolFinishedEvent = StepwireEvent<"tool.finished">;
export type ToolFailedEvent = StepwireEvent<"tool.failed">;
export type CallbackEvent = StepwireEvent<"callback">;
export type StateCheckpointEvent = StepwireEvent<"state.checkpoint">;
export type DebugStoppedEvent = StepwireEvent<"debug.stopped">;
export type DebugResumedEvent = StepwireEvent<"debug.resumed">;
export type DebugChangedEvent = StepwireEvent<"debug.changed">;
export type DebugBreakpointEvent = StepwireEvent<"debug.breakpoint">;
export type DebugLogEvent = StepwireEvent<"debug.log">;
export type InputRequestedEvent = StepwireEvent<"input.requested">;
export type QueryResultEvent = StepwireEvent<"query.result">;
export type QueryFailedEvent = StepwireEvent<"query.failed">;
export type SessionRecoveredEvent = StepwireEvent<"session.recovered">;
export type SessionExpiringEvent = StepwireEvent<"session.expiring">;
export type SessionDeletedEvent = StepwireEvent<"session.deleted">;
