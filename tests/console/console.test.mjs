// The console as a person uses it: a test for each thing it is for.

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";

import { accessible, ask, Gate, launch, Proxy, says, see, Server, sessionOf, settled, status, tab, tabTo, touchedBeside, until, watchTouched } from "./support.mjs";

let browser;
let server;
const pages = [];
const gates = [];

before(async () => {
  [browser, server] = await Promise.all([launch(), new Server().start()]);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.remove()));
  for (const page of pages.splice(0)) {
    const { complaints } = page;
    await page.context().close();
    assert.deepEqual(complaints, []);
  }
});

async function opened(path = "/", options = {}, url = server.url) {
  const page = await tab(browser, url + path, options);
  pages.push(page);
  return page;
}

async function gate() {
  gates.push(await new Gate().made());
  return gates.at(-1);
}

const stop = (page, path) => page.getByRole("button", { name: `Breakpoint at ${path}`, exact: true });
/** Once the breakpoint at a node is set, or is not. */
const pressed = (page, path, is) => page.locator(`.node[data-path="${path}"] > .node-head .break[aria-pressed=${is}]`).waitFor();
const node = (page, path) => page.locator(`.node[data-path="${path}"] > .node-head .node-name`);
/** Once a branch stands at a node, and the session rests. */
async function stands(page, path) {
  await page.locator(`.node[data-path="${path}"][data-state="standing"]`).waitFor();
  await page.locator(".stand").getByRole("button", { name: path, exact: true }).waitFor();
  await status(page, "paused");
}
/** How often a node ended, as the server has it. */
const ended = async (page, path) =>
  (await server.events(sessionOf(page))).filter((event) => event.method === "node.finished" && event.params.path === path).length;
/** Once the server says that the session is so. */
const rests = (page, wanted) => until(async () => (await server.call("session.get", { session_id: sessionOf(page) })).status === wanted, wanted);
const line = (page, text) => page.locator(".tree .line", { hasText: text }).first();

async function edit(page, shown, value) {
  await line(page, shown).dblclick();
  await page.locator(".edit-line textarea").fill(value);
  await page.keyboard.press("Enter");
  await page.locator(".edit-line").waitFor({ state: "detached" });
  await line(page, value).waitFor();
}

test("ask: the graph is drawn, the first text field takes the question, Enter asks", async () => {
  const page = await opened();
  for (const path of ["literature", "literature/search", "literature/rank", "web", "write"])
    assert.equal(await page.locator(`.node[data-path="${path}"]`).getAttribute("data-state"), "waiting");
  await page.locator(".react-flow__edge-path").nth(7).waitFor({ state: "attached" });
  assert.equal(await page.locator(".react-flow__edge-path").count(), 8);
  const first = page.locator("input:not([type=checkbox]), textarea").first();
  assert.equal(await first.getAttribute("id"), "question");
  await first.fill("GLP-1");
  await first.press("Enter");
  await status(page, "completed");
  assert.equal(await page.locator(".say.answer .markdown strong").innerText(), "GLP-1");
  assert.equal(await page.locator(".say.answer .markdown a").getAttribute("href"), "https://example.org/1");
  assert.equal(await page.locator(".say.answer .markdown img").count(), 0);
});

test("ask: a graph is asked for once, however many views show it", async () => {
  const page = await opened("/livez");
  const asked = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => asked.push(...[JSON.parse(payload)].flat().map((one) => one.method))));
  await page.goto(server.url);
  await page.locator(".node").first().waitFor();
  assert.deepEqual(asked.filter((one) => one === "graph.describe"), ["graph.describe"]);
});

test("ask: a form of the input's schema, and one of the settings", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("form");
  await page.getByLabel("Title", { exact: true }).fill("papers");
  await page.getByLabel("Count", { exact: true }).fill("3");
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByLabel("Tone", { exact: true }).fill("dry");
  await page.getByLabel("Its tags, with commas between").fill("by form, , kept, kept");
  await page.getByRole("button", { name: "Ask", exact: true }).click();
  await status(page, "completed");
  await says(page.locator(".say.answer"), /3 × papers/);
  const session = await server.call("session.get", { session_id: sessionOf(page) });
  assert.equal(JSON.stringify(session.config).includes("dry"), true);
  assert.deepEqual(session.tags, ["by form", "kept"]);
});

test("ask: a graph without a question is asked by its form at once; another graph has its own", async () => {
  const page = await opened();
  const graph = page.locator(".ask-graph select");
  const question = page.getByRole("textbox", { name: "Question", exact: true });
  await graph.selectOption("form");
  await page.getByLabel("Title", { exact: true }).fill("papers");
  assert.equal(await question.isDisabled(), true);
  assert.equal(await page.getByLabel("Ask with this form instead of a question").count(), 0);
  await graph.selectOption("research");
  await page.getByLabel("Title", { exact: true }).waitFor({ state: "detached" });
  await question.fill("GLP-1");
  await question.press("Enter");
  await status(page, "completed");
  const session = await server.call("session.get", { session_id: sessionOf(page) });
  assert.equal(session.graph, "research");
});

test("ask: what a form does not take is said at its field, and not asked", async () => {
  const page = await opened();
  const asked = [];
  page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => String(payload).includes("query.start") && asked.push(String(payload))));
  await page.reload();
  await page.locator(".ask-graph select").selectOption("form");
  await page.getByLabel("Count", { exact: true }).fill("2.5");
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  await page.getByLabel("Depth", { exact: true }).fill("3.5");
  const press = () => page.getByRole("button", { name: "Ask", exact: true }).click();
  const wrong = (name) => page.locator(".schema-form .rjsf-field", { has: page.getByLabel(name, { exact: true }) }).last().locator(".error-detail");
  await press();
  await wrong("Count").waitFor();
  assert.equal(await page.locator(".schema-form .error-detail").count(), 1);
  await page.getByLabel("Count", { exact: true }).fill("2");
  await wrong("Count").waitFor({ state: "detached" });
  await press();
  await wrong("Depth").waitFor();
  await page.getByLabel("Depth", { exact: true }).fill("3");
  await wrong("Depth").waitFor({ state: "detached" });
  assert.deepEqual(asked, []);
  await press();
  await status(page, "completed");
  await says(page.locator(".say.answer"), /2 ×/);
  assert.equal(asked.length, 1);
});

test("watch: states, counts, progress, messages, tool calls, tokens that flow", async () => {
  const page = await opened();
  await ask(page, "GLP-1", "research");
  await status(page, "completed");
  await page.waitForFunction(() => document.querySelector(".progress progress")?.value === 1);
  for (const path of ["literature", "literature/search", "web", "write"])
    await says(page.locator(`.node[data-path="${path}"] .words`), /^done/);
  await page.getByRole("button", { name: "Fold literature" }).click();
  await page.locator('.node[data-path="literature/search"]').waitFor({ state: "detached" });
  await ask(page, "all", "fan");
  await status(page, "completed");
  await says(page.locator('.node[data-path="each"] .words'), /6\/6 done/);
  const end = await gate();
  await ask(page, `speak until ${end.path}`, "talk");
  await page.locator(".say.ai.open", { hasText: "word3" }).waitFor();
  await page.locator('.node[data-path="talk"][data-state="running"]').waitFor();
  await end.open();
  await says(page.locator(".call"), /lookup/);
  await says(page.locator(".say.tool"), /42 trials/);
  await status(page, "completed");
  await says(page.locator(".say.ai", { hasText: "word0" }).last(), /word59/);
});

test("watch: the timeline has a bar a task, and leads to its event", async () => {
  const page = await opened();
  await ask(page, "GLP-1", "research");
  await status(page, "completed");
  await see(page, "Timeline");
  await page.locator(".bar").nth(4).waitFor();
  const rows = await page.locator(".bar").evaluateAll((bars) =>
    Object.fromEntries(bars.map((bar) => [bar.getAttribute("aria-label").split(", ")[2], bar.getBoundingClientRect().top])),
  );
  assert.deepEqual(Object.keys(rows).sort(), ["literature", "literature/rank", "literature/search", "web", "write"]);
  assert.ok(rows["literature/search"] > rows["literature"], "what is inside is below");
  assert.notEqual(rows["web"], rows["literature"], "side by side is above each other");
  await page.locator(".bar[aria-label$=', web']").click();
  await page.waitForURL(/\/event\/\d+$/);
  await page.locator(".event-card h3", { hasText: "node.started" }).waitFor();
});

