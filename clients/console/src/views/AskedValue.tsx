import { useMemo } from "react";

import { askedOf, optionOf, type Action } from "../model/questions";
import type { Json } from "../model/wire";
import { Value } from "./Value";

/** What a node asked, as a person reads it: its words, what it lets choose from or decide on, and all else that came with it. */
export function AskedValue({ value }: { value: Json }) {
  const asked = useMemo(() => askedOf(value), [value]);
  return (
    <>
      {asked.kind === "actions" ? (
        asked.actions.map((action, at) => <ActionCall key={at} action={action} />)
      ) : (
        asked.prompt !== null && <p className="text">{asked.prompt}</p>
      )}
      {asked.kind === "choice" && <p className="dim">{asked.options.map((option) => optionOf(option).label).join(" · ")}</p>}
      {asked.rest !== undefined && <Value value={asked.rest} open />}
    </>
  );
}

/** A tool call that waits, and what is said of it. */
export function ActionCall({ action }: { action: Action }) {
  return (
    <>
      {action.description !== null && <p className="text">{action.description}</p>}
      <div className="call">
        <span className="mono">{action.name}</span>
        <Value value={action.args} open />
      </div>
    </>
  );
}
