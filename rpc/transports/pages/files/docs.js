// The page: its sections, and what fills them. `#rest`, `#session.get` and `#wrong_state` are places in it.

import { Console } from "./console.js";
import { Ids } from "./ids.js";
import { errors, events, methods } from "./methods.js";
import { Rest } from "./rest.js";
import { Schemas } from "./schema.js";

const SECTIONS = ["methods", "rest", "events", "errors"];
const FIRST = SECTIONS[0];

const root = (path) => new URL(path, document.baseURI);
const ids = new Ids();
const rest = new Rest(root("."), ids);

function open(hash) {
  const name = decodeURIComponent(hash.slice(1)) || FIRST;
  const target = document.getElementById(name);
  const section = target?.closest("section")?.id ?? (name.includes("/") ? "rest" : FIRST);
  for (const id of SECTIONS) document.getElementById(id).hidden = id !== section;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${section}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (section === "rest") rest.show(document.getElementById("swagger"));
  if (!target || target.tagName === "SECTION") return;
  if (target.tagName === "DETAILS") target.open = true;
  target.scrollIntoView();
}

async function start() {
  const rpc = root("../rpc");
  rpc.protocol = rpc.protocol === "https:" ? "wss:" : "ws:";
  const console = new Console(rpc, document.getElementById("console"), ids);
  ids.changed = () => rest.fill();
  const openrpc = await (await fetch(root("openrpc.json"))).json();
  const schemas = new Schemas(openrpc.components.schemas);
  document.getElementById("version").textContent = `protocol ${openrpc.info.version}`;
  document.getElementById("method-list").append(...methods(openrpc, schemas, console));
  document.getElementById("events").append(...events(openrpc, schemas));
  document.getElementById("errors").append(...errors(openrpc));
  addEventListener("hashchange", () => open(location.hash));
  open(location.hash);
}

start();
