import { useEffect, useRef, useState } from "react";

import type { Line } from "../model/tree";
import type { Json } from "../model/wire";

/** A line that is being edited: a text as it is, all else as JSON. `undefined` leaves it as it was. */
export function EditLine({ line, onDone }: { line: Line; onDone: (value: Json | undefined) => Promise<void> }) {
  const asText = typeof line.value === "string";
  const [text, setText] = useState(() => (asText ? (line.value as string) : JSON.stringify(line.value, null, 2)));
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
      <span className="key">{line.name}</span>
      <textarea
        ref={box}
        className="mono"
        aria-label={`New value of ${line.name}`}
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