test("watch: the timeline is zoomed by buttons, keys and the wheel, moved, and shown whole again", async () => {
  const page = await opened();
  await ask(page, "GLP-1", "research");
  await status(page, "completed");
  await see(page, "Timeline");
  // Every place of the axis, with what it tells: another one for each piece of the run that is shown.
  const axis = () => page.locator(".axis").evaluate((one) => one.innerHTML);
  /** What was done has been drawn by then: a key and a click are answered at once. */
  const drawn = (is) => until(is, "the timeline is drawn anew");
  // The drawing takes its place's width once that is known.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const whole = await axis();
  const list = page.getByRole("listbox", { name: "Tasks over time" });
  await page.locator(".timeline").getByRole("button", { name: "Zoom out" }).click();
  assert.equal(await axis(), whole, "no further out than the whole run");
  await page.locator(".timeline").getByRole("button", { name: "Zoom in" }).click();
  await drawn(async () => (await axis()) !== whole);
  await page.getByRole("button", { name: "Whole run" }).click();
  await drawn(async () => (await axis()) === whole);
  await list.focus();
  await page.keyboard.press("+");
  await drawn(async () => (await axis()) !== whole);
  const stood = await axis();
  await page.keyboard.press("ArrowRight");
  await drawn(async () => (await axis()) !== stood);
  const right = await axis();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await drawn(async () => ![stood, right, whole].includes(await axis()));
  await page.keyboard.press("0");
  await drawn(async () => (await axis()) === whole);
  const short = page.locator(".bar[aria-label$=', literature/search'] rect");
  const wide = () => short.evaluate((rect) => rect.width.baseVal.value);
  const before = await wide();
  // At the pointer: what is below it stays below it.
  const box = await short.boundingBox();
  const scrolled = await page.evaluate(() => document.querySelector(".timeline-scroll").scrollTop);
  await page.mouse.move(box.x + 4, box.y + box.height / 2);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await drawn(async () => (await wide()) > before * 1.05);
  const grown = await short.boundingBox();
  assert.ok(grown.x <= box.x + 4 && grown.x + grown.width >= box.x + 4, "the bar went from below the pointer");
  assert.equal(await page.evaluate(() => document.querySelector(".timeline-scroll").scrollTop), scrolled);
  assert.equal(await page.evaluate(() => visualViewport.scale), 1, "the page is not zoomed");
});

test("answer: several at once, still there after a reload, and buttons for a tool call", async () => {
  const page = await opened();
  await ask(page, "paint", "asking");
  await status(page, "waiting");
  await page.locator(".question").nth(1).waitFor();
  assert.equal(await page.locator(".question").count(), 2);
  await page.reload();
  await page.locator(".question").nth(1).waitFor();
  await page.getByRole("button", { name: "right", exact: true }).click();
  await page.locator(".question").nth(1).waitFor({ state: "detached" });
  await page.getByLabel("Answer", { exact: true }).and(page.locator("textarea")).fill("blue");
  await page.keyboard.press("Enter");
  await status(page, "completed");
  await says(page.locator(".say.answer"), /right\s+blue/);
  for (const [button, words] of [["Approve", /approve/], ["Reject", /reject.*no mail/], ["Edit", /edit.*bob@example/]]) {
    await ask(page, "post", "mail");
    await page.getByRole("button", { name: button, exact: true }).click();
    if (button === "Reject") await page.getByLabel("Message").fill("no mail");
    if (button === "Edit") await page.getByLabel("Arguments as JSON").fill('{"to": "bob@example.org"}');
    if (button !== "Approve") await page.locator(".action .answer-form button").click();
    await status(page, "completed");
    await says(page.locator(".say.answer"), words);
  }
});

test("answer: what a form shows of a question is shown once, by the form and in what was said", async () => {
  const page = await opened();
  await ask(page, "paint", "asking");
  await status(page, "waiting");
  const left = page.getByRole("article", { name: "Question of left" });
  await left.getByRole("button", { name: "right", exact: true }).waitFor();
  assert.equal(await left.getByText("Which side?").count(), 1);
  assert.equal(await left.locator(".json").count(), 0);
  const said = page.locator(".say.asks", { hasText: "Which side?" });
  await says(said, /left asks\s+Which side\?\s+left · right$/);
  assert.equal(await said.locator(".json").count(), 0);
  await ask(page, "post", "mail");
  await status(page, "waiting");
  for (const place of [page.getByRole("article", { name: "Question of mail" }), page.locator(".say.asks")]) {
    await place.getByText("ada@example.org").waitFor();
    await says(place, /Send it\?/);
    assert.doesNotMatch(await place.innerText(), /action_requests|allowed_decisions/);
  }
});

test("answer: on a narrow page nothing inside of a question is scrolled, and its button is seen; what is empty is shown as what it is", async () => {
  const page = await opened("/", { viewport: { width: 360, height: 640 } });
  await ask(page, "all", "fields");
  const question = page.getByRole("article", { name: "Question of fields" });
  await question.getByLabel("Eighth").waitFor();
  const scrolled = await page.locator(".questions").evaluate((box) =>
    [box, ...box.querySelectorAll("*")]
      .filter((one) => !["visible", "clip"].includes(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1)
      .map((one) => one.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(scrolled, []);
  const answer = question.getByRole("button", { name: "Answer", exact: true });
  // It is where it can be pressed, without being scrolled to.
  const free = () =>
    answer.evaluate((button) => {
      const { left, top, width, height } = button.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2) === button;
    });
  assert.ok(await free(), "the button is not seen");
  await question.getByLabel("Eighth").fill("8");
  assert.ok(await free(), "the button is not seen from the last field");
  await answer.click();
  await status(page, "completed");
  await see(page, "History");
  await page.locator(".checkpoint", { hasText: "the end" }).click();
  await page.locator(".diff").waitFor();
  const rows = await page.locator(".diff tbody tr").evaluateAll((all) => Object.fromEntries(all.map((row) => [row.cells[0].innerText.replaceAll("/", ""), row.cells[2].innerText])));
  assert.deepEqual([rows.text, rows.rows, rows.facts], ['""', "[]", "{}"]);
  await says(page.locator(".checkpoint-card .tree .line", { hasText: "text" }), /""/);
});

test("answer: a question beside one whose answer is being taken stays, with what is written of it", async () => {
  const page = await opened();
  const end = await gate();
  await ask(page, `paint until ${end.path}`, "asking");
  await page.locator(".question").nth(1).waitFor();
  const answer = page.getByRole("article", { name: "Question of right" }).locator("textarea");
  await answer.fill("bl");
  await page.getByRole("button", { name: "right", exact: true }).click();
  await page.locator(".question").nth(1).waitFor({ state: "detached" });
  await status(page, "running");
  await answer.focus();
  await page.keyboard.press("End");
  await page.keyboard.type("ue");
  await page.keyboard.press("Enter");
  await page.locator(".question").waitFor({ state: "detached" });
  await end.open();
  await status(page, "completed");
  await says(page.locator(".say.answer"), /right\s+blue/);
});

test("answer: what is written of a question outlives that another tab answers the one beside it", async () => {
  const page = await opened();
  const end = await gate();
  await ask(page, `paint until ${end.path}`, "asking");
  await page.locator(".question").nth(1).waitFor();
  const answer = page.getByRole("article", { name: "Question of right" }).locator("textarea");
  await answer.fill("blue");
  const { interrupts } = await server.call("session.get", { session_id: sessionOf(page) });
  const [left] = interrupts.filter((one) => one.node === "left");
  await server.call("query.respond", { session_id: sessionOf(page), interrupt_id: left.interrupt_id, value: "left" });
  await status(page, "running");
  await end.open();
  await status(page, "waiting");
  await page.locator(".question").nth(1).waitFor({ state: "detached" });
  assert.equal(await answer.inputValue(), "blue");
  await answer.press("Enter");
  await status(page, "completed");
  await says(page.locator(".say.answer"), /left\s+blue/);
});

test("answer: a node that asks one after the other is answered one after the other", async () => {
  const page = await opened();
  await ask(page, "hello", "twice");
  const question = (text) => page.locator(".question", { hasText: text }).locator("textarea");
  await question("Who are you?").fill("Ada");
  await question("Who are you?").press("Enter");
  await question("Where are you from?").fill("London");
  await question("Where are you from?").press("Enter");
  await status(page, "completed");
  await says(page.locator(".say.answer"), /Ada from London/);
});

test("answer: what is written to a question stays, also where the events that ask it come after all else", async () => {
  const page = await opened("/livez");
  const asks = "Where are you from?";
  const held = [];
  let looked = null;
  let letGo = null;
  await page.routeWebSocket(/rpc/, (socket) => {
    const upstream = socket.connectToServer();
    letGo = () => {
      looked = null;
      for (const event of held.splice(0)) socket.send(JSON.stringify([event]));
    };
    upstream.onMessage((message) => {
      const parts = [JSON.parse(message)].flat();
      if (looked !== null && JSON.stringify(parts[0].result ?? null).includes(asks)) looked();
      const at = parts.findIndex(({ method, params }) => method !== undefined && (held.length > 0 || params.value === asks));
      if (looked === null || at < 0) return socket.send(message);
      held.push(...parts.slice(at));
      if (at > 0) socket.send(JSON.stringify(parts.slice(0, at)));
    });
    socket.onMessage(async (message) => {
      const { method, params } = JSON.parse(message);
      if (looked !== null && method === "session.get")
        await until(async () => JSON.stringify(await server.call(method, params)).includes(asks), "asked");
      upstream.send(message);
    });
  });
  await page.goto(server.url);
  await ask(page, "hello", "twice");
  const question = (text) => page.locator(".question", { hasText: text }).locator("textarea");
  await question("Who are you?").fill("Eve");
  const seen = new Promise((resolve) => (looked = resolve));
  await server.call("query.respond", { session_id: sessionOf(page), value: "Ada" });
  await seen;
  await settled(page);
  assert.equal(await question(asks).count(), 0);
  letGo();
  assert.equal(await question(asks).inputValue(), "");
  await question(asks).fill("London");
  await settled(page);
  await question(asks).press("Enter");
  await status(page, "completed");
  await says(page.locator(".say.answer"), /Ada from London/);
});

test("debug: stop inside a subgraph of a parallel branch, change what it found, see the answer change", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await stop(page, "literature/rank").click();
  await stop(page, "web").click();
  await ask(page, "GLP-1");
  await status(page, "paused");
  for (const path of ["literature/rank", "web"]) await stands(page, path);
  // One branch alone.
  await page.getByRole("button", { name: "Continue web" }).click();
  await page.locator('.node[data-path="web"][data-state="done"]').waitFor();
  await status(page, "paused");
  await page.getByRole("button", { name: "literature/rank", exact: true }).click();
  await edit(page, "a trial of GLP-1", "a trial by hand");
  await page.locator(".line.changed").first().waitFor();
  await page.keyboard.press("F10");
  await page.locator('.node[data-path="literature/rank"][data-state="done"]').waitFor();
  await stands(page, "write");
  await page.keyboard.press("F5");
  await status(page, "completed");
  await see(page, "Answer");
  await says(page.locator(".say.answer"), /a trial by hand/);
  assert.doesNotMatch(await page.locator(".say.answer .markdown").innerText(), /a trial of GLP-1/);
});

test("debug: a condition, a log, steps into and out, a stop at an error", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await node(page, "write").click();
  await page.getByLabel("Stop here").check();
  await page.getByLabel("Log instead of stopping").fill("{len(state.found)} found");
  await page.getByLabel("Only if").fill("len(state.found) > 1");
  await page.keyboard.press("Escape");
  await page.locator("#question").fill("GLP-1");
  await page.getByRole("button", { name: /^Debug/ }).click();
  await status(page, "completed");
  await page.locator(".note", { hasText: "write: 3 found" }).waitFor();
  // Without a breakpoint it stops at the start.
  await page.goto(`${server.url}/`);
  await page.reload();
  await page.locator(".ask-graph select").selectOption("research");
  await page.locator("#question").fill("GLP-1");
  await page.locator("#question").press("Control+Enter");
  await status(page, "paused");
  await page.getByRole("button", { name: "Step into literature", exact: true }).click();
  await stands(page, "literature/search");
  await page.getByRole("button", { name: "Step out of literature/search", exact: true }).click();
  await page.locator('.node[data-path="literature"][data-state="done"]').waitFor();
  await status(page, "paused");
  await page.keyboard.press("F5");
  await status(page, "completed");
  await page.locator(".ask-graph select").selectOption("fails");
  await page.locator("#question").fill("luck");
  await page.locator("#question").press("Control+Enter");
  await status(page, "paused");
  await page.keyboard.press("F5");
  await page.locator(".stand", { hasText: "at a failure" }).waitFor();
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await status(page, "cancelled");
});

