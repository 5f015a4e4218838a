import { useSyncExternalStore } from "react";

/** As in the style sheets: here the graph is above the run, not beside it. */
const query = matchMedia("(max-width: 900px)");

function told(change: () => void): () => void {
  query.addEventListener("change", change);
  return () => query.removeEventListener("change", change);
}

/** Whether there is no room for the graph beside the run. */
export function useNarrow(): boolean {
  return useSyncExternalStore(told, () => query.matches);
}
