import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";

import { bytes, number } from "../lib/format";
import { cutOf, isBranch, linesOf, textOf, typeOf, type Line } from "../model/tree";
import type { Json } from "../model/wire";
import { EditLine } from "./EditLine";

interface Props {
  value: Json;
  label: string;
  /** The pointers of what is another value than it was. */
  changed?: ReadonlySet<string>;
  search?: string;
  /** Members of a value that was cut, from the nth on. */
  fetchMembers?: (pointer: string, start: number) => Promise<{ members: [string, Json][] }>;
  onEdit?: ((pointer: string, value: Json) => Promise<boolean>) | undefined;
}

/** A value as a tree of lines, of which only those are drawn that are seen. */
export function JsonTree({ value, label, changed, search = "", fetchMembers, onEdit }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => firstOpen(value));
  const [fetched, setFetched] = useState<ReadonlyMap<string, [string, Json][]>>(new Map());
  const [picked, setPicked] = useState(0);
  const [editing, setEditing] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(value, open, fetched, search), [value, open, fetched, search]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    overscan: 20,
    getItemKey: (at) => lines[at]?.pointer ?? at,
  });
  const fetchMore = async (pointer: string, start: number) => {
    if (!fetchMembers) return;
    const { members } = await fetchMembers(pointer, start);
    setFetched((before) => new Map(before).set(pointer, [...(before.get(pointer) ?? []).slice(0, start), ...members]));
  };
  const toggle = (line: Line) => {
    if (line.kind === "more") {
      const pointer = line.pointer.replace(/#more$/, "");
      const known = fetched.get(pointer)?.length ?? 0;
      void fetchMore(pointer, known);
      return;
    }
    if (!isBranch(line.value)) return;
    if (cutOf(line.value) && !fetched.has(line.pointer)) void fetchMore(line.pointer, 0);
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(line.pointer)) after.add(line.pointer);
      return after;
    });
  };
  const move = (at: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, at));
    setPicked(next);
    rows.scrollToIndex(next);
  };
  const press = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const line = lines[picked];
    if (!line) return;
    const act: Record<string, () => void> = {
      ArrowDown: () => move(picked + 1),
      ArrowUp: () => move(picked - 1),
      Home: () => move(0),
      End: () => move(lines.length - 1),
      ArrowRight: () => (line.kind === "closed" ? toggle(line) : move(picked + 1)),
      ArrowLeft: () => (line.kind === "open" ? toggle(line) : move(lines.findLastIndex((one, at) => at < picked && one.depth < line.depth))),
      " ": () => toggle(line),
      Enter: () => (onEdit && line.kind !== "more" ? setEditing(line.pointer) : toggle(line)),
    };
    const action = act[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    <div
      className="tree"
      ref={scroller}
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={lines[picked] ? idOf(label, lines[picked].pointer) : undefined}
      onKeyDown={press}
    >
      <div className="virtual" role="presentation" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <div
              key={line.pointer}
              id={idOf(label, line.pointer)}
              ref={rows.measureElement}
              data-index={item.index}
              role="treeitem"
              aria-level={line.depth + 1}
              aria-selected={item.index === picked}
              aria-expanded={line.kind === "open" ? true : line.kind === "closed" ? false : undefined}
              className={`line${item.index === picked ? " picked" : ""}${changed?.has(line.pointer) ? " changed" : ""}`}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 8 + line.depth * 16 }}
              onClick={() => {
                setPicked(item.index);
                if (line.kind !== "leaf") toggle(line);
              }}
              onDoubleClick={() => onEdit && line.kind === "leaf" && setEditing(line.pointer)}
            >
              {editing === line.pointer && onEdit ? (
                <EditLine
                  line={line}
                  onDone={async (next) => {
                    if (next === undefined || (await onEdit(line.pointer, next))) {
                      setEditing(null);
                      scroller.current?.focus();
                    }
                  }}
                />
              ) : (
                <Shown line={line} changed={changed?.has(line.pointer) ?? false} onEdit={onEdit ? () => setEditing(line.pointer) : undefined} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Shown({ line, changed, onEdit }: { line: Line; changed: boolean; onEdit: (() => void) | undefined }) {
  if (line.kind === "more") return <span className="link-like">{number(line.length)} more: show the next</span>;
  const cut = cutOf(line.value);
  return (
    <>
      <span className="twist" aria-hidden="true">
        {line.kind === "open" ? "▾" : line.kind === "closed" ? "▸" : ""}
      </span>
      <span className="key">{line.name}</span>
      {line.kind === "leaf" ? (
        <span className={`leaf json-${leafClass(line.value)}`}>{textOf(line.value).slice(0, 2000)}</span>
      ) : (
        <span className="dim">
          {number(line.length)} {line.length === 1 ? "member" : "members"}
        </span>
      )}
      <span className="type-name">
        {typeOf(line.value)}
        {cut ? ` · ${bytes(cut.bytes)}` : ""}
      </span>
      {changed && <span className="mark">changed</span>}
      {onEdit && !cut && (
        <button
          type="button"
          className="edit"
          tabIndex={-1}
          aria-label={`Edit ${line.name}`}
          onClick={(event) => {
            event.stopPropagation();
            onEdit();
          }}
        >
          edit
        </button>
      )}
    </>
  );
}

const idOf = (label: string, pointer: string): string => `${label}:${pointer}`.replace(/\s/g, "_");

function leafClass(value: Json): string {
  if (typeof value === "string" || cutOf(value)) return "string";
  return value === null ? "null" : "number";
}

/** What is open at first: small values whole, of large ones nothing. */
function firstOpen(value: Json): Set<string> {
  const lines = linesOf(value, new Set(), new Map());
  return new Set(lines.filter((line) => line.kind === "closed" && line.length <= 12 && !cutOf(line.value)).map((line) => line.pointer));
}