test("debug: F11 steps into, F10 over, Shift+F11 out, F5 goes on; they are the browser's where nothing is debugged", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  // One branch alone: what a key is for is then one task.
  const alone = async () => {
    await page.locator("#question").fill("GLP-1");
    const before = page.url();
    await page.locator("#question").press("Control+Enter");
    await page.waitForURL((address) => address.href !== before && /session/.test(address.hash));
    await page.locator(`.session-head[data-session="${sessionOf(page)}"]`).waitFor();
    await stands(page, "literature");
    await page.getByRole("button", { name: "Continue web", exact: true }).click();
    await page.locator('.node[data-path="web"][data-state="done"]').waitFor();
    await stands(page, "literature");
  };
  /** Where the branch stood, as the server has it. */
  const stood = async () =>
    (await server.events(sessionOf(page)))
      .filter((event) => event.method === "debug.stopped")
      .flatMap((event) => event.params.tasks.map((task) => task.path))
      .filter((path, at, all) => path !== "web" && path !== all[at - 1]);
  const cases = [
    [["F11", "literature/search"], ["F10", "literature/rank"], ["F10", "write"]],
    [["F11", "literature/search"], ["Shift+F11", "write"]],
    [["F10", "write"]],
    [],
  ];
  for (const presses of cases) {
    await alone();
    for (const [key, path] of presses) {
      await page.keyboard.press(key);
      await stands(page, path);
    }
    // Where a key is pressed does not matter: in a field it is no letter.
    await page.locator("#question").focus();
    await page.keyboard.press("F5");
    await status(page, "completed");
    assert.deepEqual([...new Set(await stood())], ["literature", ...presses.map(([, path]) => path)]);
    for (const path of ["literature", "literature/search", "literature/rank"]) assert.equal(await ended(page, path), 1, path);
    const actions = (await server.events(sessionOf(page))).filter((event) => event.method === "debug.resumed").map((event) => event.params.action);
    assert.equal(actions.length, presses.length + 2, actions.join(", "));
  }
  const prevented = (key) =>
    page.evaluate((key) => !window.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true })), key);
  for (const key of ["F5", "F10", "F11"]) assert.equal(await prevented(key), false, key);
});

test("debug: a click on a node stops there, by mouse and by keyboard, and opens when and how", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await node(page, "literature/rank").click();
  const card = page.getByRole("dialog", { name: "Node literature/rank" });
  for (const field of ["Only if", "From which time on", "Log instead of stopping"]) await card.getByLabel(field).waitFor();
  await pressed(page, "literature/rank", true);
  // Beside its node, and not over it, once it has found its place.
  await page.waitForFunction(() => {
    const box = document.querySelector("[role=dialog]").getBoundingClientRect();
    const beside = document.querySelector('.node[data-path="literature/rank"] > .node-head').getBoundingClientRect();
    return box.left >= beside.right || box.right <= beside.left;
  });
  // What it is opened by has the focus again, and takes keys.
  await page.keyboard.press("Escape");
  await card.waitFor({ state: "detached" });
  await page.keyboard.press("Enter");
  await card.waitFor();
  await page.keyboard.press("Space");
  await pressed(page, "literature/rank", false);
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await ask(page, "GLP-1");
  await status(page, "paused");
  // Of a session it is looked at first, and stopped at by the next key, or by what is written of it.
  await node(page, "write").click();
  await pressed(page, "write", false);
  await page.keyboard.press("Space");
  await page.locator('.node[data-path="write"] .break[aria-pressed=true]').waitFor();
  await page.keyboard.press("Escape");
  await node(page, "web").click();
  await page.getByRole("list", { name: "Its tasks" }).waitFor();
  await page.getByLabel("Only if").fill("len(state.found) > 100");
  await page.keyboard.press("Enter");
  await page.locator('.node[data-path="web"] .break[aria-pressed=true]').waitFor();
  await page.keyboard.press("Escape");
  const { breakpoints } = await server.call("debug.breakpoints", { session_id: sessionOf(page) });
  assert.deepEqual(breakpoints.map((one) => [one.node_name, one.condition]).sort(), [
    ["literature/rank", null],
    ["web", "len(state.found) > 100"],
    ["write", null],
  ]);
});

test("debug: a node's buttons say what each does, before it is asked and in a session", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  assert.equal(await node(page, "web").getAttribute("title"), "Stop here, and say when");
  assert.equal(await stop(page, "web").getAttribute("title"), "Stop here");
  await node(page, "web").click();
  await pressed(page, "web", true);
  await page.keyboard.press("Escape");
  await ask(page, "GLP-1");
  await stands(page, "web");
  assert.equal(await node(page, "write").getAttribute("title"), "Look inside, or say when to stop here");
  await node(page, "write").click();
  await page.locator(".node-card").waitFor();
  await pressed(page, "write", false);
});

test("debug: a click on a node draws that node and its card, and nothing else; a card that is open costs nothing", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await node(page, "literature/rank").waitFor();
  for (const path of ["literature/rank", "write"]) {
    await settled(page);
    await watchTouched(page);
    await node(page, path).click();
    await page.getByRole("dialog", { name: `Node ${path}` }).getByLabel("Only if").waitFor();
    await settled(page);
    // Its holder gets the card.
    const holder = await page.locator(".node-card").evaluate((card) => card.parentElement.className);
    const touched = await touchedBeside(page, `.ask-form, .node-card, .node[data-path="${path}"], .sessions`);
    assert.deepEqual(touched.filter((one) => !one.startsWith(`<div class="${holder}"`) && !one.startsWith(`<section id="graph-pane" class="${holder}"`)), [], path);
    const asked = await page.evaluate(async () => {
      const original = window.requestAnimationFrame;
      let count = 0;
      window.requestAnimationFrame = (...given) => {
        count += 1;
        return original.apply(window, given);
      };
      for (let frame = 0; frame < 10; frame++) await new Promise((done) => original.call(window, done));
      window.requestAnimationFrame = original;
      return count;
    });
    assert.equal(asked, 0, "pictures that somebody asked for");
    await page.keyboard.press("Escape");
    if (path !== "write") {
      await stop(page, path).click();
      await ask(page, "GLP-1", "research");
      await status(page, "completed");
      await node(page, "write").waitFor();
    }
  }
});

test("watch: no edge is gone while the nodes change", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await stop(page, "literature/rank").click();
  await ask(page, "GLP-1");
  await stands(page, "literature/rank");
  await page.locator(".react-flow__edge-path").nth(7).waitFor({ state: "attached" });
  await page.evaluate(() => {
    window.gone = 0;
    const count = (changes) => (window.gone += changes.reduce((sum, one) => sum + one.removedNodes.length, 0));
    new MutationObserver(count).observe(document.querySelector(".react-flow__edges"), { childList: true, subtree: true });
  });
  await page.keyboard.press("F5");
  await status(page, "completed");
  await page.locator('.node[data-path="write"][data-state="done"]').waitFor();
  await settled(page);
  assert.equal(await page.evaluate(() => window.gone), 0);
  assert.equal(await page.locator(".react-flow__edge-path").count(), 8);
});

