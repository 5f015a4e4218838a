// A page of any origin: the server's own, as a front end is behind its proxy, or another, as it is while one is being written.
import { build } from "esbuild";

/** Opens `entry` in a browser's new page at an origin. `define`: constants of its source, by name. */
export async function open(browser, origin, entry, define) {
  const bundle = await build({
    entryPoints: [new URL(`./${entry}`, import.meta.url).pathname],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: {
      "process.env.NODE_ENV": '"production"',
      ...Object.fromEntries(Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)])),
    },
  });
  const page = await browser.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.route(`${origin}/front-end`, (route) =>
    route.fulfill({
      contentType: "text/html",
      body: '<!doctype html><div id="root"></div><script type="module" src="/front-end.js"></script>',
    }),
  );
  await page.route(`${origin}/front-end.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: bundle.outputFiles[0].text }),
  );
  await page.goto(`${origin}/front-end`);
  return {
    page,
    errors,
    text: (id) => page.locator(id).innerText(),
    until: (test, ...args) => page.waitForFunction(test, args, { timeout: 60000 }),
  };
}
