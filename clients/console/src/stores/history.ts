import { useEffect, useRef, useState } from "react";

import { useStore } from "../lib/store";
import { Throttle } from "../lib/throttle";
import { haveOutcomes, MOST_LOOKED, newer, older, PAGE, type Ask, type Loaded } from "../model/checkpoints";
import type { CheckpointSummary } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";
import type { OpenSession } from "./session";

/** Shortest time between two looks at what is new. */
const LOOK_MS = 500;
const NONE: Loaded = { checkpoints: [], more: false };

export interface History {
  checkpoints: readonly CheckpointSummary[];
  more: boolean;
  failure: string | null;
  loadMore: () => void;
  /** Load older ones until a second outcome is among them. */
  lookForOutcomes: () => void;
}

/** A session's checkpoints, newest first, as many as were asked for; of the top graph alone, or of all. */
export function useHistory(open: OpenSession, all: boolean): History {
  const { versions } = useStore(open.model);
  const [found, setFound] = useState(NONE);
  const [failure, setFailure] = useState<string | null>(null);
  const loader = useRef<Loader | null>(null);
  useEffect(() => {
    const mine = new Loader(open, all, setFound, setFailure);
    loader.current = mine;
    return () => mine.stop();
  }, [open, all]);
  useEffect(() => loader.current?.look(), [open, all, versions.checkpoints, versions.state]);
  return { ...found, failure, loadMore: () => loader.current?.more(), lookForOutcomes: () => loader.current?.outcomes() };
}

class Loader {
  private known = NONE;
  private wanted = PAGE;
  private searches = false;
  private state = -1;
  private readonly throttle = new Throttle(() => this.load(), LOOK_MS);

  constructor(
    private readonly open: OpenSession,
    private readonly all: boolean,
    private readonly show: (found: Loaded) => void,
    private readonly fail: (text: string | null) => void,
  ) {}

  look(): void {
    this.throttle.ask();
  }

  more(): void {
    this.wanted += PAGE;
    this.look();
  }

  outcomes(): void {
    this.wanted = this.known.checkpoints.length + MOST_LOOKED;
    this.searches = true;
    this.look();
  }

  stop(): void {
    this.throttle.stop();
  }

  private async load(): Promise<void> {
    const { state } = this.open.model.get().versions;
    // Which of a subgraph's may be rewound to is another matter with each stop.
    const whole = this.all && state !== this.state;
    try {
      const first = await newer(this.known, Math.max(PAGE, this.searches ? this.known.checkpoints.length : this.wanted), whole, this.ask);
      const found = await older(first, this.wanted, (all) => this.searches && haveOutcomes(all), this.ask);
      if (this.throttle.stopped) return;
      if (this.searches) this.wanted = Math.max(PAGE, found.checkpoints.length);
      this.searches = false;
      this.state = state;
      this.known = found;
      this.show(found);
      this.fail(null);
    } catch (error) {
      if (!this.throttle.stopped) this.fail(said(error));
    }
  }

  private readonly ask: Ask = async (before) => {
    const params = { session_id: this.open.id, limit: PAGE, ...(this.all ? {} : { path: "" }) };
    const { checkpoints } = await server.client.call("debug.history", { ...params, ...(before === undefined ? {} : { before }) });
    return checkpoints;
  };
}
