import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import "react-json-view-lite/dist/index.css";
import "./styles/base.css";
import "./styles/page.css";
import "./styles/run.css";
import "./styles/debug.css";
import { App } from "./views/App";

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
