// How fast the web console is in a real browser whose processor is made slower. `make bench-console`; ARGS: names of what to measure.
//
// Each turn measures the page, and beside it a bare page: a text field, and a button that shows a box. What the machine and the
// browser cost is in both.

import { ask, launch, see, Server, tab } from "../tests/console/support.mjs";

const SLOWDOWN = Number(process.env.SLOWDOWN ?? 4);
const TURNS = Number(process.env.TURNS ?? 7);

const BARE = `data:text/html,${encodeURIComponent(`<!doctype html><title>bare</title><textarea id=field></textarea><button id=show>show</button>
<script>document.getElementById("show").onclick = () => { const box = document.createElement("p"); box.textContent = "shown"; box.id = "box"; document.body.append(box); };</script>`)}`;

const ms = (value) => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
const sorted = (values) => [...values].sort((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];

/** One row: the best and the median of all turns, and how many times the bare page that is. */
function row(name, values, beside = null) {
  const ratio = beside === null ? "" : `   ${(median(values) / median(beside)).toFixed(1)} x a bare page (${ms(median(beside))})`;
  console.log(`${name.padEnd(34)} best ${ms(Math.min(...values)).padStart(8)}   median ${ms(median(values)).padStart(8)}${ratio}`);
}

async function slow(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
}

const firstPaint = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        new PerformanceObserver((list) => {
          const [paint] = list.getEntriesByName("first-contentful-paint");
          if (paint) resolve(paint.startTime);
        }).observe({ type: "paint", buffered: true });
      }),
  );

/**
 * How long the slowest key, or press or release of the mouse, of an action took until the next picture, in ms. What a browser
 * tells of events is no measure here: it keeps those of keys back until the mouse is used, and says then that they took so long.
 */
async function slowest(page, action) {
  await page.evaluate(() => {
    window.took = [];
    window.listening?.abort();
    window.listening = new AbortController();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: began }) => window.took.push(performance.now() - began);
    // The first task behind the frame's callbacks comes when its picture is made.
    const heard = ({ timeStamp }) => requestAnimationFrame(() => port2.postMessage(timeStamp));
    for (const type of ["keydown", "keyup", "pointerdown", "pointerup", "click"])
      window.addEventListener(type, heard, { capture: true, signal: window.listening.signal });
  });
  await action();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))));
  return page.evaluate(() => Math.max(...window.took));
}

/** When the scripts have drawn what the page is about, in ms. */
const taken = (page) => page.waitForFunction(() => window.taken).then((found) => found.jsonValue());

async function page(browser, url) {
  const made = await tab(browser, "about:blank");
  await made.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector(".home") === null) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => (window.taken = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  await slow(made);
  await made.goto(url);
  return made;
}

/** What a hand does: all that looks for the place is done before. */
const typed = async (made, field) => {
  await made.locator(field).focus();
  return slowest(made, () => made.keyboard.type("GLP-1 and", { delay: 60 }));
};
const clicked = async (made, place, then) => {
  const { x, y, width, height } = await place.first().boundingBox();
  const took = await slowest(made, async () => {
    await made.mouse.move(x + width / 2, y + height / 2);
    await made.mouse.down();
    await made.mouse.up();
    await made.waitForTimeout(500);
  });
  await made.locator(then).first().waitFor();
  return took;
};

