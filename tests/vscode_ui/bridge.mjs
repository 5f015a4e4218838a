// A page, the sources it asks for, and for each of its sockets an adapter: messages of one are frames of the other.
import { spawn } from "node:child_process";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { WebSocketServer } from "ws";

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
};

/** A server on a free port. `command`: of the adapter. `sources`: the files that may be read. */
export async function bridge(dist, command, sources) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname === "/source") {
      const path = url.searchParams.get("path");
      response.writeHead(sources.includes(path) ? 200 : 404);
      response.end(sources.includes(path) ? readFileSync(path) : "");
      return;
    }
    const file = join(dist, normalize(url.pathname === "/" ? "/index.html" : url.pathname));
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "Content-Type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  const adapters = new Set();
  new WebSocketServer({ server, path: "/dap" }).on("connection", (socket) => {
    const adapter = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
    adapters.add(adapter);
    adapter.on("exit", () => {
      adapters.delete(adapter);
      socket.close();
    });
    let pending = Buffer.alloc(0);
    adapter.stdout.on("data", (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (;;) {
        const end = pending.indexOf("\r\n\r\n");
        if (end < 0) return;
        const length = Number(/Content-Length: (\d+)/i.exec(pending.toString("utf8", 0, end))[1]);
        if (pending.length < end + 4 + length) return;
        socket.send(pending.toString("utf8", end + 4, end + 4 + length));
        pending = pending.subarray(end + 4 + length);
      }
    });
    socket.on("message", (message) => {
      const body = Buffer.from(message.toString());
      adapter.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
      adapter.stdin.write(body);
    });
    socket.on("close", () => adapter.stdin.end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const ended = () => Promise.all([...adapters].map((one) => new Promise((resolve) => one.once("exit", resolve))));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    async close() {
      const all = ended();
      for (const one of adapters) one.stdin.end();
      await all;
      server.closeAllConnections();
      server.close();
    },
  };
}
