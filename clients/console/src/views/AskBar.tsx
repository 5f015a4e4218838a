import { lazy, memo, Suspense, useEffect, useMemo, useRef, useState } from "react";

import { useSelected, useStore } from "../lib/store";
import type { DescribeResult } from "../model/wire";
import { ask, asking, change, graphOf, plannedOf, wrongForm } from "../stores/asking";
import { go } from "../stores/routing";
import { server } from "../stores/server";
import { useDescription } from "./useDescription";

const AskOptions = lazy(() => import("./AskOptions"));

/** The page's head: what to ask of which graph. A key in the question draws its field alone. */
export const AskBar = memo(function AskBar({ onList, listOpen }: { onList: () => void; listOpen: boolean }) {
  const graphs = useStore(server.graphs);
  const graph = useSelected(asking, graphOf);
  const { description } = useDescription(graph);
  const takesText = useMemo(() => hasText(description), [description]);
  const wrong = useStore(wrongForm);
  // Where nobody said so, they are open where there is no other way to ask.
  const [said, setSaid] = useState<boolean | null>(null);
  const options = said ?? !takesText;
  useEffect(() => {
    if (!takesText && asking.get().input === null) change({ input: {} });
  }, [graph, takesText]);
  useEffect(() => {
    if (wrong !== null) setSaid(true);
  }, [wrong]);
  const choose = (name: string) => {
    change({ graph: name, input: null, config: {} });
    wrongForm.set(null);
    setSaid(null);
  };
  return (
    <header className="ask">
      <div className="ask-row">
        <button type="button" className="quiet list-toggle" aria-expanded={listOpen} aria-controls="sessions" onClick={onList}>
          Sessions
        </button>
        <a className="brand" href="#/" onClick={() => go({ session: null })}>
          <svg viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
            <path d="M6 23h7v-7h6V9h7" fill="none" stroke="currentColor" strokeWidth="4" strokeLinecap="round" strokeLinejoin="round" />
          </svg>
          <h1>Stepwire</h1>
        </a>
        <label className="ask-graph">
          <span className="hidden">Graph</span>
          <select value={graph} onChange={(event) => choose(event.target.value)}>
            {graphs.map((one) => (
              <option key={one.name} value={one.name}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <QuestionForm graph={graph} />
        <button type="button" className="quiet" aria-expanded={options} onClick={() => setSaid(!options)}>
          Form and settings
        </button>
      </div>
      {options && graph && (
        <Suspense fallback={<p className="dim pad">Loading…</p>}>
          <AskOptions key={graph} graph={graph} takesText={takesText} />
        </Suspense>
      )}
    </header>
  );
});

/** The question, and the two ways to ask it. */
function QuestionForm({ graph }: { graph: string }) {
  const given = useStore(asking);
  const stops = useStore(plannedOf(graph)).length;
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || isTyping(event.target)) return;
      event.preventDefault();
      box.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const may = !given.busy && (given.input !== null || given.text.trim() !== "");
  return (
    <form
      className="ask-form"
      onSubmit={(event) => {
        event.preventDefault();
        void ask(false);
      }}
    >
      <label className="ask-box">
        <span className="hidden">Question</span>
        <textarea
          ref={box}
          id="question"
          rows={1}
          value={given.input === null ? given.text : ""}
          disabled={given.input !== null}
          placeholder={given.input === null ? "Ask a question…" : "The form below is asked"}
          autoFocus
          onChange={(event) => change({ text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void ask(event.ctrlKey || event.metaKey);
          }}
        />
      </label>
      <button type="submit" className="primary" disabled={!may} title="Enter">
        Ask
      </button>
      <button type="button" className="ask-debug" disabled={!may} title="Stop before nodes run (Ctrl+Enter)" onClick={() => void ask(true)}>
        Debug{stops > 0 ? ` (${stops} ${stops === 1 ? "stop" : "stops"})` : ""}
      </button>
    </form>
  );
}

/** Whether a graph's input has a place for a question; so it is of one that is not known yet. */
function hasText(description: DescribeResult | null): boolean {
  const properties = (description?.schemas.input as { properties?: object } | undefined)?.properties;
  return properties === undefined || "query" in properties || "messages" in properties;
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}