test("debug: a hand that shakes opens a node all the same, and its card follows the drawing", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await node(page, "literature/rank").waitFor();
  await settled(page);
  const viewport = page.locator(".react-flow__viewport");
  const before = await viewport.evaluate((one) => one.style.transform);
  const { x, y, width, height } = await node(page, "literature/rank").boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 5, y + height / 2 + 3);
  await page.mouse.up();
  const card = page.getByRole("dialog", { name: "Node literature/rank" });
  await card.getByLabel("Only if").waitFor();
  assert.equal(await viewport.evaluate((one) => one.style.transform), before, "it moved the drawing");
  const beside = () =>
    page.evaluate(() => {
      const box = document.querySelector(".node-card").getBoundingClientRect();
      const node = document.querySelector('.node[data-path="literature/rank"] > .node-head').getBoundingClientRect();
      const pane = document.querySelector(".node-card").parentElement.getBoundingClientRect();
      return (box.left >= node.right || box.right <= node.left) && box.top >= pane.top && box.bottom <= pane.bottom;
    });
  await until(beside, "the card is beside its node");
  await page.mouse.move(x + width / 2, y - 300);
  await page.mouse.wheel(0, 240);
  await until(async () => (await viewport.evaluate((one) => one.style.transform)) !== before, "the drawing is smaller");
  await until(beside, "the card is beside its node again");
  await page.setViewportSize({ width: 1100, height: 620 });
  await until(beside, "and where the pane is smaller");
});

test("debug: what is pressed in the drawing stays under the pointer, also where the drawing gets another room", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  const fitted = (before) => page.waitForFunction((before) => ![before, ""].includes(document.querySelector(".react-flow__viewport")?.style.transform ?? ""), before);
  const drawn = () => page.locator(".react-flow__viewport").evaluate((one) => one.style.transform);
  await node(page, "literature/rank").waitFor();
  await fitted("translate(0px, 0px) scale(1)");
  await node(page, "literature/rank").hover();
  await page.mouse.down();
  const pressedAt = await drawn();
  await page.setViewportSize({ width: 1280, height: 600 });
  // Later than it would have been fitted: a tenth of a second after its room changed.
  await page.waitForFunction(() => document.querySelector(".react-flow").getBoundingClientRect().bottom <= 600);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  assert.equal(await drawn(), pressedAt);
  await page.mouse.up();
  await page.getByRole("dialog", { name: "Node literature/rank" }).waitFor();
  await fitted(pressedAt);
});

test("debug: attach to a session that runs, and pause it", async () => {
  const page = await opened();
  await ask(page, "round", "circle");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await status(page, "paused");
  await page.locator(".stand", { hasText: "circle" }).waitFor();
  await page.getByRole("button", { name: "Detach" }).click();
  await status(page, "running");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await status(page, "cancelled");
});

test("back: the line of checkpoints, run again with an edit, the two outcomes side by side", async () => {
  const page = await opened();
  await ask(page, "GLP-1", "research");
  await status(page, "completed");
  await see(page, "History");
  await page.locator(".checkpoint", { hasText: "next: write" }).click();
  await page.locator(".diff td", { hasText: "a trial of GLP-1" }).waitFor();
  await page.getByRole("button", { name: "Go back here and edit" }).click();
  await status(page, "paused");
  await edit(page, "query", "GIP");
  await page.keyboard.press("F5");
  await status(page, "completed");
  await see(page, "History");
  await page.getByRole("button", { name: "Compare the outcomes" }).click();
  const sides = page.locator(".side .answer");
  for (const at of [0, 1]) await sides.nth(at).locator("strong").waitFor();
  assert.deepEqual((await sides.locator("strong").allInnerTexts()).sort(), ["GIP", "GLP-1"]);
  // A link to it is a link to it.
  await page.reload();
  await page.locator(".side .answer").nth(1).waitFor();
  await accessible(page, "comparison");
  // One node alone, run again.
  const before = await ended(page, "write");
  const others = await ended(page, "literature/search");
  await node(page, "write").click();
  await page.getByRole("button", { name: "Run this node again" }).click();
  await until(async () => (await ended(page, "write")) === before + 1, "write ran again");
  await page.locator(".node[data-path=write][data-state=done]").waitFor();
  await page.locator(".session-head .s-completed, .session-head .s-paused").waitFor();
  assert.equal(await ended(page, "literature/search"), others);
});

test("back: an outcome behind hundreds of newer checkpoints is hinted at, looked for, and compared", { timeout: 240_000 }, async () => {
  const { session_id } = await server.call("query.start", { query: "250", graph: "rounds", debug_mode: true, stop_on_entry: false, subscribe: false });
  const history = async () => (await server.call("debug.history", { session_id, limit: 1000, path: "" })).checkpoints;
  const over = (more) =>
    until(async () => (await server.call("session.get", { session_id })).status === "completed" && (await history()).length > more, "completed");
  await over(0);
  const first = await history();
  await server.call("debug.rewind", { session_id, checkpoint_id: first.find((one) => one.step === 1).checkpoint_id, rerun: true });
  await over(first.length + 200);
  const page = await opened(`/#/session/${session_id}/history`);
  await page.getByText("100 checkpoints; older ones are not looked at").waitFor();
  assert.equal(await page.getByRole("button", { name: "Compare the outcomes" }).count(), 0);
  await page.getByRole("button", { name: "Look for older outcomes" }).click();
  await page.getByRole("button", { name: "Compare the outcomes" }).click();
  await page.locator(".side").nth(1).waitFor();
});

test("back: a node of a subgraph runs again, by itself where the session is inside it, else with what comes before it in there", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await stop(page, "literature/rank").click();
  await ask(page, "GLP-1");
  await status(page, "paused");
  await node(page, "literature/search").click();
  await page.getByRole("button", { name: "Run this node again" }).click();
  await until(async () => (await ended(page, "literature/search")) === 2, "literature/search ran again");
  await rests(page, "paused");
  await stands(page, "literature/rank");
  await page.locator('.node[data-path="literature/search"][data-state="done"]').waitFor();
  assert.equal(await ended(page, "web"), 1);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Continue", exact: true }).first().click();
  await status(page, "completed");
  await node(page, "literature/rank").click();
  await page.getByRole("button", { name: "Run this node again" }).click();
  await page.locator(".notice", { hasText: "literature is entered anew" }).waitFor();
  await until(async () => (await ended(page, "literature/rank")) === 2, "literature/rank ran again");
  // It has stood on its way, too.
  await rests(page, "paused");
  assert.equal(await ended(page, "literature/search"), 3);
  assert.equal(await ended(page, "web"), 1);
  assert.equal(await ended(page, "write"), 1);
});

test("debug: the state is searched; what is inside of a subgraph is shown without being asked for", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await stop(page, "literature/rank").click();
  await ask(page, "GLP-1");
  await stands(page, "literature/rank");
  await see(page, "State");
  await line(page, "a trial of GLP-1").waitFor();
  await page.getByLabel("Which state").and(page.locator("select")).selectOption("the whole graph");
  await line(page, "a trial of GLP-1").waitFor({ state: "detached" });
  await page.getByLabel("Which state").and(page.locator("select")).selectOption("where literature/rank stands");
  await line(page, "a trial of GLP-1").waitFor();
  const shown = () => page.locator(".tree .line .key").allInnerTexts();
  const search = page.getByLabel("Search the state");
  const only = (wanted) => until(async () => (await shown()).join() === wanted.join(), wanted.join());
  // By a value, by a name with what is in it, by nothing that there is.
  await search.fill("TRIAL of");
  await only(["found", "0"]);
  await search.fill("found");
  await only(["found", "0"]);
  await search.fill("quer");
  await only(["query"]);
  await search.fill("nothing of it");
  await only([]);
  await page.getByText("Nothing that is loaded is like that").waitFor();
  // Whatever was picked before, the keyboard goes on in what is left.
  await search.fill("");
  await page.locator(".tree").focus();
  await page.keyboard.press("End");
  await search.fill("quer");
  await only(["query"]);
  await page.locator(".tree").focus();
  await page.keyboard.press("Enter");
  await page.locator(".edit-line textarea").fill("GIP");
  await page.keyboard.press("Enter");
  await page.locator(".edit-line").waitFor({ state: "detached" });
  await search.fill("");
  await line(page, "GIP").waitFor();
  // What is open stays open from stop to stop, and what was looked at before is what marks are from, also when another view was open meanwhile.
  await see(page, "Answer");
  await page.getByRole("button", { name: "Step over", exact: true }).click();
  await stands(page, "write");
  await see(page, "State");
  await line(page, "ranked").waitFor();
});

test("debug: a search says what of a state was not loaded, and loads and searches it", async () => {
  const page = await opened();
  await ask(page, "all", "long");
  await status(page, "completed");
  await see(page, "State");
  const search = page.getByLabel("Search the state");
  const line = (text) => page.locator(".tree .line", { hasText: text }).first();
  for (const [text, shows] of [["the last word", "report"], ["row 399", "row 399"]]) {
    await search.fill(text);
    if (shows === "report") {
      await says(page.locator(".unsearched"), /not loaded, and were not searched/);
      await page.getByRole("button", { name: "Load and search them" }).click();
    }
    await line(shows).waitFor();
  }
  await page.locator(".unsearched").waitFor({ state: "detached" });
});

