// The document of a webview: the drawing's page with the script that it has, in a browser of no more than that uses.

import * as fs from "node:fs";
import { runInNewContext } from "node:vm";

type Listener = (event: unknown) => void;

class Element {
  readonly classes = new Set<string>();
  readonly dataset: { path: string };
  readonly classList = {
    add: (...names: string[]) => names.forEach((name) => this.classes.add(name)),
    remove: (...names: string[]) => names.forEach((name) => this.classes.delete(name)),
    toggle: (name: string, on: boolean) => (on ? this.classes.add(name) : this.classes.delete(name)),
  };
  constructor(path: string) {
    this.dataset = { path };
  }
  closest = () => this;
}

export class Page {
  private readonly nodes: Element[];
  private readonly listeners = new Map<string, Listener>();

  /** `told` gets what the page says, later, as from another process. */
  constructor(html: string, told: Listener) {
    const plain = (text: string) => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code));
    this.nodes = [...html.matchAll(/class="node [^"]*" data-path="([^"]*)"/g)].map(([, path]) => new Element(plain(path)));
    const addEventListener = (name: string, listener: Listener) => this.listeners.set(name, listener);
    runInNewContext(fs.readFileSync("media/graph.js", "utf-8"), {
      acquireVsCodeApi: () => ({ postMessage: (message: unknown) => queueMicrotask(() => told(message)) }),
      document: { addEventListener, querySelectorAll: () => this.nodes },
      window: { addEventListener },
    });
  }

  tell(message: unknown): boolean {
    this.listeners.get("message")?.({ data: JSON.parse(JSON.stringify(message)) });
    return true;
  }

  click(path: string): void {
    this.listeners.get("click")?.({ target: this.nodes.find((node) => node.dataset.path === path) });
  }

  /** The nodes' paths, each with the classes that the script gave it. */
  drawn(): Record<string, string> {
    return Object.fromEntries(this.nodes.map((node) => [node.dataset.path, [...node.classes].sort().join(" ")]));
  }
}
