const seconds = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const count = new Intl.NumberFormat("en");
const clock = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const full = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en", { month: "short", day: "numeric" });

/** Milliseconds, for people. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "";
  if (ms < 1) return "<1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${seconds.format(ms / 1000)} s`;
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const number = (value: number): string => count.format(value);

/** The time of day here. */
export const clockOf = (at: string | number): string => clock.format(new Date(at));

/** Day and time here. */
export const whenOf = (at: string | number): string => full.format(new Date(at));

/** How long ago, in a word. */
export function ago(at: string, now: number): string {
  const past = Math.max(0, now - Date.parse(at)) / 1000;
  if (past < 45) return "now";
  if (past < 3600) return `${Math.round(past / 60)} min`;
  if (past < 86_400) return `${Math.round(past / 3600)} h`;
  return day.format(new Date(at));
}

/** Bytes, for people. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${seconds.format(size / 1024)} KiB`;
  return `${seconds.format(size / 1024 / 1024)} MiB`;
}