test("debug: what was cut of a state is read whole, edited whole, and is seen as it is then", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("long");
  await stop(page, "tell").click();
  await ask(page, "all");
  await stands(page, "tell");
  await see(page, "State");
  // A text of which the server sent the beginning.
  const text = page.locator(".tree .line", { has: page.locator(".key", { hasText: /^report$/ }) });
  await text.locator(".type-name", { hasText: "KiB" }).waitFor();
  await text.click();
  await text.locator(".leaf", { hasText: "the last word" }).waitFor();
  await text.locator(".leaf").dblclick();
  await page.locator(".edit-line textarea").waitFor();
  const before = await page.locator(".edit-line textarea").inputValue();
  assert.match(before, /^the first word(.|\n)*the last word$/);
  await page.locator(".edit-line textarea").fill(before.replace("the first word", "another word"));
  // Neither the browser's nor the debugger's while something is written.
  await page.keyboard.press("F5");
  await page.keyboard.press("Enter");
  await page.locator(".edit-line").waitFor({ state: "detached" });
  await until(async () => (await text.locator(".leaf").innerText()).startsWith("another word"), "the text as it is now");
  // A member of a list of which the server sent the beginning.
  const rows = page.locator(".tree .line", { has: page.locator(".key", { hasText: /^rows$/ }) });
  await rows.click();
  await page.locator(".tree .line", { hasText: "row 0 " }).first().waitFor();
  await edit(page, "row 3 ", "edited by hand");
  await page.locator(".tree .line.changed", { hasText: "edited by hand" }).waitFor();
  // The list itself.
  await rows.locator(".edit").click();
  await page.locator(".edit-line textarea").waitFor();
  const all = JSON.parse(await page.locator(".edit-line textarea").inputValue());
  assert.equal(all.length, 400);
  assert.deepEqual(all.map((row, at) => (at === 3 ? row === "edited by hand" : row.startsWith(`row ${at} `))).indexOf(false), -1);
  await page.locator(".edit-line textarea").fill(JSON.stringify(all.slice(0, 2)));
  await page.keyboard.press("Enter");
  await page.locator(".edit-line").waitFor({ state: "detached" });
  await page.keyboard.press("F5");
  await status(page, "completed");
  const { result } = await server.call("session.get", { session_id: sessionOf(page) });
  assert.equal(result.answer.startsWith("2 rows; another word"), true, result.answer.slice(0, 80));
  // Answers that are longer than what is sent of a state at once stand side by side all the same.
  await stop(page, "tell").click();
  await pressed(page, "tell", false);
  await see(page, "History");
  await page.locator(".checkpoint", { hasText: "next: tell" }).first().click();
  await page.getByRole("button", { name: "Run again from here" }).click();
  await until(async () => (await ended(page, "tell")) === 2, "tell ran again");
  await rests(page, "completed");
  await see(page, "History");
  await page.getByRole("button", { name: "Compare the outcomes" }).click();
  for (const at of [0, 1]) await page.locator(".side .answer").nth(at).getByText("the last word").waitFor();
});

test("debug: a hit count that is set in the card stops from that time on", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("circle");
  await node(page, "circle").click();
  await page.getByLabel("From which time on").fill("3");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await ask(page, "round");
  await stands(page, "circle");
  assert.equal(await ended(page, "circle"), 2);
  await page.keyboard.press("F5");
  await until(async () => (await server.events(sessionOf(page))).filter((event) => event.method === "debug.stopped").length === 2, "it stops again");
  await stands(page, "circle");
  assert.equal(await ended(page, "circle"), 3);
  // Another number for what has been reached three times and more: it stops no more for a while, and is not gone.
  await node(page, "circle").click();
  await page.getByText(/reached \d+×/).waitFor();
  await page.getByLabel("From which time on").fill("100000");
  await page.keyboard.press("Enter");
  await until(async () => (await server.call("debug.breakpoints", { session_id: sessionOf(page) })).breakpoints[0].hit_count === 100000, "the other number");
  await page.keyboard.press("Escape");
  await page.keyboard.press("F5");
  await until(async () => (await ended(page, "circle")) > 5, "it goes round");
  await page.getByRole("button", { name: "Cancel", exact: true }).click();
  await status(page, "cancelled");
});

test("watch: a subgraph folds and opens in its place, by mouse and by keyboard, and says what is inside", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("research");
  await node(page, "literature/search").waitFor();
  const inner = page.locator('.node[data-path^="literature/"]');
  const whole = page.locator('.node[data-path="literature"]');
  const inside = await inner.count();
  const height = () => whole.evaluate((one) => one.offsetHeight);
  const open = await height();
  await page.getByRole("button", { name: "Fold literature" }).click();
  await inner.first().waitFor({ state: "detached" });
  assert.equal(await inner.count(), 0);
  await until(async () => (await height()) < open / 2, "it is no larger than another node");
  assert.equal(await page.getByRole("button", { name: "Open literature" }).getAttribute("aria-expanded"), "false");
  await ask(page, "GLP-1");
  await status(page, "completed");
  // Of a session it is drawn by itself, open, with what is inside where it stood.
  await page.getByRole("button", { name: "Fold literature" }).press("Enter");
  await inner.first().waitFor({ state: "detached" });
  await page.locator('.node[data-path="literature"] .words', { hasText: /^done/ }).waitFor();
  await page.getByRole("button", { name: "Open literature" }).press("Space");
  await until(async () => (await inner.count()) === inside, "what is inside");
  await page.locator('.node[data-path="literature/search"] .words', { hasText: /^done/ }).waitFor();
  await until(async () => (await height()) === open, "it is as large as it was");
});

test("answer: a question is there on another machine too, and gone from both once one of them answers", async () => {
  const page = await opened();
  await ask(page, "paint", "asking");
  await status(page, "waiting");
  const other = await opened(`/${new URL(page.url()).hash}`);
  await status(other, "waiting");
  await other.locator(".question").nth(1).waitFor();
  assert.match(await other.locator(".question").first().innerText(), /asks/);
  // Beside what was said, not instead of it.
  await other.locator(".say.human", { hasText: "paint" }).waitFor();
  await other.locator(".say.asks").nth(1).waitFor();
  await other.getByRole("button", { name: "left", exact: true }).click();
  for (const one of [page, other]) await one.locator(".question").nth(1).waitFor({ state: "detached" });
  await page.getByLabel("Answer", { exact: true }).and(page.locator("textarea")).fill("green");
  await page.keyboard.press("Enter");
  for (const one of [page, other]) {
    await status(one, "completed");
    await one.locator(".say.answer", { hasText: "green" }).waitFor();
    await one.locator(".question").first().waitFor({ state: "detached" });
  }
});

test("sessions: one is deleted by its own button, which asks first", async () => {
  const page = await opened();
  await ask(page, "to be deleted", "research");
  await status(page, "completed");
  const session_id = sessionOf(page);
  const row = page.locator(`.session-row[href="#/session/${session_id}"]`);
  await row.waitFor();
  const other = await opened(`/#/session/${session_id}`);
  await status(other, "completed");
  await page.getByRole("button", { name: "Name and tags" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete it for good", exact: true }).waitFor();
  assert.equal((await server.call("session.get", { session_id })).session_id, session_id);
  // Whoever leaves then has deleted nothing.
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Name and tags" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete it for good", exact: true }).click();
  await page.waitForURL(/#\/$/);
  await row.waitFor({ state: "detached" });
  await page.locator(".home .node").first().waitFor();
  await page.locator(".notice", { hasText: "The session was deleted." }).waitFor();
  await other.getByRole("heading", { name: "This session was deleted" }).waitFor();
  await assert.rejects(server.call("session.get", { session_id }), /session_not_found/);
});

test("sessions: what others change keeps a searched list, and the number of those not scrolled to, as they are", async () => {
  const own = await (await new Server().filled(200)).start();
  try {
    const page = await opened("/", {}, own.url);
    const counted = (text) => page.locator(".sessions .count", { hasText: text }).waitFor();
    await counted(/^200 sessions$/);
    // The oldest is not among those that were asked for.
    await own.call("session.delete", { session_id: (1).toString(16).padStart(32, "0") });
    await counted(/^199 sessions$/);
    // Sessions that go on changing do not keep what is searched for from being asked for.
    await page.getByLabel("Search sessions").fill("a new one");
    await counted("No sessions are like that");
    let busy = true;
    const changing = (async () => {
      for (let turn = 0; busy; turn++) await own.call("session.update", { session_id: (2).toString(16).padStart(32, "0"), session_name: `named ${turn}` });
    })();
    try {
      const { session_id } = await own.call("query.start", { query: "a new one", graph: "research", subscribe: false });
      await page.locator(`.session-row[href$="${session_id}"] .s-completed`).waitFor();
    } finally {
      busy = false;
      await changing;
    }
  } finally {
    await own.stop();
  }
});

test("people: on a narrow page the graph has a tab, where it is as large as the page allows", async () => {
  const page = await opened("/", { viewport: { width: 360, height: 740 } });
  await page.locator(".ask-graph select").selectOption("research");
  await stop(page, "literature/rank").click();
  await ask(page, "GLP-1");
  await status(page, "paused");
  const height = () => page.locator("#graph-pane").evaluate((one) => one.offsetHeight);
  const small = await height();
  await page.getByRole("tab", { name: "Answer" }).focus();
  await page.keyboard.press("ArrowLeft");
  await page.locator("#tab-graph[aria-selected=true]").waitFor();
  await page.locator("#panel").waitFor({ state: "hidden" });
  await until(async () => (await height()) > small * 1.5, "the graph is larger");
  await accessible(page, "graph, narrow");
  await node(page, "write").click();
  await page.getByRole("dialog", { name: "Node write" }).getByLabel("Stop here").click();
  await pressed(page, "write", true);
  await page.keyboard.press("Escape");
  // What is needed at a stop is in sight.
  for (const name of ["Continue", "Step over", "Into", "Out", "Cancel"]) {
    const box = await page.locator(".debug-bar").getByRole("button", { name, exact: true }).boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 360, `${name} ends at ${box.x + box.width}`);
  }
  assert.ok(await page.getByRole("tablist").evaluate((tabs) => tabs.scrollWidth <= tabs.clientWidth), "every tab is in sight");
  await page.reload();
  await page.locator("#tab-graph[aria-selected=true]").waitFor();
  // Where there is room for both, the same address shows both.
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator("#tab-flow[aria-selected=true]").waitFor();
  await page.locator("#panel .flow-scroll .run").first().waitFor();
});

