/** Does something when asked, at once or once the last time is `ms` ago: however often it is asked, it is done in that time once. */
export class Throttle {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last = -Infinity;
  private runs = false;
  private again = false;
  stopped = false;

  /** `act` says itself what goes wrong. It is never begun while it still runs. */
  constructor(
    private readonly act: () => Promise<void>,
    private readonly ms: number,
  ) {}

  ask(): void {
    if (this.stopped || this.timer !== null) return;
    if (this.runs) this.again = true;
    else this.timer = setTimeout(() => void this.run(), Math.max(0, this.last + this.ms - performance.now()));
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    this.timer = null;
    this.runs = true;
    this.last = performance.now();
    try {
      await this.act();
    } finally {
      this.runs = false;
      if (this.again) {
        this.again = false;
        this.ask();
      }
    }
  }
}
