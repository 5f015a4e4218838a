// The page in a browser: tokens, a question and its answer, a reload in the middle, a branch, the list of threads.
import { chromium } from "playwright-core";
import { open } from "./front_end.mjs";

const [url, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = {};
try {
  const { page, errors, text, until } = await open(browser, url, "page.jsx", { ASSISTANT: "helper" });
  await page.click("#slowly");
  // Some tokens, not all.
  await until(() => {
    const all = document.querySelector("#messages").innerText;
    return all.includes("shall") && !all.includes("you");
  });
  found.partial = await text("#messages");
  await page.reload();
  await until(() => document.querySelector("#interrupt").innerText !== "");
  found.afterReload = await text("#messages");
  found.interrupt = JSON.parse(await text("#interrupt"));
  await page.click("#approve");
  await until(() => document.querySelector("#messages").innerText.includes("booked: approve"));
  await until(() => document.querySelector("#status").innerText === "idle");
  found.approved = await text("#messages");
  found.noInterrupt = (await text("#interrupt")) === "";
  await page.click("#branch");
  await until(() => document.querySelector("#messages").innerText.includes("another room"));
  await until(() => document.querySelector("#interrupt").innerText !== "");
  found.branch = await text("#messages");
  await until(() => document.querySelector("#threads").innerText.includes("interrupted"));
  found.threads = await text("#threads");
  found.error = await text("#error");
  found.errors = errors;
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
