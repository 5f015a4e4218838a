import { scaleLinear } from "@visx/scale";
import { useEffect, useMemo, useRef, useState } from "react";

import { duration } from "../lib/format";
import { useStore } from "../lib/store";
import { currentRun, isOver } from "../model/session";
import { timelineOf, type Bar } from "../model/timeline";
import { go } from "../stores/routing";
import type { OpenSession } from "../stores/session";

const ROW = 24;
const AXIS = 28;
const SIDE = 12;
/** At most so wide is a letter of a bar, in pixels. */
const LETTER = 6.6;

/** A run's tasks as bars over time. */
export function TimelineView({ open }: { open: OpenSession }) {
  const model = useStore(open.model);
  const [chosen, setChosen] = useState<string | null>(null);
  const run = model.runs.find((one) => one.id === chosen) ?? currentRun(model);
  const now = useClock(run !== undefined && !isOver(run.status));
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 600, height: 400, top: 0 });
  const [view, setView] = useState<{ from: number; to: number } | null>(null);
  const line = useMemo(() => (run === undefined ? timelineOf([], now) : timelineOf(run.tasks.values(), now)), [run, now]);
  const left = line.left + (run?.left.tasks ?? 0);
  const [picked, setPicked] = useState<string | null>(null);
  const { from, to } = view ?? line;
  // Time is told from the run's begin on.
  const scale = scaleLinear<number>({ domain: [from - line.from, to - line.from], range: [SIDE, Math.max(SIDE + 1, box.width - SIDE)] });
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setBox((before) => ({ ...before, width: entry.contentRect.width, height: entry.contentRect.height }));
    });
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  const zoom = (by: number, at = (from + to) / 2) => {
    const span = Math.min((to - from) * by, (line.to - line.from) * 1.05);
    if (span < 1) return;
    const left = at - ((at - from) / (to - from)) * span;
    setView(by > 1 && span >= line.to - line.from ? null : { from: left, to: left + span });
  };
  const pan = (by: number) => setView({ from: from + (to - from) * by, to: to + (to - from) * by });
  useEffect(() => {
    // Passive listeners, which React's are, may not keep the page from zooming.
    const element = scroller.current;
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey && !event.altKey) return;
      event.preventDefault();
      // From the edge of what scrolls: what is below the pointer may be any part of a bar.
      zoom(event.deltaY > 0 ? 1.25 : 0.8, line.from + scale.invert(event.clientX - (element?.getBoundingClientRect().left ?? 0)));
    };
    element?.addEventListener("wheel", wheel, { passive: false });
    return () => element?.removeEventListener("wheel", wheel);
  });
  const seen = line.bars.filter(
    (bar) => bar.to >= from && bar.from <= to && bar.row * ROW >= box.top - 200 && bar.row * ROW <= box.top + box.height + 200,
  );
  const ordered = useMemo(() => [...line.bars].sort((a, b) => a.from - b.from || a.row - b.row), [line]);
  const press = (event: React.KeyboardEvent) => {
    const act: Record<string, () => void> = {
      "+": () => zoom(0.7),
      "-": () => zoom(1.4),
      "0": () => setView(null),
      ArrowLeft: () => pan(-0.2),
      ArrowRight: () => pan(0.2),
      ArrowDown: () => pick(1),
      ArrowUp: () => pick(-1),
      Enter: () => {
        const bar = ordered.find((one) => one.task.id === picked);
        if (bar) go({ tab: "events", event: bar.task.startSeq });
      },
    };
    const action = act[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  const pick = (by: number) => {
    const at = ordered.findIndex((one) => one.task.id === picked);
    const next = ordered[Math.max(0, Math.min(ordered.length - 1, at + by))];
    if (!next) return;
    setPicked(next.task.id);
    scroller.current?.scrollTo({ top: next.row * ROW - box.height / 2 });
  };
  return (
    <div className="timeline">
      <div className="state-head">
        {model.runs.length > 1 && (
          <select aria-label="Which query" value={run?.id ?? ""} onChange={(event) => setChosen(event.target.value)}>
            {model.runs.map((one, at) => (
              <option key={one.id} value={one.id}>
                query {at + 1}
                {typeof one.question === "string" ? `: ${one.question.slice(0, 40)}` : ""}
              </option>
            ))}
          </select>
        )}
        <button type="button" aria-label="Zoom in" onClick={() => zoom(0.6)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1.6)}>
          −
        </button>
        <button type="button" onClick={() => setView(null)}>
          Whole run
        </button>
        <span className="dim">
          {line.bars.length} {line.bars.length === 1 ? "task" : "tasks"} · {duration(line.to - line.from)}
          {left > 0 && ` · ${left} older ${left === 1 ? "one is" : "ones are"} left out; the events have them`}
        </span>
      </div>
      <div
        className="timeline-scroll"
        ref={scroller}
        tabIndex={0}
        role="listbox"
        aria-label="Tasks over time"
        aria-activedescendant={seen.some((one) => one.task.id === picked) ? `bar-${picked}` : undefined}
        onKeyDown={press}
        onScroll={({ currentTarget }) => setBox((before) => ({ ...before, top: currentTarget.scrollTop }))}
      >
        <svg width={box.width} height={AXIS + Math.max(1, line.rows) * ROW + 8} role="presentation">
          <Axis ticks={scale.ticks(Math.max(2, Math.floor(box.width / 110))).map((at) => ({ at, x: scale(at) }))} width={box.width} />
          {seen.map((bar) => (
            <BarView key={bar.task.id} bar={bar} x={scale(Math.max(bar.from, from) - line.from)} end={scale(Math.min(bar.to, to) - line.from)} picked={bar.task.id === picked} />
          ))}
        </svg>
      </div>
      <p className="dim hint">Arrows move, + and − zoom, Enter leads to the event.</p>
    </div>
  );
}

/** The time since the run began. */
function Axis({ ticks, width }: { ticks: { at: number; x: number }[]; width: number }) {
  return (
    <g className="axis" transform={`translate(0 ${AXIS - 4})`}>
      <line x1={SIDE} x2={width - SIDE} />
      {ticks.map(({ at, x }) => (
        <g key={at} transform={`translate(${x} 0)`}>
          <line y2={-6} />
          <text className="tick" y={-9} textAnchor="middle">
            {at === 0 ? "0" : duration(at)}
          </text>
        </g>
      ))}
    </g>
  );
}

function BarView({ bar, x, end, picked }: { bar: Bar; x: number; end: number; picked: boolean }) {
  const { task } = bar;
  const width = Math.max(3, end - x);
  const label = `${task.node} ${duration(bar.to - bar.from)}`;
  // Half a number is another number: what there is no room for is left out.
  const shown = [label, task.node].find((one) => one.length * LETTER + 10 < width) ?? "";
  return (
    <g
      id={`bar-${task.id}`}
      role="option"
      aria-selected={picked}
      aria-label={`${label}, ${task.state}, ${task.path}`}
      className={`bar t-${task.state}${task.past ? " past" : ""}${picked ? " picked" : ""}`}
      transform={`translate(${x} ${AXIS + bar.row * ROW})`}
      onClick={() => go({ tab: "events", event: task.startSeq })}
    >
      <title>{`${task.path} · ${task.state} · ${duration(bar.to - bar.from)}`}</title>
      <rect width={width} height={ROW - 4} rx={4} />
      <text x={7} y={14}>
        {shown}
      </text>
    </g>
  );
}

/** The time, as long as something runs. */
function useClock(runs: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!runs) return;
    const timer = setInterval(() => setNow(Date.now()), 200);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}
