import type { EventName, StepwireEvent } from "./wire";

/** Events in one piece: a piece is asked for, and forgotten, as a whole. */
export const PIECE = 500;
/** How many pieces are kept; the server has the others. */
const MOST_PIECES = 16;

/** Every event's type is kept, a byte each, and of the events themselves only those that were looked at last. */
export class EventLog {
  private types = new Uint8Array(4096);
  private readonly names: EventName[] = [];
  private readonly codes = new Map<string, number>();
  private readonly pieces = new Map<number, (StepwireEvent | undefined)[]>();
  /** The first event that the server still has. */
  first = 1;
  /** The last that came; 0 before any. */
  last = 0;
  /** Grows with each change. */
  version = 0;

  /** Events begin here: those before were removed. */
  begin(first: number): void {
    if (this.last === 0) {
      this.first = first;
      this.last = first - 1;
    }
  }

  /** Take what came, in order; what is there already is passed over. */
  add(events: readonly StepwireEvent[]): void {
    for (const event of events) {
      const seq = event.params.seq;
      if (seq !== this.last + 1) continue;
      this.last = seq;
      const at = seq - this.first;
      if (at >= this.types.length) {
        const grown = new Uint8Array(this.types.length * 2);
        grown.set(this.types);
        this.types = grown;
      }
      this.types[at] = this.code(event.method);
      this.keep(event);
    }
    this.version += 1;
  }

  /** Take events that were asked for. */
  fill(events: readonly StepwireEvent[]): void {
    for (const event of events) this.keep(event);
    this.version += 1;
  }

  /** The event, where it is at hand. */
  at(seq: number): StepwireEvent | undefined {
    const number = Math.floor(seq / PIECE);
    const piece = this.pieces.get(number);
    if (!piece) return undefined;
    // What was looked at last is forgotten last.
    this.pieces.delete(number);
    this.pieces.set(number, piece);
    return piece[seq % PIECE];
  }

  typeOf(seq: number): EventName {
    return this.names[this.types[seq - this.first] ?? 0] ?? "session.status";
  }

  get count(): number {
    return this.last - this.first + 1;
  }

  /** The types that came, in the order they came first. */
  get seen(): readonly EventName[] {
    return this.names;
  }

  /** The numbers of the events of these types. */
  numbers(types: ReadonlySet<EventName>): Uint32Array {
    const wanted = new Set([...types].map((type) => this.codes.get(type)));
    const found = new Uint32Array(this.count);
    let count = 0;
    for (let at = 0; at < this.count; at++) if (wanted.has(this.types[at])) found[count++] = at + this.first;
    return found.slice(0, count);
  }

  private code(name: EventName): number {
    let code = this.codes.get(name);
    if (code === undefined) {
      code = this.names.push(name) - 1;
      this.codes.set(name, code);
    }
    return code;
  }

  private keep(event: StepwireEvent): void {
    const number = Math.floor(event.params.seq / PIECE);
    let piece = this.pieces.get(number);
    if (!piece) {
      piece = [];
      this.pieces.set(number, piece);
      if (this.pieces.size > MOST_PIECES) this.pieces.delete(this.pieces.keys().next().value as number);
    }
    piece[event.params.seq % PIECE] = event;
  }
}
