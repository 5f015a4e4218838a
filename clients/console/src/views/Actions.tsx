import { useState } from "react";

import { decisions, type Action, type Decided, type Decision } from "../model/questions";
import type { Json } from "../model/wire";
import { ActionCall } from "./AskedValue";

const NAMES: Record<Decision, string> = { approve: "Approve", edit: "Edit", reject: "Reject", respond: "Respond" };

/** Tool calls that wait for a decision: approve, edit, reject. One alone is sent at once. */
export function Actions({ actions, onAnswer }: { actions: Action[]; onAnswer: (value: Json) => Promise<void> }) {
  const [decided, setDecided] = useState<(Decided | null)[]>(() => actions.map(() => null));
  const decide = (at: number, one: Decided) => {
    const all = decided.with(at, one);
    setDecided(all);
    if (actions.length === 1) void onAnswer(decisions(actions, [one]));
  };
  const all = decided.filter((one) => one !== null);
  return (
    <>
      {actions.map((action, at) => (
        <ActionForm key={at} action={action} decided={decided[at] ?? null} onDecide={(one) => decide(at, one)} />
      ))}
      {actions.length > 1 && (
        <div className="buttons">
          <button type="button" className="primary" disabled={all.length < actions.length} onClick={() => void onAnswer(decisions(actions, all))}>
            Send {all.length} of {actions.length} decisions
          </button>
        </div>
      )}
    </>
  );
}

function ActionForm({ action, decided, onDecide }: { action: Action; decided: Decided | null; onDecide: (decided: Decided) => void }) {
  const [mode, setMode] = useState<"edit" | "reject" | "respond" | null>(null);
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const begin = (decision: Decision) => {
    setWrong(null);
    if (decision === "approve") {
      setMode(null);
      onDecide({ type: "approve" });
      return;
    }
    setMode(decision);
    setText(decision === "edit" ? JSON.stringify(action.args, null, 2) : "");
  };
  const finish = () => {
    if (mode === "edit") {
      try {
        onDecide({ type: "edit", args: JSON.parse(text) as Json });
      } catch (error) {
        setWrong(`This is no JSON: ${(error as Error).message}`);
        return;
      }
    } else if (mode !== null) {
      onDecide({ type: mode, message: text });
    }
    setMode(null);
  };
  return (
    <div className="action">
      <ActionCall action={action} />
      <div className="answers buttons">
        {action.allowed.map((one) => (
          <button type="button" key={one} className={one === "approve" ? "primary" : one === "reject" ? "danger" : ""} aria-pressed={decided?.type === one} onClick={() => begin(one)}>
            {NAMES[one] ?? one}
          </button>
        ))}
      </div>
      {mode !== null && (
        <div className="answer-form">
          <textarea
            aria-label={mode === "edit" ? "Arguments as JSON" : "Message"}
            className={mode === "edit" ? "mono" : ""}
            rows={mode === "edit" ? 6 : 2}
            value={text}
            autoFocus
            onChange={(event) => setText(event.target.value)}
          />
          <button type="button" className="primary" onClick={finish}>
            {mode === "edit" ? "Run with these" : NAMES[mode]}
          </button>
          {wrong && (
            <p className="bad" role="alert">
              {wrong}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
