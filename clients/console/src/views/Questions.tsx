import { lazy, Suspense, useMemo, useState } from "react";

import { useStore } from "../lib/store";
import { askedOf, optionOf } from "../model/questions";
import type { Interrupt, Json } from "../model/wire";
import { attempt } from "../stores/notices";
import { server } from "../stores/server";
import type { OpenSession, Question as Asking } from "../stores/session";
import { Actions } from "./Actions";
import { Value } from "./Value";

const SchemaForm = lazy(() => import("./SchemaForm").then((module) => ({ default: module.SchemaForm })));

/** What the run asks a person, with a form for each answer. */
export function Questions({ open }: { open: OpenSession }) {
  // By question: the event whose asking has been answered here.
  const [sent, setSent] = useState<ReadonlyMap<string, number>>(new Map());
  const asked = useStore(open.questions);
  const { status } = useStore(open.model);
  const rests = status === "waiting" || status === "paused";
  const left = asked.filter((one) => sent.get(one.interrupt_id) !== one.asked);
  if (left.length === 0) return null;
  const answer = async ({ interrupt_id, asked: seq }: Asking, value: Json) => {
    const done = await attempt(() =>
      server.client.call("query.respond", { session_id: open.id, interrupt_id, value }),
    );
    if (done) setSent((before) => new Map(before).set(interrupt_id, seq));
    await open.refresh();
  };
  return (
    // What is open beside an answer that is being taken can be answered too. Where somebody else gave that, it is not known which that is.
    <section className="questions" aria-label="Open questions" hidden={!rests && left.length === asked.length}>
      {left.map((one) => (
        <Question key={`${one.interrupt_id} ${one.asked}`} interrupt={one} onAnswer={(value) => answer(one, value)} />
      ))}
    </section>
  );
}

function Question({ interrupt, onAnswer }: { interrupt: Interrupt; onAnswer: (value: Json) => Promise<void> }) {
  const [busy, setBusy] = useState(false);
  const asked = useMemo(() => askedOf(interrupt.value), [interrupt.value]);
  const send = async (value: Json) => {
    setBusy(true);
    await onAnswer(value);
    setBusy(false);
  };
  return (
    <article className="card question" aria-label={`Question of ${interrupt.node ?? "a node"}`}>
      <h3>
        <span className="mono">{interrupt.node ?? "A node"}</span> asks
      </h3>
      {asked.kind !== "actions" && asked.prompt !== null && <p className="text">{asked.prompt}</p>}
      {asked.rest !== undefined && <Value value={asked.rest} open />}
      <fieldset disabled={busy} className="plain">
        {asked.kind === "actions" ? (
          <Actions actions={asked.actions} onAnswer={send} />
        ) : asked.kind === "form" ? (
          <Suspense fallback={<p className="dim">Loading…</p>}>
            <FormAnswer schema={asked.schema} onAnswer={send} />
          </Suspense>
        ) : (
          <div className="answers">
            {asked.kind === "choice" && (
              <div className="buttons">
                {asked.options.map((option, at) => {
                  const { label, note, value } = optionOf(option);
                  return (
                    <button type="button" key={at} onClick={() => void send(value)}>
                      {label}
                      {note !== null && <span className="option-note">{note}</span>}
                    </button>
                  );
                })}
              </div>
            )}
            <TextAnswer onAnswer={send} />
          </div>
        )}
      </fieldset>
    </article>
  );
}

function FormAnswer({ schema, onAnswer }: { schema: Json; onAnswer: (value: Json) => Promise<void> }) {
  const [value, setValue] = useState<Json>({});
  const [checked, setChecked] = useState(false);
  const send = async () => {
    const { fits } = await import("../lib/validator");
    if (fits(schema, value)) await onAnswer(value);
    else setChecked(true);
  };
  return (
    <>
      <SchemaForm schema={schema} value={value} checked={checked} onChange={setValue} />
      <div className="answers buttons">
        <button type="button" className="primary" onClick={() => void send()}>
          Answer
        </button>
      </div>
    </>
  );
}

function TextAnswer({ onAnswer }: { onAnswer: (value: Json) => Promise<void> }) {
  const [text, setText] = useState("");
  const [asJson, setAsJson] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const send = () => {
    if (!asJson) return void onAnswer(text);
    try {
      void onAnswer(JSON.parse(text) as Json);
    } catch (error) {
      setWrong(`This is no JSON: ${(error as Error).message}`);
    }
  };
  return (
    <form
      className="answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        aria-label="Answer"
        rows={asJson ? 4 : 1}
        className={asJson ? "mono" : ""}
        placeholder={asJson ? '{"approved": true}' : "Your answer"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setWrong(null);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || asJson || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <label className="check">
        <input type="checkbox" checked={asJson} onChange={(event) => setAsJson(event.target.checked)} />
        JSON
      </label>
      <button type="submit" className="primary">
        Answer
      </button>
      {wrong && (
        <p className="bad" role="alert">
          {wrong}
        </p>
      )}
    </form>
  );
}
