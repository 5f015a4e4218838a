// A person's first stop in VS Code: a dot in the gutter, F5, a variable changed, F10.
// node debug.mjs FILE PICTURES COMMAND…: the graph's source, a folder for pictures, the adapter's command.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { bridge } from "./bridge.mjs";

const [file, pictures, browserPath, ...command] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const lines = readFileSync(file, "utf8").split("\n");
const lineOf = (text) => lines.findIndex((line) => line.includes(text)) + 1;

const server = await bridge(join(here, "dist"), command, [file]);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 760 } });
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => console.error(`page: ${error}`));
  const picture = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });

  const asked = new URLSearchParams({ file, query: "GLP-1" });
  await page.goto(`${server.url}?${asked}`);
  await page.waitForFunction(() => window.ready);

  // A dot, by a click into the gutter beside a line within the node's function.
  const inside = lineOf('return {"hits": sorted');
  const number = page.locator(".line-numbers", { hasText: new RegExp(`^${inside}$`) });
  const at = await number.boundingBox();
  await page.mouse.click(at.x - 8, at.y + at.height / 2);
  const dot = page.locator(".codicon-debug-breakpoint").first();
  await dot.waitFor();
  await picture("dot");
  await page.locator(".debug-toolbar, .view-lines").first().click();

  // F5: the stop, before the node's first line, in the subgraph.
  await page.keyboard.press("F5");
  const stack = page.locator(".debug-call-stack");
  await stack.getByText("rank", { exact: true }).first().waitFor();
  await page.locator(".debug-top-stack-frame-line").first().waitFor();
  const verified = page.locator(".codicon-debug-breakpoint, .codicon-debug-breakpoint-stackframe").first();
  await verified.waitFor();

  // A variable is opened, and one in it changed.
  const variables = page.locator(".debug-variables");
  const row = (name) => variables.locator(".monaco-list-row").filter({ has: page.locator(".name", { hasText: name }) });
  const scope = variables.locator(".monaco-list-row", { hasText: "State" }).first();
  await scope.waitFor();
  for (const found of [scope, row(/^hits/).first(), row(/^2\b/).first()]) {
    await found.waitFor();
    if ((await found.getAttribute("aria-expanded")) !== "true") await found.locator(".monaco-tl-twistie").click();
  }
  const year = row(/^year/).first();
  await year.waitFor();
  await picture("stop");
  await year.locator(".value").dblclick();
  const box = variables.locator(".inputBoxContainer input, input.input").first();
  await box.fill("1999");
  await box.press("Enter");
  await year.locator(".value", { hasText: "1999" }).waitFor();
  await picture("variable");

  // F10, twice: behind the subgraph, and to the end of the graph; the answer is another one now.
  await page.keyboard.press("F10");
  await stack.getByText("answer", { exact: true }).first().waitFor();
  await row(/^0\b/).filter({ hasText: "2022" }).or(row(/^0\b/).filter({ hasText: "2021" })).first().waitFor();
  await picture("step");
  await page.keyboard.press("F5");
  await page.waitForFunction(() => !document.querySelector(".debug-top-stack-frame-line"));
  await page.getByText(/trial 1 \(2021\)/).first().waitFor();
  await picture("console");
  assert.ok(true);
  console.log("green");
} catch (error) {
  const [page] = browser.contexts().flatMap((one) => one.pages());
  await page?.screenshot({ path: join(pictures, "failed.png") });
  throw error;
} finally {
  await browser.close();
  await server.close();
}
