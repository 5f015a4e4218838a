import { changedPointers } from "./tree";
import type { Json } from "./wire";

/** By graph: its values as they were looked at last, and what of them was another before. */
export class LookedAt {
  private readonly last = new Map<string, { values: Json; changed: ReadonlySet<string> }>();

  /** The pointers of what is another value than it was, in the values of a (sub)graph as they are now. What does not change keeps its marks. */
  at({ path, values }: { path: string; values: Json }): ReadonlySet<string> {
    const before = this.last.get(path);
    const found = before === undefined ? new Set<string>() : changedPointers(before.values, values);
    const changed = found.size > 0 || before === undefined ? found : before.changed;
    this.last.set(path, { values, changed });
    return changed;
  }
}