test("debug: by which errors it stops is the session's, after a reload and in another tab", async () => {
  const page = await opened();
  await page.locator(".ask-graph select").selectOption("fails");
  await page.locator("#question").fill("luck");
  await page.locator("#question").press("Control+Enter");
  await status(page, "paused");
  await page.getByLabel("Stop on errors").uncheck();
  const session_id = sessionOf(page);
  await until(async () => (await server.call("debug.breakpoints", { session_id })).errors === false, "no stop at errors");
  await page.reload();
  await page.locator(".debug-bar input[type=checkbox]:enabled").waitFor();
  assert.equal(await page.getByLabel("Stop on errors").isChecked(), false);
  await server.call("debug.breakOnError", { session_id, errors: ["ValueError"] });
  await page.reload();
  await page.getByLabel("Stop on errors (ValueError)").waitFor();
  assert.equal(await page.getByLabel("Stop on errors (ValueError)").isChecked(), true);
  await status(page, "paused");
  await page.keyboard.press("F5");
  await page.locator(".stand", { hasText: "at a failure" }).waitFor();
});

test("sessions: the list is live, searched, filtered; a follow-up goes on", async () => {
  const page = await opened();
  const { session_id } = await server.call("query.start", { query: "asked by another", graph: "research", subscribe: false });
  const row = page.locator(`.session-row[href="#/session/${session_id}"]`);
  await row.waitFor();
  await row.locator(".s-completed").waitFor();
  await page.getByLabel("Search sessions").fill("by another");
  await page.locator(".session-row").nth(1).waitFor({ state: "detached" });
  await row.click();
  await status(page, "completed");
  const next = page.getByLabel("Ask another question in this session");
  await next.fill("and now?");
  await see(page, "Events");
  await see(page, "Answer");
  assert.equal(await next.inputValue(), "and now?");
  await next.press("Enter");
  await page.locator(".say.answer").nth(1).waitFor();
  await page.getByLabel("Search sessions").fill("");
  await page.getByRole("button", { name: "Name and tags" }).click();
  await page.getByLabel("Name", { exact: true }).fill("the best one");
  await page.getByLabel("Tags, with commas between").fill("kept, good");
  await accessible(page, "details");
  await page.keyboard.press("Enter");
  await row.getByText("the best one").waitFor();
  await page.getByLabel("With the tag").fill("good");
  await page.locator(".session-row").nth(1).waitFor({ state: "detached" });
  await server.call("session.update", { session_id, session_name: "named by another" });
  await row.getByText("named by another").waitFor();
  await page.getByLabel("With the tag").fill("");
  await page.getByLabel("Status", { exact: true }).and(page.locator("select")).selectOption("failed");
  await row.waitFor({ state: "detached" });
  await page.getByLabel("Status", { exact: true }).and(page.locator("select")).selectOption("");
  await row.waitFor();
  await server.call("session.delete", { session_id });
  await row.waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "This session was deleted" }).waitFor();
});

test("sessions: 100,000 of them are listed, scrolled, searched, filtered, and live", { timeout: 240_000 }, async () => {
  const own = await (await new Server().filled(100_000)).start();
  try {
    const page = await opened("/", {}, own.url);
    page.setDefaultTimeout(90_000);
    const counted = (text) => page.locator(".sessions .count", { hasText: text }).waitFor();
    const row = (text) => page.locator(".session-row", { hasText: text });
    // A server counts so far, and then says so.
    await counted("10,000 or more sessions");
    await row("question 099999").waitFor();
    // By the wheel, further than the pages that were asked for first.
    await page.locator(".sessions .scroll").hover();
    for (const wanted of ["question 099800", "question 099500"])
      while ((await row(wanted).count()) === 0) {
        await page.mouse.wheel(0, 500);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        assert.ok((await page.locator(".session-row").count()) < 60, "only those are drawn that are seen");
      }
    // One that another begins is there, and changes, though the list is as long as it is.
    const { session_id } = await own.call("query.start", { query: "a new one", graph: "research", subscribe: false });
    await page.locator(".sessions .scroll").evaluate((box) => box.scrollTo(0, 0));
    await page.locator(`.session-row[href$="${session_id}"] .s-completed`).waitFor();
    await page.getByLabel("Search sessions").fill("question 012345");
    await counted(/^1 session$/);
    await row("question 012345").waitFor();
    await page.getByLabel("Search sessions").fill("");
    await page.getByLabel("Status", { exact: true }).and(page.locator("select")).selectOption("failed");
    await counted(/^100 sessions$/);
    await row("question 099000").waitFor();
    await page.getByLabel("Status", { exact: true }).and(page.locator("select")).selectOption("idle");
    await counted("No sessions");
    await page.getByLabel("Status", { exact: true }).and(page.locator("select")).selectOption("");
    await page.getByLabel("With the tag").fill("kept");
    await counted(/^2 sessions$/);
    await own.call("session.update", { session_id, tags: ["kept"] });
    await counted(/^3 sessions$/);
    await own.call("session.delete", { session_id });
    await counted(/^2 sessions$/);
  } finally {
    await own.stop();
  }
});

test("people: nothing moves while it loads, is asked, runs and stops", async () => {
  for (const viewport of [{ width: 1280, height: 800 }, { width: 360, height: 740 }]) {
    const page = await opened("/livez", { viewport });
    await page.addInitScript(() => {
      window.shifts = [];
      const told = (list) => {
        for (const one of list.getEntries())
          if (!one.hadRecentInput || window.strict) window.shifts.push([one.value, ...(one.sources ?? []).map((source) => source.node?.className ?? source.node?.nodeName)]);
      };
      new PerformanceObserver(told).observe({ type: "layout-shift", buffered: true });
    });
    const moved = async (what) => {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const shifts = await page.evaluate(() => window.shifts.splice(0));
      const sum = shifts.reduce((all, [value]) => all + value, 0);
      assert.ok(sum < 0.02, `${what} at ${viewport.width}: ${sum} ${JSON.stringify(shifts)}`);
    };
    await page.goto(`${server.url}/`);
    await page.locator(".node").first().waitFor();
    await moved("the page that loads");
    await ask(page, "GLP-1", "research");
    await status(page, "completed");
    await moved("a run that is watched");
    await page.reload();
    await status(page, "completed");
    await moved("a session that loads");
    await page.goto(`${server.url}/#/`);
    await page.locator("#question").fill("GLP-1");
    await page.locator("#question").press("Control+Enter");
    await status(page, "paused");
    await moved("a run that stops");
    // A browser leaves out what follows a key within half a second; a model takes longer.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.evaluate(() => {
      window.shifts = [];
      window.strict = true;
    });
    const first = await page.locator(".standing").textContent();
    await page.getByRole("button", { name: "Step over", exact: true }).click();
    await page.waitForFunction((before) => (document.querySelector(".stand")?.parentElement.textContent ?? before) !== before, first);
    await moved("a step");
    await page.getByRole("button", { name: "Continue", exact: true }).first().click();
    await status(page, "completed");
    await moved("the end of a debugged run");
    await page.reload();
    await status(page, "completed");
    await moved("a debugged session that loads");
    assert.equal(await page.locator(".standing").count(), 0, "room is kept for what cannot stand any more");
  }
});

test("hold: kill -9 while tokens flow; the page goes on, and nothing is lost", async () => {
  const own = await new Server().start();
  try {
    const page = await opened("/", {}, own.url);
    const end = await gate();
    await ask(page, `speak until ${end.path}`, "talk");
    await page.locator(".say.ai.open", { hasText: "word3" }).waitFor();
    await own.kill();
    await page.locator(".connection p").waitFor();
    await own.start();
    await page.locator(".connection p").waitFor({ state: "detached" });
    await end.open();
    await status(page, "completed");
    await page.locator(".note", { hasText: "restarted" }).waitFor();
    await same(page, own);
    await see(page, "Answer");
    await says(page.locator(".say.ai").last(), /word59/);
  } finally {
    await own.stop();
  }
});

