// assistant-ui in a browser: tokens, a run that is stopped, a question and its answer, another thread and back, a reload, an answer made anew.
import { chromium } from "playwright-core";
import { Client } from "@langchain/langgraph-sdk";
import { open } from "./front_end.mjs";

const [url, executablePath, assistant, slowly] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const client = new Client({ apiUrl: url });
const found = {};
try {
  const { page, errors, text, until } = await open(browser, url, "assistant_ui.jsx", { ASSISTANT: assistant, API_URL: url });
  const settled = () => until(() => document.querySelector("#status").innerText === "idle");
  const asked = () => until(() => document.querySelector("#interrupt").innerText !== "");
  const told = async () => (await text("#messages")).replaceAll("again", "").replace(/\s*\n\s*/g, "\n").trim();
  const send = async (words) => {
    await page.fill("#input", words);
    await page.click("#send");
  };
  if (slowly) {
    // Some tokens, not all.
    await send("a room please, slowly");
    await until(() => {
      const all = document.querySelector("#messages").innerText;
      return all.includes("shall") && !all.includes("you");
    });
    found.partial = await told();
    await page.click("#stop");
    await settled();
    const [{ thread_id: stopped }] = await client.threads.search({ metadata: { page: "assistant-ui" } });
    // Whoever leaves the stream ends the run.
    let run;
    do [run] = await client.runs.list(stopped);
    while (["pending", "running"].includes(run.status));
    found.stopped = run.status;
  }
  await send("a room please");
  await asked();
  await settled();
  found.interrupt = JSON.parse(await text("#interrupt"));
  found.asked = await told();
  await page.click("#new");
  await until(() => document.querySelector("#messages").innerText === "");
  found.fresh = await text("#interrupt");
  await until(() => document.querySelector("#threads button:not(#new)"));
  found.threads = await text("#threads");
  // Back to the first thread: what it asks is asked again.
  await page.click("#threads button:not(#new)");
  await asked();
  found.back = await told();
  await page.reload();
  await until(() => document.querySelector("#threads button:not(#new)"));
  await page.click("#threads button:not(#new)");
  await asked();
  found.afterReload = await told();
  await page.click("#approve");
  await until(() => document.querySelector("#messages").innerText.includes("booked"));
  await settled();
  found.approved = await told();
  found.left = await text("#interrupt");
  // From the state that the last answer was made of.
  await page.locator(".again").last().click();
  await asked();
  await settled();
  found.again = await told();
  found.errors = errors;
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
