// The tree of sessions follows its server: also when that comes late, or goes and comes back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import { Server } from "../src/server";

/** A server that knows what the extension asks for; what it was asked. */
function serve(port = 0): { server: WebSocketServer; asked: [string, unknown][] } {
  const asked: [string, unknown][] = [];
  const server = new WebSocketServer({ port, host: "127.0.0.1" });
  server.on("connection", (socket) =>
    socket.on("message", (text) => {
      const { id, method, params } = JSON.parse(String(text)) as { id: number; method: string; params: unknown };
      asked.push([method, params]);
      const error = { code: -32000, message: "Session not found", data: { type: "session_not_found", detail: "it is gone" } };
      const result = method === "session.watch" ? { cursor: "start" } : { sessions: [] };
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, ...(method === "session.delete" ? { error } : { result }) }));
      if (method !== "session.watch") return;
      const changed = { cursor: `after ${asked.length}`, change: "deleted", session_id: "one", session: null };
      socket.send(JSON.stringify({ jsonrpc: "2.0", method: "session.changed", params: changed }));
    }),
  );
  return { server, asked };
}

async function until(found: () => boolean): Promise<void> {
  while (!found()) await new Promise((resolve) => setTimeout(resolve, 10));
}

test("changes are told, and again from where they stopped", { timeout: 20_000 }, async () => {
  const first = serve();
  await new Promise((resolve) => first.server.on("listening", resolve));
  const { port } = first.server.address() as AddressInfo;
  const told: string[] = [];
  const server = new Server((changes) => told.push(...changes.map((one) => one.session_id)));
  const client = server.use(`http://127.0.0.1:${port}`, "");
  assert.equal(server.use(`http://127.0.0.1:${port}`, ""), client);
  assert.deepEqual(await server.call(client, "session.list", { limit: 50 }), { sessions: [] });
  await assert.rejects(server.call(client, "session.delete", { session_id: "one" }), /it is gone/);
  await until(() => told.length === 1);
  for (const socket of first.server.clients) socket.terminate();
  await new Promise((resolve) => first.server.close(resolve));
  const second = serve(port);
  await until(() => told.length === 2);
  assert.match(JSON.stringify(second.asked.find(([method]) => method === "session.watch")), /"cursor":"after/);
  server.close();
  assert.equal(client.state.status, "closed");
  second.server.close();
});
