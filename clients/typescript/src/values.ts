// Values that the server cut out of its frames, fetched again: page by page, part by part.

import type { Json } from "./protocol.js";

/** A page of a value, as `session.value` gives it. */
export interface Page {
  type: string;
  value: Json;
  next: number | null;
}

/** Asks for a page of a value: by its reference, from a place on. */
export type Fetch = (ref: string, start: number) => Promise<Page>;

/** The reference of what stands in the place of a value that was cut; null where the value is whole. */
export function cutRef(value: Json): string | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const cut = value["$cut"];
  if (Object.keys(value).length !== 1 || typeof cut !== "object" || cut === null || Array.isArray(cut)) return null;
  return typeof cut["ref"] === "string" ? cut["ref"] : null;
}

/** `value` with everything that was cut out of it. Throws what `fetch` throws. */
export async function whole(value: Json, fetch: Fetch): Promise<Json> {
  const ref = cutRef(value);
  if (ref !== null) return fetched(ref, fetch);
  if (Array.isArray(value)) return all(value, fetch);
  if (typeof value === "object" && value !== null) return members(value, fetch);
  return value;
}

async function fetched(ref: string, fetch: Fetch): Promise<Json> {
  const pages = [await fetch(ref, 0)];
  for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null) {
    pages.push(await fetch(ref, next));
  }
  const values = pages.map((page) => page.value);
  switch (pages[0]?.type) {
    case "string":
      return values.join("");
    case "array":
      return all(values.flat(), fetch);
    case "object":
      return members(Object.assign({}, ...values) as { [key: string]: Json }, fetch);
    default:
      return values[0] ?? null;
  }
}

async function all(items: Json[], fetch: Fetch): Promise<Json[]> {
  const found: Json[] = [];
  for (const item of items) found.push(await whole(item, fetch));
  return found;
}

async function members(value: { [key: string]: Json }, fetch: Fetch): Promise<Json> {
  const found: { [key: string]: Json } = {};
  for (const [name, item] of Object.entries(value)) {
    // A member may be called `__proto__`.
    Object.defineProperty(found, name, { value: await whole(item, fetch), enumerable: true, writable: true, configurable: true });
  }
  return found;
}
