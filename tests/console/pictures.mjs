// Pictures of every view of the console, to be looked at: node tests/console/pictures.mjs FOLDER [WIDTH…] (2560 where none is said).
// GRAPH=name=module:attribute draws that graph too.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { ask, launch, see, Server, sessionOf, settled, status, tab, until } from "./support.mjs";

const [folder = "pictures", ...widths] = process.argv.slice(2);
const HEIGHTS = { 360: 740, 1280: 800, 2560: 1440 };

const stop = (page, path) => page.getByRole("button", { name: `Breakpoint at ${path}`, exact: true }).click();

/** By name: what leads to a view, one after the other in one page. */
const VIEWS = {
  home: async () => {},
  "home-card": async (page) => {
    await page.locator(".node-name").first().click();
    await page.getByLabel("Only if").waitFor();
  },
  "home-settings": async (page) => {
    await page.getByLabel("Stop here").uncheck();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Form and settings" }).click();
    await page.getByLabel("Its tags, with commas between").waitFor();
  },
  stopped: async (page) => {
    await page.getByRole("button", { name: "Form and settings" }).click();
    await stop(page, "literature/rank");
    await ask(page, "GLP-1");
    await status(page, "paused");
    await see(page, "State");
  },
  answer: async (page) => {
    await page.keyboard.press("F5");
    await status(page, "completed");
    await see(page, "Answer");
  },
  events: async (page) => {
    await see(page, "Events");
    await page.locator(".event").nth(3).click();
  },
  timeline: (page) => see(page, "Timeline"),
  state: (page) => see(page, "State"),
  history: async (page) => {
    await see(page, "History");
    await page.locator(".checkpoint", { hasText: "next: write" }).click();
    await page.locator(".diff").waitFor();
  },
  compare: async (page) => {
    await page.getByRole("button", { name: "Run again from here" }).click();
    const results = async () => (await server.events(sessionOf(page))).filter((event) => event.method === "query.result");
    await until(async () => (await results()).length === 2, "the second outcome");
    await status(page, "completed");
    await see(page, "History");
    await page.getByRole("button", { name: "Compare the outcomes" }).click();
    await page.locator(".side .answer").nth(1).waitFor();
  },
  questions: async (page) => {
    await ask(page, "paint", "asking");
    await status(page, "waiting");
    await page.locator(".question").nth(1).waitFor();
  },
  decision: async (page) => {
    await ask(page, "post", "mail");
    await page.getByRole("button", { name: "Approve" }).waitFor();
  },
  form: async (page) => {
    await ask(page, "all", "fields");
    await page.getByLabel("Eighth").waitFor();
  },
  chat: async (page) => {
    await ask(page, "hello", "talk");
    await status(page, "completed");
  },
};

const own = process.env.GRAPH;
const [browser, server] = await Promise.all([launch(), new Server([], own ? [own] : []).start()]);
try {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ["light", "dark"])
    for (const width of widths.length ? widths.map(Number) : [2560]) {
      const page = await tab(browser, `${server.url}/`, { colorScheme, viewport: { width, height: HEIGHTS[width] ?? 800 } });
      const take = async (name) => {
        await settled(page);
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`) });
      };
      if (own) {
        await page.locator(".ask-graph select").selectOption(own.split("=")[0]);
        await page.locator(".node").first().waitFor();
        await take("graph");
        await page.locator(".ask-graph select").selectOption("research");
      }
      await page.locator('.node[data-path="literature"]').waitFor();
      for (const [name, lead] of Object.entries(VIEWS)) {
        await lead(page);
        await take(name);
      }
      await page.context().close();
    }
} finally {
  await browser.close();
  await server.stop();
}
