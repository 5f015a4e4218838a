import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useMemo, useRef, useState } from "react";

import { clockOf, number } from "../lib/format";
import { useStore } from "../lib/store";
import { describe } from "../model/describe";
import type { EventName, Json, StepwireEvent } from "../model/wire";
import { go, route } from "../stores/routing";
import type { OpenSession } from "../stores/session";
import { Value } from "./Value";

const ROW = 26;

/** Every event of the session, in order; those that are not at hand are asked for when they are looked at. */
export function EventsView({ open }: { open: OpenSession }) {
  const version = useStore(open.logged);
  const { event: picked } = useStore(route);
  const [hidden, setHidden] = useState<ReadonlySet<EventName>>(new Set());
  const [follows, setFollows] = useState(picked === null);
  const scroller = useRef<HTMLDivElement>(null);
  const { log } = open;
  const numbers = useMemo(
    () => (hidden.size === 0 ? null : log.numbers(new Set(log.seen.filter((one) => !hidden.has(one))))),
    [hidden, version, log],
  );
  const count = numbers === null ? log.count : numbers.length;
  const seqAt = (index: number) => (numbers === null ? log.first + index : (numbers[index] ?? 0));
  const rows = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12, ...(follows ? { initialOffset: () => count * ROW } : {}) });
  useEffect(() => {
    if (follows && scroller.current) scroller.current.scrollTop = count * ROW;
  }, [count, follows]);
  const there = picked !== null && picked <= log.last;
  useEffect(() => {
    if (!there || picked === null) return;
    setFollows(false);
    const at = numbers === null ? picked - log.first : numbers.indexOf(picked);
    if (at >= 0) rows.scrollToIndex(at, { align: "center" });
    // Where it is does not change; only that it came.
  }, [picked, there]);
  const items = rows.getVirtualItems();
  useEffect(() => {
    for (const item of items) {
      const seq = seqAt(item.index);
      if (seq > 0 && log.at(seq) === undefined) void open.need(seq);
    }
  });
  const move = (by: number) => {
    const at = picked === null ? -1 : numbers === null ? picked - log.first : numbers.indexOf(picked);
    const next = Math.max(0, Math.min(count - 1, at + by));
    if (count > 0) go({ event: seqAt(next) }, true);
  };
  const event = picked === null ? undefined : log.at(picked);
  return (
    <div className="events">
      <div className="types" role="group" aria-label="Which events">
        {log.seen.map((type) => (
          <button
            key={type}
            type="button"
            className="type"
            aria-pressed={!hidden.has(type)}
            onClick={() =>
              setHidden((before) => {
                const after = new Set(before);
                if (!after.delete(type)) after.add(type);
                return after;
              })
            }
          >
            {type}
          </button>
        ))}
        <span className="dim count">
          {number(count)} {count === 1 ? "event" : "events"}
        </span>
      </div>
      <div
        className="event-scroll"
        ref={scroller}
        tabIndex={0}
        role="listbox"
        aria-label="Events"
        aria-activedescendant={picked === null ? undefined : `event-${picked}`}
        onScroll={({ currentTarget: box }) => setFollows(box.scrollHeight - box.scrollTop - box.clientHeight < ROW * 2)}
        onKeyDown={(key) => {
          const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -count, End: count }[key.key];
          if (by === undefined) return;
          key.preventDefault();
          move(by);
        }}
      >
        <div className="virtual" style={{ height: rows.getTotalSize() }}>
          {/* All rows are as high as each other: they stand below each other by themselves, and only the first is placed. */}
          <div role="presentation" style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const seq = seqAt(item.index);
              return <EventRow key={seq} seq={seq} type={log.typeOf(seq)} event={log.at(seq)} picked={seq === picked} at={item.index + 1} of={count} />;
            })}
          </div>
        </div>
      </div>
      {picked !== null && (
        <section className="card event-card" aria-label={`Event ${picked}`}>
          <div className="card-head">
            <h3>
              #{picked} {event?.method ?? ""}
            </h3>
            <button type="button" className="icon" aria-label="Close" onClick={() => go({ event: null })}>
              ×
            </button>
          </div>
          {event === undefined ? (
            <p className="dim">{picked > log.last ? "This event has not come yet." : "Loading…"}</p>
          ) : (
            <Value value={event.params as unknown as Json} open />
          )}
        </section>
      )}
    </div>
  );
}

interface RowProps {
  seq: number;
  type: EventName;
  event: StepwireEvent | undefined;
  picked: boolean;
  /** Its place among those that are listed, from 1 on, and how many those are. */
  at: number;
  of: number;
}

const EventRow = memo(function EventRow({ seq, type, event, picked, at, of }: RowProps) {
  return (
    <div id={`event-${seq}`} role="option" aria-posinset={at} aria-setsize={of} aria-selected={picked} className={`event e-${type.replace(".", "-")}`} onClick={() => go({ event: seq })}>
      <span className="dim num">{seq}</span>
      <span className="dim num at">{event ? clockOf(event.params.at) : ""}</span>
      <span className="method">{type}</span>
      <span className="ellipsis">{event ? describe(event) : "…"}</span>
    </div>
  );
});
