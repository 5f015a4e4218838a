// The ids that answers and events brought: the examples are then of what there is.

/** By a parameter's name: the fields whose value it may get. */
const SOURCES = {
  session_id: ["session_id"],
  checkpoint_id: ["checkpoint_id"],
  interrupt_id: ["interrupt_id"],
  task_id: ["task_id"],
  node_name: ["path"],
};

/** The last ones, all of one session: those of another one are of no use to it. */
export class Ids {
  constructor() {
    this.last = {};
    this.changed = () => {};
  }

  /** What an answer says: its own fields, and those of the first item that has them of each of its lists. */
  answered(result) {
    const session = found(result, ["session_id"]);
    if (session && session !== this.last.session_id) this.last = { session_id: session };
    this.learn(result);
  }

  /** What an event of the session tells; those of other sessions change nothing. */
  happened(params) {
    if (params.session_id === this.last.session_id) this.learn(params);
  }

  learn(value) {
    for (const [name, fields] of Object.entries(SOURCES)) {
      const id = name === "session_id" ? null : found(value, fields);
      if (id) this.last[name] = id;
    }
    this.changed();
  }

  /** An example with these ids in it, wherever it names one. */
  fill(example) {
    if (Array.isArray(example)) return example.map((item) => this.fill(item));
    if (example === null || typeof example !== "object") return example;
    return Object.fromEntries(
      Object.entries(example).map(([name, value]) => [
        name,
        typeof value === "string" && Object.hasOwn(this.last, name) ? this.last[name] : this.fill(value),
      ]),
    );
  }
}

/** The ends of a graph: nodes to look at, where nothing stops. */
const ENDS = ["__start__", "__end__"];

/** The first of these fields that is there, in a value or in the first item that has it of one of its lists. */
function found(value, fields) {
  if (value === null || typeof value !== "object") return null;
  const usable = (id) => typeof id === "string" && id !== "" && !ENDS.includes(id);
  for (const field of fields) {
    for (const some of [[value], ...Object.values(value).filter(Array.isArray)]) {
      const one = some.find((item) => usable(item?.[field]));
      if (one) return one[field];
    }
  }
  return null;
}
