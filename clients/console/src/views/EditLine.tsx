import { useEffect, useRef, useState } from "react";

import type { Json } from "../model/wire";

const DEBUGGER_KEYS: ReadonlySet<string> = new Set(["F5", "F10", "F11"]);

/** A line that is being edited: a text as it is, all else as JSON. `undefined` leaves it as it was. */
export function EditLine({ name, value, onDone }: { name: string; value: Json; onDone: (value: Json | undefined) => Promise<void> }) {
  const asText = typeof value === "string";
  const [text, setText] = useState(() => (asText ? value : JSON.stringify(value, null, 2)));
  const [wrong, setWrong] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.select(), []);
  const save = () => {
    if (asText) return void onDone(text);
    try {
      void onDone(JSON.parse(text) as Json);
    } catch (error) {
      setWrong(`This is no JSON: ${(error as Error).message}`);
    }
  };
  return (
    <form
      className="edit-line"
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <span className="key">{name}</span>
      <textarea
        ref={box}
        className="mono"
        aria-label={`New value of ${name}`}
        rows={Math.min(12, text.split("\n").length)}
        value={text}
        autoFocus
        onChange={(event) => {
          setText(event.target.value);
          setWrong(null);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.preventDefault();
            void onDone(undefined);
          } else if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            save();
          } else if (DEBUGGER_KEYS.has(event.key)) {
            // Neither the browser's, which would forget what was written, nor the debugger's before it is saved.
            event.preventDefault();
          }
          event.stopPropagation();
        }}
      />
      <button type="submit" className="primary">
        Save
      </button>
      <button type="button" onClick={() => void onDone(undefined)}>
        Leave
      </button>
      {wrong && (
        <span className="bad" role="alert">
          {wrong}
        </span>
      )}
    </form>
  );
}
