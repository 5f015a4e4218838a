import { useEffect, useState } from "react";

import { useStore } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { said } from "../stores/notices";
import { server } from "../stores/server";

/** A graph as the server describes it, once it has. */
export function useDescription(graph: string): { description: DescribeResult | null; failure: string | null } {
  const description = useStore(server.descriptions).get(graph) ?? null;
  const { status } = useStore(server.state);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    setFailure(null);
    if (!graph || description !== null || status !== "open") return;
    let gone = false;
    server.describe(graph).catch((error: unknown) => {
      if (!gone) setFailure(said(error));
    });
    return () => {
      gone = true;
    };
  }, [graph, description, status]);
  return { description, failure };
}
