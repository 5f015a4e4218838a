import { lanesOf, tipsOf } from "./lanes";
import type { CheckpointSummary } from "./wire";

/** Checkpoints that are asked for at once. */
export const PAGE = 100;
/** Of so many new ones the known ones are given up: they are asked for again where one wants them. */
const MOST_NEW = 1000;
/** Looking for outcomes ends after so many checkpoints. */
export const MOST_LOOKED = 5000;

/** A session's newest checkpoints, newest first; `more` where there are older ones. */
export interface Loaded {
  checkpoints: readonly CheckpointSummary[];
  more: boolean;
}

/** Gives at most `PAGE` checkpoints, newest first, that are older than one; the newest where none is named. */
export type Ask = (before: string | undefined) => Promise<CheckpointSummary[]>;

/** What is there now, of which `known` was: asked for is what is newer, and the rest only where `whole`, or where it stands there. */
export async function newer(known: Loaded, wanted: number, whole: boolean, ask: Ask): Promise<Loaded> {
  const at = new Map(known.checkpoints.map((one, index) => [one.checkpoint_id, index]));
  const found: CheckpointSummary[] = [];
  for (;;) {
    const page = await ask(found.at(-1)?.checkpoint_id);
    found.push(...page);
    if (page.length < PAGE) return { checkpoints: found.slice(0, wanted), more: found.length > wanted };
    const shared = found.findLast((one) => at.has(one.checkpoint_id));
    if (shared !== undefined && !whole && found.some((one) => one.current)) {
      const ids = new Set(found.map((one) => one.checkpoint_id));
      const rest = known.checkpoints.slice(at.get(shared.checkpoint_id)).filter((one) => !ids.has(one.checkpoint_id));
      const all = [...found, ...rest.map((one) => (one.current ? { ...one, current: false } : one))];
      return { checkpoints: all.slice(0, wanted), more: known.more || all.length > wanted };
    }
    if (found.length >= wanted || (shared === undefined && found.length >= MOST_NEW)) return { checkpoints: found.slice(0, wanted), more: true };
  }
}

/** With older ones, until there are `wanted`, or `enough` says so. */
export async function older(known: Loaded, wanted: number, enough: (all: readonly CheckpointSummary[]) => boolean, ask: Ask): Promise<Loaded> {
  let { checkpoints, more } = known;
  while (more && checkpoints.length < wanted && !enough(checkpoints)) {
    const page = await ask(checkpoints.at(-1)?.checkpoint_id);
    checkpoints = [...checkpoints, ...page];
    more = page.length === PAGE;
  }
  return { checkpoints, more };
}

/** Whether two outcomes are among these. */
export function haveOutcomes(checkpoints: readonly CheckpointSummary[]): boolean {
  return tipsOf(lanesOf(checkpoints).rows).length > 1;
}
