import { expect, test, vi } from "vitest";

import { Throttle } from "../src/lib/throttle";
import { haveOutcomes, newer, older, PAGE } from "../src/model/checkpoints";
import { lanesOf } from "../src/model/lanes";
import type { CheckpointSummary } from "../src/model/wire";

const NONE = { checkpoints: [], more: false };

/** So many checkpoints of one line, newest first; the session stands at one. */
function line(count: number, current = 0, name = "c"): CheckpointSummary[] {
  return Array.from({ length: count }, (_, at) => {
    const number = count - at;
    return { checkpoint_id: `${name}${number}`, parent_checkpoint_id: number > 1 ? `${name}${number - 1}` : null, current: at === current, path: "" } as CheckpointSummary;
  });
}

function server(all: CheckpointSummary[]) {
  const asked: (string | undefined)[] = [];
  const ask = async (before: string | undefined) => {
    asked.push(before);
    const from = before === undefined ? 0 : all.findIndex((one) => one.checkpoint_id === before) + 1;
    return all.slice(from, from + PAGE);
  };
  return { asked, ask };
}

test("of hundreds of checkpoints only what is newer is asked for, and all is as the server has it", async () => {
  const first = line(450);
  const loaded = await older(await newer(NONE, PAGE, false, server(first).ask), 400, () => false, server(first).ask);
  expect(loaded).toEqual({ checkpoints: first.slice(0, 400), more: true });
  const next = server(line(500));
  expect(await newer(loaded, 400, false, next.ask)).toEqual({ checkpoints: line(500).slice(0, 400), more: true });
  expect(next.asked).toEqual([undefined]);
  const far = server(line(600));
  expect(await newer(loaded, 400, false, far.ask)).toEqual({ checkpoints: line(600).slice(0, 400), more: true });
  expect(far.asked).toHaveLength(2);
});

test("where the session stands at an older one, what was loaded is asked for anew", async () => {
  const loaded = { checkpoints: line(450).slice(0, 300), more: true };
  const moved = server(line(450, 250));
  expect(await newer(loaded, 300, false, moved.ask)).toEqual({ checkpoints: line(450, 250).slice(0, 300), more: true });
  expect(moved.asked).toHaveLength(3);
});

test("an outcome behind hundreds of newer checkpoints is found, and no more is asked for", async () => {
  const fork = line(350, 0, "new");
  fork[349] = { ...(fork[349] as CheckpointSummary), parent_checkpoint_id: "c400" };
  const all = [...fork, ...line(700, -1)];
  const { asked, ask } = server(all);
  const first = await newer(NONE, PAGE, false, ask);
  expect(haveOutcomes(first.checkpoints)).toBe(false);
  const found = await older(first, 5000, haveOutcomes, ask);
  expect(haveOutcomes(found.checkpoints)).toBe(true);
  expect(asked).toHaveLength(4);
});

test("the lines beside thousands of checkpoints: each has what passes it, and no more", () => {
  const fork = line(2000, 0, "new");
  fork[1999] = { ...(fork[1999] as CheckpointSummary), parent_checkpoint_id: "c1" };
  const { rows, lanes } = lanesOf([...fork, ...line(2000, -1)]);
  expect(lanes).toBe(2);
  expect(rows.slice(0, 2000).every((row) => row.passing.length === 0)).toBe(true);
  expect(rows.slice(2000, 3999).every((row) => row.passing.join() === "0")).toBe(true);
  expect(rows[3999]?.passing).toEqual([]);
  expect(rows[3999]?.children.sort()).toEqual([0, 1]);
});

test("what is asked for without a pause is done at once, then once in its time, and not beside itself", async () => {
  vi.useFakeTimers();
  try {
    let begun = 0;
    let end = () => {};
    const throttle = new Throttle(() => {
      begun += 1;
      return begun === 1 ? Promise.resolve() : new Promise((resolve) => (end = resolve));
    }, 500);
    for (let at = 0; at < 50; at++) {
      throttle.ask();
      await vi.advanceTimersByTimeAsync(20);
      if (at === 1) expect(begun).toBe(1);
    }
    expect(begun).toBe(2);
    end();
    await vi.advanceTimersByTimeAsync(500);
    expect(begun).toBe(3);
    throttle.stop();
    end();
    throttle.ask();
    await vi.advanceTimersByTimeAsync(1000);
    expect(begun).toBe(3);
  } finally {
    vi.useRealTimers();
  }
});
