// What the extension uses of VS Code's API, without an editor: what was registered, shown and set can be read, what a person would do is done by a test.

import { Page } from "./page";

type Any = any; // eslint-disable-line
type Listener = (event: Any) => void;

export class EventEmitter {
  private readonly listeners = new Set<Listener>();
  readonly event = (listener: Listener) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(event?: Any): void {
    for (const one of this.listeners) one(event);
  }
}

export class CancellationTokenSource {
  private readonly cancelled = new EventEmitter();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.cancelled.event };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.cancelled.fire();
  }
  dispose(): void {}
}

export class Position {
  constructor(readonly line: number, readonly character: number) {}
}
export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(line: number, from: number, lastLine: number, to: number) {
    [this.start, this.end] = [new Position(line, from), new Position(lastLine, to)];
  }
}
export class Uri {
  constructor(readonly fsPath: string) {}
  static file = (path: string) => new Uri(path);
  static joinPath = (base: Uri, ...parts: string[]) => new Uri([base.fsPath, ...parts].join("/"));
  toString = () => `file://${this.fsPath}`;
}
export class Location {
  readonly range: { start: Position };
  constructor(readonly uri: Uri, position: Position) {
    this.range = { start: position };
  }
}
export class SourceBreakpoint {
  constructor(readonly location: Location, readonly enabled = true) {}
}
export class FunctionBreakpoint {
  constructor(readonly functionName: string, readonly enabled = true) {}
}
export type Breakpoint = SourceBreakpoint | FunctionBreakpoint;
export class CodeLens {
  constructor(readonly range: Range, readonly command: Any) {}
}
export class InlineValueEvaluatableExpression {
  constructor(readonly range: Range, readonly expression: string) {}
}
export class DebugAdapterExecutable {
  constructor(readonly command: string, readonly args: string[]) {}
}
export class TreeItem {
  constructor(readonly label: string) {}
}
export class ThemeIcon {
  constructor(readonly id: string) {}
}
export const ViewColumn = { Beside: -2 };

/** What a test sees and says. `answers`: what a person answers next, to whatever asks, or a promise of it. */
export const editor = {
  registered: new Map<string, Any>(),
  settings: new Map<string, Any>(),
  extensions: new Map<string, Any>(),
  answers: [] as Any[],
  shown: [] as Any[],
  started: [] as Any[],
  begins: true,
  panels: [] as Any[],
  custom: new EventEmitter(),
  began: new EventEmitter(),
  ended: new EventEmitter(),
  changed: new EventEmitter(),
};

const keep = (name: string) => (...given: Any[]) => {
  editor.registered.set(name, given.at(-1));
  return { dispose: () => editor.registered.delete(name) };
};
const ask = async (...given: Any[]) => {
  editor.shown.push(given);
  return editor.answers.shift();
};
const tell = async (...given: Any[]): Promise<void> => void editor.shown.push(given);

/** There is room for one box: another one, or its token, closes it without an answer. */
let close = () => {};
const askInBox = (options: Any, token?: Any) =>
  new Promise<Any>((resolve) => {
    close();
    close = () => resolve(undefined);
    token?.onCancellationRequested(() => resolve(undefined));
    void ask(options).then(resolve);
  });

export const debug = {
  breakpoints: [] as Breakpoint[],
  activeDebugSession: undefined as Any,
  registerDebugAdapterDescriptorFactory: keep("adapter"),
  registerDebugAdapterTrackerFactory: keep("tracker"),
  registerDebugConfigurationProvider: keep("configuration"),
  onDidReceiveDebugSessionCustomEvent: editor.custom.event,
  onDidStartDebugSession: editor.began.event,
  onDidTerminateDebugSession: editor.ended.event,
  onDidChangeBreakpoints: editor.changed.event,
  addBreakpoints(added: Breakpoint[]): void {
    debug.breakpoints = [...debug.breakpoints, ...added];
    editor.changed.fire();
  },
  removeBreakpoints(gone: Breakpoint[]): void {
    debug.breakpoints = debug.breakpoints.filter((one) => !gone.includes(one));
    editor.changed.fire();
  },
  startDebugging: async (_: Any, config: Any) => {
    editor.started.push(config);
    return editor.begins;
  },
};
export const env = { appName: "Code", machineId: "0123abcd".repeat(8) };
export const languages = {
  registerCodeLensProvider: keep("lenses"),
  registerInlineValuesProvider: keep("values"),
};
export const extensions = { getExtension: (id: string) => editor.extensions.get(id) };
export const commands = {
  registerCommand: (name: string, run: Any) => keep(name)(run),
};
export const workspace = {
  getConfiguration: () => ({ get: (name: string, otherwise: Any) => editor.settings.get(name) ?? otherwise }),
  getWorkspaceFolder: () => undefined,
};
export const window = {
  activeTextEditor: undefined as Any,
  registerTreeDataProvider: keep("sessions"),
  showInputBox: askInBox,
  showQuickPick: ask,
  showErrorMessage: tell,
  showInformationMessage: tell,
  showWarningMessage: ask,
  createWebviewPanel(_: string, title: string): Any {
    const [messages, disposed] = [new EventEmitter(), new EventEmitter()];
    // What is hidden has no document, and gets no messages; shown again, it is made from its page.
    let [html, page] = ["", undefined as Page | undefined];
    const load = () => (page = new Page(html, (message) => messages.fire(message)));
    const webview = {
      get html() {
        return html;
      },
      set html(given: string) {
        if (given === html) return;
        html = given;
        if (panel.visible) load();
      },
      cspSource: "vscode-resource:",
      asWebviewUri: (uri: Uri) => uri,
      onDidReceiveMessage: messages.event,
      postMessage: async (message: Any) => page?.tell(message) ?? false,
    };
    const panel = {
      title,
      webview,
      visible: true,
      click: (path: string) => page?.click(path),
      drawn: () => page?.drawn(),
      hide: () => {
        [panel.visible, page] = [false, undefined];
      },
      reveal: () => {
        if (!panel.visible) load();
        panel.visible = true;
      },
      onDidDispose: disposed.event,
      dispose: () => disposed.fire(),
    };
    editor.panels.push(panel);
    return panel;
  },
};
