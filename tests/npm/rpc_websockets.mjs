// A query with the npm client rpc-websockets, as its readme says to use it. Argument: the server's URL.

import { Client } from "rpc-websockets";

const client = new Client(process.argv[2], { reconnect: false });
await new Promise((resolve, reject) => {
  client.on("open", resolve);
  client.on("error", reject);
});

const events = [];
for (const name of ["session.status", "progress", "query.result"]) {
  client.on(name, (params) => events.push([name, params.seq]));
}
const ended = new Promise((resolve) => client.on("query.result", resolve));
const asked = new Promise((resolve) => client.on("input.requested", resolve));

const started = await client.call("query.start", { input: { query: "Apollo", count: 1 } });
await asked;
// Positional params, the library's other way.
let answered = null;
while (answered === null) {
  // The question is told a moment before the session waits.
  answered = await client.call("query.respond", [started.session_id, "yes"]).catch((error) => {
    if (error.data.type !== "wrong_state") throw error;
    return null;
  });
}
const result = await ended;
const missing = await client.call("session.get", { session_id: "nope" }).catch((error) => error);
client.close();
console.log(JSON.stringify({ started, answered, result, missing, events }));
