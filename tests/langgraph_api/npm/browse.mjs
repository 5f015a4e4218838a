// The page in a browser: tokens, a question and its answer, a reload in the middle, a branch, the list of threads.
import { chromium } from "playwright-core";
import { build } from "esbuild";

const [url, executablePath] = process.argv.slice(2);
const bundle = await build({
  entryPoints: [new URL("./page.jsx", import.meta.url).pathname],
  bundle: true,
  write: false,
  format: "esm",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
});
const script = bundle.outputFiles[0].text;
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const found = {};
try {
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  // The page is served at the server's own origin.
  await page.route(`${url}/front-end`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><div id="root"></div><script type="module" src="/front-end.js"></script>',
    }),
  );
  await page.route(`${url}/front-end.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: script }),
  );
  const text = (id) => page.locator(id).innerText();
  const until = (test, ...args) => page.waitForFunction(test, args, { timeout: 20000 });
  await page.goto(`${url}/front-end`);
  await page.click("#ask");
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