async function turn(browser, server, found) {
  const add = (name, value) => (found[name] ??= []).push(value);
  const bare = await page(browser, BARE);
  add("bare paint", await firstPaint(bare));
  add("bare key", await typed(bare, "#field"));
  add("bare click", await clicked(bare, bare.locator("#show"), "#box"));
  await bare.context().close();

  const home = await page(browser, `${server.url}/`);
  add("first paint", await firstPaint(home));
  add("the scripts have taken over", await taken(home));
  await home.locator(".node").first().waitFor();
  add("the graph is drawn", await home.evaluate(() => performance.now()));
  add("a key in the question", await typed(home, "#question"));
  add("a node is clicked", await clicked(home, home.locator(".node-name"), ".node-card"));
  // It would stop there.
  await home.getByLabel("Stop here").uncheck();
  await home.keyboard.press("Escape");
  await ask(home, "GLP-1", "research");
  await home.locator(".session-head .s-completed").waitFor();
  add("a key in a following question", await typed(home, ".follow-up textarea"));
  for (const [name, shows] of [["Events", ".event-scroll"], ["Timeline", ".bar"], ["State", ".tree .line"], ["History", ".checkpoint"], ["Answer", ".say.answer"]])
    add(`the view ${name}`, await clicked(home, home.getByRole("tab", { name, exact: true }), shows));
  add("a node of the session is clicked", await clicked(home, home.locator(".node-name"), ".node-card"));
  await home.context().close();
}

async function interactions(browser, server) {
  const found = {};
  for (let at = 0; at < TURNS; at++) await turn(browser, server, found);
  const { "bare paint": paint, "bare key": key, "bare click": clicked, ...rows } = found;
  console.log(`A processor ${SLOWDOWN} times slower, ${TURNS} turns`);
  row("first paint", rows["first paint"], paint);
  delete rows["first paint"];
  for (const name of ["the scripts have taken over", "the graph is drawn"]) {
    row(name, rows[name]);
    delete rows[name];
  }
  for (const [name, values] of Object.entries(rows)) row(name, values, name.includes("key") ? key : clicked);
}

/** 100,000 events, scrolled through. */
async function scrolling(browser, server) {
  const { session_id } = await server.call("query.start", { query: "100000", graph: "flood", subscribe: false });
  const made = await tab(browser, `${server.url}/#/session/${session_id}/events`);
  made.setDefaultTimeout(300_000);
  await made.locator(".session-head .s-completed").waitFor();
  await made.locator(".event-scroll").focus();
  await made.keyboard.press("Home");
  await made.locator("#event-1").waitFor();
  const frames = await made.evaluate(async () => {
    const box = document.querySelector(".event-scroll");
    const times = [];
    let last = performance.now();
    for (let at = 0; at < 120; at++) {
      box.scrollTop += 1700;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - last);
      last = performance.now();
    }
    return times;
  });
  row("a frame while 100,000 are scrolled", frames);
  console.log(`${"".padEnd(34)} the worst of 120: ${ms(Math.max(...frames))}`);
  await made.context().close();
}

/** A state of 50 MB: how long until it is there, and how long the page was busy at once. */
async function large(browser, server) {
  const { session_id } = await server.call("query.start", { query: "50", graph: "large", subscribe: false });
  const looks = { first: [], again: [], busy: [] };
  const made = await tab(browser, `${server.url}/#/session/${session_id}`);
  made.setDefaultTimeout(300_000);
  await made.locator(".session-head .s-completed").waitFor();
  await made.evaluate(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) window.longest = Math.max(window.longest, one.duration);
    }).observe({ type: "longtask" });
  });
  for (const look of ["first", "again", "again", "again"]) {
    const began = performance.now();
    await see(made, "State");
    await made.locator(".tree .line", { hasText: "rows" }).first().click();
    await made.locator(".tree .line", { hasText: /^▸?\s*0/ }).first().waitFor();
    looks[look].push(performance.now() - began);
    looks.busy.push(await made.evaluate(() => window.longest));
    await see(made, "Answer");
  }
  row("50 MB are looked at, first", looks.first);
  row("50 MB are looked at, then", looks.again);
  console.log(`${"the page busy at once".padEnd(34)} worst ${ms(Math.max(...looks.busy))}`);
  await made.context().close();
}

const ALL = { interactions, scrolling, large };
const names = process.argv.slice(2);
const [browser, server] = await Promise.all([launch(), new Server().start()]);
try {
  for (const name of names.length ? names : Object.keys(ALL)) {
    if (!ALL[name]) throw new Error(`nothing is called ${name}; there are ${Object.keys(ALL).join(", ")}`);
    await ALL[name](browser, server);
  }
} finally {
  await browser.close();
  await server.stop();
}
