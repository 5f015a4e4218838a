// The console: one WebSocket, what was sent on it and what came.

import { h, json } from "./dom.js";

const KEPT = 300;

/** A socket to the server, opened at the first call. Calls are promises; events are shown as they come. */
export class Console {
  constructor(url, element, ids) {
    this.url = url;
    this.ids = ids;
    this.socket = null;
    this.calls = new Map();
    this.lastId = 0;
    this.state = h("span", { class: "state" }, "not connected");
    this.hint = h("p", { class: "hint" }, "What is sent and received shows here, events too.");
    this.log = h("ol");
    const clear = h("button", { class: "plain", type: "button", onclick: () => this.clear() }, "Clear");
    element.append(h("div", { class: "bar" }, h("b", {}, "Console"), this.state, clear), this.hint, this.log);
  }

  clear() {
    this.log.replaceChildren();
    this.hint.hidden = false;
  }

  /** The open socket. */
  connect() {
    if (this.socket) return this.socket;
    this.socket = new Promise((resolve, reject) => {
      const socket = new WebSocket(this.url);
      this.show("connecting…", false);
      socket.onopen = () => {
        this.show("connected", true);
        resolve(socket);
      };
      socket.onmessage = (message) => this.receive(JSON.parse(message.data));
      socket.onclose = (event) => {
        this.socket = null;
        this.show(`closed (${event.code})`, false);
        const error = new Error(`the connection was closed (${event.code})`);
        reject(error);
        for (const call of this.calls.values()) call.reject(error);
        this.calls.clear();
      };
    });
    return this.socket;
  }

  /** The answer to a call, its `result` or its `error`. */
  async call(method, params) {
    const socket = await this.connect();
    const request = { jsonrpc: "2.0", id: ++this.lastId, method, params };
    const answer = new Promise((resolve, reject) => this.calls.set(request.id, { method, resolve, reject }));
    this.add("sent", `→ ${method}`, request);
    socket.send(JSON.stringify(request));
    return answer;
  }

  receive(message) {
    for (const one of Array.isArray(message) ? message : [message]) this.receiveOne(one);
  }

  receiveOne(message) {
    if (message.method) {
      this.ids.happened(message.params);
      this.add("event", `• ${message.params.seq} ${message.method}`, message);
      return;
    }
    const call = this.calls.get(message.id);
    this.calls.delete(message.id);
    const failed = message.error ? `: ${message.error.message}` : "";
    this.add(message.error ? "failed" : "answer", `← ${call?.method ?? "?"}${failed}`, message);
    if (message.result) this.ids.answered(message.result);
    call?.resolve(message);
  }

  show(text, open) {
    this.state.textContent = text;
    this.state.classList.toggle("open", open);
  }

  add(kind, title, message) {
    this.hint.hidden = true;
    const details = h("details", {}, h("summary", { class: kind }, h("span", {}, title)));
    // The text is made when it is asked for: events can be many and large.
    details.addEventListener("toggle", () => details.append(json(message)), { once: true });
    this.log.append(h("li", {}, details));
    while (this.log.childElementCount > KEPT) this.log.firstElementChild.remove();
    this.log.scrollTop = this.log.scrollHeight;
  }
}
