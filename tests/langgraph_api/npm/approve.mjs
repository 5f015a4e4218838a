// A person asks an agent, and approves what it wants to do when told so on standard input.
import { createInterface } from "node:readline/promises";
import { chromium } from "playwright-core";
import { open } from "./front_end.mjs";

const [url, executablePath, assistant] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const lines = createInterface({ input: process.stdin });
const told = lines[Symbol.asyncIterator]();
const say = (value) => console.log(JSON.stringify(value));
try {
  const { page, errors, text, until } = await open(browser, url, "page.jsx", { ASSISTANT: assistant, API_URL: url });
  await page.click("#ask");
  await until(() => document.querySelector("#interrupt").innerText !== "");
  say({
    thread: await page.evaluate(() => window.localStorage.getItem("thread")),
    interrupt: JSON.parse(await text("#interrupt")),
    messages: await text("#messages"),
  });
  await told.next();
  await page.click("#approve");
  await until(() => document.querySelector("#messages").innerText.includes("Basel: the visit on Monday is booked"));
  await until(() => document.querySelector("#status").innerText === "idle");
  say({ messages: await text("#messages"), error: await text("#error"), errors });
} finally {
  lines.close();
  await browser.close();
}
