import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";

import { bytes, number } from "../lib/format";
import { seen, short } from "../model/describe";
import { cutOf, isBranch, isCut, isLong, linesOf, notLoaded, textOf, typeOf, type Line } from "../model/tree";
import type { Json } from "../model/wire";
import { MOST_EDITED, MOST_TEXT, type Reader } from "../stores/inspecting";
import { attempt } from "../stores/notices";
import { EditLine } from "./EditLine";
import { useFetched } from "./useFetched";

interface Props {
  value: Json;
  label: string;
  /** The pointers of what is another value than it was. */
  changed?: ReadonlySet<string>;
  search?: string;
  /** Gives what was cut. */
  reader?: Reader;
  onEdit?: ((pointer: string, value: Json) => Promise<boolean>) | undefined;
}

/** A value as a tree of lines, of which only those are drawn that are seen. */
export function JsonTree({ value, label, changed, search = "", reader, onEdit }: Props) {
  const [open, setOpen] = useState<ReadonlySet<string>>(() => firstOpen(value));
  const fetched = useFetched(value, reader);
  const [pickedAt, setPicked] = useState(0);
  const [editing, setEditing] = useState<{ pointer: string; value: Json } | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useMemo(() => linesOf(value, open, fetched.members, search, fetched.texts), [value, open, fetched.members, search, fetched.texts]);
  const searches = search.trim() !== "";
  const missing = useMemo(
    () => (searches ? notLoaded(value, fetched.members, fetched.texts).reduce((sum, one) => sum + one.count, 0) : 0),
    [searches, value, fetched.members, fetched.texts],
  );
  // A search, or another state, may leave fewer lines.
  const picked = Math.max(0, Math.min(pickedAt, lines.length - 1));
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    overscan: 20,
    getItemKey: (at) => lines[at]?.pointer ?? at,
  });
  const toggle = (line: Line) => {
    if (line.kind === "more") return void fetched.more(line.pointer.replace(/#more$/, ""));
    const long = isLong(line.value);
    if (!isBranch(line.value) && !long) return;
    if (cutOf(line.value) && long && !fetched.texts.has(line.pointer)) void fetched.text(line.pointer);
    if (cutOf(line.value) && !long && !fetched.members.has(line.pointer)) void fetched.more(line.pointer);
    setOpen((before) => {
      const after = new Set(before);
      if (!after.delete(line.pointer)) after.add(line.pointer);
      return after;
    });
  };
  /** A value of which something was cut is fetched whole first: what is shown of it must not take its place. */
  const startEdit = async (line: Line) => {
    if (!onEdit || line.kind === "more" || tooLarge(line)) return;
    const whole = isCut(line.value) ? await attempt(async () => reader?.whole(line.pointer)) : line.value;
    if (whole !== undefined) setEditing({ pointer: line.pointer, value: whole });
  };
  const isOpen = (line: Line) => line.kind === "open" || (line.kind === "leaf" && open.has(line.pointer));
  const move = (at: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, at));
    setPicked(next);
    rows.scrollToIndex(next);
  };
  const isChanged = (line: Line) => changed?.has(line.pointer) === true || fetched.changed.has(line.pointer);
  const press = (event: React.KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const line = lines[picked];
    if (!line) return;
    const act: Record<string, () => void> = {
      ArrowDown: () => move(picked + 1),
      ArrowUp: () => move(picked - 1),
      Home: () => move(0),
      End: () => move(lines.length - 1),
      ArrowRight: () => (isOpenable(line) && !isOpen(line) ? toggle(line) : move(picked + 1)),
      ArrowLeft: () => (isOpenable(line) && isOpen(line) ? toggle(line) : move(lines.findLastIndex((one, at) => at < picked && one.depth < line.depth))),
      " ": () => toggle(line),
      Enter: () => (onEdit && line.kind !== "more" && !tooLarge(line) ? void startEdit(line) : toggle(line)),
    };
    const action = act[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    <>
      {missing > 0 && (
        <p className="dim pad unsearched">
          {number(missing)} {missing === 1 ? "value is" : "values are"} not loaded, and {missing === 1 ? "was" : "were"} not searched.{" "}
          {reader !== undefined && (
            <button type="button" className="link" onClick={() => (fetched.busy ? fetched.stop() : void fetched.all())}>
              {fetched.busy ? "Stop loading" : "Load and search them"}
            </button>
          )}
        </p>
      )}
      {searches && lines.length === 0 && (
        <p className="dim pad" role="status">
          Nothing that is loaded is like that.
        </p>
      )}
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
                aria-posinset={line.place}
                aria-setsize={line.of}
                aria-selected={item.index === picked}
                aria-expanded={isOpenable(line) ? isOpen(line) : undefined}
                className={`line${item.index === picked ? " picked" : ""}${isChanged(line) ? " changed" : ""}`}
                style={{ transform: `translateY(${item.start}px)`, paddingLeft: 8 + line.depth * 16 }}
                onClick={(event) => {
                  setPicked(item.index);
                  // In a text that is open one reads, marks and double-clicks: its name folds it.
                  if (!isOpen(line) || line.kind !== "leaf" || !(event.target as Element).closest(".leaf")) toggle(line);
                }}
                onDoubleClick={() => line.kind === "leaf" && void startEdit(line)}
              >
                {editing?.pointer === line.pointer && onEdit ? (
                  <EditLine
                    name={line.name}
                    value={editing.value}
                    onDone={async (next) => {
                      if (next === undefined || (await onEdit(line.pointer, next))) {
                        setEditing(null);
                        scroller.current?.focus();
                      }
                    }}
                  />
                ) : (
                  <Shown
                    line={line}
                    open={isOpen(line)}
                    text={fetched.texts.get(line.pointer)}
                    changed={isChanged(line)}
                    onEdit={onEdit && !tooLarge(line) ? () => void startEdit(line) : undefined}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

interface ShownProps {
  line: Line;
  open: boolean;
  /** Of a text that was cut, what was fetched. */
  text: string | undefined;
  changed: boolean;
  onEdit: (() => void) | undefined;
}

function Shown({ line, open, text, changed, onEdit }: ShownProps) {
  if (line.kind === "more") return <span className="link-like">{number(line.length)} more: show the next</span>;
  const cut = cutOf(line.value);
  return (
    <>
      <span className="twist" aria-hidden="true">
        {isOpenable(line) ? (open ? "▾" : "▸") : ""}
      </span>
      <span className="key">{line.name}</span>
      {line.kind === "leaf" ? (
        <span className={`leaf json-${leafClass(line.value)}${open ? " whole" : ""}`}>
          {open ? (text ?? textOf(line.value)).slice(0, MOST_TEXT) : seen(textOf(line.value).slice(0, 600))}
        </span>
      ) : (
        <>
          <span className="dim members">
            {number(line.length)} {line.length === 1 ? "member" : "members"}
          </span>
          {!open && <span className="dim preview ellipsis">{previewOf(cut ? (cut.beginning ?? null) : line.value)}</span>}
        </>
      )}
      <span className="type-name">
        {typeOf(line.value)}
        {cut ? ` · ${bytes(cut.bytes)}` : ""}
      </span>
      {changed && <span className="mark">changed</span>}
      {onEdit && (
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

const isOpenable = (line: Line): boolean => line.kind === "open" || line.kind === "closed" || isLong(line.value);
const tooLarge = (line: Line): boolean => (cutOf(line.value)?.bytes ?? 0) > MOST_EDITED;
const idOf = (label: string, pointer: string): string => `${label}:${pointer}`.replace(/\s/g, "_");

function leafClass(value: Json): string {
  if (typeof value === "string" || cutOf(value)) return "string";
  return value === null ? "null" : "number";
}

/** By what one of many is known, where it is closed. */
function previewOf(value: Json): string {
  return Array.isArray(value) && value.some((one) => one !== null && typeof one === "object") ? "" : short(value, 120);
}

/** What is open at first: small values whole, of large ones nothing. */
function firstOpen(value: Json): Set<string> {
  const lines = linesOf(value, new Set(), new Map());
  return new Set(lines.filter((line) => line.kind === "closed" && line.length <= 12 && !cutOf(line.value)).map((line) => line.pointer));
}
