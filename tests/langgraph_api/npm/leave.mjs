// A run that is stopped while it speaks, one after it, and one that a second page joins in its middle.
import { chromium } from "playwright-core";
import { Client } from "@langchain/langgraph-sdk";
import { open } from "./front_end.mjs";

const [url, executablePath, entry] = process.argv.slice(2);
const client = new Client({ apiUrl: url });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"] });
const found = {};
// What a cut-off run said: newer SDKs take it off the page, `@langchain/react` has one that does not.
const some = () => {
  const cut = window.localStorage.getItem("cut");
  const last = [...document.querySelectorAll("#messages li")].map((one) => one.innerText).filter((one) => one !== cut).at(-1) ?? "";
  return last.includes("shall") && !last.includes("you");
};
const idle = () => document.querySelector("#status").innerText === "idle";
const asks = () => document.querySelector("#interrupt").innerText !== "";
try {
  const context = await browser.newContext();
  const { page, errors, text, until } = await open(context, url, entry, { ASSISTANT: "helper", API_URL: url });
  const told = (where) =>
    where.evaluate(() => {
      const all = [...document.querySelectorAll("#messages li")].map((one) => one.innerText);
      return all.filter((one) => one !== window.localStorage.getItem("cut"));
    });
  const ended = async (thread) => {
    let run;
    do [run] = await client.runs.list(thread);
    while (["pending", "running"].includes(run.status));
    return run.status;
  };
  await page.click("#slowly");
  await until(some);
  await page.click("#stop");
  await until(idle);
  await page.evaluate(() => {
    const last = document.querySelector("#messages").lastElementChild.innerText;
    if (last.startsWith("ai:")) window.localStorage.setItem("cut", last);
  });
  const thread = await page.evaluate(() => window.localStorage.getItem("thread"));
  found.stopped = await ended(thread);
  found.left = (await client.threads.getState(thread)).next;
  await page.click("#ask");
  await until(asks);
  await until(idle);
  found.next = await told(page);
  await page.click("#approve");
  await until(() => document.querySelector("#messages").innerText.includes("booked: approve"));
  await until(idle);

  await page.click("#slowly");
  await until(some);
  const [{ run_id: run }] = await client.runs.list(thread);
  // Where somebody was who has read two tokens of it.
  let tokens = 0;
  let last;
  for await (const part of client.runs.joinStream(thread, run, { lastEventId: "-1", streamMode: "messages-tuple" })) {
    if (part.event === "messages" && part.data[0].content.trim()) tokens += 1;
    last = part.id;
    if (tokens === 2) break;
  }
  const second = await open(context, url, entry, { ASSISTANT: "helper", API_URL: url });
  if (entry === "page.jsx") {
    await second.until(() => document.querySelector("#messages").innerText.includes("booked"));
    await second.page.evaluate((join) => window.localStorage.setItem("join", join), JSON.stringify([run, last]));
    await second.page.click("#join");
  }
  await second.until(() => {
    const cut = window.localStorage.getItem("cut");
    const all = [...document.querySelectorAll("#messages li")].map((one) => one.innerText).filter((one) => one !== cut);
    return /the|room/.test(all.at(-1)) && all.at(-1).startsWith("ai:");
  });
  found.joined = (await told(second.page)).at(-1);
  await second.until(asks);
  await second.until(idle);
  found.whole = await told(second.page);
  await until(asks);
  await until(idle);
  found.first = await told(page);
  found.error = (await text("#error")) + (await second.text("#error"));
  found.errors = [...errors, ...second.errors];
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
