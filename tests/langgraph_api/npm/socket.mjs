// The page over a WebSocket: tokens, a reload in the middle of a run, a question and its answer, a second run, calls of tools.
import { chromium } from "playwright-core";
import { open } from "./front_end.mjs";

const [url, executablePath] = process.argv.slice(2);
// The page is the test's own and comes from no address, so that the browser would take the server for one of another network.
const args = ["--no-sandbox", "--disable-features=LocalNetworkAccessChecks"];
const browser = await chromium.launch({ executablePath, args });
const found = {};
const settled = () => document.querySelector("#status").innerText === "idle";
try {
  const { page, errors, text, until } = await open(browser, url, "socket.jsx", { ASSISTANT: "helper" });
  const requests = [];
  page.on("request", (request) => requests.push(`${request.method()} ${new URL(request.url()).pathname}`));
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
  await until(settled);
  found.approved = await text("#messages");
  // Another question: those of before are not asked again.
  await page.click("#ask");
  await until(() => document.querySelector("#interrupt").innerText !== "");
  await until(settled);
  found.interrupts = await text("#interrupts");
  found.messages = await text("#messages");
  await page.reload();
  await until(() => document.querySelector("#interrupt").innerText !== "");
  await page.click("#approve");
  await until(() => document.querySelector("#messages").innerText.split("booked: approve").length === 3);
  await until(settled);
  found.asked = await text("#interrupts");
  found.error = await text("#error");
  found.frames = await page.evaluate(() => window.frames_.filter((one) => one.type === "event").map((one) => one.event_id));
  found.streams = requests.filter((one) => one.startsWith("POST") && /commands|stream/.test(one));
  found.errors = errors;

  const clerk = await open(browser, url, "socket.jsx", { ASSISTANT: "clerk" });
  await clerk.page.evaluate(() => window.localStorage.clear());
  await clerk.page.reload();
  await clerk.page.click("#ask");
  await clerk.until(() => document.querySelector("#messages").innerText.includes("taken after all"));
  await clerk.until(settled);
  found.tools = (await clerk.text("#tools")).split("\n");
  found.clerkErrors = [await clerk.text("#error"), ...clerk.errors];
} finally {
  await browser.close();
}
console.log(JSON.stringify(found));
