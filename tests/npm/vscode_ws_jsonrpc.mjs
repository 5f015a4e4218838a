// A query with vscode-ws-jsonrpc, on which IDE extensions are built. Argument: the server's URL.

import { createWebSocketConnection, toSocket } from "vscode-ws-jsonrpc";
import { CancellationTokenSource } from "vscode-jsonrpc";
import { WebSocket } from "ws";

const silent = { error() {}, warn() {}, info() {}, log() {} };
const socket = new WebSocket(process.argv[2]);
await new Promise((resolve, reject) => {
  socket.onopen = resolve;
  socket.onerror = reject;
});
const connection = createWebSocketConnection(toSocket(socket), silent);

const events = [];
let ended;
let asks;
const end = new Promise((resolve) => (ended = resolve));
const asked = new Promise((resolve) => (asks = resolve));
connection.onNotification((method, params) => {
  events.push([method, params.seq]);
  if (method === "session.status" && params.status === "waiting") asks();
  if (method === "query.result") ended(params);
});
connection.listen();

const started = await connection.sendRequest("query.start", { input: { query: "Apollo", count: 1 } });
await asked;
const answered = await connection.sendRequest("query.respond", {
  session_id: started.session_id,
  value: "yes",
});
const result = await end;
const missing = await connection
  .sendRequest("session.get", { session_id: "nope" })
  .catch(({ code, message, data }) => ({ code, message, data }));
// What the library sends when a request is cancelled is a notification nobody here knows: it must harm nothing.
const source = new CancellationTokenSource();
const cancelled = connection.sendRequest("server.info", {}, source.token);
source.cancel();
const info = await cancelled;
connection.dispose();
socket.close();
console.log(JSON.stringify({ started, answered, result, missing, events, name: info.name }));
