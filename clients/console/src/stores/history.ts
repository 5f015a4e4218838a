import { useEffect, useState } from "react";

import { useStore } from "../lib/store";
import type { CheckpointSummary } from "../model/wire";
import { said } from "./notices";
import { server } from "./server";
import type { OpenSession } from "./session";

const PAGE = 100;

export interface History {
  checkpoints: CheckpointSummary[];
  more: boolean;
  failure: string | null;
  loadMore: () => void;
}

/** A session's checkpoints, newest first, as many pages as were asked for; of the top graph alone, or of all. */
export function useHistory(open: OpenSession, all: boolean): History {
  const { versions } = useStore(open.model);
  const version = versions.checkpoints + versions.state;
  const [pages, setPages] = useState(1);
  const [found, setFound] = useState<{ checkpoints: CheckpointSummary[]; more: boolean }>({ checkpoints: [], more: false });
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let gone = false;
    const look = async () => {
      try {
        const checkpoints: CheckpointSummary[] = [];
        let more = true;
        for (let page = 0; page < pages && more; page++) {
          const before = checkpoints.at(-1)?.checkpoint_id;
          const answer = await server.client.call("debug.history", {
            session_id: open.id,
            limit: PAGE,
            ...(all ? {} : { path: "" }),
            ...(before === undefined ? {} : { before }),
          });
          checkpoints.push(...answer.checkpoints);
          more = answer.checkpoints.length === PAGE;
        }
        if (gone) return;
        setFound({ checkpoints, more });
        setFailure(null);
      } catch (error) {
        if (!gone) setFailure(said(error));
      }
    };
    const timer = setTimeout(() => void look(), 120);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [open, all, version, pages]);
  return { ...found, failure, loadMore: () => setPages((value) => value + 1) };
}
