/** Where the page is, as its address says: what is open can be linked to, and is there again after a reload. */
export type Tab = "flow" | "events" | "timeline" | "state" | "history" | "graph";
export const TABS: Tab[] = ["flow", "events", "timeline", "state", "history"];
/** Where there is no room for both beside each other, the graph has a tab too. */
export const NARROW_TABS: Tab[] = ["graph", ...TABS];

export interface Route {
  session: string | null;
  tab: Tab;
  /** The event that is looked at. */
  event: number | null;
  /** The checkpoint that is looked at, and the one it is compared with. */
  checkpoint: string | null;
  other: string | null;
}

const HOME: Route = { session: null, tab: "flow", event: null, checkpoint: null, other: null };

/** `#/session/ID`, with `/TAB`, `/event/SEQ`, `/checkpoint/ID` or `/compare/ID/ID` behind it. */
export function parse(hash: string): Route {
  const [first, session, what, one, two] = hash.replace(/^#\/?/, "").split("/").map(decoded);
  if (first !== "session" || !session) return HOME;
  const route: Route = { ...HOME, session };
  if (what === "event") {
    const seq = Number(one);
    return { ...route, tab: "events", event: Number.isInteger(seq) && seq > 0 ? seq : null };
  }
  if (what === "checkpoint" && one) return { ...route, tab: "history", checkpoint: one };
  if (what === "compare" && one) return { ...route, tab: "history", checkpoint: one, other: two || null };
  if (what !== undefined && (NARROW_TABS as string[]).includes(what)) return { ...route, tab: what as Tab };
  return route;
}

export function format(route: Route): string {
  if (route.session === null) return "#/";
  const base = `#/session/${encodeURIComponent(route.session)}`;
  if (route.tab === "events" && route.event !== null) return `${base}/event/${route.event}`;
  if (route.tab === "history" && route.checkpoint !== null)
    return route.other === null
      ? `${base}/checkpoint/${encodeURIComponent(route.checkpoint)}`
      : `${base}/compare/${encodeURIComponent(route.checkpoint)}/${encodeURIComponent(route.other)}`;
  return route.tab === "flow" ? base : `${base}/${route.tab}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