test("hold: a socket that is cut fifty times, and two tabs that agree", async () => {
  const proxy = await new Proxy().start(server.port);
  try {
    const page = await opened("/", {}, proxy.url);
    const other = await opened("/", {}, server.url);
    const end = await gate();
    await ask(page, `speak until ${end.path}`, "talk");
    await other.goto(`${server.url}/${new URL(page.url()).hash}`);
    // Tokens flow until the last.
    while (proxy.cuts < 50) {
      await until(() => proxy.open > 0, "the page connects again");
      proxy.cut();
      await page.waitForTimeout(60);
    }
    await end.open();
    await status(page, "completed");
    await status(other, "completed");
    await same(page, server);
    await same(other, server);
  } finally {
    await proxy.stop();
  }
});

/** The page has the very events that the server has, each once. */
async function same(page, from) {
  const events = await from.events(sessionOf(page));
  await see(page, "Events");
  await page.locator(".types .count", { hasText: events.length.toLocaleString("en") }).waitFor();
  await page.locator(".event-scroll").focus();
  await page.keyboard.press("Home");
  for (const event of events.slice(0, 30)) {
    await says(page.locator(`#event-${event.params.seq} .method`), new RegExp(event.method));
    await page.keyboard.press("ArrowDown");
  }
  assert.deepEqual(events.map((event) => event.params.seq), events.map((_, at) => at + 1));
}

test("hold: a link to an event lands there, also after a reload", async () => {
  const { session_id } = await server.call("query.start", { query: "3000", graph: "flood", subscribe: false });
  const page = await opened(`/#/session/${session_id}/event/1500`);
  for (let turn = 0; turn < 2; turn++) {
    await page.locator("#event-1500[aria-selected=true]").waitFor();
    await page.locator(".event-card h3", { hasText: "#1500 progress" }).waitFor();
    await page.reload();
  }
});

test("hold: 100,000 events: memory stays flat, any place of them is there", { timeout: 240_000 }, async () => {
  const { session_id } = await server.call("query.start", { query: "100000", graph: "flood", subscribe: false });
  const page = await opened(`/#/session/${session_id}/events`);
  const cdp = await page.context().newCDPSession(page);
  const count = () => page.locator(".types .count").innerText().then((text) => Number(text.replaceAll(/\D/g, "")));
  const heap = async () => {
    await cdp.send("HeapProfiler.collectGarbage");
    return (await cdp.send("Runtime.getHeapUsage")).usedSize / 1024 / 1024;
  };
  while ((await count()) < 20_000) await page.waitForTimeout(100);
  const early = await heap();
  await page.locator(".session-head .s-completed").waitFor({ timeout: 200_000 });
  const late = await heap();
  console.log(`# heap: ${early.toFixed(1)} MiB at 20,000 events, ${late.toFixed(1)} MiB at ${await count()}`);
  assert.ok(late < early + 15, `${early} → ${late} MiB`);
  await page.locator(".event-scroll").focus();
  await page.keyboard.press("Home");
  await page.locator("#event-1 .ellipsis", { hasText: "100000" }).waitFor();
  // Wherever one is, no more of them are drawn than fit.
  const drawn = await page.evaluate(async () => {
    const box = document.querySelector(".event-scroll");
    let most = 0;
    for (let at = 0; at < 60; at++) {
      box.scrollTop += 1700;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      most = Math.max(most, box.querySelectorAll("*").length);
    }
    return most;
  });
  assert.ok(drawn < 1500, `${drawn} elements`);
});

test("hold: of 6,000 tasks of a node all are counted, the newest kept, and what is left out is said", { timeout: 240_000 }, async () => {
  const { session_id } = await server.call("query.start", { query: "6000", graph: "many", subscribe: false });
  const page = await opened(`/#/session/${session_id}/timeline`);
  page.setDefaultTimeout(200_000);
  await page.locator(".session-head .s-completed").waitFor();
  // 6,000 of one node and 13 of the other; 4,000 have bars.
  await page.locator(".timeline .state-head", { hasText: "4000 tasks" }).waitFor();
  await page.locator(".timeline .state-head", { hasText: "2013 older ones are left out" }).waitFor();
  await page.locator(".bar").last().click();
  await page.locator(".event-card h3", { hasText: "node.started" }).waitFor();
  await node(page, "one").click();
  await page.getByLabel("Its tasks").locator("li").nth(49).waitFor();
  await page.getByText("5950 older ones are left out; the events have them.").waitFor();
  await page.getByLabel("Its tasks").locator(".seq").last().click();
  await page.locator(".event-card h3", { hasText: "node.finished" }).waitFor();
});

test("hold: a state of 50 MB is shown by pieces, searched to its end, and never sent as one", { timeout: 240_000 }, async () => {
  const page = await opened("/livez");
  let largest = 0;
  page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => (largest = Math.max(largest, payload.length))));
  await page.goto(`${server.url}/`);
  await ask(page, "50", "large");
  await page.locator(".session-head .s-completed").waitFor({ timeout: 90_000 });
  await see(page, "State");
  await line(page, "rows").click();
  await line(page, /^▸?\s*0/).waitFor({ timeout: 60_000 });
  for (let at = 0; at < 5; at++) await page.locator(".tree").evaluate((tree) => tree.scrollBy(0, 900));
  await page.getByLabel("Search the state").fill("49999");
  await page.locator(".unsearched").waitFor();
  await page.getByRole("button", { name: "Load and search them" }).click();
  await line(page, /number.*49999|49999.*number/s).waitFor({ timeout: 100_000 });
  assert.ok(largest < 2_000_000, `a frame of ${largest}`);
  const drawn = await page.locator(".tree *").count();
  assert.ok(drawn < 2000, `${drawn} elements`);
});

test("people: axe finds nothing in any view, dark and light", { timeout: 240_000 }, async () => {
  const { session_id: asks } = await server.call("query.start", { query: "q", graph: "mail", subscribe: false });
  for (const colorScheme of ["light", "dark"]) {
    const page = await opened("/", { colorScheme });
    await page.locator(".node").first().waitFor();
    await accessible(page, "home");
    await page.getByRole("button", { name: "Form and settings" }).click();
    await page.getByLabel("Ask with this form instead of a question").check();
    await page.locator(".schema-form input, .schema-form textarea").first().waitFor();
    await accessible(page, "form");
    await page.getByLabel("Ask with this form instead of a question").uncheck();
    await page.getByRole("button", { name: "Form and settings" }).click();
    await page.locator(".ask-graph select").selectOption("research");
    await stop(page, "literature/rank").click();
    await node(page, "literature/rank").click();
    await accessible(page, "node");
    await page.keyboard.press("Escape");
    await ask(page, "GLP-1");
    await status(page, "paused");
    for (const view of ["Answer", "Events", "Timeline", "State", "History"]) {
      await see(page, view);
      await accessible(page, `${view}, paused`);
    }
    await page.locator(".checkpoint").first().click();
    await page.locator(".checkpoint-card .line").first().waitFor();
    await accessible(page, "checkpoint");
    await page.keyboard.press("F5");
    await status(page, "completed");
    await see(page, "Answer");
    await accessible(page, "answer");
    await page.goto(`${server.url}/#/session/${asks}`);
    await page.locator(".question").waitFor();
    await accessible(page, "question");
  }
});

test("people: axe finds nothing in what opens, fails, ends or is narrow, dark and light", { timeout: 240_000 }, async () => {
  const start = (query, graph) => server.call("query.start", { query, graph, subscribe: false });
  const [failed, mail, fields, ran] = await Promise.all([start("q", "fails"), start("q", "mail"), start("q", "fields"), start("GLP-1", "research")]);
  for (const colorScheme of ["light", "dark"]) {
    const page = await opened("/", { colorScheme });
    const shows = async ({ session_id }, wanted) => {
      await page.goto(`${server.url}/#/session/${session_id}`);
      await page.locator(`.session-head[data-session="${session_id}"] .s-${wanted}`).waitFor();
    };
    await page.locator(".ask-graph select").selectOption("form");
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByLabel("Tone", { exact: true }).waitFor();
    await accessible(page, "settings");
    await page.locator(".ask-graph select").selectOption("research");
    await shows(ran, "completed");
    await node(page, "write").click();
    await page.getByRole("dialog", { name: "Node write" }).waitFor();
    await accessible(page, "a node of a session");
    await page.keyboard.press("Escape");
    await see(page, "Events");
    await page.locator(".event").nth(2).click();
    await page.locator(".event-card").waitFor();
    await accessible(page, "an event");
    await see(page, "State");
    await line(page, "GLP-1").dblclick();
    await page.locator(".edit-line textarea").waitFor();
    await accessible(page, "a line that is edited");
    await page.keyboard.press("Escape");
    await shows(failed, "failed");
    await accessible(page, "failed");
    await shows(mail, "waiting");
    await page.getByRole("button", { name: "Reject" }).click();
    await page.getByLabel("Message").waitFor();
    await accessible(page, "what is rejected");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByLabel("Arguments as JSON").fill("{");
    await page.getByRole("button", { name: "Run with these" }).click();
    await page.getByRole("alert").waitFor();
    await accessible(page, "what is edited, and is wrong");
    await shows(fields, "waiting");
    await page.getByLabel("Eighth").waitFor();
    await accessible(page, "a question with a form");
    await page.setViewportSize({ width: 360, height: 740 });
    await page.getByRole("button", { name: "Sessions", exact: true }).click();
    await page.locator(".sessions.shown .session-row").first().waitFor();
    await accessible(page, "the sessions, narrow");
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 1280, height: 800 });
    const gone = await start("q", "research");
    await shows(gone, "completed");
    await server.call("session.delete", { session_id: gone.session_id });
    await page.getByRole("heading", { name: "This session was deleted" }).waitFor();
    await accessible(page, "deleted");
  }
});

