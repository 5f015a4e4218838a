import { StrictMode } from "react";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

import "react-json-view-lite/dist/index.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/run.css";
import "./styles/debug.css";
import { change } from "./stores/asking";
import { App } from "./views/App";

// What stands in index.html is taken over, with what has been written in it.
const question = () => document.querySelector<HTMLTextAreaElement>("#question");
const early = question();
if (early?.value) change({ text: early.value });
const focused = document.activeElement === early;
flushSync(() =>
  createRoot(document.getElementById("root") as HTMLElement).render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
if (early !== null && focused) question()?.setSelectionRange(early.selectionStart, early.selectionEnd);
