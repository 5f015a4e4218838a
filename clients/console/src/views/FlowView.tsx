import { memo, useEffect, useRef, useState } from "react";

import { duration, number } from "../lib/format";
import { useStore } from "../lib/store";
import { answerOf, type FlowItem } from "../model/flow";
import type { Run } from "../model/session";
import { go } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { AskedValue } from "./AskedValue";
import { FollowUp } from "./FollowUp";
import { Markdown } from "./Markdown";
import { Value } from "./Value";

/** What was asked, said and answered, run by run. */
export function FlowView({ open }: { open: OpenSession }) {
  const model = useStore(open.model);
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  useEffect(() => {
    const box = scroller.current;
    if (!follows || !box) return;
    const answers = box.querySelectorAll<HTMLElement>(".run:last-child > .answer");
    const answer = answers[answers.length - 1];
    // Of an answer that is longer than the window the beginning is read first.
    if (answer && answer.offsetHeight > box.clientHeight - 40) box.scrollTop = answer.offsetTop - box.offsetTop - 12;
    else box.scrollTop = box.scrollHeight;
  }, [model, follows]);
  return (
    <div className="flow">
      <div
        className="flow-scroll"
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="What the run says"
        onScroll={({ currentTarget: box }) => setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < 60)}
      >
        {model.runs.map((run) => (
          <RunFlow key={run.id} run={run} />
        ))}
      </div>
      <FollowUp open={open} />
    </div>
  );
}

const RunFlow = memo(function RunFlow({ run }: { run: Run }) {
  return (
    <section className="run" aria-label="A query">
      {run.flow.map((item) => (
        <Item key={item.key} item={item} run={run} />
      ))}
      {run.status === "running" && <p className="dim working">working…</p>}
    </section>
  );
});

const Item = memo(function Item({ item, run }: { item: FlowItem; run: Run }) {
  switch (item.kind) {
    case "question":
      return (
        <div className="say human">
          {typeof item.value === "string" ? <p className="text">{item.value}</p> : <Value value={item.value} open />}
        </div>
      );
    case "message":
      return <Message item={item} />;
    case "progress":
      return (
        <div className="progress">
          <span className="mono">{item.path}</span>
          {item.fraction !== null && <progress value={item.fraction} max={1} aria-label={`Progress of ${item.path}`} />}
          <span className="dim ellipsis">{item.note}</span>
          {item.count > 1 && <span className="dim tally">{number(item.count)}×</span>}
        </div>
      );
    case "asked":
      return (
        <div className="say asks">
          <p className="who">{item.path ?? "A node"} asks</p>
          <AskedValue value={item.value} />
        </div>
      );
    case "note":
      return (
        <p className={`note ${item.tone}`}>
          <Place seq={item.seq} /> {item.text}
        </p>
      );
    case "failed":
      return (
        <div className="say failed" role="alert">
          <p className="who">failed{item.where ? ` at ${item.where}` : ""}</p>
          <p className="text">{item.text}</p>
        </div>
      );
    case "result":
      return <Result item={item} run={run} />;
  }
});

function Message({ item }: { item: Extract<FlowItem, { kind: "message" }> }) {
  return (
    <div className={`say ${item.role}${item.open ? " open" : ""}`}>
      <p className="who">
        {item.role === "tool" ? `tool ${item.toolName ?? ""}` : (item.path ?? item.role)} <Place seq={item.seq} />
      </p>
      {item.text && (item.role === "tool" ? <pre className="text">{item.text}</pre> : item.open ? <p className="text">{item.text}</p> : <Markdown text={item.text} />)}
      {item.calls.map((call, at) => (
        <div className="call" key={call.id ?? at}>
          <span className="mono">{call.name}</span>
          <Value value={call.args} />
        </div>
      ))}
    </div>
  );
}

function Result({ item, run }: { item: Extract<FlowItem, { kind: "result" }>; run: Run }) {
  const answer = answerOf(item.value);
  return (
    <div className="say answer">
      <p className="who">
        answer <span className="dim">{duration(item.durationMs)}{run.usage ? ` · ${number(run.usage.total_tokens)} tokens` : ""}</span>{" "}
        <Place seq={item.seq} />
      </p>
      {answer !== null && <Markdown text={answer} />}
      {answer === null ? (
        <Value value={item.value} open />
      ) : (
        typeof item.value !== "string" && (
          <details>
            <summary>The whole result</summary>
            <Value value={item.value} />
          </details>
        )
      )}
    </div>
  );
}

function Place({ seq }: { seq: number }) {
  return (
    <button type="button" className="link seq" aria-label={`Event ${seq}`} title="To the event" onClick={() => go({ tab: "events", event: seq })}>
      #{seq}
    </button>
  );
}
