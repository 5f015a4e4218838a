import { lazy, type ComponentType } from "react";

/** Longest wait for a picture: a page that nobody sees draws none. */
const UNSEEN_MS = 300;
/** Longest time for which what nobody asked for yet waits for what somebody did. */
const UNASKED_MS = 2_000;

/** Once the page has been drawn for the first time. */
export const painted = new Promise<void>((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, UNSEEN_MS);
});

let drawn: () => void = () => undefined;
/** Once what was opened first is there too, and there is time for what may be opened next. */
export const settled = new Promise<void>((resolve) => {
  drawn = () => requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, UNASKED_MS);
});

/** Say that what was opened first is there. */
export function sayDrawn(): void {
  drawn();
}

/**
 * A view that is loaded by itself, once the page has been drawn for the first time. Where nobody asks for it, it is loaded `when`
 * there is time, so that it is there before it is asked for.
 */
export function later<Props>(load: () => Promise<{ default: ComponentType<Props> }>, when: Promise<void> = painted) {
  // Whoever shows it says that it cannot be had; here nobody asked yet.
  when.then(load).catch(() => undefined);
  // What is loaded already is not loaded again.
  return lazy(() => painted.then(load));
}
