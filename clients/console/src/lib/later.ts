import { lazy, type ComponentType } from "react";

/** Longest wait for a picture: a page that nobody sees draws none. */
const UNSEEN_MS = 300;

const painted = new Promise<void>((resolve) => {
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, UNSEEN_MS);
});

/**
 * A view that is loaded by itself, once the page has been drawn for the first time: that does not wait for it, and the view is
 * there before it is asked for.
 */
export function later<Props>(load: () => Promise<{ default: ComponentType<Props> }>) {
  const loading = painted.then(load);
  // Whoever shows it says so; here nobody asked yet.
  loading.catch(() => undefined);
  let first = true;
  return lazy(() => {
    const asked = first ? loading.catch(load) : load();
    first = false;
    return asked;
  });
}
