// What the tests of the console stand on: a real server, a real browser, and a proxy that can be cut.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const require = createRequire(join(ROOT, "clients/console/package.json"));
const { chromium } = require("playwright-core");
const AXE = require.resolve("axe-core/axe.min.js");

const PYTHON = process.env.CONSOLE_PYTHON ?? join(ROOT, ".venv/bin/python");
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Longest wait for what must come, in ms. A slow machine may want more than this. */
const PATIENCE = Number(process.env.PATIENCE ?? 60) * 1000;
const NAMES = ["research", "talk", "fan", "mail", "asking", "twice", "flood", "many", "rounds", "fails", "large", "long", "form", "circle", "fields"];
const GRAPHS = NAMES.map((name) => `${name}=tests/console/graphs.py:${name}`);

/** `stepwire serve` in a process of its own. Kill it, start it again: its data and its port stay. */
export class Server {
  #process = null;
  #folder = null;
  #said = "";
  port = 0;

  constructor(options = [], graphs = []) {
    this.options = options;
    this.graphs = [...GRAPHS, ...graphs];
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Store so many sessions before it starts. */
  async filled(count) {
    this.#folder ??= await mkdtemp(join(tmpdir(), "stepwire-console-"));
    await promisify(execFile)(PYTHON, ["-m", "tests.console.many_sessions", this.#folder, String(count)], { cwd: ROOT });
    return this;
  }

  async start() {
    this.#folder ??= await mkdtemp(join(tmpdir(), "stepwire-console-"));
    // A graph that has no time beside a browser holds no loop: its run is not begun anew elsewhere.
    const settings = ["--port", String(this.port), "--data-dir", this.#folder, "--set", "blocked_seconds=60", ...this.options];
    const command = ["-m", "stepwire", "serve", ...this.graphs, "--no-supervise", ...settings];
    const child = spawn(PYTHON, command, { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" } });
    this.#process = child;
    this.#said = "";
    await new Promise((resolve, reject) => {
      const read = (piece) => {
        this.#said += piece;
        const found = /RPC\s+ws:\/\/127\.0\.0\.1:(\d+)/.exec(this.#said);
        if (found) {
          this.port = Number(found[1]);
          resolve();
        }
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.on("exit", (code) => reject(new Error(`the server ended (${code}):\n${this.#said}`)));
    });
    return this;
  }

  kill(signal = "SIGKILL") {
    const child = this.#process;
    return new Promise((resolve) => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once("exit", resolve);
      child.kill(signal);
    });
  }

  async stop() {
    await this.kill("SIGKILL");
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  /** A new token that may do all to its owner's sessions. */
  async token(name) {
    const command = ["-m", "stepwire", "token", "create", name, "--scope", "debug", "--data-dir", this.#folder];
    const { stdout } = await promisify(execFile)(PYTHON, command, { cwd: ROOT });
    return stdout.trim();
  }

  /** A call by POST. */
  async call(method, params = {}) {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const answer = await fetch(`${this.url}/rpc`, { method: "POST", headers: { "content-type": "application/json" }, body });
    const { result, error } = await answer.json();
    assert.equal(error, undefined, JSON.stringify(error));
    return result;
  }

  /** The numbers and types of all events of a session, as the server has them. */
  async events(session) {
    const all = [];
    for (;;) {
      const { events, seq } = await this.call("session.events", { session_id: session, after: all.at(-1)?.params.seq ?? 0 });
      all.push(...events);
      if (events.length === 0 || all.at(-1).params.seq >= seq) return all;
    }
  }
}

export async function launch() {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  assert.ok(executablePath, "Chromium is needed: apt install chromium");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--js-flags=--expose-gc"] });
}

/** A tab that collects whatever the browser complains of, violations of the policy among it. */
export async function tab(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.stack));
  page.on("console", (message) => {
    // That a server is gone for a while is said by the browser too.
    const text = message.text();
    if (["error", "warning"].includes(message.type()) && !/WebSocket|ERR_CONNECTION|Failed to load resource/.test(text)) page.complaints.push(text);
  });
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== "data:" && to.host !== new URL(url).host) page.complaints.push(`asked ${request.url()}`);
  });
  await page.goto(url);
  return page;
}

export async function ask(page, text, graph) {
  if (graph) await page.locator(".ask-graph select").selectOption(graph);
  await page.locator(".node").first().waitFor();
  const box = page.locator("#question");
  await box.fill(text);
  const before = page.url();
  await box.press("Enter");
  await page.waitForURL((address) => /#\/session\//.test(address.hash) && address.href !== before);
  await page.locator(`.session-head[data-session="${sessionOf(page)}"]`).waitFor();
}

/** Once something outside of a page is so. */
export async function until(is, what) {
  for (const end = Date.now() + PATIENCE; !(await is()); await sleep(50)) assert.ok(Date.now() < end, `never came: ${what}`);
}

/** A file that is there once it is opened: what a graph that speaks `until` it waits for. */
export class Gate {
  #folder = null;

  async made() {
    this.#folder = await mkdtemp(join(tmpdir(), "stepwire-gate-"));
    this.path = join(this.#folder, "open");
    return this;
  }

  open() {
    return writeFile(this.path, "");
  }

  remove() {
    return rm(this.#folder, { recursive: true, force: true });
  }
}

export const sessionOf = (page) => /session\/([^/]+)/.exec(page.url())[1];

export async function status(page, wanted) {
  await page.locator(`.session-head .s-${wanted}`).waitFor();
  assert.equal(await page.locator(".session-head [role=status]").innerText(), wanted);
}

/** Once an element's text is so. */
export async function says(locator, pattern) {
  let text = "";
  const is = async () => pattern.test((text = (await locator.count()) === 1 ? await locator.innerText() : ""));
  await until(is, String(pattern)).catch(() => assert.match(text, pattern));
}

const SHOWS = { Answer: ".flow-scroll .run", Events: ".event", Timeline: ".bar", State: ".tree .line", History: ".checkpoint" };

/** Look at a view, once what it is for is drawn: a tab answers before that. */
export async function see(page, name) {
  await page.getByRole("tab", { name, exact: true }).click();
  await page.locator(`#panel ${SHOWS[name]}`).first().waitFor();
}

/** Once nothing of a page has changed for half a second of its pictures. */
export async function settled(page) {
  await page.evaluate(
    () =>
      new Promise((done) => {
        let frames = 0;
        const observer = new MutationObserver(() => (frames = 0));
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
        const frame = () => {
          frames += 1;
          if (frames < 30) requestAnimationFrame(frame);
          else done(observer.disconnect());
        };
        requestAnimationFrame(frame);
      }),
  );
}

/** Note from now on what of a page changes, for `touchedBeside`. */
export async function watchTouched(page) {
  await page.evaluate(() => {
    window.touched = [];
    window.touching?.disconnect();
    window.touching = new MutationObserver((changes) => window.touched.push(...changes.map((one) => one.target)));
    window.touching.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** What has changed since, except for what is in one of `places`. */
export const touchedBeside = (page, places) =>
  page.evaluate(
    (selector) => window.touched.map((one) => (one instanceof Element ? one : one.parentElement)).filter((one) => !one?.closest(selector)).map((one) => one?.outerHTML.slice(0, 300)),
    places,
  );

/** By keys alone: on to what is meant. */
export async function tabTo(page, target) {
  await target.waitFor();
  for (let presses = 0; presses < 300; presses++) {
    if (await target.evaluate((one) => one === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`no key leads to ${target}`);
}

/** axe finds nothing in what is shown now. */
export async function accessible(page, view) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(await readFile(AXE, "utf8"));
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const told = found.violations.map((one) => `${one.id}: ${one.help}\n  ${one.nodes.map((node) => `${node.html}\n    ${node.failureSummary}`).join("\n  ")}`);
  assert.deepEqual(told, [], `${view}:\n${told.join("\n")}`);
}

/** A proxy before a server whose connections can be cut. */
export class Proxy {
  #sockets = new Set();
  #server = null;
  cuts = 0;
  port = 0;
  /** Whether who connects from now on is never answered. */
  mute = false;
  /** Whether a WebSocket that opens from now on is never answered, while all else is. */
  deaf = false;

  async start(to) {
    this.#server = net.createServer((socket) => {
      const other = this.mute ? new net.Socket() : net.connect(to, "127.0.0.1");
      for (const one of [socket, other]) {
        this.#sockets.add(one);
        one.on("error", () => {});
        one.on("close", () => {
          this.#sockets.delete(one);
          socket.destroy();
          other.destroy();
        });
      }
      if (this.mute) return socket.resume();
      const { deaf } = this;
      socket.once("data", (first) => {
        if (deaf && /^upgrade: *websocket/im.test(first.toString("latin1"))) return socket.resume();
        other.write(first);
        socket.pipe(other).pipe(socket);
      });
    });
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.port = this.#server.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  get open() {
    return this.#sockets.size;
  }

  cut() {
    this.cuts += 1;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop() {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
