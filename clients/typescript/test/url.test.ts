import assert from "node:assert/strict";
import { test } from "node:test";
import { socketUrl, subprotocols } from "../src/url.js";

test("any address a person may give", () => {
  const cases: [string, string][] = [
    ["http://127.0.0.1:8000", "ws://127.0.0.1:8000/rpc"],
    ["https://example.org/stepwire/", "wss://example.org/stepwire/rpc"],
    ["http://[::1]:8000/rpc", "ws://[::1]:8000/rpc"],
    ["ws://127.0.0.1:8000", "ws://127.0.0.1:8000/rpc"],
    ["wss://example.org/elsewhere", "wss://example.org/elsewhere"],
  ];
  for (const [given, url] of cases) assert.equal(socketUrl(given), url);
  assert.equal(socketUrl("/", "https://example.org/orchestrator/?x#y"), "wss://example.org/rpc");
  assert.throws(() => socketUrl("ftp://example.org"), TypeError);
  assert.throws(() => socketUrl("nowhere"), TypeError);
});

test("a token is a subprotocol, and is not shown where it cannot be one", () => {
  assert.deepEqual(subprotocols(" stw_a1 "), ["stepwire.v1", "stepwire.bearer.stw_a1"]);
  assert.deepEqual(subprotocols(null), []);
  assert.throws(() => subprotocols("se cret"), (error: Error) => !error.message.includes("cret"));
});
