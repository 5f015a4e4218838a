// The page in a browser: tokens, a question and its answer, a reload in the middle, a branch, the list of threads.
import { chromium } from "playwright-core";
import { open } from "./front_end.mjs";

const [url, executablePath, origin = url] = process.argv.slice(2);
// A page that no machine serves counts as one of the internet, which may not speak to this machine.
const args = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"];
const browser = await chromium.launch({ executablePath, args });
const found = {};
try {
  const { page, errors, text, until } = await open(browser, origin, "page.jsx", { ASSISTANT: "helper", API_URL: url });
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
  await page.click("#rename");
  await until(() => document.querySelector("#name").innerText !== "");
  found.name = await text("#name");
  found.error = await text("#error");
  found.errors = errors;
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