test("people: from 360 to 2560 pixels nothing is wider than the window", async () => {
  const { session_id } = await server.call("query.start", { query: "GLP-1", graph: "research", subscribe: false });
  const page = await opened(`/#/session/${session_id}`);
  await status(page, "completed");
  for (const width of [360, 768, 1280, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    for (const view of ["Answer", "Events", "Timeline", "State", "History"]) {
      await see(page, view);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${view} at ${width}`);
    }
  }
});

test("people: all of it by keyboard", async () => {
  const page = await opened();
  await page.locator(".node").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("body").press("/");
  await page.keyboard.type("GLP-1");
  await page.keyboard.press("Enter");
  await status(page, "completed");
  await page.getByRole("tab", { name: "Answer" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator(".events .event").first().waitFor();
  await page.locator(".event-scroll").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.locator("#event-2[aria-selected=true]").waitFor();
  const { length } = await server.events(sessionOf(page));
  await page.locator(`#event-2[aria-posinset="2"][aria-setsize="${length}"]`).waitFor();
  await see(page, "State");
  const tops = page.locator('.tree [role=treeitem][aria-level="1"]');
  const places = () => tops.evaluateAll((all) => all.map((one) => `${one.ariaPosInSet} of ${one.ariaSetSize}`));
  const count = await tops.count();
  assert.deepEqual(await places(), Array.from({ length: count }, (_, at) => `${at + 1} of ${count}`));
  await settled(page);
  const place = () => node(page, "write").boundingBox();
  const before = await place();
  await tabTo(page, page.getByRole("group", { name: "Graph research" }));
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await until(async () => (await place()).x < before.x && (await place()).y < before.y, "the drawing moves");
  const { x, y } = await place();
  assert.deepEqual([Math.round(before.x - x), Math.round(before.y - y)], [60, 60]);
});

test("people: a past checkpoint is edited and run again by keys alone", async () => {
  const page = await opened();
  await page.waitForFunction(() => document.activeElement?.id === "question");
  await page.locator(".node").first().waitFor();
  await page.keyboard.type("GLP-1");
  await page.keyboard.press("Enter");
  await status(page, "completed");
  await page.locator(".say.answer strong", { hasText: "GLP-1" }).waitFor();
  await tabTo(page, page.getByRole("tab", { name: "Answer", exact: true }));
  for (const [view, shows] of [["Events", ".event"], ["Timeline", ".bar"], ["State", ".tree .line"], ["History", ".checkpoint"]]) {
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", { name: view, exact: true, selected: true }).waitFor();
    await page.locator(`#panel ${shows}`).first().waitFor();
  }
  await tabTo(page, page.locator(".checkpoint", { hasText: "next: write" }));
  await page.keyboard.press("Enter");
  const back = page.getByRole("button", { name: "Go back here and edit" });
  await tabTo(page, back);
  await page.keyboard.press("Enter");
  await status(page, "paused");
  const tree = page.locator(".state .tree");
  await line(page, "query").waitFor();
  await tabTo(page, tree);
  await page.keyboard.press("Home");
  const picked = page.locator(".tree .line[aria-selected=true] .key");
  for (let lines = 0; (await picked.innerText()) !== "query"; lines++) {
    assert.ok(lines < 50, "no key leads to the question");
    const before = await picked.innerText();
    await page.keyboard.press("ArrowDown");
    await until(async () => (await picked.innerText()) !== before, "the next line");
  }
  await page.keyboard.press("Enter");
  await page.locator(".edit-line textarea").waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("GIP");
  await page.keyboard.press("Enter");
  await page.locator(".edit-line").waitFor({ state: "detached" });
  await line(page, "GIP").waitFor();
  await page.keyboard.press("F5");
  await status(page, "completed");
  await tabTo(page, page.getByRole("tab", { selected: true }));
  for (let views = 0; (await page.getByRole("tab", { name: "Answer", exact: true, selected: true }).count()) === 0; views++) {
    assert.ok(views < 5, "no key leads to the answer");
    const before = await page.getByRole("tab", { selected: true }).innerText();
    await page.keyboard.press("ArrowLeft");
    await until(async () => (await page.getByRole("tab", { selected: true }).innerText()) !== before, "the view before");
  }
  await page.locator(".run:last-child .say.answer strong", { hasText: "GIP" }).waitFor();
});

test("people: a page that was never connected says that it connects, one that was, that the connection broke", async () => {
  const proxy = await new Proxy().start(server.port);
  try {
    proxy.deaf = true;
    const page = await opened("/", {}, proxy.url);
    const line = page.locator(".connection p");
    await says(line, /^Connecting…/);
    await accessible(page, "not connected yet");
    proxy.deaf = false;
    const known = await opened("/", {}, proxy.url);
    await known.locator(".node").first().waitFor();
    proxy.mute = true;
    proxy.cut();
    await says(known.locator(".connection p"), /^The connection broke/);
    await accessible(known, "not connected any more");
  } finally {
    await proxy.stop();
  }
});

test("people: a token is asked for, and kept for the tab", async () => {
  const own = await new Server(["--set", "auth=required"]).start();
  try {
    const token = await own.token("ada");
    const page = await opened("/", {}, own.url);
    await page.getByRole("dialog").waitFor();
    await accessible(page, "token");
    await page.getByLabel("Token", { exact: true }).fill("no-such-token");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await ask(page, "GLP-1", "research");
    await status(page, "completed");
    await page.reload();
    await status(page, "completed");
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.equal(await page.evaluate(() => document.cookie), "");
  } finally {
    await own.stop();
  }
});

test("people: there is something to read and to write in before the server has answered", async () => {
  const page = await opened("/livez");
  // The sockets of this page get nowhere, and of its scripts and styles only those come that the page names itself.
  await page.routeWebSocket(/rpc/, () => {});
  const named = [...(await (await fetch(server.url)).text()).matchAll(/ui\/([\w.-]+\.(?:js|css))"/g)].map((one) => one[1]);
  await page.route(/\.(js|css)$/, (route) => {
    if (named.includes(route.request().url().split("/").pop())) void route.continue();
  });
  await page.goto(`${server.url}/`);
  await page.getByRole("heading", { name: "Stepwire" }).first().waitFor();
  await page.locator("#question").fill("GLP-1");
  const { scripts, styles } = await page.evaluate(() => {
    const bytes = (ending) =>
      performance.getEntriesByType("resource").reduce((sum, one) => sum + (one.name.endsWith(ending) ? one.decodedBodySize : 0), 0);
    return { scripts: bytes(".js"), styles: bytes(".css") };
  });
  assert.ok(scripts > 0 && scripts < 290_000, `scripts of ${scripts} bytes before anything is seen`);
  assert.ok(styles > 0 && styles < 25_000, `styles of ${styles} bytes before anything is seen`);
});

test("people: the head is there before any script has been read, and what is written in it stays where it is", async () => {
  for (const width of [360, 1280]) {
    const page = await opened("/livez", { viewport: { width, height: 800 } });
    let letGo = null;
    const gone = new Promise((resolve) => (letGo = resolve));
    await page.route(/\.js$/, async (route) => {
      await gone;
      await route.continue();
    });
    await page.goto(`${server.url}/`, { waitUntil: "commit" });
    const places = async () => {
      const parts = ["Stepwire", "Ask", "Debug", "Form and settings"].map((text) => page.locator(".ask").getByText(text, { exact: true }));
      return Promise.all([...parts, page.locator("#question")].map((part) => part.boundingBox()));
    };
    const question = page.locator("#question");
    await question.fill("GLP-1 or SGLT2?");
    for (let at = 0; at < 7; at++) await question.press("ArrowLeft");
    const before = await places();
    letGo();
    await page.locator(".node").first().waitFor();
    assert.deepEqual(await places(), before);
    await page.keyboard.type(" not");
    assert.equal(await question.inputValue(), "GLP-1 or not SGLT2?");
    assert.equal(await page.locator("#question").count(), 1);
  }
});

test("people: a key changes its own field, and nothing else of the page", async () => {
  const page = await opened();
  await ask(page, "all", "fan");
  await status(page, "completed");
  // What its end brings elsewhere has come, and is drawn.
  await page.locator(`.session-row[href$="${sessionOf(page)}"] .s-completed`).waitFor();
  await page.locator(".say.answer .markdown strong").waitFor();
  await settled(page);
  for (const [field, holder] of [["#question", ".ask-form"], [".follow-up textarea", ".follow-up"]]) {
    // The first key of a question enables what asks it.
    await page.locator(field).fill("GL");
    await watchTouched(page);
    await page.locator(field).pressSequentially("P-1 and");
    assert.equal(await page.locator(field).inputValue(), "GLP-1 and");
    assert.deepEqual(await touchedBeside(page, holder), [], field);
  }
});
