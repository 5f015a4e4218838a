// What a program does with the client of `clients/typescript`: one scenario, told as JSON.
//   node typescript_client.mjs INDEX.JS SCENARIO JSON-ARGUMENTS

import { WebSocket } from "ws";

const [index, scenario, given] = process.argv.slice(2);
const { Client, connect, cutRef, isRpcError, Unauthorized } = await import(index);
const args = JSON.parse(given);
// Node has a WebSocket of its own from 22 on.
const options = { ...(globalThis.WebSocket === undefined ? { WebSocket } : {}), ...args.options };

/** The name and words of what something throws. */
async function thrown(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return { name: error.name, type: error.type ?? null, message: error.message, firstSeq: error.firstSeq ?? null };
  }
}

const scenarios = {
  /** Ask, answer what is asked, and see it end. */
  async whole() {
    const client = await connect(args.url, options);
    const seqs = [];
    let last;
    for await (const event of client.run("Apollo")) {
      // The test may do something to the server now.
      if (seqs.push(event.params.seq) === 8) process.stdout.write("\n");
      last = event;
    }
    const { session_id, run_id } = last.params;
    await client.call("query.respond", { session_id, value: "yes" });
    for await (const event of client.follow(session_id, { after: seqs.at(-1) })) {
      seqs.push(event.params.seq);
      last = event;
    }
    const session = await client.session(session_id);
    const missing = await thrown(client.call("session.get", { session_id: "no-such" }));
    client.close();
    return { seqs, status: last.params.status, answer: session.result.answer, runs: session.runs, run_id, missing };
  },

  /** Several sessions at once, over a connection that is cut again and again; all that was seen. */
  async cut() {
    const client = new Client(args.url, options);
    const states = [];
    client.onState(({ status }) => states.push(status));
    const seen = await Promise.all(
      args.queries.map(async (query) => {
        const events = [];
        for await (const event of client.run(query)) events.push(event);
        const { session_id } = events[0].params;
        return { session_id, events };
      }),
    );
    const followUp = [];
    for await (const event of client.run({ query: args.queries[0], session_id: seen[0].session_id })) followUp.push(event);
    const total = (await client.call("session.list", { limit: 100 })).total;
    const runs = (await client.session(seen[0].session_id)).runs;
    client.close();
    return { seen, followUp, total, runs, opened: states.filter((status) => status === "open").length, last: states.at(-1) };
  },

  /** A reader slower than the server, with room for little. */
  async slow() {
    const client = await connect(args.url, { ...options, bufferBytes: 20_000 });
    const { session_id } = await client.start(args.query);
    const seqs = [];
    let held = 0;
    let largest = 0;
    const subscription = client.events(session_id);
    for await (const batch of subscription.batches()) {
      largest = Math.max(largest, JSON.stringify(batch).length);
      for (const event of batch) seqs.push(event.params.seq);
      if (["parked", "full", "parking"].includes(subscription.state)) held += 1;
      if (batch.some((event) => event.method === "session.status" && event.params.status === "completed")) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    client.close();
    return { seqs, largest, held };
  },

  /** One message with good and bad calls. */
  async batch() {
    const client = await connect(args.url, options);
    const results = await client.batch([
      { method: "graph.list" },
      { method: "session.get", params: { session_id: "no-such" } },
      { method: "query.start", params: { query: "Apollo" } },
    ]);
    const many = await client.batch(Array.from({ length: 1_000 }, () => ({ method: "graph.list" })));
    const large = await thrown(client.start("x".repeat(2_000_000)));
    const after = await client.call("graph.list");
    client.close();
    const told = results.map(({ status, value, reason }) => [status, value ? Object.keys(value) : reason.type]);
    return { told, many: many[0].reason?.type ?? many[0].status, large, after: after.graphs.length };
  },

  /** Two readers of one session; one that comes and goes, as a page's do. */
  async readers() {
    const client = await connect(args.url, options);
    const { session_id } = await client.start(args.query);
    const read = async () => {
      const seqs = [];
      for await (const { method, params } of client.events(session_id)) {
        seqs.push(params.seq);
        if (method === "session.status" && params.status === "completed") break;
      }
      return seqs;
    };
    for (let i = 0; i < 5; i += 1) client.events(session_id).close();
    const [one, two] = await Promise.all([read(), read()]);
    client.events(session_id).close();
    const again = await read();
    const statuses = [];
    for await (const { params } of client.events(session_id, { types: ["session.status"] })) {
      statuses.push(params.status);
      if (params.status === "completed") break;
    }
    const batches = client.events(session_id).batches();
    let last = (await batches.next()).value;
    await client.call("session.delete", { session_id });
    for await (const batch of batches) last = batch;
    const deleted = last.at(-1).method;
    const missing = await thrown(read());
    const aborted = await thrown(client.call("graph.list", {}, { signal: AbortSignal.abort() }));
    client.close();
    const closed = await thrown(client.call("graph.list"));
    return { one, two, again, statuses, deleted, missing, aborted, closed };
  },

  /** A session whose first events are gone. */
  async gone() {
    const client = await connect(args.url, options);
    const read = async (after) => {
      const seqs = [];
      for await (const event of client.events(args.session_id, { after })) {
        seqs.push(event.params.seq);
        if (event.params.seq === args.last) break;
      }
      return seqs;
    };
    const error = await thrown(read(0));
    const seqs = await read(error.firstSeq - 1);
    client.close();
    return { error, seqs };
  },

  /** With a token, without one, and with one that is none. */
  async token() {
    const client = await connect(args.url, { ...options, token: () => Promise.resolve(args.token) });
    const owner = (await client.session((await client.start("Apollo")).session_id)).owner;
    client.close();
    const without = await thrown(connect(args.url, options));
    const wrong = new Client(args.url, { ...options, token: "sw_nobody" });
    const refused = await thrown(wrong.call("graph.list"));
    const broken = await thrown(connect(args.url, { ...options, token: "two words" }));
    return { owner, without, refused, closed: wrong.state.status, final: wrong.state.error instanceof Unauthorized, broken };
  },

  /** What a server cut out of a result. */
  async large() {
    const client = await connect(args.url, options);
    let last;
    for await (const event of client.run(args.query)) if (event.method === "query.result") last = event;
    const { session_id, result } = last.params;
    const cut = Object.values(result).some((value) => cutRef(value) !== null);
    const whole = await client.whole(session_id, result);
    client.close();
    return { cut, characters: JSON.stringify(whole).length, left: JSON.stringify(whole).includes("$cut") };
  },

  /** A network that breaks without a word. */
  async silent() {
    const client = await connect(args.url, { ...options, heartbeatMs: 200 });
    const states = [];
    client.onState(({ status }) => states.push(status));
    process.stdout.write("\n");
    while (!states.includes("waiting")) await new Promise((resolve) => setTimeout(resolve, 20));
    const graphs = await client.call("graph.list");
    client.close();
    return { graphs: graphs.graphs.length };
  },

  /** All sessions' changes, over a connection that is cut again and again; then from a cursor on. */
  async watch() {
    const client = new Client(args.url, options);
    const other = await connect(args.direct, options);
    const watch = client.watch();
    const start = await watch.started();
    const ask = async () => {
      const made = [];
      for (const query of args.queries) {
        const started = await other.start(query);
        for await (const event of other.follow(started.session_id)) void event;
        made.push(started.session_id);
      }
      await other.call("session.delete", { session_id: made[1] });
      await other.call("session.update", { session_id: made[0], session_name: "first" });
      return made;
    };
    const asked = ask();
    const first = new Map();
    const last = new Map();
    for await (const changes of watch) {
      for (const one of changes) {
        if (!first.has(one.session_id)) first.set(one.session_id, one.change);
        last.set(one.session_id, one.change === "deleted" ? "deleted" : `${one.session.status} ${one.session.session_name}`);
      }
      if ([...last.values()].includes("completed first")) break;
    }
    const made = await asked;
    const again = client.watch({ cursor: start });
    const second = client.watch();
    await second.started();
    const resumed = [];
    for await (const changes of again) {
      resumed.push(...changes.map((one) => [one.session_id, one.change]));
      if (resumed.length >= made.length - 1) break;
    }
    second.close();
    const ended = await second.take();
    const wrong = await thrown(client.watch({ cursor: "none" }).take());
    client.close();
    other.close();
    return { made, first: [...first], last: [...last], resumed, ended, wrong };
  },

  /** Nobody is there. */
  async nobody() {
    const none = await thrown(connect(args.url, options));
    const patient = new Client(args.url, { ...options, reconnectMs: 300 });
    const given = await thrown(patient.call("graph.list"));
    return { none, given, status: patient.state.status, is: isRpcError(new Error("none")) };
  },
};

const result = await scenarios[scenario]();
console.log(JSON.stringify(result));
